/* SPDX-License-Identifier: MIT */
/* vfio-user on the wire: little-endian, a 16-byte header, then the command's payload. Sizes in bytes. */
#ifndef NVT_VFU_PROTO_H
#define NVT_VFU_PROTO_H

enum vfu_command {
	VFU_VERSION = 1,
	VFU_DMA_MAP = 2,
	VFU_DMA_UNMAP = 3,
	VFU_GET_INFO = 4,
	VFU_GET_REGION_INFO = 5,
	VFU_GET_IRQ_INFO = 7,
	VFU_SET_IRQS = 8,
	VFU_REGION_READ = 9,
	VFU_REGION_WRITE = 10,
	VFU_DEVICE_RESET = 13,
	VFU_COMMAND__COUNT
};

enum {
	/* Header: u16 id, u16 command, u32 size with header, u32 flags, u32 errno. */
	VFU_HDR = 16,
	VFU_TYPE_MASK = 0xf, /* of flags: 0 request, 1 reply */
	VFU_TYPE_REPLY = 1,
	VFU_NO_REPLY = 1 << 4,
	VFU_ERROR = 1 << 5,

	VFU_VERSION_FIXED = 4,    /* u16 major, u16 minor; then JSON text with its NUL */
	VFU_DMA_MAP_SIZE = 32,    /* u32 argsz, u32 flags, u64 offset, u64 address, u64 size */
	VFU_DMA_UNMAP_SIZE = 24,  /* u32 argsz, u32 flags, u64 address, u64 size */
	VFU_DMA_UNMAP_ALL = 1 << 1,
	VFU_INFO_SIZE = 16,       /* u32 argsz, u32 flags, u32 regions, u32 irqs */
	VFU_INFO_RESET = 1 << 0,
	VFU_INFO_PCI = 1 << 1,
	VFU_REGION_INFO_SIZE = 32, /* u32 argsz, u32 flags, u32 index, u32 cap_off, u64 size, u64 offset */
	VFU_IRQ_INFO_SIZE = 16,   /* u32 argsz, u32 flags, u32 index, u32 count */
	VFU_IRQ_INFO_EVENTFD = 1 << 0,
	VFU_IRQ_INFO_MASKABLE = 1 << 1,
	VFU_IRQ_INFO_AUTOMASKED = 1 << 2,
	VFU_IRQ_INFO_NORESIZE = 1 << 3,
	VFU_SET_IRQS_FIXED = 20,  /* u32 argsz, u32 flags, u32 index, u32 start, u32 count */
	VFU_ACCESS_FIXED = 16,    /* u64 offset, u32 region, u32 count; then data of a write */
};

#endif
