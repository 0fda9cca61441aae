/* SPDX-License-Identifier: MIT */
/* What the guest's program uses of nouveau's kernel interface; Debian 12 has no header with all of it. */
#ifndef NVT_GUEST_NOUVEAU_UAPI_H
#define NVT_GUEST_NOUVEAU_UAPI_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

enum { DOMAIN_VRAM = 1 << 1, DOMAIN_GART = 1 << 2 };
/* fb_ctxdma_handle ~0 makes tt_ctxdma_handle the engine that a channel is for. */
#define CHANNEL_ENGINE 0xffffffffu
#define CHANNEL_ENGINE_COPY 0x30u
#define PREP_WRITE 4u

struct channel_alloc {
	uint32_t fb_ctxdma_handle, tt_ctxdma_handle;
	int32_t channel;
	uint32_t pushbuf_domains, notifier_handle;
	struct {
		uint32_t handle, class_id;
	} subchan[8];
	uint32_t nr_subchan;
};

struct gem_info {
	uint32_t handle, domain;
	uint64_t size, offset, map_handle; /* offset: the buffer's virtual address on the GPU */
	uint32_t tile_mode, tile_flags;
};

struct gem_new {
	struct gem_info info;
	uint32_t channel_hint, align;
};

struct pushbuf_buffer {
	uint64_t user_priv;
	uint32_t handle, read_domains, write_domains, valid_domains;
	struct {
		uint32_t valid, domain;
		uint64_t offset;
	} presumed;
};

struct pushbuf_push {
	uint32_t bo_index, pad;
	uint64_t offset, length;
};

struct gem_pushbuf {
	uint32_t channel, nr_buffers;
	uint64_t buffers;
	uint32_t nr_relocs, nr_push;
	uint64_t relocs, push;
	uint32_t suffix0, suffix1;
	uint64_t vram_available, gart_available;
};

struct gem_prep {
	uint32_t handle, flags;
};

struct gem_close {
	uint32_t handle, pad;
};

struct drm_version {
	int major, minor, patch;
	size_t name_len;
	char *name;
	size_t date_len;
	char *date;
	size_t desc_len;
	char *desc;
};

#define DRM_VERSION _IOWR('d', 0x00, struct drm_version)
#define DRM_GEM_CLOSE _IOW('d', 0x09, struct gem_close)
#define NOUVEAU_CHANNEL_ALLOC _IOWR('d', 0x42, struct channel_alloc)
#define NOUVEAU_GEM_NEW _IOWR('d', 0x80, struct gem_new)
#define NOUVEAU_GEM_PUSHBUF _IOWR('d', 0x81, struct gem_pushbuf)
#define NOUVEAU_GEM_PREP _IOW('d', 0x82, struct gem_prep)
#define NOUVEAU_GEM_INFO _IOWR('d', 0x84, struct gem_info)

#endif
