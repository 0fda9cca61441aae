/* SPDX-License-Identifier: MIT */
/*
 * The command table's row types and what passes between the parts of the command line: parsing (opt.c),
 * running (cmd.c, batch.c), handlers (one file per noun), documents and their output (doc.c, out.c).
 *
 * A handler takes an open context and fills one document. It never opens a device, prints or exits; only
 * `rpc dump` and those with CLI_BARE, whose results may not fit in memory, write text as they go.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include <jansson.h>
#include <nvt/fw.h>
#include <nvt/gpu.h>
#include <signal.h>
#include <stdio.h>

enum cli_type {
	CLI_FLAG,   /* takes no value */
	CLI_STRING,
	CLI_PATH,   /* a file, "-" for standard input where the help says so */
	CLI_DIR,
	CLI_U64,    /* decimal, or hex with 0x */
	CLI_SIZE,   /* the same, or with K, M, G or T behind it (powers of 1024) */
	CLI_ASSIGN, /* KEY=VALUE, VALUE a 32-bit number */
	CLI_ENUM,   /* one of the row's values */
	CLI_TYPE__COUNT
};

/* The i-th accepted value, NULL past the end. */
typedef const char *(*cli_value_fn)(unsigned i);

struct cli_opt {
	const char *name; /* without the dashes */
	char letter;      /* short form, 0 if none */
	enum cli_type type;
	bool repeat;
	const char *meta; /* what the value is called in help; NULL for flags */
	const char *help;
	cli_value_fn value; /* ENUM only */
};

struct cli_arg {
	const char *name;
	enum cli_type type;
	bool optional, repeat; /* repeat: last argument only */
	const char *help;
	cli_value_fn value; /* ENUM only */
};

enum {
	CLI_DEVICE = 1u << 0,  /* runs on an open device */
	CLI_MUTATES = 1u << 1, /* changes the state of the device */
	CLI_FWDB = 1u << 2,    /* looks things up in the firmware database */
	CLI_RUNNER = 1u << 3,  /* runs other commands: `batch` */
	CLI_ABI = 1u << 4,     /* reads protocol tables, of --abi if it is given */
	CLI_BARE = 1u << 5,    /* writes its result itself, without an envelope; --json goes for errors only */
	CLI_SERVES = 1u << 6,  /* opens no device, but has one to trace: `sim serve` */
};

struct cli;

struct cli_cmd {
	const char *noun; /* NULL: a verb of its own */
	const char *verb;
	const char *group;
	const char *page;    /* manual page: nvtool-PAGE.1, "" for nvtool.1 */
	const char *summary;
	const struct cli_arg *args; /* ends in a row without name */
	const struct cli_opt *opts; /* likewise */
	unsigned flags;
	const char *const *keys;    /* of data, in order, NULL-terminated */
	/* Given these arguments and options, no device is needed after all; NULL: always. */
	bool (*without_device)(const struct cli *cli);
	int (*run)(struct cli *cli, json_t *data, struct nvt_error *e);
	void (*print)(const struct cli *cli, const json_t *data, FILE *out);
};

struct cli_page {
	const char *name, *summary;
};

struct cli_exit {
	int code;
	const char *meaning;
};

extern const struct cli_cmd cli_cmds[];
extern const unsigned cli_cmd_count;
extern const struct cli_page cli_pages[]; /* ends in a row without name; also describes the nouns */
extern const struct cli_opt cli_global_opts[];
extern const struct cli_exit cli_exits[]; /* ends in a row without meaning */
extern const char *const cli_groups[];    /* in the order help shows them, NULL-terminated */

/* ---- a parsed command line ---- */

struct cli_value {
	const struct cli_opt *opt;
	const char *str;  /* the value as typed, NULL for flags */
	uint64_t num;     /* U64, SIZE, and VALUE of ASSIGN */
};

struct cli_line {
	const struct cli_cmd *cmd;
	char name[48];            /* "fw info"; what was typed when there is no such command */
	struct cli_value *values; /* global options included */
	unsigned value_count;
	const char **args;
	uint64_t *nums;           /* of the U64 arguments */
	unsigned arg_count;
	bool help;                /* --help, or a noun alone with it: args name what to explain */
};

/* argv without the program's name; strings are borrowed. Call cli_line_free also after a failure.
 * in_batch: global options other than --help are refused. */
int cli_parse(struct cli_line *ret, unsigned argc, char *const *argv, bool in_batch, struct nvt_error *e);
void cli_line_free(struct cli_line *line);
const char *cli_line_str(const struct cli_line *line, const char *opt); /* NULL if not given */
bool cli_line_flag(const struct cli_line *line, const char *opt);

/* ---- the context of a run ---- */

struct cli {
	/* global options, the same for every command of a batch */
	const char *device, *fwdb_dir, *firmware_dir, *release, *trace, *capture;
	bool allow_unknown_firmware, json, verbose;
	bool consent;                  /* --yes, or the answer was yes: a real GPU may be changed */
	bool signals_wait;             /* those that end a process, until it is done with that GPU */
	sigset_t signals;              /* as they were before */

	const char *abi_path;          /* --abi */

	FILE *out;                     /* for results; handlers leave it alone unless CLI_BARE */
	struct cli_line line;          /* of the command that runs */
	struct nvt_gpu *gpu;           /* NULL while no command needed one */
	struct nvt_fwdb *fwdb;         /* likewise */
	const struct nvt_abi *abi;     /* built in, or of --abi; NULL while no command needed one */
	struct nvt_abi *abi_loaded;    /* the latter */
	bool partial;                  /* the document holds what could be had in spite of the error */
	const json_t *leftover;        /* that document, while its error is put out */
	bool no;                       /* the answer is no: exit 1 */
	bool in_batch;                 /* boot leaves GSP-RM up */
	struct nvt_boot_report report; /* of the last boot */
	struct nvt_sink progress;      /* shows steps on stderr; in the context while a device is open */
	bool progress_on;
	bool steps_shown;              /* the reader has seen the steps on the same terminal */
};

const char *cli_opt_str(const struct cli *cli, const char *opt);
bool cli_opt_flag(const struct cli *cli, const char *opt);
/* The i-th use of a repeatable option, NULL past the end. */
const struct cli_value *cli_opt_at(const struct cli *cli, const char *opt, unsigned i);
const char *cli_arg(const struct cli *cli, unsigned i); /* NULL past the end */

/* The whole program; returns its exit code. */
int cli_main(int argc, char **argv);
/* Opens what the command needs and runs it: fills data. */
int cli_run(struct cli *cli, json_t *data, struct nvt_error *e);
/* Closes device and database; reports the first error of the trace file. */
int cli_close(struct cli *cli, struct nvt_error *e);
const struct cli_cmd *cli_find(const char *noun, const char *verb);
const struct cli_page *cli_page(const char *name);
/* Runs every line of the batch; writes one document each. Returns the exit code. */
int cli_batch(struct cli *cli, struct nvt_error *e);
/* Puts the progress sink into the open device's context. */
void cli_progress_start(struct cli *cli);
/* *sink made to show findings; NULL when nobody is to be shown any. */
struct nvt_sink *cli_progress_sink(const struct cli *cli, struct nvt_sink *sink);

/* ---- suggestions ---- */

struct cli_near {
	const char *want, *best;
	unsigned distance;
};
void cli_near_init(struct cli_near *n, const char *want);
void cli_near_offer(struct cli_near *n, const char *candidate);
/* Puts "did you mean X" into the hint when something came close, else `otherwise`. */
void cli_near_hint(const struct cli_near *n, struct nvt_error *e, const char *prefix, const char *otherwise);

/* ---- input ---- */

/* The bytes of a file, or of standard input for "-"; malloced, NUL-terminated beyond n. */
int cli_read_file(const char *name, char **ret, size_t *ret_n, struct nvt_error *e);
/* Hex digits (0x, white space and ':' allowed) into malloced bytes; false when it is not hex. */
bool cli_unhex(const char *text, size_t n, uint8_t **ret, size_t *ret_n);
/* An argument that is a file's name, "-", or the thing itself: malloced bytes, NUL-terminated. */
int cli_read_text(const char *arg, char **ret, size_t *ret_n, struct nvt_error *e);
int cli_read_bytes(const char *arg, uint8_t **ret, size_t *ret_n, struct nvt_error *e);

/* ---- documents ---- */

void doc_str(json_t *o, const char *key, const char *s); /* absent when s is NULL */
void doc_num(json_t *o, const char *key, uint64_t v);
void doc_bool(json_t *o, const char *key, bool v);
void doc_hex(json_t *o, const char *key, uint64_t v);    /* "0x5f4000000" */
void doc_hex32(json_t *o, const char *key, uint32_t v);  /* "0x000000a1" */
void doc_sha256(json_t *o, const char *key, const struct nvt_sha256 *d);
json_t *doc_obj(json_t *o, const char *key); /* borrowed; key NULL: appended to array o */
json_t *doc_arr(json_t *o, const char *key);
void doc_add_str(json_t *array, const char *s);
const char *doc_get_str(const json_t *o, const char *key); /* "" when absent */
uint64_t doc_get_num(const json_t *o, const char *key);

/* ---- output ---- */

/* One whole result on stdout: the envelope with --json, else the command's text; errors on stderr. */
void cli_out_result(const struct cli *cli, const json_t *data, FILE *out);
void cli_out_error(const struct cli *cli, const struct nvt_error *e, FILE *out, FILE *err);
/* s with control characters as \xNN: what a file or a device said must not steer the terminal. */
void cli_put_text(FILE *out, const char *s);
/* Text of any document, by its own shape. */
void cli_print_tree(const struct cli *cli, const json_t *data, FILE *out);
struct cli_column {
	const char *key, *title;
	bool right;
};
/* An array of objects as a table; columns end in a row without key, columns empty throughout are left out. */
void cli_print_table(const json_t *rows, const struct cli_column *cols, FILE *out);
/* Rows of a document inside it: a table if they are alike. */
void cli_print_rows(const json_t *rows, FILE *out);

/* ---- handlers and printers, by file ---- */

/* consent.c */
/* Fails when the command changes a real GPU, --yes was not given, and nobody can be asked. */
int cli_consent_possible(const struct cli *cli, struct nvt_error *e);
/*
 * On the open device: shows what is there and asks, unless that was settled. Afterwards SIGINT and its like wait until
 * the process is done with the GPU, whose DMA memory would die under it.
 */
int cli_consent(struct cli *cli, struct nvt_error *e);
/* One of those signals waits. */
bool cli_interrupted(void);
/* Lets them come. */
void cli_take_signals(struct cli *cli);
/* boot.c */
int cli_boot(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_unload(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_reset(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_status(struct cli *cli, json_t *data, struct nvt_error *e);
bool cli_boot_is_list(const struct cli *cli);
const char *cli_boot_step(unsigned i);
/* boot_text.c */
void cli_boot_print(const struct cli *cli, const json_t *data, FILE *out);
void cli_unload_print(const struct cli *cli, const json_t *data, FILE *out);
/* chips.c */
int cli_chips(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_chips_print(const struct cli *cli, const json_t *data, FILE *out);
/* fw.c */
int cli_fw_info(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_info_print(const struct cli *cli, const json_t *data, FILE *out);
/* The database of --fwdb and the built-in manifests, opened at its first use. */
int cli_need_fwdb(struct cli *cli, struct nvt_error *e);
/* fw_image.c */
struct cli_image {
	struct nvt_bytes file;
	enum nvt_fw_kind kind;
	bool digest; /* also digests of parts, and what they must be */
};
int cli_image_document(const struct cli_image *im, json_t *o, struct nvt_error *e);
/* fw_import.c */
int cli_fw_import(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_import_print(const struct cli *cli, const json_t *data, FILE *out);
/* fw_verify.c */
int cli_fw_verify(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_verify_print(const struct cli *cli, const json_t *data, FILE *out);
/* --chip; *ret is NULL without it. */
int cli_fw_chip(const struct cli *cli, const struct nvt_chip **ret, struct nvt_error *e);
/* fw_list.c */
int cli_fw_list(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_list_print(const struct cli *cli, const json_t *data, FILE *out);
/* fw_extract.c */
int cli_extract_check(const struct cli *cli, struct nvt_error *e);
int cli_extract(const struct cli *cli, struct nvt_bytes file, json_t *rows, struct nvt_error *e);
int cli_fw_extract(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_extract_print(const struct cli *cli, const json_t *data, FILE *out);
/* fw_diff.c */
int cli_fw_diff(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_diff_print(const struct cli *cli, const json_t *data, FILE *out);
/* fw_text.c */
void cli_image_print(const struct cli *cli, const json_t *o, FILE *out);
/* fb.c */
void cli_fb_document(json_t *data, const struct nvt_fb_plan *p);
/* fw_pack.c */
int cli_fw_pack(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_pack_print(const struct cli *cli, const json_t *data, FILE *out);
/* fw_plan.c */
int cli_fw_plan(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_fw_plan_print(const struct cli *cli, const json_t *data, FILE *out);
const char *cli_fw_plan_display(unsigned i);
/* fw_convert.c */
int cli_fw_convert(struct cli *cli, json_t *data, struct nvt_error *e);
const char *cli_fw_convert_form(unsigned i);
void cli_fw_out_print(const struct cli *cli, const json_t *data, FILE *out); /* a list of written files */
/* vbios.c */
int cli_vbios_info(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_vbios_info_print(const struct cli *cli, const json_t *data, FILE *out);
int cli_vbios_extract(struct cli *cli, json_t *data, struct nvt_error *e);
bool cli_vbios_has_file(const struct cli *cli);
void cli_vbios_document(struct nvt_bytes rom, const struct nvt_vbios *vb, json_t *o);
/* vbios_patch.c */
const char *cli_vbios_command(unsigned i);
/* vbios_verify.c */
int cli_vbios_verify(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_vbios_verify_print(const struct cli *cli, const json_t *data, FILE *out);
/* reg.c */
int cli_reg_list(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_reg_decode(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_reg_read(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_reg_list_print(const struct cli *cli, const json_t *data, FILE *out);
void cli_reg_print(const struct cli *cli, const json_t *data, FILE *out);
/* tables.c */
int cli_need_abi(struct cli *cli, struct nvt_error *e);
/*
 * --release; else the newest release of the firmware database, or with --abi the last one of the file. A synthetic
 * release names the one whose protocol it speaks.
 */
int cli_pick_release(const struct cli *cli, struct nvt_rel *ret, struct nvt_error *e);
/* Fails: the tables have no such release. */
int cli_unknown_release(const struct cli *cli, const char *name, struct nvt_error *e);
/* abi.c */
int cli_abi_list(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_abi_show(struct cli *cli, json_t *data, struct nvt_error *e);
/* abi_diff.c */
int cli_abi_diff(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_abi_diff_print(const struct cli *cli, const json_t *data, FILE *out);
const char *cli_abi_section(unsigned i);
/* abi_import.c */
int cli_abi_import(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_abi_import_print(const struct cli *cli, const json_t *data, FILE *out);
/* abi_export.c */
int cli_abi_export(struct cli *cli, json_t *data, struct nvt_error *e);
const char *cli_abi_format(unsigned i);
void cli_abi_list_print(const struct cli *cli, const json_t *data, FILE *out);
void cli_abi_show_print(const struct cli *cli, const json_t *data, FILE *out);
/* rpc.c */
int cli_rpc_list(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_rpc_describe(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_rpc_decode(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_rpc_encode(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_rpc_list_print(const struct cli *cli, const json_t *data, FILE *out);
void cli_rpc_describe_print(const struct cli *cli, const json_t *data, FILE *out);
void cli_rpc_decode_print(const struct cli *cli, const json_t *data, FILE *out);
void cli_rpc_encode_print(const struct cli *cli, const json_t *data, FILE *out);
/* rpc_dump.c */
int cli_rpc_dump(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_rpc_dump_print(const struct cli *cli, const json_t *data, FILE *out);
const char *cli_rpc_format(unsigned i);
/* rpc_stats.c */
int cli_rpc_stats(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_rpc_stats_print(const struct cli *cli, const json_t *data, FILE *out);
/* rpc_input.c */
const char *cli_rpc_direction(unsigned i);
/* trace.c */
int cli_trace_stat(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_trace_stat_print(const struct cli *cli, const json_t *data, FILE *out);
int cli_trace_diff(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_trace_diff_print(const struct cli *cli, const json_t *data, FILE *out);
int cli_trace_reasons(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_trace_reasons_print(const struct cli *cli, const json_t *data, FILE *out);
/* sim.c */
int cli_sim_faults(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_sim_faults_print(const struct cli *cli, const json_t *data, FILE *out);
void cli_sim_model(struct nvt_gpu *gpu, json_t *data); /* data.model, absent on real hardware */
void cli_sim_report(const struct nvt_sim_report *r, json_t *data); /* data.model */
/* sim_serve.c */
int cli_sim_serve(struct cli *cli, json_t *data, struct nvt_error *e);
/* meta.c */
int cli_meta(struct cli *cli, json_t *data, struct nvt_error *e);
int cli_help(struct cli *cli, json_t *data, struct nvt_error *e);
void cli_meta_print(const struct cli *cli, const json_t *data, FILE *out);
/* help.c */
void cli_help_print(const struct cli *cli, const json_t *data, FILE *out);

#endif
