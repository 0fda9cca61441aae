/* SPDX-License-Identifier: MIT */
/* Output files that appear together or not at all. */
#ifndef CLI_STAGE_H
#define CLI_STAGE_H

#include <nvt/error.h>
#include <nvt/types.h>

struct cli_staged;
struct cli_stage { /* starts as zeros */
	struct cli_staged *items;
	unsigned count;
};

/* Both make missing parent folders; nothing shows under its name before cli_stage_end. */
int cli_stage_file(struct cli_stage *st, const char *path, struct nvt_bytes data, struct nvt_error *e);
int cli_stage_link(struct cli_stage *st, const char *path, const char *target, struct nvt_error *e);
/* With rc 0 puts everything in its place, else takes everything away; frees. Returns rc or its own failure. */
int cli_stage_end(struct cli_stage *st, int rc, struct nvt_error *e);

#endif
