/* SPDX-License-Identifier: MIT */
/*
 * The event stream: everything that crosses the boundary between driver and device, and every finding
 * of the device model, is one event. Core, transport and model emit; sinks (trace file, progress,
 * counters, tests) receive. Without a sink an event costs a NULL test.
 */
#ifndef NVT_EVENT_H
#define NVT_EVENT_H

#include <nvt/types.h>

enum nvt_event_kind {
	NVT_EV_MMIO_RD,    /* one register read */
	NVT_EV_MMIO_WR,    /* one register write */
	NVT_EV_WINDOW_RD,  /* bulk read of a data window (PROM, PRAMIN, BAR1) */
	NVT_EV_WINDOW_WR,
	NVT_EV_POLL,       /* a finished poll; its reads with a changed value precede it as MMIO_RD */
	NVT_EV_CFG_RD,
	NVT_EV_CFG_WR,
	NVT_EV_DMA_ALLOC,
	NVT_EV_DMA_FREE,
	NVT_EV_DMA_SYNC,   /* the driver finished filling a buffer: its content from here on is visible */
	NVT_EV_DMA_DEV_RD, /* the device read a structure that the driver made (known for the model only) */
	NVT_EV_DMA_DEV_WR, /* the device wrote bytes into a DMA buffer (known for the model only) */
	NVT_EV_MSG,        /* one whole RPC message, after joining, as seen by the driver */
	NVT_EV_STEP,       /* a bring-up step began or ended */
	NVT_EV_RESET,      /* function-level reset */
	NVT_EV_DELAY,      /* the driver sleeps outside a poll */
	NVT_EV_VIOLATION,  /* the model: the driver broke a rule of the device */
	NVT_EV_ODD,        /* the model: legal, but odd; with the known driver that does it */
	NVT_EV_FAULT,      /* the model: an injected fault fired */
	NVT_EV_NOTE,       /* free text */
	NVT_EV__COUNT
};

enum nvt_step_state { NVT_STEP_BEGIN, NVT_STEP_DONE, NVT_STEP_FAILED, NVT_STEP_UNDONE };

struct nvt_event {
	enum nvt_event_kind kind;
	uint64_t t_ns;    /* ctx clock */
	const char *step; /* current bring-up step, NULL outside one */
	union {
		struct {
			uint8_t bar, size;
			bool dry; /* dry run: listed, not performed */
			uint64_t off, val;
		} mmio; /* MMIO_*, and CFG_* with bar 0 */
		struct {
			uint8_t bar;
			bool dry; /* WINDOW_WR in a dry run */
			uint64_t off;
			struct nvt_bytes data;
		} window;
		struct {
			uint64_t off;          /* BAR0 offset */
			uint32_t mask, want, seen;
			uint32_t reads, listed; /* of the reads, those listed as MMIO_RD */
			uint64_t timeout_us, elapsed_us;
			bool ok, dry, negate;  /* negate: wait until (value & mask) != want */
		} poll;
		struct {
			const char *name;  /* what the buffer is for: "wpr-meta", "queues", ...; DMA_DEV_RD: type */
			nvt_iova iova;     /* of the buffer; where there are bytes, theirs */
			uint64_t size;
			struct nvt_bytes data; /* DMA_SYNC, DMA_DEV_RD, DMA_DEV_WR */
			const char *release;   /* DMA_DEV_RD: layouts to read it with */
		} dma;
		struct {
			bool to_gsp;
			const char *release;    /* message layouts to read it with */
			struct nvt_bytes bytes; /* RPC header and payload, continuation joined */
		} msg;
		struct {
			const char *name;
			enum nvt_step_state state;
			uint64_t us;
		} step;
		struct {
			bool dry;
			uint64_t us;
		} delay;
		struct {
			bool dry;
		} reset;
		struct {
			const char *rule;   /* short stable id: "dma-unmapped", "booter-order", ... */
			const char *text;   /* one phrase */
			const char *seen, *wanted; /* may be NULL */
		} finding; /* VIOLATION, ODD, FAULT, NOTE */
	} u;
};

struct nvt_sink {
	void (*emit)(struct nvt_sink *self, const struct nvt_event *ev);
	struct nvt_sink *next; /* owned by the context once added */
};

/* Time as the device lives it. now is monotonic; sleep returns after at least `us`. */
struct nvt_clock {
	uint64_t (*now_ns)(struct nvt_clock *self);
	void (*sleep_us)(struct nvt_clock *self, uint64_t us);
};

/* What everything hangs off. One per open device; not shared between threads. */
struct nvt_ctx {
	struct nvt_sink *sinks;  /* may be NULL */
	struct nvt_clock *clock; /* set by the backend when it opens; polls refuse to run without one */
	const char *step;        /* current step, stamped on events */
};

NVT_API void nvt_ctx_add_sink(struct nvt_ctx *ctx, struct nvt_sink *sink);
NVT_API void nvt_ctx_remove_sink(struct nvt_ctx *ctx, struct nvt_sink *sink);
/* Stamps time and step on *ev and hands it to every sink. */
NVT_API void nvt_emit(struct nvt_ctx *ctx, struct nvt_event *ev);
NVT_API uint64_t nvt_now_ns(const struct nvt_ctx *ctx); /* 0 without a clock */
NVT_API const char *nvt_event_kind_name(enum nvt_event_kind kind);

#endif
