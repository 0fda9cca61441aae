/* SPDX-License-Identifier: MIT */
/* The messages of a text trace. */
#include "trace/text_read.h"

#include <string.h>

static int start(struct nvt_reader *r, struct nvt_error *e)
{
	return trace_text_start(r->state, r, e);
}

static void stop(struct nvt_reader *r)
{
	trace_text_stop(r->state);
}

static bool take_message(const struct nvt_event *ev, struct nvt_captured *m)
{
	memset(m, 0, sizeof(*m));
	m->to_gsp = ev->u.msg.to_gsp;
	m->flags = NVT_CAP_SEQUENCE | NVT_CAP_RESULT;
	if (ev->t_ns) {
		m->flags |= NVT_CAP_TIME;
		m->t_ns = ev->t_ns;
	}
	if (ev->u.msg.release)
		memcpy(m->release, ev->u.msg.release, strnlen(ev->u.msg.release, sizeof(m->release) - 1));
	return reader_take(m, ev->u.msg.bytes, 0);
}

static int next(struct nvt_reader *r, struct nvt_captured *m, struct nvt_error *e)
{
	const struct nvt_event *ev;
	int rc;

	while ((rc = trace_text_next(r->state, r, &ev, e)) == 1) {
		if (ev->kind != NVT_EV_MSG)
			continue;
		if (take_message(ev, m))
			return 1;
		r->skipped++;
	}
	return rc;
}

const struct reader_ops reader_trace = {
	.kind = "trace",
	.state_size = sizeof(struct trace_text),
	.probe = trace_text_probe,
	.start = start,
	.next = next,
	.stop = stop,
};
