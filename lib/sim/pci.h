/* SPDX-License-Identifier: MIT */
/* Config space of the model: header, BARs, power management, MSI, PCI Express with FLR. */
#ifndef NVT_SIM_PCI_H
#define NVT_SIM_PCI_H

#include <nvt/types.h>

struct sim;

#define SIM_CFG_SIZE 0x1000u

enum {
	SIM_CFG_COMMAND = 0x04,
	SIM_CFG_COMMAND_MEMORY = 1u << 1,
	SIM_CFG_COMMAND_MASTER = 1u << 2,
};

struct sim_pci {
	uint8_t cfg[SIM_CFG_SIZE];
	uint8_t writable[SIM_CFG_SIZE]; /* bits that the driver may change */
};

/* Values after power-on; BARs are assigned as firmware of the machine does. */
void sim_pci_power_on(struct sim *s);
/* Everything but identity, BARs and interrupt routing back to reset values. */
void sim_pci_flr(struct sim *s);
/* size 1, 2 or 4, naturally aligned, inside the space. */
uint32_t sim_cfg_rd(struct sim *s, uint32_t off, unsigned size);
void sim_cfg_wr(struct sim *s, uint32_t off, unsigned size, uint32_t val);
/* Address of a BAR (linux numbering 0, 1, 3). */
uint64_t sim_bar_addr(const struct sim *s, unsigned bar);
uint64_t sim_bar_size(const struct sim *s, unsigned bar);
bool sim_pci_bus_master(const struct sim *s);
bool sim_pci_memory_on(const struct sim *s);
bool sim_pci_msi_on(const struct sim *s);
/* The driver did not disable INTx in the command register. */
bool sim_pci_intx_on(const struct sim *s);
/* The state of the INTx line, which the status register shows. */
void sim_pci_set_intx(struct sim *s, bool up);

#endif
