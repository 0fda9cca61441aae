/* SPDX-License-Identifier: MIT */
/* A sorted array of intervals, and the files behind them. */
#include "vfu/dma.h"

#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PAGE 4096u

/* ---- files ---- */

static int find_file(const struct dma_table *t, const struct stat *st, int mode)
{
	unsigned i;

	for (i = 0; i < t->file_n; i++)
		if (t->files[i].refs && t->files[i].dev == st->st_dev && t->files[i].ino == st->st_ino &&
		    t->files[i].mode == mode)
			return (int)i;
	return -1;
}

static int free_slot(struct dma_table *t)
{
	struct dma_file *files;
	unsigned i;

	for (i = 0; i < t->file_n; i++)
		if (!t->files[i].refs)
			return (int)i;
	files = realloc(t->files, (t->file_n + 1) * sizeof(*files));
	if (!files)
		return -1;
	t->files = files;
	t->files[t->file_n] = (struct dma_file){ .fd = -1 };
	return (int)t->file_n++;
}

static void put_file(struct dma_table *t, int file)
{
	if (file < 0 || --t->files[file].refs)
		return;
	close(t->files[file].fd);
	if (t->files[file].huge)
		munmap(t->files[file].huge, t->files[file].huge_size);
	t->files[file] = (struct dma_file){ .fd = -1 };
}

/* Maps a file of huge pages up to `size`, without asking for pages that the client has not touched. */
static int map_huge(struct dma_file *f, uint64_t size)
{
	int prot = f->mode == O_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE;
	struct statfs fs;
	void *p;

	if (f->huge_size >= size || fstatfs(f->fd, &fs) || (unsigned long)fs.f_type != HUGETLBFS_MAGIC)
		return 0;
	p = mmap(NULL, size, prot, MAP_SHARED | MAP_NORESERVE, f->fd, 0);
	if (p == MAP_FAILED)
		return errno;
	if (f->huge)
		munmap(f->huge, f->huge_size);
	f->huge = p;
	f->huge_size = size;
	return 0;
}

/* The file of *fd with one reference more. Only a regular file can be read at an offset. */
static int get_file(struct dma_table *t, int *fd, uint64_t off, uint64_t size, int *ret)
{
	struct stat st;
	int mode = fcntl(*fd, F_GETFL), i;

	if (mode < 0 || fstat(*fd, &st))
		return errno;
	mode &= O_ACCMODE;
	if (!S_ISREG(st.st_mode) || st.st_size < 0 || off > (uint64_t)st.st_size ||
	    size > (uint64_t)st.st_size - off)
		return EINVAL;
	i = find_file(t, &st, mode);
	if (i < 0) {
		i = free_slot(t);
		if (i < 0)
			return ENOMEM;
		t->files[i] = (struct dma_file){ .fd = *fd, .mode = mode, .dev = st.st_dev, .ino = st.st_ino };
	} else {
		close(*fd);
	}
	*fd = -1;
	t->files[i].refs++;
	*ret = i;
	i = map_huge(&t->files[i], (uint64_t)st.st_size);
	if (i)
		put_file(t, *ret);
	return i;
}

/* ---- intervals ---- */

/* Index of the first interval that ends at or above addr. */
static unsigned lower(const struct dma_table *t, uint64_t addr)
{
	unsigned lo = 0, hi = t->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (t->maps[mid].last < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int reserve(struct dma_table *t)
{
	unsigned cap = t->cap ? 2 * t->cap : 64;
	struct dma_map *maps;

	if (t->n == VFU_MAPS_MAX)
		return ENOSPC;
	if (t->n < t->cap)
		return 0;
	maps = realloc(t->maps, cap * sizeof(*maps));
	if (!maps)
		return ENOMEM;
	t->maps = maps;
	t->cap = cap;
	return 0;
}

static void insert(struct dma_table *t, unsigned at, struct dma_map m)
{
	memmove(&t->maps[at + 1], &t->maps[at], (t->n - at) * sizeof(*t->maps));
	t->maps[at] = m;
	t->n++;
}

static void drop(struct dma_table *t, unsigned at)
{
	put_file(t, t->maps[at].file);
	t->n--;
	memmove(&t->maps[at], &t->maps[at + 1], (t->n - at) * sizeof(*t->maps));
}

static bool is_interval(uint64_t iova, uint64_t size)
{
	return size && iova % PAGE == 0 && size % PAGE == 0 && iova + (size - 1) >= iova;
}

int dma_map(struct dma_table *t, uint64_t iova, uint64_t size, uint64_t off, unsigned access, int *fd)
{
	struct dma_map m = { iova, iova + (size - 1), off, access, -1 };
	unsigned at;
	int rc;

	if (!is_interval(iova, size) || off + size < off || !(access & (VFU_READ | VFU_WRITE)) ||
	    access & ~(unsigned)(VFU_READ | VFU_WRITE))
		return EINVAL;
	at = lower(t, iova);
	if (at < t->n && t->maps[at].first <= m.last)
		return EEXIST;
	rc = reserve(t);
	if (!rc && *fd >= 0)
		rc = get_file(t, fd, off, size, &m.file);
	if (!rc)
		insert(t, at, m);
	return rc;
}

/* Cuts [first, last] out of the middle of an interval: it becomes two. */
static int split(struct dma_table *t, unsigned at, uint64_t first, uint64_t last)
{
	struct dma_map upper = t->maps[at];
	int rc = reserve(t);

	if (rc)
		return rc;
	upper.off += last + 1 - upper.first;
	upper.first = last + 1;
	t->maps[at].last = first - 1;
	if (upper.file >= 0)
		t->files[upper.file].refs++;
	insert(t, at + 1, upper);
	return 0;
}

int dma_unmap(struct dma_table *t, uint64_t iova, uint64_t size)
{
	uint64_t last = iova + (size - 1);
	struct dma_map *m;
	unsigned at;

	if (!is_interval(iova, size))
		return EINVAL;
	for (at = lower(t, iova); at < t->n && t->maps[at].first <= last;) {
		m = &t->maps[at];
		if (m->first < iova && m->last > last)
			return split(t, at, iova, last);
		if (m->first >= iova && m->last <= last) {
			drop(t, at);
		} else if (m->first < iova) {
			m->last = iova - 1;
			at++;
		} else {
			m->off += last + 1 - m->first;
			m->first = last + 1;
			at++;
		}
	}
	return 0;
}

/* ---- access ---- */

/* Copied by the kernel: memory that the client took away is an error and not a signal. */
static ssize_t write_huge(const struct dma_file *f, uint64_t off, const uint8_t *buf, size_t n)
{
	struct iovec from = { (void *)(uintptr_t)buf, n }, to = { f->huge + off, n };

	if (!nvt_in_range(off, n, f->huge_size)) {
		errno = EFAULT;
		return -1;
	}
	return process_vm_writev(getpid(), &from, 1, &to, 1, 0);
}

static ssize_t transfer_once(const struct dma_file *f, uint64_t off, uint8_t *buf, size_t n, bool write)
{
	if (write && f->huge)
		return write_huge(f, off, buf, n);
	return write ? pwrite(f->fd, buf, n, (off_t)off) : pread(f->fd, buf, n, (off_t)off);
}

static bool transfer(const struct dma_file *f, uint64_t off, uint8_t *buf, size_t n, bool write)
{
	ssize_t k;

	for (; n; off += (uint64_t)k, buf += k, n -= (size_t)k) {
		do
			k = transfer_once(f, off, buf, n, write);
		while (k < 0 && errno == EINTR);
		if (k <= 0)
			return false;
	}
	return true;
}

static enum vfu_dma reach(const struct dma_table *t, uint64_t addr, uint8_t *buf, size_t n, unsigned access)
{
	const struct dma_map *m;
	uint64_t left;
	unsigned at;
	size_t k;

	for (; n; addr += k, buf += k, n -= k) {
		at = lower(t, addr);
		if (at == t->n || t->maps[at].first > addr || t->maps[at].file < 0)
			return VFU_DMA_UNMAPPED;
		m = &t->maps[at];
		if (!(m->access & access))
			return VFU_DMA_FORBIDDEN;
		left = m->last - addr;
		k = n - 1 < left ? n : (size_t)left + 1;
		if (!transfer(&t->files[m->file], m->off + (addr - m->first), buf, k, access == VFU_WRITE))
			return VFU_DMA_FAILED;
		if (addr + k < addr && n > k)
			return VFU_DMA_UNMAPPED;
	}
	return VFU_DMA_OK;
}

enum vfu_dma dma_rd(const struct dma_table *t, uint64_t addr, uint8_t *buf, size_t n)
{
	return reach(t, addr, buf, n, VFU_READ);
}

enum vfu_dma dma_wr(const struct dma_table *t, uint64_t addr, const uint8_t *buf, size_t n)
{
	return reach(t, addr, (uint8_t *)(uintptr_t)buf, n, VFU_WRITE);
}

void dma_clear(struct dma_table *t)
{
	while (t->n)
		drop(t, t->n - 1);
	free(t->maps);
	free(t->files);
	*t = (struct dma_table){ NULL, 0, 0, NULL, 0 };
}
