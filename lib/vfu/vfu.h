/* SPDX-License-Identifier: MIT */
/*
 * A vfio-user server: shows one PCI device to one client (QEMU's vfio-user-pci) over a socket. It knows the
 * protocol and the client's memory, not what the device is.
 *
 * The client is not trusted. A message that makes no sense gets an error reply; after one that puts the
 * framing in doubt the connection is over. The client's memory is reached with pread and pwrite on the
 * descriptors it passed, so that a file that shrinks is an error and not a signal; files of huge pages, which
 * cannot be written so, are mapped and written by the kernel to the same effect.
 *
 * Nothing here waits for the client: vfu_run handles what has arrived. A client that does not take
 * replies for VFU_SEND_TIMEOUT_S is given up.
 */
#ifndef NVT_VFU_VFU_H
#define NVT_VFU_VFU_H

#include <nvt/error.h>
#include <nvt/types.h>

/* Numbers of regions and interrupts as in <linux/vfio.h>. */
enum vfu_region_index {
	VFU_REGION_BAR0 = 0,
	VFU_REGION_ROM = 6,
	VFU_REGION_CONFIG = 7,
	VFU_REGION_VGA = 8,
	VFU_REGION__COUNT
};
enum vfu_irq_index { VFU_IRQ_INTX, VFU_IRQ_MSI, VFU_IRQ_MSIX, VFU_IRQ_ERR, VFU_IRQ_REQ, VFU_IRQ__COUNT };

enum { VFU_READ = 1, VFU_WRITE = 2 };

#define VFU_DATA_MAX (1u << 20) /* bytes of one region access */
#define VFU_FDS_MAX 16u         /* descriptors with one message */
#define VFU_MAPS_MAX 65535u
#define VFU_SEND_TIMEOUT_S 5

struct vfu_device {
	struct {
		uint64_t size;   /* 0: no such region */
		unsigned access; /* VFU_READ | VFU_WRITE */
	} region[VFU_REGION__COUNT];
	uint32_t irq_count[VFU_IRQ__COUNT]; /* vectors, at most VFU_FDS_MAX */
	/* An access inside the region, of 1 to VFU_DATA_MAX bytes. They return 0 or an errno. */
	int (*rd)(void *arg, unsigned region, uint64_t off, uint8_t *buf, uint32_t n);
	int (*wr)(void *arg, unsigned region, uint64_t off, const uint8_t *buf, uint32_t n);
	void (*reset)(void *arg);
	void *arg;
};

/* A listening socket that only this user may connect to. Replaces a socket that nobody listens on. */
int vfu_listen(const char *path, int *ret_fd, struct nvt_error *e);

struct vfu;
/* Serves the client behind the stream socket fd, which becomes the server's. dev is borrowed. */
int vfu_new(const struct vfu_device *dev, int fd, struct vfu **ret, struct nvt_error *e);
void vfu_free(struct vfu *v); /* accepts NULL */
/* To wait on: readable when vfu_run has something to do. */
int vfu_fd(const struct vfu *v);
/*
 * Takes what has arrived, up to one whole message, and answers it. False when the connection is over; then
 * *e has why: NVT_OK when the client closed it between two messages.
 */
bool vfu_run(struct vfu *v, struct nvt_error *e);

enum vfu_dma { VFU_DMA_OK, VFU_DMA_UNMAPPED, VFU_DMA_FORBIDDEN, VFU_DMA_FAILED };
/* The client's memory at a bus address; may span mappings. On failure part of it may have been done. */
enum vfu_dma vfu_dma_rd(struct vfu *v, nvt_iova addr, uint8_t *buf, size_t n);
enum vfu_dma vfu_dma_wr(struct vfu *v, nvt_iova addr, const uint8_t *buf, size_t n);

/* Signals a vector once; false if the client does not listen to it. */
bool vfu_irq_fire(struct vfu *v, enum vfu_irq_index index, unsigned vector);
/* The INTx line: fires when it rises, and again when the client unmasks while it is still up. */
void vfu_intx_set(struct vfu *v, bool up);

struct vfu_counts {
	uint64_t messages, refused, reads, writes, dma_maps, dma_unmaps, irqs;
};
const struct vfu_counts *vfu_counts(const struct vfu *v);

#endif
