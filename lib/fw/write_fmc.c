/* SPDX-License-Identifier: MIT */
/* The FMC file as linux-firmware has it: an ELF32 object of four sections, each with its CRC-32 in sh_info. */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/write.h"

#include <elf.h>
#include <string.h>

#define EHDR 52u
#define SHENT 40u
#define COUNT 6u /* null, names, and four of data */
#define DATA_FLAGS 0xfff00102u /* SHF_OS_NONCONFORMING and the OS's own bits */

static const char names[] = "\0.shstrtab\0hash\0signature\0publickey\0image";

static uint32_t name_off(const char *name)
{
	uint32_t at = 1;

	while (strcmp(names + at, name))
		at += (uint32_t)strlen(names + at) + 1;
	return at;
}

static void put_words(uint8_t *p, const uint32_t *words, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		nvt_put_le32(p + 4 * i, words[i]);
}

static void put_ehdr(uint8_t *p)
{
	memcpy(p, ELFMAG "\1\1\1", 7);
	nvt_put_le32(p + 0x14, EV_CURRENT);
	nvt_put_le32(p + 0x20, EHDR); /* the section table */
	nvt_put_le16(p + 0x28, EHDR);
	nvt_put_le16(p + 0x2e, SHENT);
	nvt_put_le16(p + 0x30, COUNT);
	nvt_put_le16(p + 0x32, 1);
}

int nvt_fmc_write(const struct nvt_fmc_parts *m, struct nvt_fw_out *ret, struct nvt_error *e)
{
	const struct {
		const char *name;
		struct nvt_bytes data;
	} rows[] = { { "hash", m->hash },
		     { "signature", m->signature },
		     { "publickey", m->publickey },
		     { "image", m->image } };
	const uint32_t strtab = EHDR + COUNT * SHENT, first = strtab + (uint32_t)nvt_align_up(sizeof(names), 4);
	uint64_t at = first;
	unsigned i;
	int rc;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++)
		at += nvt_align_up(rows[i].data.n, 4);
	rc = fw_out_alloc(ret, at, e);
	if (rc)
		return rc;
	put_ehdr(ret->p);
	put_words(ret->p + EHDR + SHENT,
		  (const uint32_t[]){ name_off(".shstrtab"), SHT_STRTAB, SHF_STRINGS, 0, strtab, sizeof(names), 0, 0, 1, 1 },
		  10);
	memcpy(ret->p + strtab, names, sizeof(names));
	for (i = 0, at = first; i < NVT_ARRAY_SIZE(rows); i++) {
		const struct nvt_bytes d = rows[i].data;
		const uint32_t words[] = { name_off(rows[i].name), SHT_PROGBITS, DATA_FLAGS, 0, (uint32_t)at,
					   (uint32_t)d.n, 0, nvt_crc32(d), 4, 0 };

		put_words(ret->p + EHDR + (2 + i) * SHENT, words, NVT_ARRAY_SIZE(words));
		fw_out_copy(ret, at, d);
		at += nvt_align_up(d.n, 4);
	}
	return 0;
}
