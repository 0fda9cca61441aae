/* SPDX-License-Identifier: MIT */
/* A set of firmware files that a command writes: staged, listed in its document, equal files linked. */
#ifndef CLI_FW_OUT_H
#define CLI_FW_OUT_H

#include "cli/cmd.h"
#include "cli/stage.h"

struct fw_out_seen;
struct fw_out {
	const char *dir;
	json_t *files; /* of the document, borrowed */
	struct cli_stage stage;
	struct fw_out_seen *seen;
	unsigned seen_count;
};

/* dir/path; a file that an earlier one of this set equals becomes a link to it. *ret_row is its row. */
int fw_out_file(struct fw_out *o, const char *path, struct nvt_bytes data, json_t **ret_row, struct nvt_error *e);
int fw_out_link(struct fw_out *o, const char *path, const char *target, struct nvt_error *e);
/* A row of its list as one line; tail follows. */
void fw_out_print_row(const json_t *row, const char *tail, FILE *out);
/* With rc 0 everything appears, else nothing; frees. */
int fw_out_end(struct fw_out *o, int rc, struct nvt_error *e);

/* The chips that --chip names: one, or every chip for "all". */
struct fw_chips {
	const struct nvt_chip *first;
	unsigned count;
	bool all;
};
int fw_take_chips(const struct cli *cli, struct fw_chips *ret, struct nvt_error *e);
/* A chip by name, with a suggestion when there is none. */
int fw_take_chip(const char *name, const struct nvt_chip **ret, struct nvt_error *e);

#endif
