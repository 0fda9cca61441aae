/* SPDX-License-Identifier: MIT */
/* rpc dump: a capture as text, JSON lines or pcapng, message by message as they are read. */
#include <ctype.h>
#include <inttypes.h>
#include <nvt/trace.h>
#include <string.h>
#include "cli/rpc_input.h"

const char *cli_rpc_format(unsigned i)
{
	static const char *const names[] = { "text", "jsonl" };

	return i < NVT_ARRAY_SIZE(names) ? names[i] : NULL;
}

struct dump {
	struct cli *cli;
	json_t *messages;      /* --json: all of them; NULL: written as they come */
	struct nvt_sink *copy; /* --write */
	struct nvt_text text;
	bool jsonl, hex;
	uint64_t count;
};

/* ---- text ---- */

static void put_chars(struct nvt_bytes b)
{
	size_t i;

	putchar('"');
	for (i = 0; i < b.n && b.p[i]; i++)
		if (isprint(b.p[i]) && b.p[i] != '"' && b.p[i] != '\\')
			putchar(b.p[i]);
		else
			printf("\\x%02x", b.p[i]);
	putchar('"');
}

static void put_bytes(struct nvt_bytes b)
{
	size_t i;

	if (!b.n)
		putchar('-');
	for (i = 0; i < b.n; i++)
		printf("%02x", b.p[i]);
}

static void put_value(struct nvt_rel rel, const struct nvt_leaf *l)
{
	char buf[NVT_VALUE_TEXT];
	const char *text = nvt_leaf_text(rel, l, buf);

	if (nvt_leaf_prim(l) >= NVT_P_S8 && nvt_leaf_prim(l) <= NVT_P_S64)
		printf("%" PRId64, (int64_t)l->value);
	else if (nvt_leaf_prim(l) == NVT_P_BOOL && l->value <= 1)
		fputs(l->value ? "true" : "false", stdout);
	else
		printf("0x%" PRIx64, l->value);
	if (text)
		printf(" %s", text);
}

static int put_leaf(void *arg, const struct nvt_leaf *l)
{
	const struct nvt_rel *rel = arg;

	if (l->what == NVT_LEAF_END || (l->what == NVT_LEAF_ABSENT && l->index))
		return 0;
	printf("%*s%s", 8 + 4 * (int)l->depth, "", nvt_leaf_name(l));
	if (nvt_leaf_is_element(l))
		printf("[%u]", l->index);
	if (l->what != NVT_LEAF_BEGIN || l->params)
		putchar(' ');
	if (l->what == NVT_LEAF_BEGIN && l->params)
		fputs(nvt_layout_name(l->params), stdout);
	if (l->what == NVT_LEAF_ABSENT)
		fputs("absent", stdout);
	else if (l->what == NVT_LEAF_VALUE)
		put_value(*rel, l);
	else if (l->what == NVT_LEAF_BYTES && nvt_leaf_prim(l) == NVT_P_CHAR)
		put_chars(l->bytes);
	else if (l->what == NVT_LEAF_BYTES)
		put_bytes(l->bytes);
	if (l->what == NVT_LEAF_BYTES && l->note)
		printf("  (%s)", l->note);
	putchar('\n');
	return 0;
}

static void put_hex(struct nvt_bytes b)
{
	size_t at, i;

	for (at = 0; at < b.n; at += 16) {
		printf("        %04zx ", at);
		for (i = at; i < at + 16; i++)
			i < b.n ? printf(" %02x", b.p[i]) : printf("   ");
		fputs("  ", stdout);
		for (i = at; i < at + 16 && i < b.n; i++)
			putchar(isprint(b.p[i]) ? b.p[i] : '.');
		putchar('\n');
	}
}

static void put_status(struct nvt_rel rel, uint32_t status)
{
	const char *name = nvt_status_name(rel, status);

	if (name)
		printf("  %s", name);
	else
		printf("  status 0x%" PRIx32, status);
}

static void put_line(const struct nvt_captured *m, struct nvt_rel rel, const struct nvt_msg_desc *d)
{
	char number[24];
	uint32_t v;

	snprintf(number, sizeof(number), "function %" PRIu32, m->head.function);
	printf("%6" PRIu64, m->number);
	if (m->flags & NVT_CAP_TIME)
		printf(" %6" PRIu64 ".%06" PRIu64, m->t_ns / 1000000000, m->t_ns / 1000 % 1000000);
	printf("  %-8s  ", cli_rpc_direction(!m->to_gsp));
	printf("%-28s %6" PRIu32 " bytes", d->name ? d->name : m->name[0] ? m->name : number, m->length);
	if (m->flags & NVT_CAP_SEQUENCE)
		printf("  seq %" PRIu32, m->head.sequence);
	if (rpc_subject(m, d, &v))
		printf("  %s 0x%" PRIx32, m->head.function == FN_CONTROL ? "cmd" : "class", v);
	if (rpc_subject_name(m, rel, d))
		printf(" %s", rpc_subject_name(m, rel, d));
	if (rpc_status(m, d, &v))
		put_status(rel, v);
	if (m->flags & NVT_CAP_PENDING)
		fputs("  not read yet", stdout);
	if (m->bytes.n < m->length && !(m->flags & NVT_CAP_NO_PAYLOAD))
		printf("  %zu bytes kept", m->bytes.n);
	putchar('\n');
}

static void put_text(const struct dump *o, const struct nvt_captured *m, struct nvt_rel rel,
		     const struct nvt_msg_desc *d)
{
	put_line(m, rel, d);
	if (o->cli->verbose && !(m->flags & NVT_CAP_NO_PAYLOAD) && d->layout)
		nvt_walk(rel, d->layout, rpc_body(m), put_leaf, &rel);
	if (o->hex)
		put_hex(m->bytes);
}

/* ---- the stream ---- */

static int put_document(struct dump *o, struct nvt_error *e)
{
	json_t *v = json_loadb(o->text.p, o->text.n, 0, NULL);

	return v && !json_array_append_new(o->messages, v) ? 0 : nvt_fail(e, NVT_E_NOMEM, "out of memory");
}

static int put(struct dump *o, const struct nvt_captured *m, struct nvt_rel rel, const struct nvt_msg_desc *d,
	       struct nvt_error *e)
{
	o->count++;
	if (o->copy)
		nvt_capture_put(o->copy, m, nvt_rel_name(rel));
	if (o->copy && !o->messages)
		return 0;
	if (!o->jsonl && !o->messages) {
		put_text(o, m, rel, d);
		return 0;
	}
	o->text.n = 0;
	nvt_captured_json(&o->text, rel, m);
	if (o->text.failed)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	if (o->messages)
		return put_document(o, e);
	fwrite(o->text.p, 1, o->text.n, stdout);
	return ferror(stdout) ? nvt_fail(e, NVT_E_ENV, "cannot write to standard output") : 0;
}

static int put_all(struct dump *o, struct rpc_input *in, struct nvt_error *e)
{
	struct nvt_captured m;
	struct nvt_msg_desc d;
	struct nvt_rel rel;
	int rc;

	while ((rc = rpc_input_next(in, &m, &rel, &d, e)) == 1) {
		rc = put(o, &m, rel, &d, e);
		if (rc)
			break;
	}
	return rc;
}

static int open_copy(struct dump *o, const char *name, struct nvt_error *e)
{
	const char *path = cli_opt_str(o->cli, "write");

	return path ? nvt_capture_open(path, name, &o->copy, e) : 0;
}

static void report(const struct dump *o, const struct rpc_input *in, json_t *data)
{
	uint64_t skipped = nvt_reader_skipped(in->reader);

	doc_str(data, "kind", nvt_reader_kind(in->reader));
	doc_num(data, "count", o->count);
	doc_num(data, "skipped", skipped);
	doc_str(data, "written", cli_opt_str(o->cli, "write"));
	if (skipped && !o->messages)
		fprintf(stderr, "nvtool rpc dump: %" PRIu64 " damaged, encrypted or foreign records skipped\n", skipped);
}

int cli_rpc_dump(struct cli *cli, json_t *data, struct nvt_error *e)
{
	const char *format = cli_opt_str(cli, "format");
	struct dump o = { .cli = cli, .hex = cli_opt_flag(cli, "hex"), .jsonl = format && !strcmp(format, "jsonl") };
	struct rpc_input in;
	struct nvt_error closing;
	int rc, close_rc;

	if (cli->json)
		o.messages = doc_arr(data, "messages");
	rc = rpc_input_open(cli, &in, e);
	if (!rc)
		rc = open_copy(&o, in.name, e);
	if (!rc)
		rc = put_all(&o, &in, e);
	close_rc = nvt_capture_close(o.copy, &closing);
	if (!rc && close_rc) {
		*e = closing;
		rc = close_rc;
	}
	if (!rc)
		report(&o, &in, data);
	fflush(stdout);
	nvt_text_free(&o.text);
	rpc_input_close(&in);
	return rc;
}

/* The messages themselves are out already. */
void cli_rpc_dump_print(const struct cli *cli, const json_t *data, FILE *out)
{
	(void)cli;
	if (doc_get_str(data, "written")[0])
		fprintf(out, "%" PRIu64 " messages written to %s\n", doc_get_num(data, "count"),
			doc_get_str(data, "written"));
}
