/* SPDX-License-Identifier: MIT */
/* Fuzz target: firmware manifests. */
#include <nvt/fw.h>

#include "fw/manifest.h"
#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_manifest m;
	unsigned i;

	if (!nvt_manifest_parse((struct nvt_bytes){ data, size }, "fuzz", &m, NULL))
		for (i = 0; i < m.file_count; i++)
			if (!m.files[i].path || !m.files[i].chips[0] || m.files[i].path[0] == '/')
				abort();
	nvt_manifest_fini(&m);
	return 0;
}
