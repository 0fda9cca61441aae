/* SPDX-License-Identifier: MIT */
/* Pinned memory: regions of 2 MiB pages, handed out whole to scattered buffers and in pieces to contiguous ones. */
#include "transport/pinned.h"

#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE NVT_DMA_PAGE
#define HUGE (2u << 20) /* x86-64's large page: contiguous, where the kernel gives one */
#define HUGE_LOG2 21
/* Regions that are looked through for a long enough run before giving up. */
#define TRIES 16
/* Documentation/admin-guide/mm/pagemap.rst */
#define PAGEMAP_PRESENT (1ull << 63)
#define PAGEMAP_PFN ((1ull << 55) - 1)

struct pinned_region {
	struct pinned_region *next;
	uint8_t *cpu;
	size_t size;
	int ring;        /* the io_uring that pins the pages, -1 if hugetlbfs pages had to do without */
	nvt_iova *pages; /* of each page */
	bool scattered;  /* one buffer has it all */
	/* Otherwise buffers come from its longest contiguous run, one behind the other. */
	size_t run_off, run_size, used;
	unsigned live;
};

/* ---- regions ---- */

static void region_free(struct pinned_region *r)
{
	if (!r)
		return;
	if (r->ring >= 0)
		close(r->ring);
	if (r->cpu)
		munmap(r->cpu, r->size);
	free(r->pages);
	free(r);
}

/* Large pages from the kernel's ordinary memory, where it has some. */
static uint8_t *map_anonymous(size_t size)
{
	uint8_t *p = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t lead;

	if (p == MAP_FAILED)
		return NULL;
	lead = (size_t)(nvt_align_up((uintptr_t)p, HUGE) - (uintptr_t)p);
	if (lead)
		munmap(p, lead);
	munmap(p + lead + size, HUGE - lead);
	madvise(p + lead, size, MADV_HUGEPAGE); /* a wish; what comes of it is looked at */
	return p + lead;
}

static bool map_hugetlb(struct pinned_region *r)
{
	void *p = mmap(NULL, r->size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | HUGE_LOG2 << MAP_HUGE_SHIFT, -1, 0);

	r->cpu = p == MAP_FAILED ? NULL : p;
	return r->cpu;
}

int pinned_pin(void *p, size_t n, int *ret_fd, struct nvt_error *e)
{
	struct iovec whole = { p, n };
	struct io_uring_params params = { 0 };
	int rc, sys, ring = (int)syscall(SYS_io_uring_setup, 1, &params);

	if (ring >= 0 && !syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &whole, 1)) {
		*ret_fd = ring;
		return 0;
	}
	sys = errno;
	if (ring >= 0)
		close(ring);
	rc = nvt_fail_errno(e, sys == ENOMEM ? NVT_E_NOMEM : NVT_E_ENV, sys,
			    "cannot pin 0x%zx bytes of memory for the device", n);
	nvt_err_hint(e, "pinning needs io_uring (`sysctl kernel.io_uring_disabled=0`) and no limit on locked memory "
			"(`ulimit -l unlimited`); without it, `sysctl vm.nr_hugepages=64` sets pages aside that stay "
			"where they are");
	return rc;
}

static int region_new(const struct pinned_pool *pool, size_t size, struct pinned_region **ret, struct nvt_error *e)
{
	struct pinned_region *r = calloc(1, sizeof(*r));
	int rc = 0;

	if (!r)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for a DMA buffer");
	r->ring = -1;
	r->size = nvt_align_up(size, HUGE);
	r->pages = calloc(r->size / PAGE, sizeof(*r->pages));
	if (!r->pages) {
		rc = nvt_fail(e, NVT_E_NOMEM, "no memory for a DMA buffer");
	} else if (map_hugetlb(r)) {
		memset(r->cpu, 0, r->size); /* they are there once they are touched */
		pool->pin(r->cpu, r->size, &r->ring, NULL);
	} else {
		r->cpu = map_anonymous(r->size);
		rc = r->cpu ? pool->pin(r->cpu, r->size, &r->ring, e)
			    : nvt_fail_errno(e, NVT_E_NOMEM, errno, "no memory for a DMA buffer");
	}
	if (!rc)
		rc = pool->frames(r->cpu, r->size / PAGE, r->pages, e);
	if (rc)
		region_free(r);
	else
		*ret = r;
	return rc;
}

int pinned_frames(const void *p, size_t n, nvt_iova *ret, struct nvt_error *e)
{
	off_t at = (off_t)((uintptr_t)p / PAGE * sizeof(*ret));
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t i;
	ssize_t got;
	int rc;

	if (fd >= 0 && sysconf(_SC_PAGESIZE) != PAGE) {
		close(fd);
		return nvt_fail(e, NVT_E_ENV, "this kernel's pages are not of 4 KiB, the device's are");
	}
	if (fd < 0)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot open /proc/self/pagemap");
	got = pread(fd, ret, n * sizeof(*ret), at);
	close(fd);
	if (got != (ssize_t)(n * sizeof(*ret)))
		return nvt_fail(e, NVT_E_ENV, "/proc/self/pagemap does not cover the buffer");
	for (i = 0; i < n; i++) {
		if (!(ret[i] & PAGEMAP_PRESENT) || !(ret[i] & PAGEMAP_PFN)) {
			rc = nvt_fail(e, NVT_E_ENV, "the kernel does not show physical addresses");
			nvt_err_hint(e, "run as root (CAP_SYS_ADMIN), or use --device vfio:, which needs none");
			return rc;
		}
		ret[i] = (ret[i] & PAGEMAP_PFN) * PAGE;
	}
	return 0;
}

/* ---- contiguous runs ---- */

static void find_run(struct pinned_region *r)
{
	size_t n = r->size / PAGE, first = 0, i;

	for (i = 1; i <= n; i++) {
		if (i < n && r->pages[i] == r->pages[i - 1] + PAGE)
			continue;
		if ((i - first) * PAGE > r->run_size) {
			r->run_off = first * PAGE;
			r->run_size = (i - first) * PAGE;
		}
		first = i;
	}
}

static bool take(struct pinned_region *r, size_t size, size_t align, struct nvt_dma *ret)
{
	nvt_iova base = r->pages[r->run_off / PAGE];
	uint64_t at = nvt_align_up(base + r->used, align) - base;

	if (r->scattered || !nvt_in_range(at, size, r->run_size))
		return false;
	r->used = (size_t)nvt_align_up(at + size, PAGE);
	r->live++;
	ret->cpu = r->cpu + r->run_off + at;
	ret->iova = base + at;
	ret->pages = NULL;
	return true;
}

static int fail_scattered(size_t size, size_t longest, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_NOMEM, "no 0x%zx contiguous bytes of physical memory", size);

	nvt_err_seen(e, "a longest run of 0x%zx bytes", longest);
	nvt_err_hint(e, "`sysctl vm.nr_hugepages=8` sets contiguous memory aside; it is best done soon after the "
			"machine has started");
	return rc;
}

/* Regions that will not do are kept until one does, or the kernel would give the same pages again. */
static int grow(struct pinned_pool *pool, size_t size, size_t align, struct nvt_dma *ret, struct nvt_error *e)
{
	struct pinned_region *r, *bad = NULL;
	size_t longest = 0;
	bool found = false;
	unsigned i;
	int rc = 0;

	for (i = 0; i < TRIES && !rc && !found; i++) {
		rc = region_new(pool, size, &r, e);
		if (rc)
			break;
		find_run(r);
		longest = r->run_size > longest ? r->run_size : longest;
		found = take(r, size, align, ret);
		r->next = found ? pool->regions : bad;
		*(found ? &pool->regions : &bad) = r;
	}
	for (; bad; bad = r) {
		r = bad->next;
		region_free(bad);
	}
	return rc || found ? rc : fail_scattered(size, longest, e);
}

/* ---- buffers ---- */

static int alloc_scattered(struct pinned_pool *pool, size_t size, struct nvt_dma *ret, struct nvt_error *e)
{
	struct pinned_region *r;
	int rc = region_new(pool, size, &r, e);

	if (rc)
		return rc;
	r->scattered = true;
	r->next = pool->regions;
	pool->regions = r;
	ret->cpu = r->cpu;
	ret->iova = r->pages[0];
	ret->pages = r->pages;
	return 0;
}

int pinned_alloc(struct pinned_pool *pool, size_t size, size_t align, enum nvt_dma_dir dir, struct nvt_dma *ret,
		 struct nvt_error *e)
{
	struct pinned_region *r;
	int rc;

	if (!size || size > SIZE_MAX / 4 || align < PAGE || align & (align - 1))
		return nvt_fail(e, NVT_E_BUG, "DMA memory of %zu bytes aligned to %zu", size, align);
	if (dir & NVT_DMA_SCATTERED && align == PAGE)
		return alloc_scattered(pool, size, ret, e);
	for (r = pool->regions; r; r = r->next)
		if (take(r, size, align, ret))
			break;
	rc = r ? 0 : grow(pool, size, align, ret, e);
	if (!rc)
		memset(ret->cpu, 0, size);
	return rc;
}

void pinned_free(struct pinned_pool *pool, const struct nvt_dma *dma)
{
	struct pinned_region **at, *r;

	for (at = &pool->regions; *at; at = &(*at)->next) {
		r = *at;
		if (dma->cpu < r->cpu || dma->cpu >= r->cpu + r->size)
			continue;
		if (r->scattered) {
			*at = r->next;
			region_free(r);
		} else if (--r->live == 0) {
			r->used = 0;
		}
		return;
	}
}

void pinned_fini(struct pinned_pool *pool)
{
	struct pinned_region *next;

	for (; pool->regions; pool->regions = next) {
		next = pool->regions->next;
		region_free(pool->regions);
	}
}
