/* SPDX-License-Identifier: MIT */
/*
 * The text trace: a sink that writes every event as one record.
 *
 * Format, version 1. A file is ASCII, lines end in \n. A line is
 *
 *	line    = record [" # " comment] | data
 *	data    = "  " (HEXBYTES | "zero " DEC)
 *
 * Words of a record are separated by one space. A '#' stands nowhere but before a comment, so a reader
 * may cut each line at " # ": comments hold what follows from the rest (names of registers, fields,
 * functions) or what differs from run to run (times as t=DEC"us", number of reads). Everything else is
 * there to be compared and replayed. Data lines belong to the record above them and together hold exactly the
 * BYTES of that record: 1 to 64 bytes a line as lower-case hex digits, or, for a run of at least 64
 * bytes that are 0, their number.
 *
 *	HEX     = "0x" lower-case hex digits; register offsets and values have all digits of their size
 *	DEC     = decimal digits
 *	NAME    = letters, digits, and "._-" | STRING
 *	STRING  = '"' printable characters '"'; backslash, quote, '#' and all others are \xNN
 *	OPT     = STRING | "-" for none
 *	DRY     = [" dry"], in a dry run: listed, not performed
 *	US      = DEC, microseconds of the device's clock
 *	SIZE    = "1" | "2" | "4" | "8", bytes of one access
 *	BYTES   = HEX, a number of bytes
 *
 * The file begins with these four records:
 *
 *	"nvtool-trace" DEC                      version of this format
 *	"tool" STRING                           name and version of the writer
 *	"device" STRING                         the device as it was named on the command line
 *	"chip" (NAME | "-")                     "-" if it was not known yet
 *
 * Then, in the order in which they happened:
 *
 *	"rd" "bar"DEC HEX SIZE HEX              offset, size, value
 *	"wr" "bar"DEC HEX SIZE HEX DRY
 *	"window-rd" "bar"DEC HEX BYTES          data lines: what was read, in ascending 32-bit accesses
 *	"window-wr" "bar"DEC HEX BYTES DRY      data lines: what was written
 *	"poll" HEX HEX ("==" | "!=") HEX US (("ok" | "fail") HEX | "dry")
 *	                                        BAR0 offset, mask, wanted value, timeout, outcome with the
 *	                                        value last read. Each value that differs from the one
 *	                                        read before, the first included, is a "rd" above it
 *	"cfg-rd" HEX SIZE HEX                   config space
 *	"cfg-wr" HEX SIZE HEX DRY
 *	"dma-alloc" NAME HEX BYTES              purpose, address for the device, size
 *	"dma-free" NAME HEX BYTES
 *	"dma-sync" NAME HEX BYTES [" sha256=" 64 hex digits]
 *	                                        the driver filled this part of a buffer. Data lines: its
 *	                                        bytes; over 64 KiB none, but their SHA-256
 *	"dma-dev-rd" NAME HEX BYTES             data lines: a structure that the device read; NAME is its type
 *	"dma-dev-wr" NAME HEX BYTES             data lines: what the device wrote to that address
 *	"release" NAME                          whose layouts the msg and dma-dev-rd records have from here on
 *	"msg" ("to-gsp" | "from-gsp") BYTES     data lines: a whole message, RPC header and payload
 *	"step" NAME ("begin" | "done" | "failed" | "undone")
 *	"reset" DRY
 *	"delay" US DRY                          the driver sleeps outside a poll
 *	("violation" | "odd" | "fault" | "note") NAME STRING OPT OPT
 *	                                        a finding: rule, text, seen, wanted
 *
 * A write stands before what the device did in answer to it.
 */
#include <config.h>

#include <nvt/fw.h>
#include <nvt/regs.h>
#include <nvt/rpc.h>
#include <nvt/trace.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_VERSION 1
#define DATA_LINE 64
#define DIGEST_ABOVE (64 * 1024)

struct text_trace {
	struct nvt_sink sink; /* first: the sink is the trace */
	FILE *f;
	int sys;              /* errno of the first write that failed, 0 if none did */
	char release[32];     /* as the last release record says */
	char path[];
};

/* ---- words ---- */

static void put_string(FILE *f, const char *s)
{
	const unsigned char *p;

	fputc('"', f);
	for (p = (const unsigned char *)s; *p; p++) {
		if (*p < 0x20 || *p > 0x7e || *p == '"' || *p == '\\' || *p == '#')
			fprintf(f, "\\x%02x", *p);
		else
			fputc(*p, f);
	}
	fputc('"', f);
}

static void put_opt(FILE *f, const char *s)
{
	if (s)
		put_string(f, s);
	else
		fputc('-', f);
}

static void put_name(FILE *f, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	if (s && s[0] && strcmp(s, "-") && !s[strspn(s, plain)])
		fputs(s, f);
	else
		put_string(f, s ? s : "");
}

static void put_dry(FILE *f, bool dry)
{
	if (dry)
		fputs(" dry", f);
}

static size_t zero_run(struct nvt_bytes b, size_t at)
{
	size_t n = 0;

	while (at + n < b.n && !b.p[at + n])
		n++;
	return n;
}

static void put_hex_line(FILE *f, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char line[2 + 2 * DATA_LINE + 1] = "  ";
	size_t i;

	for (i = 0; i < n; i++) {
		line[2 + 2 * i] = digits[p[i] >> 4];
		line[3 + 2 * i] = digits[p[i] & 0xf];
	}
	line[2 + 2 * n] = '\n';
	fwrite(line, 1, 3 + 2 * n, f);
}

static void put_data(FILE *f, struct nvt_bytes b)
{
	size_t at, n;

	for (at = 0; at < b.n; at += n) {
		n = zero_run(b, at);
		if (n >= DATA_LINE) {
			fprintf(f, "  zero %zu\n", n);
			continue;
		}
		n = b.n - at < DATA_LINE ? b.n - at : DATA_LINE;
		put_hex_line(f, b.p + at, n);
	}
}

/* ---- records ---- */

static void comment_register(FILE *f, uint64_t off, uint64_t val)
{
	struct nvt_reg_ref ref;
	char text[256];

	if (off > UINT32_MAX || !nvt_reg_at((uint32_t)off, &ref))
		return;
	fprintf(f, " # %s", nvt_reg_format((uint32_t)off, text, sizeof(text)));
	if (nvt_reg_decode((uint32_t)off, (uint32_t)val, text, sizeof(text))[0])
		fprintf(f, " %s", text);
}

static void put_mmio(FILE *f, const struct nvt_event *ev)
{
	unsigned size = ev->u.mmio.size;

	fprintf(f, " bar%u 0x%08" PRIx64 " %u 0x%0*" PRIx64, ev->u.mmio.bar, ev->u.mmio.off, size,
		(int)(2 * size), ev->u.mmio.val);
	put_dry(f, ev->u.mmio.dry);
	if (ev->u.mmio.bar == 0 && size == 4)
		comment_register(f, ev->u.mmio.off, ev->u.mmio.val);
	fputc('\n', f);
}

static void put_cfg(FILE *f, const struct nvt_event *ev)
{
	unsigned size = ev->u.mmio.size;

	fprintf(f, " 0x%03" PRIx64 " %u 0x%0*" PRIx64, ev->u.mmio.off, size, (int)(2 * size), ev->u.mmio.val);
	put_dry(f, ev->u.mmio.dry);
	fputc('\n', f);
}

static void put_window(FILE *f, const struct nvt_event *ev)
{
	fprintf(f, " bar%u 0x%08" PRIx64 " 0x%zx", ev->u.window.bar, ev->u.window.off, ev->u.window.data.n);
	put_dry(f, ev->u.window.dry);
	fputc('\n', f);
	put_data(f, ev->u.window.data);
}

static void put_poll(FILE *f, const struct nvt_event *ev)
{
	fprintf(f, " 0x%08" PRIx64 " 0x%08" PRIx32 " %s 0x%08" PRIx32 " %" PRIu64 " ", ev->u.poll.off,
		ev->u.poll.mask, ev->u.poll.negate ? "!=" : "==", ev->u.poll.want, ev->u.poll.timeout_us);
	if (ev->u.poll.dry)
		fputs("dry", f);
	else
		fprintf(f, "%s 0x%08" PRIx32, ev->u.poll.ok ? "ok" : "fail", ev->u.poll.seen);
	comment_register(f, ev->u.poll.off, ev->u.poll.dry ? ev->u.poll.want : ev->u.poll.seen);
	if (!ev->u.poll.dry)
		fprintf(f, " # reads=%" PRIu32 " listed=%" PRIu32 " us=%" PRIu64, ev->u.poll.reads, ev->u.poll.listed,
			ev->u.poll.elapsed_us);
	fputc('\n', f);
}

static void put_dma_words(FILE *f, const struct nvt_event *ev)
{
	fputc(' ', f);
	put_name(f, ev->u.dma.name);
	fprintf(f, " 0x%" PRIx64 " 0x%" PRIx64, ev->u.dma.iova, ev->u.dma.size);
}

static void put_dma_buffer(FILE *f, const struct nvt_event *ev)
{
	put_dma_words(f, ev);
	fputc('\n', f);
}

static void put_dma_sync(FILE *f, const struct nvt_event *ev)
{
	struct nvt_sha256 digest;
	char hex[65];

	put_dma_words(f, ev);
	if (ev->u.dma.data.n <= DIGEST_ABOVE) {
		fputc('\n', f);
		put_data(f, ev->u.dma.data);
		return;
	}
	nvt_sha256(ev->u.dma.data, &digest);
	nvt_sha256_hex(&digest, hex);
	fprintf(f, " sha256=%s\n", hex);
}

static void put_dma_data(FILE *f, const struct nvt_event *ev)
{
	put_dma_words(f, ev);
	fputc('\n', f);
	put_data(f, ev->u.dma.data);
}

static void comment_message(FILE *f, const struct nvt_event *ev)
{
	const char *status = NULL;
	struct nvt_rpc_head head;
	struct nvt_msg_desc desc;
	struct nvt_rel rel;
	bool known;

	if (nvt_rpc_head_get(ev->u.msg.bytes, &head, NULL)) {
		fputs(" # no valid RPC header", f);
		return;
	}
	known = ev->u.msg.release && nvt_rel_find(nvt_abi_builtin(), ev->u.msg.release, &rel);
	if (known && nvt_msg_by_number(rel, head.function, &desc))
		fprintf(f, " # %s", desc.name);
	else
		fprintf(f, " # function 0x%" PRIx32, head.function);
	fprintf(f, " sequence=%" PRIu32, head.sequence);
	/* The driver fills the result of a request with all ones: it means nothing yet. */
	if (ev->u.msg.to_gsp)
		return;
	if (known)
		status = nvt_status_name(rel, head.result);
	if (status)
		fprintf(f, " result=%s", status);
	else
		fprintf(f, " result=0x%" PRIx32, head.result);
}

static void put_msg(FILE *f, const struct nvt_event *ev)
{
	fprintf(f, " %s 0x%zx", ev->u.msg.to_gsp ? "to-gsp" : "from-gsp", ev->u.msg.bytes.n);
	comment_message(f, ev);
	fprintf(f, " t=%" PRIu64 "us\n", ev->t_ns / 1000);
	put_data(f, ev->u.msg.bytes);
}

static void put_step(FILE *f, const struct nvt_event *ev)
{
	static const char *const states[] = {
		[NVT_STEP_BEGIN] = "begin",
		[NVT_STEP_DONE] = "done",
		[NVT_STEP_FAILED] = "failed",
		[NVT_STEP_UNDONE] = "undone",
	};

	fputc(' ', f);
	put_name(f, ev->u.step.name);
	fprintf(f, " %s # t=%" PRIu64 "us", states[ev->u.step.state], ev->t_ns / 1000);
	if (ev->u.step.state != NVT_STEP_BEGIN)
		fprintf(f, " us=%" PRIu64, ev->u.step.us);
	fputc('\n', f);
	/* What a run on real hardware did is worth most when it ends badly: lose no more than a step. */
	fflush(f);
}

static void put_reset(FILE *f, const struct nvt_event *ev)
{
	put_dry(f, ev->u.reset.dry);
	fputc('\n', f);
}

static void put_delay(FILE *f, const struct nvt_event *ev)
{
	fprintf(f, " %" PRIu64, ev->u.delay.us);
	put_dry(f, ev->u.delay.dry);
	fputc('\n', f);
}

static void put_finding(FILE *f, const struct nvt_event *ev)
{
	fputc(' ', f);
	put_name(f, ev->u.finding.rule);
	fputc(' ', f);
	put_string(f, ev->u.finding.text ? ev->u.finding.text : "");
	fputc(' ', f);
	put_opt(f, ev->u.finding.seen);
	fputc(' ', f);
	put_opt(f, ev->u.finding.wanted);
	fputc('\n', f);
}

static void (*const writers[NVT_EV__COUNT])(FILE *f, const struct nvt_event *ev) = {
	[NVT_EV_MMIO_RD] = put_mmio,
	[NVT_EV_MMIO_WR] = put_mmio,
	[NVT_EV_WINDOW_RD] = put_window,
	[NVT_EV_WINDOW_WR] = put_window,
	[NVT_EV_POLL] = put_poll,
	[NVT_EV_CFG_RD] = put_cfg,
	[NVT_EV_CFG_WR] = put_cfg,
	[NVT_EV_DMA_ALLOC] = put_dma_buffer,
	[NVT_EV_DMA_FREE] = put_dma_buffer,
	[NVT_EV_DMA_SYNC] = put_dma_sync,
	[NVT_EV_DMA_DEV_RD] = put_dma_data,
	[NVT_EV_DMA_DEV_WR] = put_dma_data,
	[NVT_EV_MSG] = put_msg,
	[NVT_EV_STEP] = put_step,
	[NVT_EV_RESET] = put_reset,
	[NVT_EV_DELAY] = put_delay,
	[NVT_EV_VIOLATION] = put_finding,
	[NVT_EV_ODD] = put_finding,
	[NVT_EV_FAULT] = put_finding,
	[NVT_EV_NOTE] = put_finding,
};

/* ---- the sink ---- */

/* A stream that failed once keeps its error flag: nothing more is written, and close reports it. */
static void keep_error(struct text_trace *t)
{
	if (!t->sys && ferror(t->f))
		t->sys = errno ? errno : EIO;
}

/* Messages and structures have the layouts of a release: named where it becomes another. */
static void put_release(struct text_trace *t, const struct nvt_event *ev)
{
	const char *release = ev->kind == NVT_EV_MSG ? ev->u.msg.release :
			      ev->kind == NVT_EV_DMA_DEV_RD ? ev->u.dma.release : NULL;

	if (!release || !strcmp(release, t->release) || strlen(release) >= sizeof(t->release))
		return;
	memcpy(t->release, release, strlen(release) + 1);
	fputs("release ", t->f);
	put_name(t->f, release);
	fputc('\n', t->f);
}

static void text_emit(struct nvt_sink *self, const struct nvt_event *ev)
{
	struct text_trace *t = (struct text_trace *)self;

	if (t->sys)
		return;
	errno = 0;
	put_release(t, ev);
	fputs(nvt_event_kind_name(ev->kind), t->f);
	writers[ev->kind](t->f, ev);
	keep_error(t);
}

static void put_header(FILE *f, const char *device, const struct nvt_chip *chip)
{
	fprintf(f, "nvtool-trace %d\ntool ", FORMAT_VERSION);
	put_string(f, PACKAGE_NAME " " PACKAGE_VERSION);
	fputs("\ndevice ", f);
	put_string(f, device);
	fputs("\nchip ", f);
	if (chip)
		put_name(f, chip->name);
	else
		fputc('-', f);
	fputc('\n', f);
}

int nvt_trace_open(const char *path, const char *device, const struct nvt_chip *chip, struct nvt_sink **ret,
		   struct nvt_error *e)
{
	struct text_trace *t = calloc(1, sizeof(*t) + strlen(path) + 1);
	int rc;

	if (!t)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	memcpy(t->path, path, strlen(path) + 1);
	t->sink.emit = text_emit;
	t->f = fopen(path, "w");
	if (!t->f) {
		rc = nvt_fail_errno(e, NVT_E_ENV, errno, "cannot create trace %s", path);
		free(t);
		return rc;
	}
	errno = 0;
	put_header(t->f, device, chip);
	keep_error(t);
	*ret = &t->sink;
	return 0;
}

int nvt_trace_close(struct nvt_sink *sink, struct nvt_error *e)
{
	struct text_trace *t = (struct text_trace *)sink;
	int rc = 0;

	if (!t)
		return 0;
	errno = 0;
	fflush(t->f);
	keep_error(t);
	if (fclose(t->f) && !t->sys)
		t->sys = errno;
	if (t->sys) {
		rc = nvt_fail_errno(e, NVT_E_ENV, t->sys, "trace %s is not complete: write failed", t->path);
		nvt_err_hint(e, "make room or name another file, then run again");
	}
	free(t);
	return rc;
}
