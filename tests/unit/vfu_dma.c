/* SPDX-License-Identifier: MIT */
/* The table of a client's memory: what overlaps, what is cut, what may be reached. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vfu/dma.h"

#define RW (VFU_READ | VFU_WRITE)
#define K4 0x1000ull

/* Page i of the file begins with i. */
static int make_memory(unsigned pages)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);
	unsigned i;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)(pages * K4)), 0);
	for (i = 0; i < pages; i++)
		assert_int_equal(pwrite(fd, &(uint8_t){ (uint8_t)i }, 1, (off_t)(i * K4)), 1);
	return fd;
}

static void map_file(struct dma_table *t, int memory, uint64_t iova, uint64_t size, uint64_t off, unsigned access)
{
	int fd = dup(memory);

	assert_int_equal(dma_map(t, iova, size, off, access, &fd), 0);
	assert_int_equal(fd, -1);
}

static int byte_at(const struct dma_table *t, uint64_t addr)
{
	uint8_t b;

	return dma_rd(t, addr, &b, 1) == VFU_DMA_OK ? b : -1;
}

static void test_map(void **state)
{
	struct dma_table t = { .n = 0 };
	int memory = make_memory(16), none = -1, pipes[2];

	(void)state;
	map_file(&t, memory, 0x10000, 4 * K4, 2 * K4, RW);
	assert_int_equal(byte_at(&t, 0x10000), 2);
	assert_int_equal(byte_at(&t, 0x13000), 5);
	assert_int_equal(byte_at(&t, 0x14000), -1);
	assert_int_equal(byte_at(&t, 0xffff), -1);
	assert_int_equal(dma_map(&t, 0x13000, K4, 0, RW, &none), EEXIST);
	assert_int_equal(dma_map(&t, 0xf000, 2 * K4, 0, RW, &none), EEXIST);
	assert_int_equal(dma_map(&t, 0, 0, 0, RW, &none), EINVAL);
	assert_int_equal(dma_map(&t, 0, 0x800, 0, RW, &none), EINVAL);
	assert_int_equal(dma_map(&t, 0x800, K4, 0, RW, &none), EINVAL);
	assert_int_equal(dma_map(&t, UINT64_MAX - K4 + 1, 2 * K4, 0, RW, &none), EINVAL);
	assert_int_equal(dma_map(&t, 0, K4, UINT64_MAX, RW, &none), EINVAL);
	assert_int_equal(dma_map(&t, 0, K4, 0, 0, &none), EINVAL);
	assert_int_equal(dma_map(&t, 0, K4, 0, 8, &none), EINVAL);
	assert_int_equal(dma_map(&t, 0x100000, 17 * K4, 0, RW, &memory), EINVAL);
	assert_int_equal(dma_map(&t, 0, K4, 16 * K4, RW, &memory), EINVAL);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(dma_map(&t, 0, K4, 0, RW, &pipes[0]), EINVAL);
	close(pipes[0]);
	close(pipes[1]);
	dma_clear(&t);
	close(memory);
}

/* One descriptor is kept however often the same file is mapped, and none when nothing is mapped. */
static void test_files(void **state)
{
	struct dma_table t = { .n = 0 };
	int memory = make_memory(8), kept;
	unsigned i;

	(void)state;
	for (i = 0; i < 8; i++)
		map_file(&t, memory, i * 0x100000, K4, i * K4, RW);
	assert_int_equal(t.file_n, 1);
	assert_int_equal(t.files[0].refs, 8);
	kept = t.files[0].fd;
	assert_int_equal(dma_unmap(&t, 0, 0x200000), 0);
	assert_int_equal(t.files[0].refs, 6);
	assert_int_equal(dma_unmap(&t, 0, 1ull << 63), 0);
	assert_int_equal(t.n, 0);
	assert_int_equal(fcntl(kept, F_GETFD), -1);
	map_file(&t, memory, 0, K4, 0, RW);
	assert_int_equal(t.file_n, 1);
	dma_clear(&t);
	close(memory);
}

static void test_unmap(void **state)
{
	struct dma_table t = { .n = 0 };
	int memory = make_memory(16);

	(void)state;
	assert_int_equal(dma_unmap(&t, 0x5000, K4), 0);
	assert_int_equal(dma_unmap(&t, 0x5000, 0), EINVAL);
	map_file(&t, memory, 0x10000, 16 * K4, 0, RW);
	/* out of the middle */
	assert_int_equal(dma_unmap(&t, 0x14000, 2 * K4), 0);
	assert_int_equal(t.n, 2);
	assert_int_equal(byte_at(&t, 0x13000), 3);
	assert_int_equal(byte_at(&t, 0x14000), -1);
	assert_int_equal(byte_at(&t, 0x15000), -1);
	assert_int_equal(byte_at(&t, 0x16000), 6);
	/* both ends of a hole */
	assert_int_equal(dma_unmap(&t, 0x13000, 4 * K4), 0);
	assert_int_equal(byte_at(&t, 0x12000), 2);
	assert_int_equal(byte_at(&t, 0x13000), -1);
	assert_int_equal(byte_at(&t, 0x16000), -1);
	assert_int_equal(byte_at(&t, 0x17000), 7);
	/* what the machine's firmware does: the same range again, read-only */
	map_file(&t, memory, 0x13000, 4 * K4, 3 * K4, VFU_READ);
	assert_int_equal(byte_at(&t, 0x15000), 5);
	assert_int_equal(dma_wr(&t, 0x15000, (const uint8_t *)"x", 1), VFU_DMA_FORBIDDEN);
	dma_clear(&t);
	close(memory);
}

static void test_access(void **state)
{
	struct dma_table t = { .n = 0 };
	int memory = make_memory(4), none = -1;
	uint8_t buf[3 * K4];

	(void)state;
	map_file(&t, memory, 0x10000, K4, 3 * K4, RW);
	map_file(&t, memory, 0x11000, K4, 1 * K4, RW);
	assert_int_equal(dma_map(&t, 0x12000, K4, 0, RW, &none), 0);
	memset(buf, 0x5a, sizeof(buf));
	assert_int_equal(dma_wr(&t, 0x10ffe, buf, 4), VFU_DMA_OK);
	assert_int_equal(pread(memory, buf, 2, (off_t)(4 * K4 - 2)), 2);
	assert_memory_equal(buf, "\x5a\x5a", 2);
	assert_int_equal(pread(memory, buf, 3, K4), 3);
	assert_memory_equal(buf, "\x5a\x5a\0", 3);
	assert_int_equal(dma_rd(&t, 0x10000, buf, 2 * K4), VFU_DMA_OK);
	assert_int_equal(dma_rd(&t, 0x10000, buf, 2 * K4 + 1), VFU_DMA_UNMAPPED);
	assert_int_equal(dma_rd(&t, 0x12000, buf, 1), VFU_DMA_UNMAPPED);
	assert_int_equal(dma_rd(&t, UINT64_MAX, buf, 2), VFU_DMA_UNMAPPED);
	/* the file shrinks behind the mapping */
	assert_int_equal(ftruncate(memory, (off_t)(2 * K4)), 0);
	assert_int_equal(dma_rd(&t, 0x10000, buf, 1), VFU_DMA_FAILED);
	dma_clear(&t);
	close(memory);
}

static void test_top(void **state)
{
	struct dma_table t = { .n = 0 };
	int memory = make_memory(2);
	uint8_t b[2];

	(void)state;
	map_file(&t, memory, UINT64_MAX - K4 + 1, K4, K4, RW);
	assert_int_equal(byte_at(&t, UINT64_MAX - K4 + 1), 1);
	assert_int_equal(dma_rd(&t, UINT64_MAX, b, 1), VFU_DMA_OK);
	assert_int_equal(dma_rd(&t, UINT64_MAX, b, 2), VFU_DMA_UNMAPPED);
	assert_int_equal(dma_unmap(&t, 1ull << 63, 1ull << 63), 0);
	assert_int_equal(t.n, 0);
	dma_clear(&t);
	close(memory);
}

static void test_most(void **state)
{
	struct dma_table t = { .n = 0 };
	int none = -1;
	uint64_t i;

	(void)state;
	for (i = 0; i < VFU_MAPS_MAX; i++)
		assert_int_equal(dma_map(&t, i * 4 * K4, 3 * K4, 0, RW, &none), 0);
	assert_int_equal(dma_map(&t, i * 4 * K4, K4, 0, RW, &none), ENOSPC);
	assert_int_equal(dma_unmap(&t, K4, K4), ENOSPC);
	assert_int_equal(dma_unmap(&t, 0, 1ull << 48), 0);
	assert_int_equal(t.n, 0);
	dma_clear(&t);
}

#define HUGE_SIZE (2ull << 20)

/* Whether this machine has a huge page to spare. */
static bool has_huge_page(int fd)
{
	void *p = mmap(NULL, HUGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		return false;
	munmap(p, HUGE_SIZE);
	return true;
}

/* Files of huge pages take no write(). Without a page to spare the access fails, which is not a signal either. */
static void test_huge(void **state)
{
	struct dma_table t = { .n = 0 };
	int memory = memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB);
	uint8_t b[4] = { 1, 2, 3, 4 }, got[4] = { 0 };

	(void)state;
	if (memory < 0 || ftruncate(memory, HUGE_SIZE)) {
		print_message("no hugetlbfs on this machine\n");
		skip();
	}
	map_file(&t, memory, HUGE_SIZE, HUGE_SIZE, 0, RW);
	assert_int_equal(byte_at(&t, HUGE_SIZE + 5), 0);
	if (has_huge_page(memory)) {
		assert_int_equal(dma_wr(&t, 2 * HUGE_SIZE - 4, b, 4), VFU_DMA_OK);
		assert_int_equal(dma_rd(&t, 2 * HUGE_SIZE - 4, got, 4), VFU_DMA_OK);
		assert_memory_equal(got, b, 4);
	} else {
		print_message("no huge page to spare: only the failing write is tested\n");
		assert_int_equal(dma_wr(&t, 2 * HUGE_SIZE - 4, b, 4), VFU_DMA_FAILED);
	}
	assert_int_equal(ftruncate(memory, 0), 0);
	assert_int_equal(dma_wr(&t, HUGE_SIZE, b, 4), VFU_DMA_FAILED);
	assert_int_equal(dma_rd(&t, HUGE_SIZE, b, 4), VFU_DMA_FAILED);
	dma_clear(&t);
	close(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),    cmocka_unit_test(test_files), cmocka_unit_test(test_unmap),
		cmocka_unit_test(test_access), cmocka_unit_test(test_top),   cmocka_unit_test(test_most),
		cmocka_unit_test(test_huge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
