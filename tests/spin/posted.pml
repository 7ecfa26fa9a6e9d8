/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A second opinion on src/hyp/vcpu.c, post.c and wakeup.c: load, preempt, block,
 * enter, the wake-up handler and posting, told in Promela and judged by Spin,
 * which shares nothing with the explorer. There are two pCPUs; one vCPU, which
 * leaves guest mode, is preempted, halts and moves as it likes; a device that
 * posts by VT-d's rule (SN) and software that posts by the hypervisor's.
 *
 * Proved, for all interleavings: when nothing more can happen each interrupt was
 * handled exactly once. So no vCPU sleeps, or stays in guest mode, over one.
 *
 * Memory is sequentially consistent: what a statement does is visible to all at
 * once. What store buffers do is the explorer's alone. A loop of compare-exchange
 * is one step here: it takes effect in the round that succeeds, or that gives up.
 *
 * -DNO_RECHECK and -DNO_LOOK put a bug back.
 */
#ifndef TURNS
#define TURNS 3 /* how often the vCPU leaves guest mode of its own accord, at most */
#endif

/* The descriptor's control word; NV is the wake-up vector if WK is set, NDST is a pCPU. */
#define ON 1
#define SN 2
#define WK 4
#define NDST 8
#define PCPU_OF(control) ((control) / NDST)

/* Their vectors, as bits of PIR and VIRR. */
#define DEVICE 1
#define SOFTWARE 2

#define RUNNABLE 0
#define RUNNING 1
#define BLOCKING 2
#define SLEEPING 3

#define NOTIFICATION 0
#define WAKEUP 1
#define AT(p, vector) (2 * (p) + (vector))

byte pir, control = SN, task = RUNNABLE;
bool guest_mode;
bool listed[2], locked[2]; /* by pCPU: the vCPU is on its wake-up list; the list's lock */
byte sent[4], arrived[4];  /* interrupts that are under way, and in the local APIC: AT() */
bool busy[2];              /* by pCPU: it runs the vCPU, or a handler */
byte virr, pcpu;           /* the vCPU's own */
byte handled[3];           /* by vector */

inline lock(p)
{
	atomic { !locked[p]; locked[p] = true }
}

inline send(p, vector)
{
	sent[AT(p, vector)]++
}

/* pstd_vcpu_wake; old is the caller's */
inline wake()
{
	atomic {
		old = task;
		if
		:: old == BLOCKING -> task = RUNNING
		:: else
		fi
	};
	if
	:: old == SLEEPING ->
		atomic {
			if
			:: task == SLEEPING -> task = RUNNABLE
			:: else
			fi
		}
	:: else
	fi
}

/* pstd_wakeup_handler */
inline handler(p)
{
	lock(p);
	if
	:: listed[p] ->
		if
		:: control & ON -> wake()
		:: else
		fi
	:: else
	fi;
	locked[p] = false
}

/* pstd_sync_pir_to_irr */
inline sync()
{
	if
	:: control & ON ->
		control = control & ~ON;
		d_step { virr = virr | pir; pir = 0 }
	:: else
	fi
}

/* pstd_vcpu_load */
inline load(p)
{
	if
	:: control & WK ->
		lock(pcpu);
		listed[pcpu] = false;
		locked[pcpu] = false
	:: else
	fi;
	control = (control & ON) | (p * NDST);
#ifndef NO_RECHECK
	if
	:: pir -> control = control | ON
	:: else
	fi;
#endif
	pcpu = p;
	task = RUNNING
}

/* pstd_vcpu_preempt */
inline preempt()
{
	task = RUNNABLE;
	control = control | SN
}

/* pstd_vcpu_block, from where it found nothing to deliver */
inline sleep()
{
	lock(pcpu);
	listed[pcpu] = true;
	locked[pcpu] = false;
	atomic { old = control; control = control | WK };
#ifndef NO_LOOK
	if
	:: old & ON -> send(pcpu, WAKEUP)
	:: else
	fi;
#endif
	atomic {
		if
		:: task == BLOCKING -> task = SLEEPING
		:: else -> task = RUNNABLE
		fi
	}
}

inline deliver(vector)
{
	d_step {
		virr = virr & ~vector;
		handled[vector]++;
		assert(handled[vector] == 1)
	}
}

proctype vcpu()
{
	byte turns, old, p;

	select (turns : 0 .. TURNS);
schedule:
	task == RUNNABLE;
	select (p : 0 .. 1);
	atomic { !busy[p]; busy[p] = true };
	load(p);
enter:
	guest_mode = true;
	sync();
	do
	:: virr & DEVICE -> deliver(DEVICE)
	:: virr & SOFTWARE -> deliver(SOFTWARE)
	:: d_step { arrived[AT(pcpu, NOTIFICATION)] -> arrived[AT(pcpu, NOTIFICATION)] = 0 };
		/* pstd_cpu_posted_interrupt_processing */
		control = control & ~ON;
		d_step { virr = virr | pir; pir = 0 }
	:: d_step { arrived[AT(pcpu, WAKEUP)] -> arrived[AT(pcpu, WAKEUP)] = 0 };
		guest_mode = false;
		handler(pcpu);
		goto enter
	:: d_step { turns && !virr -> turns-- }; /* HLT */
		guest_mode = false;
		task = BLOCKING;
		sync();
		if
		:: virr -> task = RUNNING; goto enter
		:: else -> sleep(); break
		fi
	:: d_step { turns -> turns-- };
		guest_mode = false;
		if
		:: goto enter
		:: preempt(); break
		fi
	od;
	busy[pcpu] = false;
	goto schedule
}

/* A pCPU without a vCPU: its interrupts are on. */
proctype idle(byte p)
{
	byte old;

	do
	:: atomic { !busy[p] && arrived[AT(p, NOTIFICATION)] -> arrived[AT(p, NOTIFICATION)] = 0 }
	:: atomic { !busy[p] && arrived[AT(p, WAKEUP)] -> arrived[AT(p, WAKEUP)] = 0; busy[p] = true };
		handler(p);
		busy[p] = false
	od
}

/* Each interrupt arrives whenever it likes. */
proctype bus(byte p; byte vector)
{
	do
	:: d_step { sent[AT(p, vector)] -> sent[AT(p, vector)]--; arrived[AT(p, vector)] = 1 }
	od
}

/* pstd_vtd_post */
proctype device()
{
	byte old;

	pir = pir | DEVICE;
	atomic {
		old = control;
		if
		:: old & (ON | SN) -> goto done
		:: else -> control = control | ON
		fi
	};
	if
	:: old & WK -> send(PCPU_OF(old), WAKEUP)
	:: else -> send(PCPU_OF(old), NOTIFICATION)
	fi;
done:
	skip
}

/* pstd_vcpu_deliver */
proctype software()
{
	byte old;

	pir = pir | SOFTWARE;
	if
	:: control & ON -> goto done
	:: else
	fi;
	atomic {
		old = control;
		control = control | ON;
		if
		:: old & ON -> goto done
		:: else
		fi
	};
	if
	:: guest_mode ->
		old = control;
		send(PCPU_OF(old), NOTIFICATION)
	:: else -> wake()
	fi;
done:
	skip
}

init
{
	atomic {
		run vcpu();
		run idle(0);
		run idle(1);
		run bus(0, NOTIFICATION);
		run bus(0, WAKEUP);
		run bus(1, NOTIFICATION);
		run bus(1, WAKEUP);
		run device();
		run software()
	};
	/* When nothing more can happen. */
	timeout;
	assert(handled[DEVICE] == 1 && handled[SOFTWARE] == 1)
}
