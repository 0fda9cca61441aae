/* SPDX-License-Identifier: MIT */
/*
 * GMMU version 2, Turing to Ada: three levels of 8-byte directory entries, one of 16-byte entries that lead to
 * tables of 64 KiB and of 4 KiB pages. Source: dev_mmu.h of tu102; uvm_turing_mmu.c of NVIDIA's driver.
 */
#include "sim/model.h"

#include "base/bytes.h"

enum {
	PDE_IS_PTE = 1 << 0,
	PDE_APERTURE_SHIFT = 1, /* 2 bits: 0 invalid, 1 video, 2 and 3 system memory */
	PTE_VALID = 1 << 0,
	PTE_APERTURE_SHIFT = 1, /* 2 bits: 0 video, 1 peer, 2 and 3 system memory */
	PTE_PRIVILEGE = 1 << 5, /* of an invalid 64 KiB page: its 4 KiB pages do not count */
	PTE_READ_ONLY = 1 << 6,
};
#define ADDRESS_SYS 0x003fffffffffff00ull /* bits 53:8 of an entry, address >> 4 */
#define ADDRESS_VID 0x00000001ffffff00ull /* bits 32:8 */
#define ADDRESS_BIG 0x003ffffffffffff0ull /* bits 53:4: tables of 64 KiB pages are 256-byte aligned */
#define ADDRESS_BIG_VID 0x00000001fffffff0ull

struct table {
	bool is_system;
	uint64_t addr;
};

static uint64_t bits(uint64_t va, unsigned hi, unsigned lo)
{
	return va >> lo & ((1ull << (hi - lo + 1)) - 1);
}

static bool rd64(struct sim *s, const struct table *t, uint64_t off, uint64_t *ret)
{
	uint8_t b[8];

	if (t->is_system ? !sim_dma_rd(s, t->addr + off, b, 8, "a page table") :
			   !sim_vram_rd(&s->vram, t->addr + off, b, 8))
		return false;
	*ret = nvt_le64(b);
	return true;
}

/* The table that a directory entry leads to; false if to none. */
static bool follow(uint64_t pde, uint64_t sys_mask, uint64_t vid_mask, struct table *ret)
{
	unsigned aperture = (unsigned)(pde >> PDE_APERTURE_SHIFT & 3);

	ret->is_system = aperture >= 2;
	ret->addr = (pde & (ret->is_system ? sys_mask : vid_mask)) << 4;
	return aperture != 0;
}

static bool leaf(uint64_t pte, uint64_t va, unsigned page_bits, struct sim_page *ret)
{
	unsigned aperture = (unsigned)(pte >> PTE_APERTURE_SHIFT & 3);

	if (!(pte & PTE_VALID) || aperture == 1)
		return false;
	ret->is_system = aperture >= 2;
	ret->read_only = pte & PTE_READ_ONLY;
	ret->addr = ((pte & (ret->is_system ? ADDRESS_SYS : ADDRESS_VID)) << 4) + (va & ((1ull << page_bits) - 1));
	return true;
}

/* The last directory: a 2 MiB page, or a table of big pages that decides first, then one of small pages. */
static bool dual(struct sim *s, const struct table *t, uint64_t va, struct sim_page *ret)
{
	uint64_t off = bits(va, 28, 21) * 16, low, high, pte;
	struct table next;

	if (!rd64(s, t, off, &low) || !rd64(s, t, off + 8, &high))
		return false;
	if (low & PDE_IS_PTE)
		return leaf(low, va, 21, ret);
	if (follow(low, ADDRESS_BIG, ADDRESS_BIG_VID, &next) && rd64(s, &next, bits(va, 20, 16) * 8, &pte)) {
		if (leaf(pte, va, 16, ret))
			return true;
		if (pte & PTE_PRIVILEGE)
			return false;
	}
	return follow(high, ADDRESS_SYS, ADDRESS_VID, &next) && rd64(s, &next, bits(va, 20, 12) * 8, &pte) &&
	       leaf(pte, va, 12, ret);
}

bool sim_mmu_translate(struct sim *s, uint64_t root, uint64_t va, struct sim_page *ret)
{
	static const struct {
		unsigned hi, lo;
	} levels[] = { { 48, 47 }, { 46, 38 }, { 37, 29 } };
	struct table t = { false, root };
	uint64_t pde;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(levels); i++) {
		if (!rd64(s, &t, bits(va, levels[i].hi, levels[i].lo) * 8, &pde))
			return false;
		if (pde & PDE_IS_PTE) /* Ampere and Ada have 512 MiB pages, at the last of these levels */
			return i == 2 && leaf(pde, va, 29, ret);
		if (!follow(pde, ADDRESS_SYS, ADDRESS_VID, &t))
			return false;
	}
	return dual(s, &t, va, ret);
}
