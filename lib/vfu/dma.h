/* SPDX-License-Identifier: MIT */
/* The client's memory: disjoint intervals of bus addresses, each a piece of a file or of nothing. */
#ifndef NVT_VFU_DMA_H
#define NVT_VFU_DMA_H

#include "vfu/vfu.h"

#include <sys/types.h>

/* Clients send a new descriptor of the same file with each mapping; one is kept. */
struct dma_file {
	int fd; /* -1: free */
	int mode; /* O_ACCMODE bits */
	dev_t dev;
	ino_t ino;
	unsigned refs;
	uint8_t *huge;      /* hugetlbfs: mapped, since such files take no write(); NULL else */
	uint64_t huge_size;
};

struct dma_map {
	uint64_t first, last; /* bus addresses, inclusive */
	uint64_t off;         /* of `first` in the file */
	unsigned access;      /* VFU_READ | VFU_WRITE */
	int file;             /* index; -1: mapped without a descriptor */
};

struct dma_table {
	struct dma_map *maps; /* by address */
	unsigned n, cap;
	struct dma_file *files;
	unsigned file_n;
};

/* Takes *fd when it succeeds and sets it to -1; *fd may be -1. These return 0 or an errno. */
int dma_map(struct dma_table *t, uint64_t iova, uint64_t size, uint64_t off, unsigned access, int *fd);
/* Removes whatever of the interval is mapped, which may be nothing; cuts mappings that reach beyond it. */
int dma_unmap(struct dma_table *t, uint64_t iova, uint64_t size);
enum vfu_dma dma_rd(const struct dma_table *t, uint64_t addr, uint8_t *buf, size_t n);
enum vfu_dma dma_wr(const struct dma_table *t, uint64_t addr, const uint8_t *buf, size_t n);
void dma_clear(struct dma_table *t);

#endif
