/* SPDX-License-Identifier: MIT */
/* Refusals of the image parsers. */
#include "fw/check.h"

#include "base/bytes.h"

#include <inttypes.h>

int nvt_fw_truncated(struct nvt_error *e, const char *what, uint64_t off, uint64_t size, uint64_t have)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s: truncated", what);

	nvt_err_seen(e, "0x%" PRIx64 " bytes in all", have);
	nvt_err_wanted(e, "0x%" PRIx64 " bytes at 0x%" PRIx64, size, off);
	if (e)
		e->where = off;
	return rc;
}

int nvt_fw_bad_value(struct nvt_error *e, const char *what, uint64_t where, uint64_t seen, const char *wanted)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s is 0x%" PRIx64 ", not %s", what, seen, wanted);

	nvt_err_seen(e, "0x%" PRIx64, seen);
	nvt_err_wanted(e, "%s", wanted);
	if (e)
		e->where = where;
	return rc;
}

int nvt_fw_bad_field(struct nvt_error *e, const char *what, uint64_t where, uint64_t seen, uint64_t wanted)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s is 0x%" PRIx64 ", not 0x%" PRIx64, what, seen, wanted);

	nvt_err_seen(e, "0x%" PRIx64, seen);
	nvt_err_wanted(e, "0x%" PRIx64, wanted);
	if (e)
		e->where = where;
	return rc;
}

int nvt_fw_check_range(struct nvt_error *e, const char *what, uint64_t where, uint64_t off, uint64_t size,
		       const char *space, uint64_t limit)
{
	int rc;

	if (nvt_in_range(off, size, limit))
		return 0;
	rc = nvt_fail(e, NVT_E_DATA, "%s lies outside the %s", what, space);
	nvt_err_seen(e, "0x%" PRIx64 "+0x%" PRIx64, off, size);
	nvt_err_wanted(e, "within 0x%" PRIx64 " bytes", limit);
	if (e)
		e->where = where;
	return rc;
}
