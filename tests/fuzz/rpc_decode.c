/* SPDX-License-Identifier: MIT */
/* Fuzz target: a message, or bytes of any type, as JSON; what comes out goes back in. */
#include <nvt/rpc.h>
#include "fuzz.h"

#include <stdlib.h>

static int count_leaf(void *arg, const struct nvt_leaf *l)
{
	size_t *n = arg;

	*n += l->bytes.n + l->depth;
	return 0;
}

static void round_trip(struct nvt_rel rel, const char *type, struct nvt_bytes b)
{
	char *json = NULL;
	uint8_t *again = NULL;
	size_t n = 0;

	if (nvt_json_decode(rel, type, b, &json, NULL))
		abort();
	if (nvt_json_encode(rel, type, json, &again, &n, NULL) || n != b.n)
		abort();
	nvt_walk(rel, nvt_layout_find(rel, type), b, count_leaf, &n);
	free(json);
	free(again);
}

/* The first two bytes choose the type, the last one the release; the whole is a message too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	const char *type = NULL;
	char *json = NULL;
	uint8_t *again = NULL;
	size_t n = 0;

	if (size)
		rel.index = data[size - 1] % nvt_abi_release_count(rel.abi);
	if (size > 1)
		type = nvt_type_name(rel, data[0] + 256u * (data[1] % 10));
	if (type)
		round_trip(rel, type, (struct nvt_bytes){ data + 2, size - 2 });
	if (nvt_json_decode_msg(rel, (struct nvt_bytes){ data, size }, &json, NULL))
		return 0;
	if (nvt_json_encode_msg(rel, json, &again, &n, NULL) || n != size)
		abort();
	free(json);
	free(again);
	return 0;
}
