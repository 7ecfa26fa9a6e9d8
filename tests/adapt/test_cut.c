/* SPDX-License-Identifier: BSD-2-Clause */
/* What is cut out of nasty C is just what was asked for; of what ends anywhere, nothing crashes. */
#include "adapt/cut.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each line of it has its number behind it, where that matters. */
static const char nasty[] =
	"/* int f(void) { } in a comment */\n"                                   /* 1 */
	"#define MACRO(x) do { f(x); \\\n"                                        /* 2 */
	"	} while (0)\n"                                                    /* 3 */
	"#define MACRO_LONG 7\n"                                                 /* 4 */
	"static int f(int a);\n"                                                 /* 5 */
	"extern int shown;\n"                                                    /* 6 */
	"#if 0\n"                                                                /* 7 */
	"int f(int a) { it isn't C\n"                                            /* 8 */
	"#else\n"                                                                /* 9 */
	"static const char *s = \"f(1) { \\\" }\", c = '}', q = '\\'';\n"        /* 10 */
	"#endif\n"                                                               /* 11 */
	"BUILD_ACCESSORS(f, 3)\n"                                                /* 12 */
	"__attribute__((noinline)) static int\n"                                 /* 13 */
	"f(int a) __acquires(lock)\n"                                            /* 14 */
	"{\n"                                                                    /* 15 */
	"	char c = '{', *t = \"}\"; // } first(a)\n"                                 /* 16 */
	"	first(a);\n"                                                      /* 17 */
	"#ifdef A\n"                                                             /* 18 */
	"	if (a) {\n"                                                       /* 19 */
	"#else\n"                                                                /* 20 */
	"	if (!a) {\n"                                                      /* 21 */
	"#endif\n"                                                               /* 22 */
	"	second(a); }\n"                                                   /* 23 */
	"	return g(a);\n"                                                   /* 24 */
	"}\n"                                                                    /* 25 */
	"EXPORT_SYMBOL(shown);\n"                                                /* 26 */
	"int shown = 3;\n"                                                       /* 27 */
	"static DEFINE_PER_CPU(struct p, per_cpu);\n"                            /* 28 */
	"struct p *maker(struct p *x) { return x; }\n"                           /* 29 */
	"struct __aligned(64) p {\n"                                             /* 30 */
	"	union { int a; enum e { ONE } b; };\n"                            /* 31 */
	"} __packed;\n"                                                          /* 32 */
	"enum kind { X = M(1), Y };\n"                                           /* 33 */
	"typedef struct { int z; } zed_t;\n"                                     /* 34 */
	"typedef int (*call_t)(int);\n"                                          /* 35 */
	"#ifndef GUARD\n"                                                        /* 36 */
	"#ifdef SMP\n"                                                           /* 37 */
	"static int twin(void) { return 1; }\n"                                  /* 38 */
	"#elif defined(UP)\n"                                                    /* 39 */
	"static int twin(void) { return 2; }\n"                                  /* 40 */
	"#endif\n"                                                               /* 41 */
	"#endif\n"                                                               /* 42 */
	"#ifdef B\n"                                                             /* 43 */
	"int headed(int a) {\n"                                                  /* 44 */
	"#else\n"                                                                /* 45 */
	"int headed(long a) {\n"                                                 /* 46 */
	"#endif\n"                                                               /* 47 */
	"	return (int)a; }\n"                                               /* 48 */
	"bool __under(void) { return f(1); }\n"                                  /* 49 */
	"int last(void) { f(";                                                   /* 50 */

static enum cut_result cut(const char *text, size_t size, const char *what, char **made)
{
	enum cut_result result;
	size_t room;
	FILE *into = open_memstream(made, &room);
	struct cut c;

	assert_non_null(into);
	assert_true(cut_open(&c, text, size, "a/b.c"));
	result = cut_write(&c, what, into);
	cut_close(&c);
	assert_false(fclose(into));
	return result;
}

static void is(const char *what, const char *wanted)
{
	char *made;

	assert_int_equal(cut(nasty, sizeof(nasty) - 1, what, &made), CUT_DONE);
	assert_string_equal(made, wanted);
	free(made);
}

static void is_not(const char *what, enum cut_result wanted)
{
	char *made;

	assert_int_equal(cut(nasty, sizeof(nasty) - 1, what, &made), wanted);
	assert_string_equal(made, "");
	free(made);
}

static void cuts_functions(void **state)
{
	is("f", "#line 13 \"a/b.c\"\n"
	        "__attribute__((noinline)) static int\nf(int a) __acquires(lock)\n{\n"
	        "	char c = '{', *t = \"}\"; // } first(a)\n"
	        "	first(a);\n#ifdef A\n	if (a) {\n"
	        "#else\n	if (!a) {\n#endif\n	second(a); }\n	return g(a);\n}\n");
	is("maker", "#line 29 \"a/b.c\"\nstruct p *maker(struct p *x) { return x; }\n");
	is("__under", "#line 49 \"a/b.c\"\nbool __under(void) { return f(1); }\n");
	is_not("g", CUT_ABSENT);
	is_not("first", CUT_ABSENT);
	is_not("M", CUT_ABSENT);
	is_not("last", CUT_ABSENT); /* it does not end */
	is_not("BUILD_ACCESSORS", CUT_ABSENT);
}

static void cuts_both_sides_of_conditions(void **state)
{
	is("twin", "#ifdef SMP\n#line 38 \"a/b.c\"\nstatic int twin(void) { return 1; }\n#endif\n"
	           "#ifdef SMP\n#elif defined(UP)\n#line 40 \"a/b.c\"\n"
	           "static int twin(void) { return 2; }\n#endif\n");
	is("headed", "#line 43 \"a/b.c\"\n#ifdef B\nint headed(int a) {\n#else\n"
	             "int headed(long a) {\n#endif\n	return (int)a; }\n");
}

static void cuts_parts(void **state)
{
	is("f[first(..return g]", "#line 14 \"a/b.c\"\nstatic void f_part(int a)\n{\n"
	                          "#line 17 \"a/b.c\"\n	first(a);\n#ifdef A\n	if (a) {\n"
	                          "#else\n	if (!a) {\n#endif\n	second(a); }\n\n}\n");
	is("f[return..]", "#line 14 \"a/b.c\"\nstatic void f_part(int a)\n{\n"
	                  "#line 24 \"a/b.c\"\n	return g(a);\n\n}\n");
	is("f[return..}]", "#line 14 \"a/b.c\"\nstatic void f_part(int a)\n{\n"
	                   "#line 24 \"a/b.c\"\n	return g(a);\n\n}\n");
	is_not("f[third..return]", CUT_NO_FROM);
	is_not("f[first..third]", CUT_NO_TO);
	is_not("f[first..first]", CUT_NO_TO); /* not the line that it begins with */
	is_not("g[first..return]", CUT_ABSENT);
}

static void cuts_other_definitions(void **state)
{
	is("struct:p", "#line 30 \"a/b.c\"\nstruct __aligned(64) p {\n"
	               "	union { int a; enum e { ONE } b; };\n} __packed;\n");
	is("enum:kind", "#line 33 \"a/b.c\"\nenum kind { X = M(1), Y };\n");
	is("typedef:zed_t", "#line 34 \"a/b.c\"\ntypedef struct { int z; } zed_t;\n");
	is("typedef:call_t", "#line 35 \"a/b.c\"\ntypedef int (*call_t)(int);\n");
	is("var:shown", "#line 27 \"a/b.c\"\nint shown = 3;\n");
	is("var:per_cpu", "#line 28 \"a/b.c\"\nstatic DEFINE_PER_CPU(struct p, per_cpu);\n");
	is("define:MACRO", "#line 2 \"a/b.c\"\n#define MACRO(x) do { f(x); \\\n	} while (0)\n");
	is_not("enum:e", CUT_ABSENT); /* it is a part of another definition */
	is_not("struct:kind", CUT_ABSENT);
	is_not("var:f", CUT_ABSENT);
	is_not("class:p", CUT_UNKNOWN);
	is_not("struct:", CUT_UNKNOWN);
	is_not("struct:p[a..b]", CUT_UNKNOWN);
}

static void takes_any_bytes(void **state)
{
	static const char *const what[] = { "f", "twin", "headed", "struct:p", "var:per_cpu",
		                            "define:MACRO", "typedef:call_t", "f[first..return]" };
	uint32_t chance = 1;

	for (size_t size = 0; size < 2 * sizeof(nasty); size++) {
		size_t kept = size % sizeof(nasty);
		char *made, *text = malloc(kept + 1); /* so that a byte too far is seen */

		assert_non_null(text);
		memcpy(text, nasty, kept);
		/* The second time round, a byte of it is another. */
		chance = chance * 1664525 + 1013904223;
		if (size >= sizeof(nasty) && kept)
			text[chance % kept] = "{}()[]\"'\\#/*;\n0"[(chance >> 16) % 15];
		text = realloc(text, kept ? kept : 1);
		for (unsigned i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
			enum cut_result result = cut(text, kept, what[i], &made);

			assert_true(result != CUT_UNKNOWN && result != CUT_NO_MEMORY);
			free(made);
		}
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_functions),
		cmocka_unit_test(cuts_both_sides_of_conditions),
		cmocka_unit_test(cuts_parts),
		cmocka_unit_test(cuts_other_definitions),
		cmocka_unit_test(takes_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
