/* SPDX-License-Identifier: MIT */
/* The error object: filled where the cause is known, extended by context on the way up. */
#include <nvt/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int exit;
} codes[NVT_E__COUNT] = {
	[NVT_OK] = { "ok", 0 },
	[NVT_E_USAGE] = { "usage", 2 },
	[NVT_E_ENV] = { "env", 3 },
	[NVT_E_DATA] = { "data", 4 },
	[NVT_E_DEVICE] = { "device", 5 },
	[NVT_E_TIMEOUT] = { "timeout", 6 },
	[NVT_E_GSP] = { "gsp", 5 },
	[NVT_E_NOMEM] = { "nomem", 3 },
	[NVT_E_BUG] = { "bug", 70 },
};

const char *nvt_code_name(enum nvt_code code)
{
	return (unsigned)code < NVT_E__COUNT ? codes[code].name : codes[NVT_E_BUG].name;
}

int nvt_code_exit(enum nvt_code code)
{
	return (unsigned)code < NVT_E__COUNT ? codes[code].exit : codes[NVT_E_BUG].exit;
}

static void begin(struct nvt_error *e, enum nvt_code code)
{
	memset(e, 0, sizeof(*e));
	e->code = code;
	e->where = UINT64_MAX;
}

int nvt_fail(struct nvt_error *e, enum nvt_code code, const char *fmt, ...)
{
	va_list ap;

	if (e) {
		begin(e, code);
		va_start(ap, fmt);
		vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
		va_end(ap);
	}
	return -(int)code;
}

int nvt_fail_errno(struct nvt_error *e, enum nvt_code code, int sys, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	if (e) {
		begin(e, code);
		e->sys_errno = sys;
		va_start(ap, fmt);
		vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
		va_end(ap);
		n = strlen(e->msg);
		snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", strerror(sys));
	}
	return -(int)code;
}

int nvt_during(struct nvt_error *e, int rc, const char *fmt, ...)
{
	char was[sizeof(e->msg)];
	va_list ap;
	size_t n;

	if (!e || rc >= 0)
		return rc;
	memcpy(was, e->msg, sizeof(was));
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof(e->msg) - n, ": %.*s", (int)(sizeof(was) - 1), was);
	return rc;
}

#define SETTER(name, member) \
	void name(struct nvt_error *e, const char *fmt, ...) \
	{ \
		va_list ap; \
\
		if (!e) \
			return; \
		va_start(ap, fmt); \
		vsnprintf(e->member, sizeof(e->member), fmt, ap); \
		va_end(ap); \
	}
SETTER(nvt_err_seen, seen)
SETTER(nvt_err_wanted, wanted)
SETTER(nvt_err_hint, hint)
SETTER(nvt_err_reg, reg)
SETTER(nvt_err_rpc, rpc)

void nvt_err_step(struct nvt_error *e, const char *step)
{
	if (e)
		snprintf(e->step, sizeof(e->step), "%s", step);
}
