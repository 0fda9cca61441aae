/* SPDX-License-Identifier: MIT */
/* What the readers of captures share: a window on the input, and the making of a message from its parts. */
#ifndef NVT_TRACE_READ_H
#define NVT_TRACE_READ_H

#include <nvt/capture.h>

/* Bytes of the input that were read and not used yet lie in p[at..n). */
struct source {
	FILE *f;
	const char *name;
	uint8_t *p;
	size_t at, n, cap;
	uint64_t base; /* of p in the input */
	int sys;       /* errno of a read that failed */
};

/* n bytes in a row, until the next call; NULL if the input ends before (see source_left), or reading failed. */
const uint8_t *source_need(struct source *s, size_t n);
/* Bytes there when source_need gave NULL. */
size_t source_left(const struct source *s);
void source_skip(struct source *s, size_t n);
/* The next line without its end, cut at `max` bytes; false at the end. */
bool source_line(struct source *s, size_t max, struct nvt_bytes *ret);
/* 0 at the proper end of the input, else why it could not be read. */
int source_end(const struct source *s, struct nvt_error *e);

enum { MESSAGE_MAX = 1 << 20 };

struct reader_ops {
	const char *kind;
	size_t state_size;
	bool (*probe)(struct nvt_bytes head);
	int (*start)(struct nvt_reader *r, struct nvt_error *e); /* may be NULL */
	int (*next)(struct nvt_reader *r, struct nvt_captured *ret, struct nvt_error *e);
	void (*stop)(struct nvt_reader *r); /* may be NULL */
};

struct nvt_reader {
	const struct reader_ops *ops;
	struct source in;
	struct nvt_rel rel;
	uint64_t count, skipped;
	struct nvt_join join[2]; /* by direction; buffers come with the first use */
	void *state;
};

/* -NVT_E_DATA: what is wrong at byte `where` of the input. */
int reader_bad(const struct nvt_reader *r, uint64_t where, const char *what, struct nvt_error *e);
/* Fills head, bytes and length from a whole message; false if it has no valid RPC header. */
bool reader_take(struct nvt_captured *m, struct nvt_bytes bytes, uint32_t length);
/*
 * Joins records of long messages. 1: *m is whole (bytes may have moved); 0: more to come. A record that
 * continues nothing counts as skipped and is given as it is.
 */
int reader_join(struct nvt_reader *r, struct nvt_captured *m, struct nvt_bytes rec, struct nvt_error *e);

extern const struct reader_ops reader_pcapng, reader_trace, reader_queue, reader_log;

#endif
