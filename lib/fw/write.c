/* SPDX-License-Identifier: MIT */
/* Boot images put together the way the published files are: nvfw containers, HS images, GSP-RM ELF files. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/write.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#define NVFW_HDR 24u
#define HS_HDR 36u
#define HS_META 24u /* patch_loc, patch_sig, three of meta data, num_sig */
#define FILE_MAX UINT32_MAX

int fw_out_alloc(struct nvt_fw_out *ret, uint64_t n, struct nvt_error *e)
{
	*ret = (struct nvt_fw_out){ NULL, 0 };
	if (n > FILE_MAX)
		return nvt_fail(e, NVT_E_DATA, "the parts of an image are larger than a file of it can be");
	ret->p = calloc(1, n ? n : 1);
	if (!ret->p)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	ret->n = n;
	return 0;
}

void fw_out_copy(struct nvt_fw_out *out, uint64_t at, struct nvt_bytes b)
{
	if (b.n && nvt_in_range(at, b.n, out->n))
		memcpy(out->p + at, b.p, b.n);
}

static uint64_t total(const struct nvt_bytes *parts, unsigned n)
{
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < n; i++)
		sum += parts[i].n < FILE_MAX ? parts[i].n : FILE_MAX;
	return sum;
}

/* The length in the container's own header is rounded up to falcon blocks of 256 bytes. */
static void put_nvfw(uint8_t *p, uint64_t file, uint32_t data_off, uint32_t data_size)
{
	const uint32_t words[] = { 0x10de, 1, (uint32_t)nvt_align_up(file, 256), NVFW_HDR, data_off, data_size };
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(words); i++)
		nvt_put_le32(p + 4 * i, words[i]);
}

int nvt_nvfw_write(struct nvt_bytes header, struct nvt_bytes data, struct nvt_fw_out *ret, struct nvt_error *e)
{
	const struct nvt_bytes parts[] = { { NULL, NVFW_HDR }, header, data };
	uint64_t n = total(parts, NVT_ARRAY_SIZE(parts));
	int rc = fw_out_alloc(ret, n, e);

	if (rc)
		return rc;
	put_nvfw(ret->p, n, (uint32_t)(NVFW_HDR + header.n), (uint32_t)data.n);
	fw_out_copy(ret, NVFW_HDR, header);
	fw_out_copy(ret, NVFW_HDR + header.n, data);
	return 0;
}

int nvt_hs_write(const struct nvt_hs_parts *hs, struct nvt_fw_out *ret, struct nvt_error *e)
{
	const struct nvt_bytes parts[] = { { NULL, NVFW_HDR + HS_HDR }, hs->signatures, { NULL, HS_META },
					   hs->load_header, hs->data };
	uint64_t n = total(parts, NVT_ARRAY_SIZE(parts));
	uint32_t sig = NVFW_HDR + HS_HDR, meta = sig + (uint32_t)hs->signatures.n, load = meta + HS_META;
	const uint32_t header[] = { sig,       (uint32_t)hs->signatures.n, meta, meta + 4, meta + 8, 12,
				    meta + 20, load,                       (uint32_t)hs->load_header.n };
	const uint32_t meta_words[] = { hs->patch_loc, 0, hs->fuse_version, hs->engine_id, hs->ucode_id, hs->sig_count };
	int rc = fw_out_alloc(ret, n, e);
	unsigned i;

	if (rc)
		return rc;
	put_nvfw(ret->p, n, load + (uint32_t)hs->load_header.n, (uint32_t)hs->data.n);
	for (i = 0; i < NVT_ARRAY_SIZE(header); i++)
		nvt_put_le32(ret->p + NVFW_HDR + 4 * i, header[i]);
	fw_out_copy(ret, sig, hs->signatures);
	for (i = 0; i < NVT_ARRAY_SIZE(meta_words); i++)
		nvt_put_le32(ret->p + meta + 4 * i, meta_words[i]);
	fw_out_copy(ret, load, hs->load_header);
	fw_out_copy(ret, load + hs->load_header.n, hs->data);
	return 0;
}

/* ---- GSP-RM ---- */

#define SHENT 64u
#define NOTE_HDR 16u /* three words and the name "GNU" */

enum { IMAGE, NOTE, VERSION, SIGNATURE, NAMES, SECTIONS };

struct section {
	const char *name;
	uint32_t type;
	struct nvt_bytes data;
	uint64_t name_off, off;
	bool absent;
};

static void put_section(uint8_t *p, const struct section *s)
{
	nvt_put_le32(p, (uint32_t)s->name_off);
	nvt_put_le32(p + 0x4, s->type);
	nvt_put_le64(p + 0x18, s->off);
	nvt_put_le64(p + 0x20, s->data.n);
	nvt_put_le64(p + 0x30, 1);
}

static void put_ehdr(uint8_t *p, uint64_t shoff, unsigned shnum)
{
	memcpy(p, ELFMAG "\2\1\1", 7);
	nvt_put_le16(p + 0x10, ET_REL);
	nvt_put_le16(p + 0x12, EM_RISCV);
	nvt_put_le32(p + 0x14, EV_CURRENT);
	nvt_put_le64(p + 0x28, shoff);
	nvt_put_le16(p + 0x34, sizeof(Elf64_Ehdr));
	nvt_put_le16(p + 0x3a, SHENT);
	nvt_put_le16(p + 0x3c, (uint16_t)shnum);
	nvt_put_le16(p + 0x3e, (uint16_t)(shnum - 1));
}

/* Names, offsets and the count of headers, the null one included; returns the end of the last section. */
static uint64_t lay_out(struct section *s, char *names, unsigned *ret_count)
{
	uint64_t at = sizeof(Elf64_Ehdr), name = 1;
	unsigned i;

	*ret_count = 1;
	for (i = 0; i < SECTIONS; i++) {
		if (s[i].absent)
			continue;
		s[i].name_off = name;
		memcpy(names + name, s[i].name, strlen(s[i].name) + 1);
		name += strlen(s[i].name) + 1;
		if (i == NAMES)
			s[i].data = (struct nvt_bytes){ (const uint8_t *)names, name };
		s[i].off = at;
		at += s[i].data.n;
		++*ret_count;
	}
	return at;
}

int nvt_gsp_elf_write(const struct nvt_gsp_parts *g, struct nvt_fw_out *ret, struct nvt_error *e)
{
	uint8_t note[NOTE_HDR + sizeof(g->build_id)] = { 4, 0, 0, 0, sizeof(g->build_id), 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U' };
	char names[128] = "";
	struct section s[SECTIONS] = {
		[IMAGE] = { ".fwimage", SHT_PROGBITS, g->image, 0, 0, false },
		[NOTE] = { ".note.gnu.build-id", SHT_NOTE, { note, sizeof(note) }, 0, 0, !g->has_build_id },
		[VERSION] = { ".fwversion", SHT_PROGBITS, { (const uint8_t *)g->version, strlen(g->version) + 1 }, 0, 0, false },
		[SIGNATURE] = { g->sig_section, SHT_PROGBITS, g->signature, 0, 0, false },
		[NAMES] = { ".shstrtab", SHT_STRTAB, { NULL, 0 }, 0, 0, false },
	};
	unsigned i, count, row = 1;
	uint64_t shoff;
	int rc;

	if (strlen(g->sig_section) > 48)
		return nvt_fail(e, NVT_E_DATA, "the name of the signature section is too long");
	memcpy(note + NOTE_HDR, g->build_id, sizeof(g->build_id));
	shoff = nvt_align_up(lay_out(s, names, &count), 8);
	rc = fw_out_alloc(ret, shoff + (uint64_t)count * SHENT, e);
	if (rc)
		return rc;
	put_ehdr(ret->p, shoff, count);
	for (i = 0; i < SECTIONS; i++) {
		if (s[i].absent)
			continue;
		fw_out_copy(ret, s[i].off, s[i].data);
		put_section(ret->p + shoff + (uint64_t)row++ * SHENT, &s[i]);
	}
	return 0;
}
