/* SPDX-License-Identifier: MIT */
/*
 * The GSP-RM image: an ELF64 relocatable object whose sections carry the image proper, its version and
 * one signature per chip family. Only the header, the section table and its names are read, by hand: the
 * bytes are not trusted, and a refusal says where they are wrong.
 */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#define SHENT 64u

struct ehdr {
	uint64_t shoff;
	uint16_t shnum, shstrndx;
};

static int read_ehdr(struct nvt_bytes f, struct ehdr *h, struct nvt_error *e)
{
	if (f.n < sizeof(Elf64_Ehdr))
		return nvt_fw_truncated(e, "ELF header", 0, sizeof(Elf64_Ehdr), f.n);
	if (memcmp(f.p, ELFMAG, SELFMAG))
		return nvt_fw_bad_field(e, "ELF magic", 0, nvt_le32(f.p), 0x464c457f);
	if (f.p[EI_CLASS] != ELFCLASS64)
		return nvt_fw_bad_field(e, "ELF class", EI_CLASS, f.p[EI_CLASS], ELFCLASS64);
	if (f.p[EI_DATA] != ELFDATA2LSB)
		return nvt_fw_bad_field(e, "ELF data encoding", EI_DATA, f.p[EI_DATA], ELFDATA2LSB);
	if (nvt_le16(f.p + 0x10) != ET_REL)
		return nvt_fw_bad_field(e, "e_type", 0x10, nvt_le16(f.p + 0x10), ET_REL);
	if (nvt_le16(f.p + 0x12) != EM_RISCV)
		return nvt_fw_bad_field(e, "e_machine", 0x12, nvt_le16(f.p + 0x12), EM_RISCV);
	h->shoff = nvt_le64(f.p + 0x28);
	if (nvt_le16(f.p + 0x3a) != SHENT)
		return nvt_fw_bad_field(e, "e_shentsize", 0x3a, nvt_le16(f.p + 0x3a), SHENT);
	h->shnum = nvt_le16(f.p + 0x3c);
	if (h->shnum < 2 || h->shnum > NVT_GSP_ELF_SECTIONS + 1)
		return nvt_fw_bad_value(e, "e_shnum", 0x3c, h->shnum, "2 to 49");
	h->shstrndx = nvt_le16(f.p + 0x3e);
	if (!h->shstrndx || h->shstrndx >= h->shnum)
		return nvt_fw_bad_value(e, "e_shstrndx", 0x3e, h->shstrndx, "a section's index");
	return nvt_fw_check_range(e, "section table", 0x28, h->shoff, (uint64_t)h->shnum * SHENT, "file", f.n);
}

/* Header `i` of the section table; the table lies in the file. */
static int read_section(struct nvt_bytes f, const struct ehdr *h, unsigned i, uint32_t *name,
			struct nvt_fw_section *s, struct nvt_error *e)
{
	uint64_t at = h->shoff + (uint64_t)i * SHENT;
	char what[24];

	*name = nvt_le32(f.p + at);
	s->off = nvt_le64(f.p + at + 0x18);
	s->size = nvt_le64(f.p + at + 0x20);
	snprintf(what, sizeof(what), "section %u", i);
	return nvt_fw_check_range(e, what, at + 0x18, s->off, s->size, "file", f.n);
}

static int copy_name(struct nvt_bytes f, const struct nvt_fw_section *strtab, uint32_t name, uint64_t where,
		     char ret[32], struct nvt_error *e)
{
	const char *s;
	size_t room;

	if (name >= strtab->size)
		return nvt_fw_check_range(e, "section name", where, name, 1, "string table", strtab->size);
	s = (const char *)f.p + strtab->off + name;
	room = strtab->size - name;
	if (strnlen(s, room) == room)
		return nvt_fw_truncated(e, "section name", strtab->off + name, room + 1, f.n);
	if (strlen(s) > 31)
		return nvt_fw_bad_value(e, "length of a section name", strtab->off + name, strlen(s), "below 32");
	memcpy(ret, s, strlen(s) + 1);
	return 0;
}

static int read_version(struct nvt_bytes f, struct nvt_gsp_elf *ret, struct nvt_error *e)
{
	const struct nvt_fw_section *s = nvt_gsp_elf_section(ret, ".fwversion");
	uint64_t i;

	if (!s)
		return nvt_fail(e, NVT_E_DATA, "no section .fwversion");
	if (s->size < 2 || s->size > sizeof(ret->version))
		return nvt_fw_bad_value(e, "size of .fwversion", s->off, s->size, "2 to 32");
	for (i = 0; i < s->size - 1; i++)
		if (f.p[s->off + i] < 0x21 || f.p[s->off + i] > 0x7e)
			return nvt_fw_bad_value(e, "character of .fwversion", s->off + i, f.p[s->off + i],
						"printable");
	if (f.p[s->off + i])
		return nvt_fw_bad_field(e, "end of .fwversion", s->off + i, f.p[s->off + i], 0);
	memcpy(ret->version, f.p + s->off, s->size);
	return 0;
}

/* A note of owner "GNU", type 3, with 20 bytes; releases before 570 have none. */
static int read_build_id(struct nvt_bytes f, struct nvt_gsp_elf *ret, struct nvt_error *e)
{
	const struct nvt_fw_section *s = nvt_gsp_elf_section(ret, ".note.gnu.build-id");
	static const uint8_t head[16] = { 4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0 };
	unsigned i;

	if (!s)
		return 0;
	if (s->size != sizeof(head) + sizeof(ret->build_id))
		return nvt_fw_bad_field(e, "size of .note.gnu.build-id", s->off, s->size, 36);
	for (i = 0; i < sizeof(head); i++)
		if (f.p[s->off + i] != head[i])
			return nvt_fw_bad_field(e, "byte of the build-id note's header", s->off + i,
						f.p[s->off + i], head[i]);
	memcpy(ret->build_id, f.p + s->off + sizeof(head), sizeof(ret->build_id));
	ret->has_build_id = true;
	return 0;
}

static int read_sections(struct nvt_bytes f, const struct ehdr *h, struct nvt_gsp_elf *ret, struct nvt_error *e)
{
	struct nvt_fw_section strtab, *s;
	uint32_t name;
	unsigned i;
	int rc = read_section(f, h, h->shstrndx, &name, &strtab, e);

	for (i = 1; !rc && i < h->shnum; i++) {
		s = &ret->sections[ret->section_count];
		rc = read_section(f, h, i, &name, s, e);
		if (!rc)
			rc = copy_name(f, &strtab, name, h->shoff + (uint64_t)i * SHENT, s->name, e);
		if (!rc && !strncmp(s->name, ".fw", 3) && nvt_gsp_elf_section(ret, s->name)) {
			rc = nvt_fail(e, NVT_E_DATA, "section %s is there twice", s->name);
			if (e)
				e->where = h->shoff + (uint64_t)i * SHENT;
		}
		ret->section_count++;
	}
	return rc;
}

int nvt_gsp_elf_parse(struct nvt_bytes file, struct nvt_gsp_elf *ret, struct nvt_error *e)
{
	struct ehdr h = { 0 };
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = read_ehdr(file, &h, e);
	if (rc)
		return rc;
	ret->shoff = h.shoff;
	rc = read_sections(file, &h, ret, e);
	if (rc)
		return rc;
	ret->image = nvt_gsp_elf_section(ret, ".fwimage");
	if (!ret->image)
		return nvt_fail(e, NVT_E_DATA, "no section .fwimage");
	if (!ret->image->size)
		return nvt_fw_bad_value(e, "size of .fwimage", ret->image->off, 0, "above 0");
	rc = read_version(file, ret, e);
	return rc ? rc : read_build_id(file, ret, e);
}

const struct nvt_fw_section *nvt_gsp_elf_section(const struct nvt_gsp_elf *elf, const char *name)
{
	unsigned i;

	for (i = 0; i < elf->section_count; i++)
		if (!strcmp(elf->sections[i].name, name))
			return &elf->sections[i];
	return NULL;
}
