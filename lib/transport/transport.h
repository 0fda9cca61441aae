/* SPDX-License-Identifier: MIT */
/*
 * The one way to a device: config space, MMIO, DMA memory, interrupts, reset.
 *
 * A backend implements nvt_transport_ops; everybody else calls the nvt_* functions below, which add
 * counting, events, register names in errors, and the two checks that make a dead device an error:
 *   - a register that reads all ones is compared with BOOT_0; if that is all ones too, the device fell
 *     off the bus; if not, the value is passed on as data of that register;
 *   - a PRI error pattern (0xbadfxxxx, NVIDIA's "bad..." codes for a read that no unit answered) is an
 *     error, unless a poll named it as "not yet".
 * Data windows (PROM, PRAMIN, BAR1, memory data ports, PTIMER low) may hold anything: read them with
 * nvt_window_rd() or nvt_rd32_any().
 */
#ifndef NVT_TRANSPORT_TRANSPORT_H
#define NVT_TRANSPORT_TRANSPORT_H

#include <nvt/error.h>
#include <nvt/event.h>
#include <nvt/types.h>

struct nvt_transport;

#define NVT_BAR_COUNT 6

struct nvt_pci_info {
	uint16_t domain;
	uint8_t bus, dev, fn;
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class_code; /* 24 bits */
	uint8_t revision;
	bool boot_vga;       /* the display that the machine's firmware used */
	struct {
		uint64_t addr, size; /* size 0: no such BAR */
	} bar[NVT_BAR_COUNT];        /* linux numbering: 0, 1, 3 */
};

/* DMA memory: CPU pointer and the address the device uses. Both live until dma_free or close. */
struct nvt_dma {
	uint8_t *cpu;
	nvt_iova iova; /* of the first byte */
	size_t size;
	const char *name;      /* literal; what it is for */
	const nvt_iova *pages; /* of each NVT_DMA_PAGE bytes where those are scattered; NULL: contiguous from iova on */
};

#define NVT_DMA_PAGE 4096u

/* Where the device finds byte `off` of the buffer. */
static inline nvt_iova nvt_dma_at(const struct nvt_dma *dma, size_t off)
{
	return dma->pages ? dma->pages[off / NVT_DMA_PAGE] + off % NVT_DMA_PAGE : dma->iova + off;
}

enum nvt_dma_dir {
	NVT_DMA_TO_DEVICE = 1, /* the device only reads it */
	NVT_DMA_BIDIR = 3,     /* the device reads and writes it */
	/* May be added: the device finds each page by itself, so a backend without address translation may scatter. */
	NVT_DMA_SCATTERED = 4,
};

struct nvt_transport_ops {
	const char *name; /* "sim", "pci", "vfio": the URI scheme */
	/* Releases everything, DMA memory included. */
	void (*close)(struct nvt_transport *t);
	/* Config space; size 1, 2 or 4, naturally aligned. */
	int (*cfg_rd)(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t *ret, struct nvt_error *e);
	int (*cfg_wr)(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t val, struct nvt_error *e);
	/* One access of 1, 2, 4 or 8 bytes, naturally aligned, performed exactly once and in order. */
	int (*mmio_rd)(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t *ret,
		       struct nvt_error *e);
	int (*mmio_wr)(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t val,
		       struct nvt_error *e);
	/* Bulk access to a data window, as ascending 32-bit accesses; off and n are multiples of 4. */
	int (*window_rd)(struct nvt_transport *t, unsigned bar, uint64_t off, uint8_t *buf, size_t n,
			 struct nvt_error *e);
	int (*window_wr)(struct nvt_transport *t, unsigned bar, uint64_t off, const uint8_t *buf, size_t n,
			 struct nvt_error *e);
	/*
	 * Zeroed memory, contiguous for the device unless NVT_DMA_SCATTERED allows otherwise, aligned to `align` (a
	 * power of two, at least 4096; of scattered memory the pages are). `name` is a literal. ret->cpu stays valid
	 * until dma_free.
	 */
	int (*dma_alloc)(struct nvt_transport *t, const char *name, size_t size, size_t align,
			 enum nvt_dma_dir dir, struct nvt_dma *ret, struct nvt_error *e);
	void (*dma_free)(struct nvt_transport *t, struct nvt_dma *dma);
	/*
	 * Waits for an interrupt: 0 if one came, -NVT_E_TIMEOUT if not (e stays untouched then). vfio and sim deliver
	 * MSI: each is reported once, and bus mastering must be on. pci has no kernel driver to deliver one: it looks
	 * at Interrupt Status in config space, and answers 0 as long as the device holds its interrupt line.
	 */
	int (*irq_wait)(struct nvt_transport *t, uint64_t timeout_us, struct nvt_error *e);
	/* Function-level reset; returns when config space answers again. BARs are restored. */
	int (*reset)(struct nvt_transport *t, struct nvt_error *e);
};

/* Counts of what nvt_* performed on the device; data windows count as 32-bit reads. */
struct nvt_io_counts {
	uint64_t reads, writes;       /* all MMIO, windows included */
	uint64_t prom_reads;          /* of them, in the PROM window */
	uint64_t falcon_load_writes, falcon_load_reads; /* of them, while `loading` was set */
};

struct nvt_transport {
	const struct nvt_transport_ops *ops;
	struct nvt_ctx *ctx;
	struct nvt_pci_info pci;
	struct nvt_io_counts counts;
	bool dry_run; /* writes and polls are listed as events, not performed; reads pass through */
	bool loading; /* set by the falcon loader around its transfers, for the counters */
	/* Refuse (NVT_E_BUG) every write and reset that would be performed: proves that a dry run writes nothing. */
	bool writes_forbidden;
};

/* Registers in BAR0, 32 bits. */
int nvt_rd32(struct nvt_transport *t, uint32_t off, uint32_t *ret, struct nvt_error *e);
int nvt_wr32(struct nvt_transport *t, uint32_t off, uint32_t val, struct nvt_error *e);
/* Read-modify-write: clear `clear`, then set `set`. Writes even when nothing changes. */
int nvt_rmw32(struct nvt_transport *t, uint32_t off, uint32_t clear, uint32_t set, struct nvt_error *e);
/* A register whose value may be anything (PTIMER low, data ports). */
int nvt_rd32_any(struct nvt_transport *t, uint32_t off, uint32_t *ret, struct nvt_error *e);
/* A data window; off and n are multiples of 4. */
int nvt_window_rd(struct nvt_transport *t, unsigned bar, uint64_t off, uint8_t *buf, size_t n, struct nvt_error *e);
int nvt_window_wr(struct nvt_transport *t, unsigned bar, uint64_t off, const uint8_t *buf, size_t n,
		  struct nvt_error *e);

/*
 * Wait until (reg & mask) == want, or != want with negate. Reads once at least; timeout_us 0 means
 * exactly once. Between reads it sleeps interval_us (default 10 when 0). On expiry: NVT_E_TIMEOUT, or
 * NVT_E_DEVICE when timeout_us is 0, with register name, seen and wanted filled in from the register
 * tables; `what` is the phrase ("GSP falcon to halt"). pri_is_not_yet: a PRI error pattern
 * means "not yet" instead of an error. In a dry run: listed, returns 0 with *ret_seen = want (negate:
 * ~want & mask). ret_seen may be NULL; it is filled on expiry too. Without ctx->clock: NVT_E_BUG.
 */
struct nvt_poll {
	uint32_t off, mask, want;
	bool negate, pri_is_not_yet;
	uint64_t timeout_us;
	uint32_t interval_us;
	const char *what, *hint; /* hint may be NULL */
};
int nvt_poll(struct nvt_transport *t, const struct nvt_poll *p, uint32_t *ret_seen, struct nvt_error *e);

int nvt_cfg_rd(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t *ret, struct nvt_error *e);
int nvt_cfg_wr(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t val, struct nvt_error *e);

/* `name` is a literal. Emits DMA_ALLOC / DMA_FREE. dma_free accepts a zeroed struct and clears it. */
int nvt_dma_alloc(struct nvt_transport *t, const char *name, size_t size, size_t align, enum nvt_dma_dir dir,
		  struct nvt_dma *ret, struct nvt_error *e);
void nvt_dma_free(struct nvt_transport *t, struct nvt_dma *dma);
/* The driver finished writing [off, off+n) of the buffer: orders the stores and emits DMA_SYNC. */
void nvt_dma_sync(struct nvt_transport *t, const struct nvt_dma *dma, size_t off, size_t n);

int nvt_transport_reset(struct nvt_transport *t, struct nvt_error *e);
void nvt_transport_close(struct nvt_transport *t); /* accepts NULL */
/* Sleeps on the device's clock (which must be set) and emits DELAY. In a dry run: listed only. */
void nvt_delay_us(struct nvt_transport *t, uint64_t us);

#endif
