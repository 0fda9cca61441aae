/* SPDX-License-Identifier: MIT */
/* Fuzz target: a schema given at run time, and the codec on whatever tables it makes. */
#include <nvt/rpc.h>
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define TYPES_MOST 64u

/* What decodes encodes again. */
static void use_type(struct nvt_rel rel, const char *type, struct nvt_bytes bytes)
{
	char *json = NULL;
	uint8_t *b = NULL;
	size_t n = 0;

	if (nvt_json_decode(rel, type, bytes, &json, NULL))
		return;
	if (!nvt_json_encode(rel, type, json, &b, &n, NULL))
		free(b);
	free(json);
}

/* Types on zeros, and on the schema's own bytes. */
static void use(struct nvt_rel rel, const uint8_t *data, size_t size)
{
	static const uint8_t zeros[256];
	struct nvt_msg_desc d;
	const char *type;
	unsigned i;

	for (i = 0; i < TYPES_MOST && (type = nvt_type_name(rel, i)); i++) {
		use_type(rel, type, (struct nvt_bytes){ zeros, sizeof(zeros) });
		use_type(rel, type, (struct nvt_bytes){ data, size < sizeof(zeros) ? size : sizeof(zeros) });
	}
	for (i = 0; i < TYPES_MOST && nvt_msg_at(rel, i, &d); i++)
		if (!d.name || !d.name[0])
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("schema", 0), rc;
	struct nvt_error e = { .code = NVT_OK };
	struct nvt_abi *abi = NULL;
	char name[32];
	const char *path = name;
	unsigned i;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	rc = nvt_schema_load(&path, 1, &abi, &e);
	close(fd);
	if (rc) {
		if (rc != -(int)e.code || !e.msg[0])
			abort();
		return 0;
	}
	for (i = 0; i < nvt_abi_release_count(abi); i++)
		use((struct nvt_rel){ abi, i }, data, size);
	free(abi);
	return 0;
}
