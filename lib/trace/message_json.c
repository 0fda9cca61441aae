/* SPDX-License-Identifier: MIT */
/* A message of a capture as one line of JSON. */
#include "base/bytes.h"
#include "rpc/json_text.h"
#include "trace/read.h"

#include <string.h>

static void put_function(struct nvt_text *t, const struct nvt_captured *m, const struct nvt_msg_desc *d)
{
	TEXT_PUT(t, ",\"function\":");
	if (d->name)
		text_name(t, d->name);
	else if (m->name[0])
		text_name(t, m->name);
	else
		text_dec(t, m->head.function);
	if (!m->name[0]) {
		TEXT_PUT(t, ",\"number\":");
		text_dec(t, m->head.function);
	}
}

/* Requests have their result filled with all ones: it means nothing yet. */
static void put_result(struct nvt_text *t, struct nvt_rel rel, const struct nvt_captured *m)
{
	if (m->to_gsp || !(m->flags & NVT_CAP_RESULT))
		return;
	TEXT_PUT(t, ",\"result\":");
	text_status(t, rel, m->head.result);
	if (m->head.result_private == m->head.result)
		return;
	TEXT_PUT(t, ",\"result_private\":");
	text_status(t, rel, m->head.result_private);
}

void nvt_captured_json(struct nvt_text *t, struct nvt_rel rel, const struct nvt_captured *m)
{
	struct nvt_bytes body = { m->bytes.p + NVT_RPC_HDR, m->bytes.n - NVT_RPC_HDR };
	struct nvt_msg_desc d = { .name = NULL };

	if (rel.abi)
		nvt_msg_by_number(rel, m->head.function, &d);
	TEXT_PUT(t, "{\"n\":");
	text_dec(t, m->number);
	if (m->flags & NVT_CAP_TIME) {
		TEXT_PUT(t, ",\"t_ns\":");
		text_dec(t, m->t_ns);
	}
	TEXT_PUT(t, ",\"dir\":");
	text_name(t, m->to_gsp ? "to-gsp" : "from-gsp");
	if (rel.abi) {
		TEXT_PUT(t, ",\"release\":");
		text_name(t, nvt_rel_name(rel));
	}
	put_function(t, m, &d);
	if (m->flags & NVT_CAP_SEQUENCE) {
		TEXT_PUT(t, ",\"sequence\":");
		text_dec(t, m->head.sequence);
	}
	put_result(t, rel, m);
	if (m->flags & NVT_CAP_PENDING)
		TEXT_PUT(t, ",\"pending\":true");
	TEXT_PUT(t, ",\"length\":");
	text_dec(t, m->length);
	if (!(m->flags & NVT_CAP_NO_PAYLOAD)) {
		TEXT_PUT(t, ",\"payload\":");
		if (d.layout)
			text_payload(t, rel, d.layout, body);
		else
			text_hex_bytes(t, body);
	}
	TEXT_PUT(t, "}\n");
}
