/* SPDX-License-Identifier: MIT */
/* Heavy-secured falcon images with header v1: a debug and a production signature, load header v1. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"
#include "fw/nvfw.h"

#include <string.h>

#define HS_HEADER_SIZE 0x20u
#define LOAD_FIXED 20u /* of the load header, before its apps */
#define APP_SIZE 8u    /* one dword in the list of offsets, one in that of sizes */
#define SIGNATURE 16u

/* The newer container's header holds the file offset of the value. */
static int patch_value(struct nvt_bytes f, const struct nvt_hs_v1 *h, uint32_t field,
		       const char *what, uint32_t *ret, struct nvt_error *e)
{
	uint32_t v = nvt_le32(f.p + field);
	int rc;

	if (h->bin.magic == NVT_NVFW_MAGIC_OLD) {
		*ret = v;
		return 0;
	}
	rc = nvt_fw_check_range(e, what, field, v, 4, "file", f.n);
	if (!rc)
		*ret = nvt_le32(f.p + v);
	return rc;
}

static int read_signatures(struct nvt_bytes f, struct nvt_hs_v1 *h, struct nvt_error *e)
{
	uint32_t at = h->bin.header_off;
	int rc;

	h->sig_dbg_off = nvt_le32(f.p + at);
	h->sig_dbg_size = nvt_le32(f.p + at + 0x4);
	h->sig_prod_off = nvt_le32(f.p + at + 0x8);
	h->sig_prod_size = nvt_le32(f.p + at + 0xc);
	if (h->sig_dbg_size != SIGNATURE)
		return nvt_fw_bad_field(e, "sig_dbg_size", at + 0x4, h->sig_dbg_size, SIGNATURE);
	if (h->sig_prod_size != SIGNATURE)
		return nvt_fw_bad_field(e, "sig_prod_size", at + 0xc, h->sig_prod_size, SIGNATURE);
	rc = patch_value(f, h, at + 0x10, "patch_loc", &h->patch_loc, e);
	if (!rc)
		rc = patch_value(f, h, at + 0x14, "patch_sig", &h->patch_sig, e);
	if (!rc)
		rc = nvt_fw_check_range(e, "debug signature", at,
					(uint64_t)h->sig_dbg_off + h->patch_sig, SIGNATURE, "file",
					f.n);
	if (!rc)
		rc = nvt_fw_check_range(e, "production signature", at + 0x8,
					(uint64_t)h->sig_prod_off + h->patch_sig, SIGNATURE, "file",
					f.n);
	return rc ? rc
		  : nvt_fw_check_range(e, "signature area", at + 0x10, h->patch_loc, SIGNATURE,
				       "data", h->bin.data_size);
}

static int read_apps(struct nvt_bytes f, struct nvt_hs_v1 *h, struct nvt_error *e)
{
	uint32_t at = h->load_header_off + LOAD_FIXED, i;
	int rc = 0;

	if (!h->app_count || h->app_count > NVT_HS_V1_APPS ||
	    h->app_count > (h->load_header_size - LOAD_FIXED) / APP_SIZE)
		return nvt_fw_bad_value(e, "num_apps", h->load_header_off + 0x10, h->app_count,
					"1 to 8 that hdr_size has room for");
	for (i = 0; !rc && i < h->app_count; i++) {
		h->apps[i].off = nvt_le32(f.p + at + 4 * i);
		h->apps[i].size = nvt_le32(f.p + at + 4 * (h->app_count + i));
		rc = nvt_fw_check_range(e, "secure code", at + 4 * i, h->apps[i].off,
					h->apps[i].size, "data", h->bin.data_size);
	}
	return rc;
}

static int read_load_header(struct nvt_bytes f, struct nvt_hs_v1 *h, struct nvt_error *e)
{
	uint32_t field = h->bin.header_off + 0x18, at;
	struct nvt_cursor c;
	int rc;

	h->load_header_off = nvt_le32(f.p + field);
	h->load_header_size = nvt_le32(f.p + field + 4);
	rc = nvt_fw_check_range(e, "load header", field, h->load_header_off, h->load_header_size,
				"file", f.n);
	if (rc)
		return rc;
	if (h->load_header_size < LOAD_FIXED + APP_SIZE)
		return nvt_fw_bad_value(e, "hdr_size", field + 4, h->load_header_size,
					"at least 0x1c");
	at = h->load_header_off;
	c = nvt_cursor_at(f, at);
	h->non_sec_code_off = nvt_cursor_u32(&c);
	h->non_sec_code_size = nvt_cursor_u32(&c);
	h->data_dma_base = nvt_cursor_u32(&c);
	h->data_size = nvt_cursor_u32(&c);
	h->app_count = nvt_cursor_u32(&c);
	rc = nvt_fw_check_range(e, "non-secure code", at, h->non_sec_code_off, h->non_sec_code_size,
				"data", h->bin.data_size);
	if (!rc)
		rc = nvt_fw_check_range(e, "data part", at + 0x8, h->data_dma_base, h->data_size,
					"data", h->bin.data_size);
	return rc ? rc : read_apps(f, h, e);
}

int nvt_hs_v1_parse(struct nvt_bytes file, struct nvt_hs_v1 *ret, struct nvt_error *e)
{
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = nvt_nvfw_parse_any(file, &ret->bin, e);
	if (rc)
		return rc;
	if (!nvt_in_range(ret->bin.header_off, HS_HEADER_SIZE, file.n))
		return nvt_fw_truncated(e, "HS header", ret->bin.header_off, HS_HEADER_SIZE,
					file.n);
	rc = read_signatures(file, ret, e);
	return rc ? rc : read_load_header(file, ret, e);
}
