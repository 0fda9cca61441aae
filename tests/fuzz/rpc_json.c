/* SPDX-License-Identifier: MIT */
/* Fuzz target: JSON text as a message and as each of a few types. */
#include <nvt/rpc.h>
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void reread(struct nvt_rel rel, const char *type, const char *text)
{
	char *json = NULL;
	uint8_t *b = NULL;
	size_t n = 0;

	if (nvt_json_encode(rel, type, text, &b, &n, NULL))
		return;
	if (nvt_json_decode(rel, type, (struct nvt_bytes){ b, n }, &json, NULL))
		abort();
	free(json);
	free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "PACKED_REGISTRY_TABLE", "GspFwWprMeta", "GSP_MSG_QUEUE_ELEMENT",
					     "GspStaticConfigInfo", "rpc_post_event_v", "rpc_run_cpu_sequencer_v" };
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	char *text = nvt_rel_find(rel.abi, "570.144", &rel) ? malloc(size + 1) : NULL;
	uint8_t *b = NULL;
	size_t n = 0, i;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (!nvt_json_encode_msg(rel, text, &b, &n, NULL))
		free(b);
	for (i = 0; i < NVT_ARRAY_SIZE(types); i++)
		reread(rel, types[i], text);
	free(text);
	return 0;
}
