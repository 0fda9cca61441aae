/* SPDX-License-Identifier: MIT */
/* A capture of messages as pcapng: written from the event stream, or message by message. */
#include <config.h>

#include <nvt/capture.h>
#include <nvt/trace.h>

#include "base/bytes.h"
#include "trace/pcapng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct capture {
	struct nvt_sink sink; /* first: the sink is the capture */
	FILE *f;
	int sys;              /* errno of the first write that failed, 0 if none did */
	char path[];
};

/* A stream that failed once keeps its error flag: nothing more is written, and close reports it. */
static void keep_error(struct capture *c)
{
	if (!c->sys && ferror(c->f))
		c->sys = errno ? errno : EIO;
}

/* ---- blocks, little-endian ---- */

static void put32(FILE *f, uint32_t v)
{
	uint8_t b[4];

	nvt_put_le32(b, v);
	fwrite(b, 1, sizeof(b), f);
}

static uint32_t padded(size_t n)
{
	return (uint32_t)nvt_align_up(n, 4);
}

static void put_padded(FILE *f, const void *p, size_t n)
{
	static const uint8_t zero[4];

	fwrite(p, 1, n, f);
	fwrite(zero, 1, padded(n) - n, f);
}

static void put_option(FILE *f, uint16_t code, const void *p, size_t n)
{
	put32(f, code | (uint32_t)n << 16);
	put_padded(f, p, n);
}

static size_t option_text(const char *s)
{
	size_t n = strlen(s);

	return n < 256 ? n : 256;
}

static void put_section(FILE *f)
{
	static const char tool[] = PACKAGE_NAME " " PACKAGE_VERSION;
	uint32_t size = 28 + 4 + padded(sizeof(tool) - 1) + 4;

	put32(f, PCAPNG_SECTION);
	put32(f, size);
	put32(f, PCAPNG_BYTE_ORDER);
	put32(f, PCAPNG_MAJOR);
	put32(f, UINT32_MAX); /* section length not known */
	put32(f, UINT32_MAX);
	put_option(f, PCAPNG_OPT_USERAPPL, tool, sizeof(tool) - 1);
	put32(f, PCAPNG_OPT_END);
	put32(f, size);
}

static void put_interface(FILE *f, const char *device)
{
	static const uint8_t nanoseconds = 9;
	uint32_t size = 20 + 4 + padded(option_text(device)) + 8 + 4;

	put32(f, PCAPNG_INTERFACE);
	put32(f, size);
	put32(f, PCAPNG_LINKTYPE_USER0);
	put32(f, 0); /* no limit on packets */
	put_option(f, PCAPNG_OPT_IF_NAME, device, option_text(device));
	put_option(f, PCAPNG_OPT_IF_TSRESOL, &nanoseconds, 1);
	put32(f, PCAPNG_OPT_END);
	put32(f, size);
}

static void cap_header(uint8_t *h, bool to_gsp, const char *release)
{
	memset(h, 0, CAP_HEADER);
	memcpy(h, CAP_MAGIC, 4);
	h[CAP_VERSION] = 1;
	h[CAP_DIRECTION] = !to_gsp;
	nvt_put_le16(h + CAP_HEADER_SIZE, CAP_HEADER);
	if (release)
		memcpy(h + CAP_RELEASE, release, strnlen(release, CAP_RELEASE_MAX - 1));
}

/* `length` is what the whole message has where `bytes` is only its beginning. */
static void put_packet(FILE *f, uint64_t t_ns, bool to_gsp, const char *release, struct nvt_bytes bytes,
		       uint32_t length)
{
	uint8_t flags[4], header[CAP_HEADER];
	uint32_t n = (uint32_t)(CAP_HEADER + bytes.n), size = 32 + padded(n) + 8 + 4;

	cap_header(header, to_gsp, release);
	nvt_put_le32(flags, to_gsp ? PCAPNG_OUTBOUND : PCAPNG_INBOUND);
	put32(f, PCAPNG_PACKET);
	put32(f, size);
	put32(f, 0); /* interface */
	put32(f, (uint32_t)(t_ns >> 32));
	put32(f, (uint32_t)t_ns);
	put32(f, n);
	put32(f, CAP_HEADER + (length > bytes.n ? length : (uint32_t)bytes.n));
	fwrite(header, 1, sizeof(header), f);
	put_padded(f, bytes.p, bytes.n);
	put_option(f, PCAPNG_OPT_EPB_FLAGS, flags, sizeof(flags));
	put32(f, PCAPNG_OPT_END);
	put32(f, size);
}

/* ---- the sink ---- */

static void capture_emit(struct nvt_sink *self, const struct nvt_event *ev)
{
	struct capture *c = (struct capture *)self;

	if (ev->kind != NVT_EV_MSG || c->sys)
		return;
	errno = 0;
	put_packet(c->f, ev->t_ns, ev->u.msg.to_gsp, ev->u.msg.release, ev->u.msg.bytes, 0);
	/* What came before a hang is worth most: lose no message. */
	fflush(c->f);
	keep_error(c);
}

int nvt_capture_open(const char *path, const char *device, struct nvt_sink **ret, struct nvt_error *e)
{
	struct capture *c = calloc(1, sizeof(*c) + strlen(path) + 1);
	int rc;

	if (!c)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	memcpy(c->path, path, strlen(path) + 1);
	c->sink.emit = capture_emit;
	c->f = fopen(path, "wb");
	if (!c->f) {
		rc = nvt_fail_errno(e, NVT_E_ENV, errno, "cannot create capture %s", path);
		free(c);
		return rc;
	}
	errno = 0;
	put_section(c->f);
	put_interface(c->f, device);
	keep_error(c);
	*ret = &c->sink;
	return 0;
}

void nvt_capture_put(struct nvt_sink *sink, const struct nvt_captured *m, const char *release)
{
	struct capture *c = (struct capture *)sink;

	if (c->sys)
		return;
	errno = 0;
	put_packet(c->f, m->t_ns, m->to_gsp, release, m->bytes, m->length);
	keep_error(c);
}

int nvt_capture_close(struct nvt_sink *sink, struct nvt_error *e)
{
	struct capture *c = (struct capture *)sink;
	int rc = 0;

	if (!c)
		return 0;
	errno = 0;
	fflush(c->f);
	keep_error(c);
	if (fclose(c->f) && !c->sys)
		c->sys = errno;
	if (c->sys) {
		rc = nvt_fail_errno(e, NVT_E_ENV, c->sys, "capture %s is not complete: write failed", c->path);
		nvt_err_hint(e, "make room or name another file, then run again");
	}
	free(c);
	return rc;
}
