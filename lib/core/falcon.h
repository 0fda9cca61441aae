/* SPDX-License-Identifier: MIT */
/* A falcon: where it is, how its family resets and loads it, how it is started and waited for. */
#ifndef NVT_CORE_FALCON_H
#define NVT_CORE_FALCON_H

#include "transport/transport.h"

/* An instance; BAR0 addresses of its register pages. */
struct falcon_unit {
	const char *name;
	uint32_t pfalcon, pfalcon2, priscv;
};

enum falcon_core { FALCON_CORE_FALCON, FALCON_CORE_RISCV };

/* What to put where; offsets count from the start of the DMA buffer. Sizes are multiples of 256
 * there. */
struct falcon_image {
	const char *name; /* for errors: "FWSEC-FRTS" */
	const struct nvt_dma *mem;
	struct {
		uint32_t src, size;
		uint32_t dst; /* IMEM address */
		uint32_t tag; /* virtual address of the first block */
	} imem;
	struct {
		uint32_t src, size, dst;
	} dmem;
	uint32_t boot_vector;
	/* For the boot ROM, which checks the signature before anything runs. */
	uint32_t signature; /* from the start of DMEM */
	uint32_t engine_mask;
	uint8_t ucode_id;
};

struct falcon_hal {
	/* Engine reset; on return memory is scrubbed and `core` is selected. boot_0 goes to
	 * FALCON_RM. */
	int (*reset)(struct nvt_transport *t, const struct falcon_unit *u, enum falcon_core core,
		     uint32_t boot_0, struct nvt_error *e);
	/* Fills IMEM and DMEM. */
	int (*load)(struct nvt_transport *t, const struct falcon_unit *u,
		    const struct falcon_image *img, struct nvt_error *e);
	/* Tells the boot ROM about the signature. NULL: the family has no such ROM. */
	int (*set_boot_rom)(struct nvt_transport *t, const struct falcon_unit *u,
			    const struct falcon_image *img, struct nvt_error *e);
	/* One check that the RISC-V core runs, or up to timeout_us. */
	int (*riscv_active)(struct nvt_transport *t, const struct falcon_unit *u,
			    uint64_t timeout_us, struct nvt_error *e);
};

extern const struct falcon_hal falcon_ga102;

int falcon_set_mailboxes(struct nvt_transport *t, const struct falcon_unit *u, uint32_t mbox0,
			 uint32_t mbox1, struct nvt_error *e);
/* Starts the falcon core, through the alias register once an HS ucode has locked CPUCTL. */
int falcon_start(struct nvt_transport *t, const struct falcon_unit *u, struct nvt_error *e);
/* hint may be NULL. */
int falcon_wait_halted(struct nvt_transport *t, const struct falcon_unit *u, const char *what,
		       const char *hint, struct nvt_error *e);
/* MAILBOX0 must read 0: what FWSEC and booter leave behind when all went well. */
int falcon_expect_mailbox0_clear(struct nvt_transport *t, const struct falcon_unit *u,
				 const char *what, struct nvt_error *e);
/*
 * Reset, load, boot ROM, mailboxes, start and wait until halted. mbox1 is written only with `two`:
 * FWSEC is given MAILBOX0 alone.
 */
struct falcon_args {
	uint32_t mbox0, mbox1;
	bool two;
};
int falcon_run(struct nvt_transport *t, const struct falcon_hal *hal, const struct falcon_unit *u,
	       const struct falcon_image *img, const struct falcon_args *args, uint32_t boot_0,
	       struct nvt_error *e);

#endif
