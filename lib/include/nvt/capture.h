/* SPDX-License-Identifier: MIT */
/*
 * Captured messages, read one by one from whatever holds them: a pcapng capture, a text trace, an image
 * of the shared queue memory, a kernel log of nouveau or nova-core. What they hold is not trusted.
 */
#ifndef NVT_CAPTURE_H
#define NVT_CAPTURE_H

#include <nvt/error.h>
#include <nvt/event.h>
#include <nvt/rpc.h>
#include <stdio.h>

/* What the source knows of a message. */
enum {
	NVT_CAP_TIME = 1u << 0,
	NVT_CAP_SEQUENCE = 1u << 1, /* of the RPC header */
	NVT_CAP_RESULT = 1u << 2,   /* rpc_result and rpc_result_private */
	NVT_CAP_PENDING = 1u << 3,  /* in a queue and not read yet by the other side */
	NVT_CAP_NO_PAYLOAD = 1u << 4, /* the source has headers only */
};

struct nvt_captured {
	uint64_t number;     /* from 1, in the order of the source */
	unsigned flags;
	bool to_gsp;
	uint64_t t_ns;       /* since whatever the source counts from */
	char release[32];    /* "" if the source does not say */
	char name[40];       /* message name where the source gives that and no number; else "" */
	uint32_t length;     /* bytes of the whole message; bytes.n is less where the source lost some */
	struct nvt_rpc_head head; /* zeros where the source does not say */
	struct nvt_bytes bytes;   /* RPC header and payload; until the next read */
};

struct nvt_reader;

/*
 * Finds out by content what f holds; f stays the caller's. `name` is for errors. rel may be none; queue images
 * need it for GSP_RM_ALLOC as NVIDIA's driver sends it, whose header does not count the parameters.
 */
NVT_API int nvt_reader_open(FILE *f, const char *name, struct nvt_rel rel, struct nvt_reader **ret,
			    struct nvt_error *e);
/* "pcapng", "trace", "queue", "log" */
NVT_API const char *nvt_reader_kind(const struct nvt_reader *r);
/* 1 and the next message, 0 at the end, negative on damage; what came before it was good. */
NVT_API int nvt_reader_next(struct nvt_reader *r, struct nvt_captured *ret, struct nvt_error *e);
/* Packets, lines or records that looked like messages and were not. */
NVT_API uint64_t nvt_reader_skipped(const struct nvt_reader *r);
NVT_API void nvt_reader_close(struct nvt_reader *r);

/* ---- JSON ---- */

/*
 * Appends the message as one line of JSON, newline included. The payload has the form of nvt_json_decode.
 * Allocates only when the text outgrows what it has.
 */
NVT_API void nvt_captured_json(struct nvt_text *t, struct nvt_rel rel, const struct nvt_captured *m);

/* ---- writing ---- */

/* Adds a message to an open capture (nvt_capture_open of <nvt/trace.h>), as of this release. */
NVT_API void nvt_capture_put(struct nvt_sink *sink, const struct nvt_captured *m, const char *release);

#endif
