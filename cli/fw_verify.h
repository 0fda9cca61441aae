/* SPDX-License-Identifier: MIT */
/* What fw verify gathers: files, sets of files that a driver would load, and what is wrong with them. */
#ifndef CLI_FW_VERIFY_H
#define CLI_FW_VERIFY_H

#include "cli/cmd.h"

struct cli_verify {
	struct cli *cli;
	const struct nvt_chip *chip; /* --chip, NULL: all */
	json_t *files, *sets, *problems, *notes;
};

/* A problem is one object; text says the cause in words. The caller may add to it. */
json_t *cli_problem(struct cli_verify *v, const char *file, const char *kind, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The same from a library error: text, offset, seen, wanted and hint. */
json_t *cli_problem_error(struct cli_verify *v, const char *file, const char *kind, const struct nvt_error *e);
void cli_note(struct cli_verify *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void cli_problems_print(const json_t *problems, FILE *out);

/* What a driver is called, by its naming of files. */
const char *cli_fw_driver(enum nvt_fw_naming naming);

/* fw_check.c: one file. `want` is what a manifest says that it should be, NULL if none does. */
struct cli_check {
	const char *file, *suffix; /* suffix: as the name has it */
	const char *release, *role; /* as the name says, NULL if it does not */
	const struct nvt_fwdb_file *want;
	bool is_tlv; /* made from published files, not published itself: no manifest has its digest */
};
/* True when nothing is wrong; fills the file's row. */
bool cli_check_file(struct cli_verify *v, const struct cli_check *c, json_t *row);

#endif
