/* SPDX-License-Identifier: MIT */
/*
 * Runs in the guest: buffers through nouveau's DRM node. Maps one, has nouveau move it between video and system memory,
 * copies and fills from a channel of its own, and compares every byte. Prints one line a check, the verdict last.
 */
#include "nouveau_uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE (128u << 10)
#define BIG (4u << 20)
#define BIG_OFF ((2u << 20) - SIZE / 2)
#define CLASS_COPY 0xc7b5u /* AMPERE_DMA_COPY_B: that of GA10x and AD10x */
#define LAUNCH_COPY 0x386u /* waits for its predecessors, flushes; pitch to pitch, by lines */
#define LAUNCH_FILL 0x586u /* the same of remapped components, one line */
#define FILL 0x5ee5f111u

struct buffer {
	uint32_t handle;
	uint64_t va;
	uint32_t *map;
	uint64_t size;
};

static int drm;
static uint32_t channel;
static unsigned checks;

static void __attribute__((format(printf, 2, 3))) check(bool ok, const char *fmt, ...)
{
	int code = errno;
	va_list ap;

	printf("BUFFERS: %s ", ok ? "ok" : "FAILED");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	if (!ok && code)
		printf(" (%s)", strerror(code));
	printf("\n");
	if (!ok) {
		printf("BUFFERS: verdict bad after %u checks\n", checks);
		exit(1);
	}
	checks++;
}

/* ---- buffers ---- */

static bool make(struct buffer *b, uint64_t size, uint32_t domains)
{
	struct gem_new req = { .info = { .size = size, .domain = domains }, .align = 4096 };
	struct gem_info info = { 0 };

	if (ioctl(drm, NOUVEAU_GEM_NEW, &req))
		return false;
	info.handle = req.info.handle;
	if (ioctl(drm, NOUVEAU_GEM_INFO, &info))
		return false;
	b->handle = info.handle;
	b->va = info.offset;
	b->size = size;
	b->map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, drm, (off_t)info.map_handle);
	return b->map != MAP_FAILED;
}

static uint32_t domain_of(const struct buffer *b)
{
	struct gem_info info = { .handle = b->handle };

	return ioctl(drm, NOUVEAU_GEM_INFO, &info) ? 0 : info.domain;
}

static bool idle(const struct buffer *b)
{
	struct gem_prep req = { b->handle, PREP_WRITE };

	return !ioctl(drm, NOUVEAU_GEM_PREP, &req);
}

static bool drop(struct buffer *b)
{
	struct gem_close req = { .handle = b->handle };

	return !munmap(b->map, b->size) && !ioctl(drm, DRM_GEM_CLOSE, &req);
}

/* A word that tells its place, different with each seed. */
static uint32_t word(uint32_t seed, uint32_t i)
{
	return (seed << 24 ^ i) * 2654435761u;
}

static void write_pattern(struct buffer *b, uint32_t seed)
{
	uint32_t i;

	for (i = 0; i < b->size / 4; i++)
		((volatile uint32_t *)b->map)[i] = word(seed, i);
}

static bool has_pattern(const struct buffer *b, uint32_t seed)
{
	uint32_t i, seen;

	for (i = 0; i < b->size / 4; i++) {
		seen = ((volatile uint32_t *)b->map)[i];
		if (seen != word(seed, i)) {
			printf("BUFFERS: word %u is %08x, not %08x\n", i, seen, word(seed, i));
			return false;
		}
	}
	return true;
}

/* ---- the channel ---- */

static bool submit(struct buffer *push, unsigned words, struct pushbuf_buffer *list, uint32_t n)
{
	struct pushbuf_push one = { .length = words * 4 };
	struct gem_pushbuf req = {
		.channel = channel,
		.nr_buffers = n,
		.buffers = (uintptr_t)list,
		.nr_push = 1,
		.push = (uintptr_t)&one,
	};

	return !ioctl(drm, NOUVEAU_GEM_PUSHBUF, &req) && idle(push);
}

static struct pushbuf_buffer entry(const struct buffer *b, uint32_t domain)
{
	return (struct pushbuf_buffer){
		.handle = b->handle, .read_domains = domain, .write_domains = domain, .valid_domains = domain
	};
}

static uint32_t header(unsigned words, uint32_t method)
{
	return 1u << 29 | words << 16 | 4u << 13 | method >> 2;
}

/* To use a buffer in a domain is to have nouveau move it there first. */
static bool move(struct buffer *push, struct buffer *b, uint32_t domain)
{
	struct pushbuf_buffer list[] = { entry(push, DOMAIN_GART), entry(b, domain) };

	push->map[0] = 0; /* does nothing */
	return submit(push, 1, list, 2) && idle(b) && domain_of(b) == domain;
}

static bool copy(struct buffer *push, struct buffer *from, uint64_t from_off, struct buffer *to, uint64_t to_off)
{
	uint64_t in = from->va + from_off, out = to->va + to_off;
	struct pushbuf_buffer list[] = { entry(push, DOMAIN_GART), entry(from, domain_of(from)),
					 entry(to, domain_of(to)) };
	const uint32_t words[] = {
		header(1, 0), CLASS_COPY,
		header(8, 0x400), (uint32_t)(in >> 32), (uint32_t)in, (uint32_t)(out >> 32), (uint32_t)out, 4096, 4096, 4096,
		SIZE / 4096,
		header(1, 0x300), LAUNCH_COPY,
	};

	memcpy(push->map, words, sizeof(words));
	return submit(push, sizeof(words) / 4, list, 3) && idle(to);
}

/* The first half of a buffer, by words of one constant. */
static bool fill(struct buffer *push, struct buffer *to)
{
	struct pushbuf_buffer list[] = { entry(push, DOMAIN_GART), entry(to, domain_of(to)) };
	const uint32_t words[] = {
		header(3, 0x700), FILL, 0, 4 | 3 << 16, /* constant A, four bytes */
		header(2, 0x408), (uint32_t)(to->va >> 32), (uint32_t)to->va,
		header(1, 0x418), SIZE / 8,
		header(1, 0x300), LAUNCH_FILL,
	};

	memcpy(push->map, words, sizeof(words));
	return submit(push, sizeof(words) / 4, list, 2) && idle(to);
}

static bool is_half_filled(const struct buffer *b, uint32_t seed)
{
	uint32_t i, seen;

	for (i = 0; i < b->size / 4; i++) {
		seen = ((volatile uint32_t *)b->map)[i];
		if (seen != (i < SIZE / 8 ? FILL : word(seed, i))) {
			printf("BUFFERS: word %u is %08x\n", i, seen);
			return false;
		}
	}
	return true;
}

static bool open_node(const char *path)
{
	char name[16] = "";
	struct drm_version v = { .name = name, .name_len = sizeof(name) - 1 };

	drm = open(path, O_RDWR | O_CLOEXEC);
	return drm >= 0 && !ioctl(drm, DRM_VERSION, &v) && !strcmp(name, "nouveau");
}

static bool open_channel(void)
{
	struct channel_alloc req = { .fb_ctxdma_handle = CHANNEL_ENGINE, .tt_ctxdma_handle = CHANNEL_ENGINE_COPY };
	int rc = ioctl(drm, NOUVEAU_CHANNEL_ALLOC, &req);

	channel = (uint32_t)req.channel;
	return !rc;
}

/* What host cannot read ends the channel, and only that. */
static int break_channel(void)
{
	struct pushbuf_buffer list[1];
	struct buffer push;

	check(make(&push, 4096, DOMAIN_GART), "a push buffer");
	push.map[0] = 0x40000000; /* no operation has this code */
	list[0] = entry(&push, DOMAIN_GART);
	submit(&push, 1, list, 1);
	check(!submit(&push, 1, list, 1), "the channel takes nothing more");
	check(open_channel(), "another channel");
	push.map[0] = 0;
	check(submit(&push, 1, list, 1), "it takes what it is given");
	printf("BUFFERS: verdict good after %u checks\n", checks);
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = "/dev/dri/renderD128";
	struct buffer a, b, big, push;

	setvbuf(stdout, NULL, _IOLBF, 0);
	check(open_node(path), "%s is nouveau's", path);
	if (argc > 1 && !strcmp(argv[1], "break"))
		return open_channel() ? break_channel() : 1;
	check(make(&a, SIZE, DOMAIN_VRAM | DOMAIN_GART) && domain_of(&a) == DOMAIN_VRAM, "a buffer in video memory");
	write_pattern(&a, 1);
	check(has_pattern(&a, 1), "what the CPU wrote to it is there");
	check(open_channel(), "a channel for copies");
	check(make(&push, 4096, DOMAIN_GART), "a push buffer in system memory");
	check(move(&push, &a, DOMAIN_GART), "moved to system memory");
	check(has_pattern(&a, 1), "it holds the same");
	write_pattern(&a, 2);
	check(move(&push, &a, DOMAIN_VRAM), "moved to video memory");
	check(has_pattern(&a, 2), "it holds what was written meanwhile");
	check(make(&b, SIZE, DOMAIN_GART), "a buffer in system memory");
	write_pattern(&b, 3);
	check(copy(&push, &a, 0, &b, 0), "copied from a channel of its own");
	check(has_pattern(&b, 2), "the copy is the same");
	check(fill(&push, &a), "half of it filled");
	check(is_half_filled(&a, 2), "that half and nothing else");
	check(make(&big, BIG, DOMAIN_VRAM), "a buffer of large pages in video memory");
	write_pattern(&b, 4);
	check(copy(&push, &b, 0, &big, BIG_OFF), "copied into it, across a large page's end");
	write_pattern(&b, 5);
	check(copy(&push, &big, BIG_OFF, &b, 0) && has_pattern(&b, 4), "and back");
	check(drop(&a) && drop(&big) && drop(&b) && drop(&push), "buffers given back");
	printf("BUFFERS: verdict good after %u checks\n", checks);
	return 0;
}
