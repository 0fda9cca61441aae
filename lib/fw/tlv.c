/* SPDX-License-Identifier: MIT */
/*
 * nova-core's container: "NVFW", then blocks of a four-letter tag, a 32-bit length and a value padded to
 * four bytes, to the exact end of the file. Source: drivers/gpu/nova-core/firmware/tlv.rs of Linux 7.3.
 */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"
#include "fw/write.h"

#include <stdio.h>
#include <string.h>

#define MAGIC 0x5746564eu /* "NVFW" */
#define BLOCK_HDR 8u

static int bad_tag(uint64_t at, const uint8_t *tag, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_DATA, "a tag is not four upper-case letters or digits");

	if (e)
		e->where = at;
	nvt_err_seen(e, "%02x %02x %02x %02x", tag[0], tag[1], tag[2], tag[3]);
	return rc;
}

static int tag_twice(uint64_t at, const char *tag, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_DATA, "tag %s is there twice", tag);

	if (e)
		e->where = at;
	return rc;
}

static bool is_tag(const uint8_t *t)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		if (!((t[i] >= 'A' && t[i] <= 'Z') || (t[i] >= '0' && t[i] <= '9')))
			return false;
	return true;
}

static int read_block(struct nvt_bytes f, uint64_t at, struct nvt_tlv *t, struct nvt_error *e)
{
	struct nvt_tlv_block *b = &t->blocks[t->count];
	char what[24];

	if (!nvt_in_range(at, BLOCK_HDR, f.n))
		return nvt_fw_truncated(e, "block header", at, BLOCK_HDR, f.n);
	if (!is_tag(f.p + at))
		return bad_tag(at, f.p + at, e);
	if (t->count == NVT_TLV_BLOCKS)
		return nvt_fw_bad_value(e, "number of blocks", at, t->count + 1, "at most 32");
	memcpy(b->tag, f.p + at, 4);
	b->tag[4] = '\0';
	b->off = (uint32_t)(at + BLOCK_HDR);
	b->size = nvt_le32(f.p + at + 4);
	snprintf(what, sizeof(what), "value of %s", b->tag);
	if (!nvt_in_range(b->off, nvt_align_up(b->size, 4), f.n))
		return nvt_fw_check_range(e, what, at + 4, b->off, nvt_align_up(b->size, 4), "file", f.n);
	if (nvt_tlv_block(t, b->tag))
		return tag_twice(at, b->tag, e);
	t->count++;
	return 0;
}

int nvt_tlv_parse(struct nvt_bytes file, struct nvt_tlv *ret, struct nvt_error *e)
{
	uint64_t at = 4;
	int rc;

	memset(ret, 0, sizeof(*ret));
	if (file.n < 4)
		return nvt_fw_truncated(e, "TLV magic", 0, 4, file.n);
	if (nvt_le32(file.p) != MAGIC)
		return nvt_fw_bad_field(e, "TLV magic", 0, nvt_le32(file.p), MAGIC);
	if (file.n > UINT32_MAX)
		return nvt_fail(e, NVT_E_DATA, "a TLV file of 4 GiB or more");
	while (at < file.n) {
		rc = read_block(file, at, ret, e);
		if (rc)
			return rc;
		at += BLOCK_HDR + nvt_align_up(ret->blocks[ret->count - 1].size, 4);
	}
	return nvt_tlv_block(ret, "VERS") ? 0 : nvt_fail(e, NVT_E_DATA, "no tag VERS");
}

const struct nvt_tlv_block *nvt_tlv_block(const struct nvt_tlv *t, const char *tag)
{
	unsigned i;

	for (i = 0; i < t->count; i++)
		if (!strcmp(t->blocks[i].tag, tag))
			return &t->blocks[i];
	return NULL;
}

int nvt_tlv_bytes(struct nvt_bytes file, const struct nvt_tlv *t, const char *tag, struct nvt_bytes *ret,
		  struct nvt_error *e)
{
	const struct nvt_tlv_block *b = nvt_tlv_block(t, tag);

	if (!b)
		return nvt_fail(e, NVT_E_DATA, "no tag %s", tag);
	if (!b->size) {
		char what[24];

		snprintf(what, sizeof(what), "length of %s", tag);
		return nvt_fw_bad_value(e, what, b->off - 4, 0, "above 0");
	}
	*ret = (struct nvt_bytes){ file.p + b->off, b->size };
	return 0;
}

int nvt_tlv_u32(struct nvt_bytes file, const struct nvt_tlv *t, const char *tag, uint32_t *ret, struct nvt_error *e)
{
	struct nvt_bytes v;
	char what[24];
	int rc = nvt_tlv_bytes(file, t, tag, &v, e);

	if (rc)
		return rc;
	snprintf(what, sizeof(what), "length of %s", tag);
	if (v.n != 4)
		return nvt_fw_bad_field(e, what, (uint64_t)(v.p - file.p) - 4, v.n, 4);
	*ret = nvt_le32(v.p);
	return 0;
}

int nvt_tlv_string(struct nvt_bytes file, const struct nvt_tlv *t, const char *tag, char *ret, size_t size,
		   struct nvt_error *e)
{
	struct nvt_bytes v;
	char what[40];
	size_t i;
	int rc = nvt_tlv_bytes(file, t, tag, &v, e);

	if (rc)
		return rc;
	snprintf(what, sizeof(what), "length of %s", tag);
	if (v.n >= size)
		return nvt_fw_bad_value(e, what, (uint64_t)(v.p - file.p) - 4, v.n, "less than that");
	snprintf(what, sizeof(what), "a character of %s", tag);
	for (i = 0; i < v.n; i++)
		if (v.p[i] < 0x20 || v.p[i] > 0x7e)
			return nvt_fw_bad_value(e, what, (uint64_t)(v.p - file.p) + i, v.p[i], "printable ASCII");
	memcpy(ret, v.p, v.n);
	ret[v.n] = '\0';
	return 0;
}

int nvt_tlv_write(const struct nvt_tlv_value *values, unsigned count, struct nvt_fw_out *ret, struct nvt_error *e)
{
	uint64_t at = 4;
	unsigned i;
	int rc;

	for (i = 0; i < count; i++)
		at += BLOCK_HDR + nvt_align_up(values[i].value.n < UINT32_MAX ? values[i].value.n : UINT32_MAX, 4);
	rc = fw_out_alloc(ret, at, e);
	if (rc)
		return rc;
	nvt_put_le32(ret->p, MAGIC);
	for (i = 0, at = 4; i < count; i++) {
		memcpy(ret->p + at, values[i].tag, 4);
		nvt_put_le32(ret->p + at + 4, (uint32_t)values[i].value.n);
		fw_out_copy(ret, at + BLOCK_HDR, values[i].value);
		at += BLOCK_HDR + nvt_align_up(values[i].value.n, 4);
	}
	return 0;
}
