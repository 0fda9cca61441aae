/* SPDX-License-Identifier: MIT */
/* Reads a text trace record by record, back into the events that it was written from; text.c has the grammar. */
#ifndef NVT_TRACE_TEXT_READ_H
#define NVT_TRACE_TEXT_READ_H

#include "trace/read.h"

#define TRACE_STRING 512 /* longest string of a record */

struct trace_text {
	char device[TRACE_STRING], chip[32], release[32];
	/* of the record under way */
	struct nvt_event ev;
	char strings[4][TRACE_STRING];
	uint8_t *data;     /* MESSAGE_MAX bytes; what goes beyond is checked, counted and not kept */
	uint64_t n, want;  /* bytes seen, bytes announced */
	bool open;         /* a record that still lacks data */
};

bool trace_text_probe(struct nvt_bytes head);
/* Takes the first line; the reader's input stands at its beginning. */
int trace_text_start(struct trace_text *t, struct nvt_reader *r, struct nvt_error *e);
/*
 * 1 and the next event, 0 at the end, negative on damage. Its strings and data live until the next call; data.n
 * is less than the record's size where it has a digest or more than MESSAGE_MAX bytes. Header records are kept in
 * *t, and records of a kind not known are passed over.
 */
int trace_text_next(struct trace_text *t, struct nvt_reader *r, const struct nvt_event **ret, struct nvt_error *e);
void trace_text_stop(struct trace_text *t);

#endif
