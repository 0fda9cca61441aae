/* SPDX-License-Identifier: MIT */
/* One firmware manifest: JSON text to rows. */
#ifndef NVT_FW_MANIFEST_H
#define NVT_FW_MANIFEST_H

#include <nvt/fw.h>

struct nvt_manifest {
	char name[256]; /* file name, for messages */
	char *release, *abi;
	struct nvt_fwdb_file *files;
	unsigned file_count;
};

/* `text` may be anything. The rows are owned by *ret, also after a failure: nvt_manifest_fini(). */
int nvt_manifest_parse(struct nvt_bytes text, const char *name, struct nvt_manifest *ret, struct nvt_error *e);
void nvt_manifest_fini(struct nvt_manifest *m);

#endif
