/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault in words: what happened, in whose code, and where. */
#include "explore/schedule/fault.h"
#include "explore/schedule/names.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/patience.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static const char *signal_name(int signal)
{
	switch (signal) {
	case SIGSEGV:
		return "segmentation fault";
	case SIGBUS:
		return "bus error";
	case SIGFPE:
		return "arithmetic exception";
	case SIGILL:
		return "illegal instruction";
	case SIGABRT:
		return "abort";
	}
	return "trap";
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Where that does not change from run to run, unless it lies on a heap. */
static void print_address(FILE *out, const void *at)
{
	uintptr_t offset = (uintptr_t)at - (uintptr_t)explore_scenario->state;
	char name[64];
	Dl_info info;

	if (offset < explore_scenario->state_size) {
		names_find(name, sizeof(name), at);
		fputs(name, out);
	} else if (dladdr(at, &info) && info.dli_fname) {
		fprintf(out, "%s+%#tx", base_name(info.dli_fname),
		        (const char *)at - (const char *)info.dli_fbase);
	} else {
		fprintf(out, "%#tx", (intptr_t)at);
	}
}

static void print_signal(FILE *out, const struct fault *f)
{
	fputs(signal_name(f->signal), out);
	if (f->addressed) {
		fputs(f->jumped ? ", a jump to " : " at ", out);
		print_address(out, f->at);
	} else if (f->signal == SIGSEGV) {
		fputs(" at what is no address", out);
	}
}

static void print_what(FILE *out, const struct fault *f)
{
	static const char *const verbs[] = {
		[FAULT_SIGNAL] = "crashed",
		[FAULT_STACK] = "crashed",
		[FAULT_LOOP] = "loops",
		[FAULT_BLOCKED] = "sleeps",
		[FAULT_MEMORY] = "takes all memory",
	};

	fprintf(out, "%s%s%s: ", verbs[f->kind], f->in ? " in " : "", f->in ? f->in : "");
	switch (f->kind) {
	case FAULT_SIGNAL:
		print_signal(out, f);
		break;
	case FAULT_STACK:
		fputs("its stack overflows", out);
		break;
	case FAULT_LOOP:
		fprintf(out, "%.3g s of CPU time without a step", patience_seconds());
		break;
	case FAULT_BLOCKED:
		fprintf(out, "%.3g s without a step, nor any CPU time",
		        PATIENCE_IDLE * patience_seconds());
		break;
	case FAULT_MEMORY:
		fprintf(out, "%d MiB more without a step", PATIENCE_MEMORY);
		break;
	}
}

/* Of a scenario's function: the module that it is in. */
static const void *module_of(const void *code)
{
	Dl_info info;

	return code && dladdr(code, &info) ? info.dli_fbase : NULL;
}

bool fault_in_module(const void *code)
{
	return module_of(code) == module_of((const void *)(uintptr_t)explore_scenario->agents->run);
}

/* In the scenario's module, where there is such code: not in a library, or the explorer. */
static const void *where(const struct fault *f)
{
	for (unsigned i = 0; i < f->frames; i++)
		if (fault_in_module(f->code[i]))
			return f->code[i];
	return f->frames ? f->code[0] : NULL;
}

static void print_where(FILE *out, const void *code)
{
	const char *at = (const char *)code - 1;
	char site[256];
	Dl_info info;

	names_site(site, sizeof(site), code);
	if (*site) {
		fprintf(out, ", in %s", site);
	} else if (code && dladdr(at, &info) && info.dli_fname) {
		fprintf(out, ", in %s+%#tx", base_name(info.dli_fname),
		        at - (const char *)info.dli_fbase);
		if (info.dli_sname)
			fprintf(out, " (%s)", info.dli_sname);
	}
}

const char *fault_in_words(void)
{
	static char words[EXPLORE_WHY];
	FILE *out = fmemopen(words, sizeof(words), "w");

	if (!out)
		return "crashed, and there is no memory to say where";
	print_what(out, &fault_last);
	print_where(out, where(&fault_last));
	fclose(out);
	words[sizeof(words) - 1] = '\0';
	return words;
}
