/* SPDX-License-Identifier: MIT */
/* Heavy-secured falcon images: nvfw container with nvfw_hs_header_v2, which points all over the file. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"

#include <string.h>

#define HS_HEADER_SIZE 0x24u
#define META_SIZE 12u
#define LOAD_FIXED 20u /* of the load header, before its apps */
#define APP_SIZE 16u
#define SIG_AES 16u   /* Turing */
#define SIG_RSA 384u  /* RSA-3072, GA100 and later */

unsigned nvt_fuse_version(uint32_t fuse_reg)
{
	unsigned v = 0;

	for (; fuse_reg; fuse_reg >>= 1)
		v++;
	return v;
}

/* The dword at the file offset that the header field at `field` holds. */
static int indirect(struct nvt_bytes f, uint32_t field, const char *what, uint32_t *ret, struct nvt_error *e)
{
	uint32_t at = nvt_le32(f.p + field);
	int rc = nvt_fw_check_range(e, what, field, at, 4, "file", f.n);

	if (!rc)
		*ret = nvt_le32(f.p + at);
	return rc;
}

static int read_signatures(struct nvt_bytes f, struct nvt_hs_image *h, struct nvt_error *e)
{
	uint32_t at = h->header_off_file, num_at;
	int rc;

	h->sig_off = nvt_le32(f.p + at);
	h->sig_size = nvt_le32(f.p + at + 0x4);
	rc = indirect(f, at + 0x8, "patch_loc", &h->patch_loc, e);
	if (!rc)
		rc = indirect(f, at + 0xc, "patch_sig", &h->patch_sig, e);
	if (!rc)
		rc = indirect(f, at + 0x18, "num_sig", &h->sig_count, e);
	if (!rc)
		rc = nvt_fw_check_range(e, "signature array", at, (uint64_t)h->sig_off + h->patch_sig,
					h->sig_size, "file", f.n);
	if (rc)
		return rc;
	num_at = nvt_le32(f.p + at + 0x18);
	if (!h->sig_count || h->sig_size % h->sig_count)
		return nvt_fw_bad_value(e, "num_sig", num_at, h->sig_count, "a divisor of sig_prod_size");
	h->sig_each = h->sig_size / h->sig_count;
	if (h->sig_each != SIG_AES && h->sig_each != SIG_RSA)
		return nvt_fw_bad_value(e, "size of one signature", at + 0x4, h->sig_each, "0x10 or 0x180");
	return 0;
}

static int read_meta(struct nvt_bytes f, struct nvt_hs_image *h, struct nvt_error *e)
{
	uint32_t field = h->header_off_file + 0x10, at = nvt_le32(f.p + field), size = nvt_le32(f.p + field + 4);
	int rc;

	if (size != META_SIZE)
		return nvt_fw_bad_field(e, "meta_data_size", field + 4, size, META_SIZE);
	rc = nvt_fw_check_range(e, "meta data", field, at, META_SIZE, "file", f.n);
	if (rc)
		return rc;
	h->fuse_version = nvt_le32(f.p + at);
	h->engine_id = nvt_le32(f.p + at + 4);
	h->ucode_id = nvt_le32(f.p + at + 8);
	return 0;
}

static int read_load_header(struct nvt_bytes f, struct nvt_hs_image *h, struct nvt_error *e)
{
	uint32_t field = h->header_off_file + 0x1c, size = nvt_le32(f.p + field + 4);
	struct nvt_cursor c;
	int rc;

	h->load_header_off = nvt_le32(f.p + field);
	rc = nvt_fw_check_range(e, "load header", field, h->load_header_off, size, "file", f.n);
	if (rc)
		return rc;
	if (size < LOAD_FIXED + APP_SIZE)
		return nvt_fw_bad_value(e, "header_size", field + 4, size, "at least 0x24");
	c = nvt_cursor_at(f, h->load_header_off);
	h->os_code_off = nvt_cursor_u32(&c);
	h->os_code_size = nvt_cursor_u32(&c);
	h->os_data_off = nvt_cursor_u32(&c);
	h->os_data_size = nvt_cursor_u32(&c);
	h->app_count = nvt_cursor_u32(&c);
	h->app0_off = nvt_cursor_u32(&c);
	h->app0_size = nvt_cursor_u32(&c);
	h->app0_data_off = nvt_cursor_u32(&c);
	h->app0_data_size = nvt_cursor_u32(&c);
	if (!h->app_count || h->app_count > (size - LOAD_FIXED) / APP_SIZE)
		return nvt_fw_bad_value(e, "num_apps", h->load_header_off + 0x10, h->app_count,
					"what header_size has room for");
	return 0;
}

static int check_parts(const struct nvt_hs_image *h, struct nvt_error *e)
{
	const uint32_t at = h->load_header_off, limit = h->bin.data_size;
	int rc;

	rc = nvt_fw_check_range(e, "os_code", at, h->os_code_off, h->os_code_size, "data", limit);
	if (!rc)
		rc = nvt_fw_check_range(e, "os_data", at + 0x8, h->os_data_off, h->os_data_size, "data", limit);
	if (!rc)
		rc = nvt_fw_check_range(e, "app 0", at + 0x14, h->app0_off, h->app0_size, "data", limit);
	if (!rc)
		rc = nvt_fw_check_range(e, "app 0 data", at + 0x1c, h->app0_data_off, h->app0_data_size, "data",
					limit);
	return rc;
}

/* The signature goes into the data part, which is what the boot ROM or the secure code looks at. */
static int check_patch(struct nvt_bytes f, const struct nvt_hs_image *h, struct nvt_error *e)
{
	uint32_t at = nvt_le32(f.p + h->header_off_file + 0x8);

	if (h->patch_loc < h->os_data_off)
		return nvt_fw_bad_value(e, "patch_loc", at, h->patch_loc, "inside os_data");
	return nvt_fw_check_range(e, "signature area", at, h->patch_loc - h->os_data_off, h->sig_each, "os_data",
				  h->os_data_size);
}

int nvt_hs_parse(struct nvt_bytes file, struct nvt_hs_image *ret, struct nvt_error *e)
{
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = nvt_nvfw_parse(file, &ret->bin, e);
	if (rc)
		return rc;
	ret->header_off_file = ret->bin.header_off;
	if (!nvt_in_range(ret->header_off_file, HS_HEADER_SIZE, file.n))
		return nvt_fw_truncated(e, "HS header", ret->header_off_file, HS_HEADER_SIZE, file.n);
	rc = read_signatures(file, ret, e);
	if (!rc)
		rc = read_meta(file, ret, e);
	if (!rc)
		rc = read_load_header(file, ret, e);
	if (!rc)
		rc = check_parts(ret, e);
	return rc ? rc : check_patch(file, ret, e);
}

int nvt_hs_pick_signature(const struct nvt_hs_image *hs, unsigned fuse, unsigned *ret, struct nvt_error *e)
{
	int rc;

	if (!fuse) {
		*ret = hs->sig_count - 1;
		return 0;
	}
	if (fuse <= hs->fuse_version && hs->fuse_version - fuse < hs->sig_count) {
		*ret = hs->fuse_version - fuse;
		return 0;
	}
	rc = nvt_fail(e, NVT_E_DATA, "no signature for fuse version %u", fuse);
	nvt_err_seen(e, "%u signatures, the first for version %u", hs->sig_count, hs->fuse_version);
	nvt_err_wanted(e, "one for version %u", fuse);
	return rc;
}
