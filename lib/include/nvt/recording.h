/* SPDX-License-Identifier: MIT */
/*
 * A recording of a boot, summed up in bounded memory, and how two of them differ.
 *
 * The boot is what a recording holds up to the reply to GET_GSP_STATIC_INFO, or up to the first other request
 * behind GSP_INIT_DONE; what follows is counted and not compared.
 */
#ifndef NVT_RECORDING_H
#define NVT_RECORDING_H

#include <nvt/error.h>
#include <nvt/rpc.h>
#include <nvt/types.h>
#include <stdio.h>

struct nvt_recording;

/*
 * Reads f to its end: a text trace, or anything else that nvt_reader_open takes, which has messages only. `name` is for
 * errors; `assumed` (may be none) is the release of messages that do not say theirs.
 */
NVT_API int nvt_recording_read(FILE *f, const char *name, struct nvt_rel assumed, struct nvt_recording **ret,
			       struct nvt_error *e);
NVT_API void nvt_recording_free(struct nvt_recording *r); /* accepts NULL */

struct nvt_recording_info {
	const char *kind;                   /* "trace", "pcapng", ... */
	const char *device, *chip, *release; /* "" if it does not say */
	bool has_accesses, has_steps;       /* steps: of nvtool's own bring-up */
	bool booted;                        /* GSP-RM said GSP_INIT_DONE */
	uint64_t boots;                     /* how often it did */
	uint64_t messages;                  /* in the boot */
	uint64_t dropped;                   /* registers and messages beyond what is kept for comparing */
};
NVT_API void nvt_recording_info(const struct nvt_recording *r, struct nvt_recording_info *ret);

/* Accesses of the CPU, by block of registers ("GSP", "PMC", "PROM", "0x123000", "BAR1"). */
struct nvt_recording_block {
	const char *name;
	bool is_window;  /* data, not registers: PROM, PRAMIN, other BARs */
	uint64_t reads, writes;             /* of the boot */
	uint64_t reads_after, writes_after;
};
NVT_API bool nvt_recording_block(const struct nvt_recording *r, unsigned i, struct nvt_recording_block *ret);
/* Accesses of the boot to registers, that is all but those of the PROM window. */
NVT_API uint64_t nvt_recording_mmio(const struct nvt_recording *r);

/* ---- differences ---- */

/* One difference. Texts live until the callback returns, or for good. */
struct nvt_difference {
	const char *section; /* row of nvt_recording_sections */
	const char *name;    /* "gspFwHeapSize", "GSP.NV_PFALCON_FALCON_MAILBOX0", "to-gsp SET_REGISTRY" */
	const char *what;    /* "value", "write", "read", "order", "count", "message" */
	const char *a, *b;   /* what each has; "-" if it lacks it */
	const char *why, *source; /* NULL: nobody has explained it */
};
typedef void (*nvt_difference_fn)(void *arg, const struct nvt_difference *d);

/* Names of the parts that are compared, in order; NULL past the end. */
NVT_API const char *nvt_recording_section(unsigned i);
enum { NVT_RECORDING_SECTIONS = 7 };

struct nvt_recording_result {
	struct {
		bool compared;             /* false: one side has not recorded it */
		unsigned items, different; /* fields, registers or messages */
		unsigned explained;
	} section[NVT_RECORDING_SECTIONS];
	unsigned unexplained;
};

/*
 * driver_a and driver_b ("nvtool", "nouveau", "nova-core", or NULL) say whose known ways explain a difference. fn may
 * be NULL. A negative answer is a fault, not a difference.
 */
NVT_API int nvt_recording_compare(struct nvt_recording *a, const char *driver_a, struct nvt_recording *b,
				  const char *driver_b, nvt_difference_fn fn, void *arg,
				  struct nvt_recording_result *ret, struct nvt_error *e);

/* Every known difference, as data; false past the end. */
struct nvt_explanation {
	const char *section, *name; /* name: a pattern with *, ? and [] */
	const char *driver;         /* whose way it is, NULL: any */
	const char *shape;          /* "only", "lacks", "other" */
	const char *why, *source;
};
NVT_API bool nvt_explanation(unsigned i, struct nvt_explanation *ret);

#endif
