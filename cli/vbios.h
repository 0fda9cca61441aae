/* SPDX-License-Identifier: MIT */
/* What the vbios commands share. */
#ifndef CLI_VBIOS_H
#define CLI_VBIOS_H

#include "cli/cmd.h"

/* The ROM of the file that is named, else of the device; malloced. *source says which. */
int cli_vbios_read(struct cli *cli, struct nvt_bytes *ret, const char **source, struct nvt_error *e);
bool cli_vbios_is_blank(struct nvt_bytes rom, uint64_t off, uint64_t size); /* all zeros, or not there */
/* data.patch, when --patch asks for it. */
int cli_vbios_patch(const struct cli *cli, struct nvt_bytes rom, const struct nvt_vbios *vb, json_t *data,
		    struct nvt_error *e);
void cli_vbios_patch_print(const struct cli *cli, const json_t *patch, FILE *out);

#endif
