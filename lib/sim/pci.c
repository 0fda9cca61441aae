/* SPDX-License-Identifier: MIT */
/* Config space: a byte array, a mask of writable bits, and what a few writes trigger. */
#include "sim/model.h"

#include "base/bytes.h"

#include <string.h>

/* Where the capabilities stand; the order of a real GA102. */
enum {
	CFG_BAR0 = 0x10,
	CFG_BAR1 = 0x14, /* 64 bits: 0x14, 0x18 */
	CFG_BAR3 = 0x1c, /* 64 bits: 0x1c, 0x20 */
	CFG_SUBSYSTEM = 0x2c,
	CFG_ROM = 0x30,
	CFG_CAP_PTR = 0x34,
	CFG_ROM_SHADOW = 0x50,
	CFG_PM = 0x60,
	CFG_MSI = 0x68,
	CFG_EXP = 0x78,
	CFG_EXP_DEVCTL = CFG_EXP + 0x08,
	CFG_MSI_REARM = 0x704,
};
#define EXP_DEVCAP_FLR (1u << 28)
#define EXP_DEVCTL_FLR 0x8000u
#define BAR_64BIT_PREFETCH 0xcu

/* Bus addresses that the machine's firmware gave the BARs. */
#define BAR0_ADDR 0xf6000000ull
#define BAR1_ADDR 0x383fe0000000ull
#define BAR3_ADDR 0x383ff0000000ull

static void put(struct sim *s, uint32_t off, uint32_t val, uint32_t writable)
{
	nvt_put_le32(s->pci.cfg + off, val);
	nvt_put_le32(s->pci.writable + off, writable);
}

static void put_bar64(struct sim *s, uint32_t off, uint64_t addr, uint64_t size)
{
	put(s, off, (uint32_t)addr | BAR_64BIT_PREFETCH, (uint32_t)~(size - 1));
	put(s, off + 4, (uint32_t)(addr >> 32), (uint32_t)(~(size - 1) >> 32));
}

static void put_volatile(struct sim *s)
{
	put(s, SIM_CFG_COMMAND, 0x00100000, 0x00000547);
	put(s, 0x0c, 0, 0x000000ff);
	put(s, 0x3c, 0x00000100 | s->pci.cfg[0x3c], 0x000000ff);
	put(s, CFG_ROM_SHADOW, 1, 1);
	put(s, CFG_PM, 0x00036801 | (uint32_t)CFG_MSI << 8, 0);
	put(s, CFG_PM + 4, 0x00000008, 0x00008103);
	put(s, CFG_MSI, 0x00800005 | (uint32_t)CFG_EXP << 8, 0x00710000);
	put(s, CFG_MSI + 4, 0, 0xfffffffc);
	put(s, CFG_MSI + 8, 0, 0xffffffff);
	put(s, CFG_MSI + 12, 0, 0x0000ffff);
	put(s, CFG_EXP, 0x00120010, 0);
	put(s, CFG_EXP + 4, 0x000085e1 | EXP_DEVCAP_FLR, 0);
	put(s, CFG_EXP_DEVCTL, 0x00002910, 0x0000ffff);
	put(s, CFG_EXP + 0x0c, 0x00453d04, 0);
	put(s, CFG_EXP + 0x10, 0x11040000, 0x0000fffb);
	put(s, CFG_MSI_REARM, 0, 0xffffffff);
}

void sim_pci_power_on(struct sim *s)
{
	const struct nvt_chip *chip = s->opts.chip;

	memset(&s->pci, 0, sizeof(s->pci));
	put(s, 0x00, 0x10de | (uint32_t)chip->pci_device << 16, 0);
	put(s, 0x08, chip->pci_class << 8 | s->chip->revision, 0);
	put(s, CFG_BAR0, (uint32_t)BAR0_ADDR, (uint32_t)~(s->chip->bar0_size - 1));
	put_bar64(s, CFG_BAR1, BAR1_ADDR, s->chip->bar1_size);
	put_bar64(s, CFG_BAR3, BAR3_ADDR, s->chip->bar3_size);
	put(s, CFG_SUBSYSTEM, s->chip->subvendor | (uint32_t)s->chip->subdevice << 16, 0);
	put(s, CFG_ROM, 0, 0xfff80001);
	put(s, CFG_CAP_PTR, CFG_PM, 0);
	put_volatile(s);
}

void sim_pci_flr(struct sim *s)
{
	put_volatile(s);
}

uint32_t sim_cfg_rd(struct sim *s, uint32_t off, unsigned size)
{
	uint8_t b[4] = { 0 };

	memcpy(b, s->pci.cfg + off, size);
	return nvt_le32(b);
}

void sim_cfg_wr(struct sim *s, uint32_t off, unsigned size, uint32_t val)
{
	uint8_t b[4];
	unsigned i;

	nvt_put_le32(b, val);
	for (i = 0; i < size; i++)
		s->pci.cfg[off + i] = (uint8_t)((s->pci.cfg[off + i] & ~s->pci.writable[off + i]) |
						(b[i] & s->pci.writable[off + i]));
	if (nvt_le16(s->pci.cfg + CFG_EXP_DEVCTL) & EXP_DEVCTL_FLR)
		sim_flr(s);
}

static const struct {
	unsigned bar;
	uint32_t off;
	bool is_64;
} bars[] = { { 0, CFG_BAR0, false }, { 1, CFG_BAR1, true }, { 3, CFG_BAR3, true } };

uint64_t sim_bar_addr(const struct sim *s, unsigned bar)
{
	uint64_t addr;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(bars); i++) {
		if (bars[i].bar != bar)
			continue;
		addr = nvt_le32(s->pci.cfg + bars[i].off) & ~0xfu;
		if (bars[i].is_64)
			addr |= (uint64_t)nvt_le32(s->pci.cfg + bars[i].off + 4) << 32;
		return addr;
	}
	return 0;
}

uint64_t sim_bar_size(const struct sim *s, unsigned bar)
{
	switch (bar) {
	case 0:
		return s->chip->bar0_size;
	case 1:
		return s->chip->bar1_size;
	case 3:
		return s->chip->bar3_size;
	default:
		return 0;
	}
}

bool sim_pci_bus_master(const struct sim *s)
{
	return s->pci.cfg[SIM_CFG_COMMAND] & SIM_CFG_COMMAND_MASTER;
}

bool sim_pci_memory_on(const struct sim *s)
{
	return s->pci.cfg[SIM_CFG_COMMAND] & SIM_CFG_COMMAND_MEMORY;
}

#define COMMAND_INTX_OFF 0x0400u
#define STATUS_INTX 0x08u
#define MSI_ENABLE 0x01u

bool sim_pci_msi_on(const struct sim *s)
{
	return s->pci.cfg[CFG_MSI + 2] & MSI_ENABLE;
}

bool sim_pci_intx_on(const struct sim *s)
{
	return !(nvt_le16(s->pci.cfg + SIM_CFG_COMMAND) & COMMAND_INTX_OFF);
}

void sim_pci_set_intx(struct sim *s, bool up)
{
	uint8_t *status = s->pci.cfg + SIM_CFG_COMMAND + 2;

	*status = (uint8_t)((*status & ~STATUS_INTX) | (up ? STATUS_INTX : 0));
}
