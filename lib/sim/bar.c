/* SPDX-License-Identifier: MIT */
/* What an access to a BAR meets: a register, a data window, or video memory. */
#include "sim/model.h"

#include <nvt/regs.h>

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

/* The code of a read that no unit answered; admin-tools meet it on falcons that need a reset. */
#define PRI_ERROR 0xbadf5620u

struct window {
	uint32_t base, size;
	void (*rd)(struct sim *s, uint32_t off, uint8_t *buf, unsigned n);
	void (*wr)(struct sim *s, uint32_t off, const uint8_t *buf, unsigned n);
};

/* Erased flash reads all ones behind the ROM's end. */
static void rd_prom(struct sim *s, uint32_t off, uint8_t *buf, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		buf[i] = off + i < s->rom.size ? s->rom.data[off + i] : 0xff;
}

static void wr_prom(struct sim *s, uint32_t off, const uint8_t *buf, unsigned n)
{
	(void)buf;
	sim_violation(s, "write-to-rom", SIM_HEX(off), NULL, "write of %u bytes to PROM", n);
}

static bool in_wpr2(const struct sim *s, uint64_t off, unsigned n)
{
	return off < s->wpr2_hi && off + n > s->wpr2_lo;
}

static void rd_vram(struct sim *s, uint64_t off, uint8_t *buf, unsigned n)
{
	memset(buf, 0xff, n);
	if (in_wpr2(s, off, n))
		sim_violation(s, "wpr2-access", SIM_HEX(off), NULL, "read of the write-protected region");
	else
		sim_vram_rd(&s->vram, off, buf, n); /* all ones beyond the memory's end */
}

static void wr_vram(struct sim *s, uint64_t off, const uint8_t *buf, unsigned n)
{
	if (in_wpr2(s, off, n))
		sim_violation(s, "wpr2-access", SIM_HEX(off), NULL, "write to the write-protected region");
	else if (!sim_vram_wr(&s->vram, off, buf, n))
		sim_violation(s, "vram-range", SIM_HEX(off), NULL, "write beyond video memory");
}

/* NV_PBUS_BAR0_WINDOW counts 64 KiB. */
static uint64_t pramin(const struct sim *s, uint32_t off)
{
	uint32_t window = sim_reg_get(&s->regs, NV_PBUS_BAR0_WINDOW);

	return ((uint64_t)NVT_GET(window, NV_PBUS_BAR0_WINDOW_BASE) << 16) + off;
}

static void rd_pramin(struct sim *s, uint32_t off, uint8_t *buf, unsigned n)
{
	rd_vram(s, pramin(s, off), buf, n);
}

static void wr_pramin(struct sim *s, uint32_t off, const uint8_t *buf, unsigned n)
{
	wr_vram(s, pramin(s, off), buf, n);
}

static void rd_mirror(struct sim *s, uint32_t off, uint8_t *buf, unsigned n)
{
	memcpy(buf, s->pci.cfg + off, n);
}

static void wr_mirror(struct sim *s, uint32_t off, const uint8_t *buf, unsigned n)
{
	uint8_t b[4] = { 0 };

	if (n > 4) {
		sim_violation(s, "access-size", NULL, "1, 2 or 4 bytes", "%u-byte write to config space", n);
		return;
	}
	memcpy(b, buf, n);
	sim_cfg_wr(s, off, n, nvt_le32(b));
}

static const struct window windows[] = {
	{ NV_PROM_DATA, SIM_PROM_SIZE, rd_prom, wr_prom },
	{ NV_PRAMIN_DATA, 0x100000, rd_pramin, wr_pramin },
};

static bool find_window(const struct sim *s, uint32_t off, struct window *ret)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(windows); i++) {
		if (off - windows[i].base < windows[i].size) {
			*ret = windows[i];
			return true;
		}
	}
	*ret = (struct window){ s->chip->config_mirror, SIM_CFG_SIZE, rd_mirror, wr_mirror };
	return off - ret->base < ret->size;
}

/* Registers that only NVIDIA's headers know are storage; those that nobody knows are odd as well. */
static void note_unknown(struct sim *s, uint32_t addr, const struct sim_reg *r)
{
	struct nvt_reg_ref ref;
	char name[128];

	if ((r && r->row) || nvt_reg_at(addr, &ref))
		return;
	sim_odd(s, SIM_ODD_UNKNOWN_REGISTER, nvt_reg_format(addr, name, sizeof(name)));
}

static bool size_ok(struct sim *s, uint32_t off, unsigned size, const struct sim_reg *r, const char *verb)
{
	char name[128];

	if (size == 4 || (size < 4 && r && r->row && r->row->bytes))
		return true;
	sim_violation(s, "access-size", NULL, "4 bytes", "%u-byte %s of register %s", size, verb,
		      nvt_reg_format(off & ~3u, name, sizeof(name)));
	return false;
}

static uint32_t rd_reg(struct sim *s, uint32_t off, unsigned size)
{
	struct sim_reg *r = sim_regfile_find(&s->regs, off & ~3u);
	uint32_t val;

	if (!size_ok(s, off, size, r, "read"))
		return 0xffffffff;
	note_unknown(s, off & ~3u, r);
	val = sim_regfile_rd(&s->regs, s, off & ~3u);
	return val >> (off & 3) * 8;
}

static void wr_reg(struct sim *s, uint32_t off, unsigned size, uint32_t val)
{
	struct sim_reg *r = sim_regfile_find(&s->regs, off & ~3u);
	uint32_t shift = (off & 3) * 8, mask;
	char name[128];

	if (!size_ok(s, off, size, r, "write"))
		return;
	note_unknown(s, off & ~3u, r);
	if (r && r->row && r->row->ro == 0xffffffff && !r->row->pre && !r->row->post) {
		sim_odd(s, SIM_ODD_WRITE_TO_READ_ONLY, nvt_reg_format(off, name, sizeof(name)));
		return;
	}
	if (size < 4) {
		mask = ((1u << size * 8) - 1) << shift;
		val = (r->val & ~mask) | (val << shift & mask);
	}
	sim_regfile_wr(&s->regs, s, off & ~3u, val);
}

static uint64_t rd_bar0(struct sim *s, uint32_t off, unsigned size)
{
	uint8_t buf[8] = { 0 };
	struct window w;

	if (find_window(s, off, &w)) {
		w.rd(s, off - w.base, buf, size);
		return nvt_le64(buf);
	}
	if (s->bus == SIM_BUS_PRI_ERROR && off != NV_PMC_BOOT_0)
		return PRI_ERROR;
	return rd_reg(s, off, size);
}

static void wr_bar0(struct sim *s, uint32_t off, unsigned size, uint64_t val)
{
	uint8_t buf[8];
	struct window w;

	nvt_put_le64(buf, val);
	if (find_window(s, off, &w))
		w.wr(s, off - w.base, buf, size);
	else if (s->bus != SIM_BUS_PRI_ERROR)
		wr_reg(s, off, size, (uint32_t)val);
}

/* ---- BAR1 and BAR2: video memory as it lies, or through page tables once GSP-RM has switched them ---- */

/* Root of the page tables; false if the BAR shows video memory as it lies. */
static bool window_root(const struct sim *s, unsigned bar, uint64_t *ret)
{
	uint32_t block = sim_reg_get(&s->regs, bar == 1 ? NV_PBUS_BAR1_BLOCK : NV_PBUS_BAR2_BLOCK);

	*ret = (uint64_t)NVT_GET(block, NV_PBUS_BAR1_BLOCK_PTR) << 12;
	return NVT_GET(block, NV_PBUS_BAR1_BLOCK_MODE) == NV_PBUS_BAR1_BLOCK_MODE_VIRTUAL;
}

/* What is not mapped reads all ones: drivers flush writes by reading where nothing may be mapped. */
static void rd_window(struct sim *s, unsigned bar, uint64_t off, uint8_t *buf, unsigned n)
{
	struct sim_page page = { .addr = off };
	uint64_t root;

	memset(buf, 0xff, n);
	if (window_root(s, bar, &root) && !sim_mmu_translate(s, root, off, &page))
		return;
	if (page.is_system)
		sim_dma_rd(s, page.addr, buf, n, "a BAR's page");
	else
		rd_vram(s, page.addr, buf, n);
}

static void wr_window(struct sim *s, unsigned bar, uint64_t off, const uint8_t *buf, unsigned n)
{
	struct sim_page page = { .addr = off };
	uint64_t root;

	if (window_root(s, bar, &root) && !sim_mmu_translate(s, root, off, &page)) {
		sim_violation(s, "bar-unmapped", SIM_HEX(off), "an address that page tables map",
			      "write through BAR%u where nothing is mapped", bar == 1 ? 1u : 2u);
		return;
	}
	if (page.read_only)
		sim_violation(s, "bar-read-only", SIM_HEX(off), NULL, "write to a page mapped read-only");
	else if (page.is_system)
		sim_dma_wr(s, page.addr, buf, n, "a BAR's page");
	else
		wr_vram(s, page.addr, buf, n);
}

uint64_t sim_bar_rd(struct sim *s, unsigned bar, uint64_t off, unsigned size)
{
	uint8_t buf[8] = { 0 };

	if (s->bus == SIM_BUS_DEAD || !sim_pci_memory_on(s))
		return UINT64_MAX;
	if (bar == 0)
		return rd_bar0(s, (uint32_t)off, size);
	rd_window(s, bar, off, buf, size);
	return nvt_le64(buf);
}

void sim_bar_wr(struct sim *s, unsigned bar, uint64_t off, unsigned size, uint64_t val)
{
	uint8_t buf[8];

	if (s->bus == SIM_BUS_DEAD || !sim_pci_memory_on(s))
		return;
	nvt_put_le64(buf, val);
	if (bar == 0)
		wr_bar0(s, (uint32_t)off, size, val);
	else
		wr_window(s, bar, off, buf, size);
}
