/* SPDX-License-Identifier: MIT */
/* Sinks for the event stream. */
#ifndef NVT_TRACE_H
#define NVT_TRACE_H

#include <nvt/chips.h>
#include <nvt/error.h>
#include <nvt/event.h>

/*
 * Text trace, one event a line; the format is nvtool-trace(5). Values come first, symbolic names are
 * trailing comments that a reader may ignore. Write errors are kept and reported by close, which
 * accepts NULL; take the sink off its context first. chip may be NULL.
 */
NVT_API int nvt_trace_open(const char *path, const char *device, const struct nvt_chip *chip, struct nvt_sink **ret,
			   struct nvt_error *e);
NVT_API int nvt_trace_close(struct nvt_sink *sink, struct nvt_error *e);

/*
 * Capture of every message as pcapng; the format is nvtool-capture(5). Errors and close as above.
 */
NVT_API int nvt_capture_open(const char *path, const char *device, struct nvt_sink **ret, struct nvt_error *e);
NVT_API int nvt_capture_close(struct nvt_sink *sink, struct nvt_error *e);

#endif
