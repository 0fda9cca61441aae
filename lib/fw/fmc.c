/* SPDX-License-Identifier: MIT */
/*
 * FMC: an ELF32 object without type or machine, whose data sections carry the image, its SHA-384,
 * and what FSP checks it with. sh_info of a section is the CRC-32 of its bytes.
 */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#define SHENT 40u
#define SECTIONS_MAX 16u
#define HASH_SIZE 48u
#define RSA_SIZE 384u
#define ECDSA_SIGNATURE 96u
#define ECDSA_KEY 97u

struct table {
	uint32_t shoff, names_off, names_size;
	unsigned count;
};

static int read_ehdr(struct nvt_bytes f, struct table *t, struct nvt_error *e)
{
	uint16_t strndx;

	if (f.n < sizeof(Elf32_Ehdr))
		return nvt_fw_truncated(e, "ELF header", 0, sizeof(Elf32_Ehdr), f.n);
	if (memcmp(f.p, ELFMAG, SELFMAG))
		return nvt_fw_bad_field(e, "ELF magic", 0, nvt_le32(f.p), 0x464c457f);
	if (f.p[EI_CLASS] != ELFCLASS32)
		return nvt_fw_bad_field(e, "ELF class", EI_CLASS, f.p[EI_CLASS], ELFCLASS32);
	if (f.p[EI_DATA] != ELFDATA2LSB)
		return nvt_fw_bad_field(e, "ELF data encoding", EI_DATA, f.p[EI_DATA], ELFDATA2LSB);
	if (nvt_le16(f.p + 0x10))
		return nvt_fw_bad_field(e, "e_type", 0x10, nvt_le16(f.p + 0x10), 0);
	if (nvt_le16(f.p + 0x12))
		return nvt_fw_bad_field(e, "e_machine", 0x12, nvt_le16(f.p + 0x12), 0);
	t->shoff = nvt_le32(f.p + 0x20);
	if (nvt_le16(f.p + 0x2e) != SHENT)
		return nvt_fw_bad_field(e, "e_shentsize", 0x2e, nvt_le16(f.p + 0x2e), SHENT);
	t->count = nvt_le16(f.p + 0x30);
	if (t->count < 2 || t->count > SECTIONS_MAX)
		return nvt_fw_bad_value(e, "e_shnum", 0x30, t->count, "2 to 16");
	strndx = nvt_le16(f.p + 0x32);
	if (!strndx || strndx >= t->count)
		return nvt_fw_bad_value(e, "e_shstrndx", 0x32, strndx, "a section's index");
	if (!nvt_in_range(t->shoff, t->count * SHENT, f.n))
		return nvt_fw_check_range(e, "section table", 0x20, t->shoff, t->count * SHENT,
					  "file", f.n);
	t->names_off = nvt_le32(f.p + t->shoff + strndx * SHENT + 0x10);
	t->names_size = nvt_le32(f.p + t->shoff + strndx * SHENT + 0x14);
	return nvt_fw_check_range(e, "section name table", t->shoff + strndx * SHENT + 0x10,
				  t->names_off, t->names_size, "file", f.n);
}

static bool has_name(struct nvt_bytes f, const struct table *t, uint32_t name, const char *want)
{
	size_t n = strlen(want) + 1;

	return nvt_in_range(name, n, t->names_size) && !memcmp(f.p + t->names_off + name, want, n);
}

static int find(struct nvt_bytes f, const struct table *t, const char *name,
		struct nvt_fmc_section *ret, struct nvt_error *e)
{
	uint64_t at, found = 0;
	char what[32];
	unsigned i;

	snprintf(what, sizeof(what), "section %s", name);
	for (i = 1; i < t->count; i++) {
		at = t->shoff + (uint64_t)i * SHENT;
		if (!has_name(f, t, nvt_le32(f.p + at), name))
			continue;
		if (found) {
			int rc = nvt_fail(e, NVT_E_DATA, "%s is there twice", what);

			if (e)
				e->where = at;
			return rc;
		}
		found = at;
	}
	if (!found)
		return nvt_fail(e, NVT_E_DATA, "no %s", what);
	ret->off = nvt_le32(f.p + found + 0x10);
	ret->size = nvt_le32(f.p + found + 0x14);
	ret->crc32 = nvt_le32(f.p + found + 0x1c);
	return nvt_fw_check_range(e, what, found + 0x10, ret->off, ret->size, "file", f.n);
}

static int check_sizes(struct nvt_fmc *m, struct nvt_error *e)
{
	if (m->hash.size != HASH_SIZE)
		return nvt_fw_bad_field(e, "size of hash", m->hash.off, m->hash.size, HASH_SIZE);
	m->is_ecdsa = m->publickey.size == ECDSA_KEY;
	if (!m->is_ecdsa && m->publickey.size != RSA_SIZE)
		return nvt_fw_bad_value(e, "size of publickey", m->publickey.off, m->publickey.size,
					"0x180 or 0x61");
	if (m->signature.size != (m->is_ecdsa ? ECDSA_SIGNATURE : RSA_SIZE))
		return nvt_fw_bad_field(e, "size of signature", m->signature.off, m->signature.size,
					m->is_ecdsa ? ECDSA_SIGNATURE : RSA_SIZE);
	return m->image.size ? 0 : nvt_fw_bad_value(e, "size of image", m->image.off, 0, "above 0");
}

int nvt_fmc_parse(struct nvt_bytes file, struct nvt_fmc *ret, struct nvt_error *e)
{
	struct table t = { 0 };
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = read_ehdr(file, &t, e);
	if (!rc)
		rc = find(file, &t, "hash", &ret->hash, e);
	if (!rc)
		rc = find(file, &t, "signature", &ret->signature, e);
	if (!rc)
		rc = find(file, &t, "publickey", &ret->publickey, e);
	if (!rc)
		rc = find(file, &t, "image", &ret->image, e);
	return rc ? rc : check_sizes(ret, e);
}

static int check_crc(struct nvt_bytes f, const char *name, const struct nvt_fmc_section *s,
		     struct nvt_error *e)
{
	uint32_t crc;
	char what[40];

	if (!s->crc32)
		return 0;
	crc = nvt_crc32((struct nvt_bytes){ f.p + s->off, s->size });
	snprintf(what, sizeof(what), "CRC-32 of section %s", name);
	return crc == s->crc32 ? 0 : nvt_fw_bad_field(e, what, s->off, crc, s->crc32);
}

int nvt_fmc_check(struct nvt_bytes file, const struct nvt_fmc *fmc, struct nvt_error *e)
{
	struct nvt_sha384 d;
	int rc = check_crc(file, "hash", &fmc->hash, e);

	if (!rc)
		rc = check_crc(file, "signature", &fmc->signature, e);
	if (!rc)
		rc = check_crc(file, "publickey", &fmc->publickey, e);
	if (!rc)
		rc = check_crc(file, "image", &fmc->image, e);
	if (rc)
		return rc;
	nvt_sha384((struct nvt_bytes){ file.p + fmc->image.off, fmc->image.size }, &d);
	if (!memcmp(d.b, file.p + fmc->hash.off, sizeof(d.b)))
		return 0;
	rc = nvt_fail(e, NVT_E_DATA, "hash is not the SHA-384 of image");
	if (e)
		e->where = fmc->hash.off;
	return rc;
}
