/* SPDX-License-Identifier: MIT */
/* Small well-formed images to take apart, and a table of single changes that must be refused. */
#ifndef TESTS_UNIT_FW_BUILD_H
#define TESTS_UNIT_FW_BUILD_H

#include <nvt/fw.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FW_ROOM 0x10000u
struct fw_image {
	uint8_t b[FW_ROOM];
	size_t n;
};

void fw_build_elf(struct fw_image *img);
void fw_build_hs(struct fw_image *img);
void fw_build_bl(struct fw_image *img, unsigned desc_size);
/* version 2 or 3 of the FWSEC descriptor; a dump begins with an NVGI header. */
void fw_build_vbios(struct fw_image *img, unsigned version, bool dump);
/* Makes the byte sum of [off, off+n) zero by its last byte. */
void fw_fix_sum(struct fw_image *img, size_t off, size_t n);

/* One change of `size` bytes at `off`, and the refusal that it must lead to. */
struct fw_refusal {
	uint64_t off;
	unsigned size;
	uint64_t value;
	const char *msg;
	uint64_t where;
};
typedef int (*fw_parse_fn)(struct nvt_bytes file, struct nvt_error *e);
void fw_check_refusals(const struct fw_image *good, fw_parse_fn parse, const struct fw_refusal *rows, size_t n);
/* Every shorter file is refused, without a read past its end. */
void fw_check_truncation(const struct fw_image *good, fw_parse_fn parse);

static inline struct nvt_bytes fw_bytes(const struct fw_image *img)
{
	return (struct nvt_bytes){ img->b, img->n };
}

#endif
