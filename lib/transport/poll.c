/* SPDX-License-Identifier: MIT */
/* Waiting for a register, with an error that says what was seen and what was wanted, by name. */
#include "transport/transport.h"
#include "transport/access.h"

#include <nvt/regs.h>

#include <inttypes.h>
#include <stdio.h>

#define DEFAULT_INTERVAL_US 10

struct poll_state {
	uint64_t start_ns, elapsed_us;
	uint32_t reads, listed, seen;
};

static uint32_t field_mask(const struct nvt_fld_desc *f)
{
	return (0xffffffffu >> (31 - f->hi + f->lo)) << f->lo;
}

static size_t format_field(const struct nvt_fld_desc *f, uint32_t val, char *buf, size_t size)
{
	uint32_t v = (val & field_mask(f)) >> f->lo;
	unsigned i;

	for (i = 0; i < nvt_fld_val_count(f); i++)
		if (nvt_vals[f->val_first + i].value == v)
			return (size_t)snprintf(buf, size, "%s=%s", f->name, nvt_vals[f->val_first + i].name);
	return (size_t)snprintf(buf, size, "%s=0x%" PRIx32, f->name, v);
}

/* "HALTED=TRUE" for the fields that make up the mask; "" if it is not made of known fields. */
static const char *format_masked(uint32_t off, uint32_t mask, uint32_t val, char *buf, size_t size)
{
	struct nvt_reg_ref ref;
	uint32_t covered = 0;
	size_t n = 0;
	unsigned i;

	buf[0] = '\0';
	if (mask == 0xffffffff || !nvt_reg_at(off, &ref))
		return buf;
	for (i = 0; i < nvt_reg_fld_count(ref.reg) && n < size; i++) {
		const struct nvt_fld_desc *f = &nvt_flds[ref.reg->fld_first + i];

		if (field_mask(f) & ~mask)
			continue;
		covered |= field_mask(f);
		if (n)
			n += (size_t)snprintf(buf + n, size - n, " ");
		if (n < size)
			n += format_field(f, val, buf + n, size - n);
	}
	if (covered != mask || n >= size)
		buf[0] = '\0';
	return buf;
}

static void describe(const struct nvt_poll *p, uint32_t seen, struct nvt_error *e)
{
	const char *not = p->negate ? "not " : "";
	char text[64];

	if (access_is_pri_error(p->off, seen))
		nvt_err_seen(e, "PRI error 0x%08" PRIx32, seen);
	else if (format_masked(p->off, p->mask, seen, text, sizeof(text))[0])
		nvt_err_seen(e, "%s (0x%08" PRIx32 ")", text, seen);
	else
		nvt_err_seen(e, "0x%08" PRIx32, seen);
	if (format_masked(p->off, p->mask, p->want, text, sizeof(text))[0])
		nvt_err_wanted(e, "%s%s", not, text);
	else if (p->mask == 0xffffffff)
		nvt_err_wanted(e, "%s0x%08" PRIx32, not, p->want);
	else
		nvt_err_wanted(e, "%s0x%08" PRIx32 " in bits 0x%08" PRIx32, not, p->want, p->mask);
	if (p->hint)
		nvt_err_hint(e, "%s", p->hint);
}

/* From here on milliseconds read better. */
#define READ_AS_MS_US 10000

static int fail_unmet(struct nvt_transport *t, const struct nvt_poll *p, const struct poll_state *st,
		      struct nvt_error *e)
{
	bool long_wait = st->elapsed_us >= READ_AS_MS_US;
	int rc;

	if (p->timeout_us)
		rc = nvt_fail(e, NVT_E_TIMEOUT, "waited %" PRIu64 " %s for %s",
			      long_wait ? st->elapsed_us / 1000 : st->elapsed_us, long_wait ? "ms" : "us", p->what);
	else
		rc = nvt_fail(e, NVT_E_DEVICE, "expected %s", p->what);
	describe(p, st->seen, e);
	return access_at(t, p->off, rc, e);
}

static void emit_poll(struct nvt_transport *t, const struct nvt_poll *p, const struct poll_state *st, bool ok)
{
	struct nvt_event ev = { .kind = NVT_EV_POLL };

	ev.u.poll.off = p->off;
	ev.u.poll.mask = p->mask;
	ev.u.poll.want = p->want;
	ev.u.poll.negate = p->negate;
	ev.u.poll.timeout_us = p->timeout_us;
	ev.u.poll.seen = st->seen;
	ev.u.poll.reads = st->reads;
	ev.u.poll.listed = st->listed;
	ev.u.poll.elapsed_us = st->elapsed_us;
	ev.u.poll.ok = ok;
	ev.u.poll.dry = t->dry_run;
	nvt_emit(t->ctx, &ev);
}

/* One read: 1 met, 0 not yet, negative an error. A value that stands is listed and judged once. */
static int poll_once(struct nvt_transport *t, const struct nvt_poll *p, struct poll_state *st, struct nvt_error *e)
{
	bool pri, changed;
	uint32_t val;
	int rc = access_rd32(t, p->off, &val, e);

	if (rc)
		return rc;
	changed = !st->reads || val != st->seen;
	st->reads++;
	st->seen = val;
	st->elapsed_us = (nvt_now_ns(t->ctx) - st->start_ns) / 1000;
	st->listed += changed;
	if (changed)
		access_emit(t, NVT_EV_MMIO_RD, p->off, 4, val, false);
	pri = access_is_pri_error(p->off, val);
	if (pri && p->pri_is_not_yet)
		return 0;
	rc = changed ? access_judge(t, p->off, val, e) : 0;
	if (rc)
		return rc;
	return ((val & p->mask) == p->want) != p->negate;
}

static int poll_loop(struct nvt_transport *t, const struct nvt_poll *p, struct poll_state *st, struct nvt_error *e)
{
	uint64_t interval = p->interval_us ? p->interval_us : DEFAULT_INTERVAL_US, left;
	struct nvt_clock *clock = t->ctx->clock;
	int rc;

	for (;;) {
		rc = poll_once(t, p, st, e);
		if (rc)
			return rc < 0 ? rc : 0;
		if (st->elapsed_us >= p->timeout_us)
			break;
		/* the last read falls on the deadline, not after it */
		left = p->timeout_us - st->elapsed_us;
		clock->sleep_us(clock, left < interval ? left : interval);
	}
	/* All ones were judged when they appeared; the device may have gone since. */
	rc = st->seen == 0xffffffff && st->reads > 1 ? access_judge(t, p->off, st->seen, e) : 0;
	return rc ? rc : fail_unmet(t, p, st, e);
}

int nvt_poll(struct nvt_transport *t, const struct nvt_poll *p, uint32_t *ret_seen, struct nvt_error *e)
{
	struct poll_state st = { 0 };
	int rc = access_check(t, 0, p->off, 4, e);

	if (rc)
		return access_at(t, p->off, rc, e);
	if (t->dry_run) {
		st.seen = p->negate ? ~p->want & p->mask : p->want;
	} else {
		if (!t->ctx->clock)
			return nvt_fail(e, NVT_E_BUG, "the transport set no clock to wait for %s with", p->what);
		st.start_ns = nvt_now_ns(t->ctx);
		rc = poll_loop(t, p, &st, e);
	}
	emit_poll(t, p, &st, rc == 0);
	if (ret_seen)
		*ret_seen = st.seen;
	return rc;
}
