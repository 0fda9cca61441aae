/* SPDX-License-Identifier: MIT */
/* ioctl() as VFIO would answer it. */
#include "fake_vfio.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define BAR0_AT 0x1000000ull
#define BAR1_AT 0x2000000ull
#define BAR3_AT 0x12000000ull

struct fake_vfio fake_vfio;

static int answer(int sys)
{
	errno = sys;
	return sys ? -1 : 0;
}

static void put_caps(uint8_t *raw)
{
	struct vfio_iommu_type1_info *info = (void *)raw;
	struct vfio_info_cap_header other = { .id = VFIO_IOMMU_TYPE1_INFO_CAP_MIGRATION, .version = 1, .next = 0x80 };
	struct {
		struct vfio_info_cap_header header;
		uint32_t n, reserved;
		uint64_t ranges[FAKE_VFIO_RANGES][2];
	} cap = { .header = { .id = VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, .version = 1 }, .n = fake_vfio.range_count };

	info->flags |= VFIO_IOMMU_INFO_CAPS;
	info->cap_offset = 0x40;
	if (fake_vfio.looped_caps)
		other.next = 0x40;
	memcpy(cap.ranges, fake_vfio.ranges, sizeof(cap.ranges));
	memcpy(raw + 0x40, &other, sizeof(other));
	memcpy(raw + 0x80, &cap, sizeof(cap));
}

static int get_info(uint8_t *raw)
{
	struct vfio_iommu_type1_info *info = (void *)raw;

	assert_true(info->argsz >= 0x200);
	info->flags = VFIO_IOMMU_INFO_PGSIZES;
	info->iova_pgsizes = 0xfffffffffffff000;
	if (!fake_vfio.no_caps)
		put_caps(raw);
	return 0;
}

static int map(const struct vfio_iommu_type1_dma_map *m)
{
	unsigned i;

	if (fake_vfio.map_errno)
		return answer(fake_vfio.map_errno);
	for (i = 0; i < fake_vfio.map_count; i++)
		assert_true(m->iova + m->size <= fake_vfio.maps[i].iova ||
			    fake_vfio.maps[i].iova + fake_vfio.maps[i].size <= m->iova);
	assert_true(fake_vfio.map_count < FAKE_VFIO_MAPS);
	fake_vfio.maps[i].iova = m->iova;
	fake_vfio.maps[i].size = m->size;
	fake_vfio.maps[i].vaddr = m->vaddr;
	fake_vfio.maps[i].flags = m->flags;
	fake_vfio.map_count++;
	return 0;
}

static int unmap(struct vfio_iommu_type1_dma_unmap *u)
{
	unsigned i;

	if (fake_vfio.unmap_errno)
		return answer(fake_vfio.unmap_errno);
	for (i = 0; i < fake_vfio.map_count; i++) {
		if (fake_vfio.maps[i].iova != u->iova)
			continue;
		assert_int_equal(u->size, fake_vfio.maps[i].size);
		fake_vfio.maps[i] = fake_vfio.maps[--fake_vfio.map_count];
		return 0;
	}
	return answer(EINVAL);
}

static int region_info(struct vfio_region_info *r)
{
	static const struct {
		unsigned index;
		uint64_t at, size;
	} rows[] = {
		{ VFIO_PCI_BAR0_REGION_INDEX, BAR0_AT, TREE_BAR0_SIZE },
		{ VFIO_PCI_BAR1_REGION_INDEX, BAR1_AT, TREE_BAR1_SIZE },
		{ VFIO_PCI_BAR3_REGION_INDEX, BAR3_AT, 0x2000000 },
		{ VFIO_PCI_CONFIG_REGION_INDEX, 0, 4096 },
	};
	unsigned i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].index != r->index)
			continue;
		r->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
		if (r->index != VFIO_PCI_CONFIG_REGION_INDEX && !fake_vfio.no_mmap)
			r->flags |= VFIO_REGION_INFO_FLAG_MMAP;
		r->offset = rows[i].at;
		r->size = rows[i].size;
		return 0;
	}
	return answer(EINVAL);
}

static int set_irqs(const struct vfio_irq_set *s)
{
	if (fake_vfio.irq_errno)
		return answer(fake_vfio.irq_errno);
	assert_int_equal(s->index, VFIO_PCI_MSI_IRQ_INDEX);
	assert_int_equal(s->argsz, sizeof(*s) + 4);
	memcpy(&fake_vfio.irq, (const uint8_t *)s + sizeof(*s), 4);
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	(void)fd;
	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (fake_vfio.not_vfio)
		return answer(ENOTTY);
	switch (request) {
	case VFIO_GET_API_VERSION:
		return VFIO_API_VERSION;
	case VFIO_CHECK_EXTENSION:
		return !fake_vfio.no_type1;
	case VFIO_GROUP_GET_STATUS:
		((struct vfio_group_status *)arg)->flags = fake_vfio.not_viable ? 0 : VFIO_GROUP_FLAGS_VIABLE;
		return 0;
	case VFIO_GROUP_SET_CONTAINER:
		return 0;
	case VFIO_SET_IOMMU:
		return answer(fake_vfio.set_iommu_errno);
	case VFIO_IOMMU_GET_INFO:
		return get_info(arg);
	case VFIO_IOMMU_MAP_DMA:
		return map(arg);
	case VFIO_IOMMU_UNMAP_DMA:
		return unmap(arg);
	case VFIO_GROUP_GET_DEVICE_FD:
		assert_string_equal(arg, TREE_GPU);
		return fake_vfio.no_device ? answer(ENODEV) : open(fake_vfio.file, O_RDWR);
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(arg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(arg);
	case VFIO_DEVICE_RESET:
		fake_vfio.resets++;
		return answer(fake_vfio.reset_errno);
	default:
		fail_msg("ioctl 0x%lx", request);
		return -1;
	}
}

void fake_vfio_read(uint64_t off, void *ret, size_t n)
{
	int fd = open(fake_vfio.file, O_RDONLY);

	assert_int_equal(pread(fd, ret, n, (off_t)off), n);
	close(fd);
}

static void make_file(const char *path, off_t size)
{
	int fd = open(path, O_RDWR | O_CREAT, 0644);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

void fake_vfio_make(const struct sysfs_tree *t)
{
	uint8_t config[64];
	char path[192];
	int fd;

	memset(&fake_vfio, 0, sizeof(fake_vfio));
	fake_vfio.irq = -1;
	fake_vfio.range_count = 2;
	/* As intel-iommu has it: all but the interrupt range, up to its 39 bits. Not in order. */
	memcpy(fake_vfio.ranges, (const uint64_t[][2]){ { 0xfef00000, 0x7fffffffff }, { 0, 0xfedfffff } },
	       2 * sizeof(fake_vfio.ranges[0]));
	tree_link(t, TREE_GPU, "iommu_group", "13");
	tree_link(t, TREE_GPU, "driver", "vfio-pci");
	snprintf(fake_vfio.dev, sizeof(fake_vfio.dev), "%s/dev", t->root);
	snprintf(fake_vfio.file, sizeof(fake_vfio.file), "%s/device", t->root);
	mkdir(fake_vfio.dev, 0755);
	snprintf(path, sizeof(path), "%s/vfio", fake_vfio.dev);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/vfio/vfio", fake_vfio.dev);
	make_file(path, 0);
	snprintf(path, sizeof(path), "%s/vfio/13", fake_vfio.dev);
	make_file(path, 0);
	make_file(fake_vfio.file, (off_t)(BAR3_AT + 0x2000000));
	tree_read(t, TREE_GPU, "config", 0, config, sizeof(config));
	fd = open(fake_vfio.file, O_WRONLY);
	assert_int_equal(write(fd, config, sizeof(config)), sizeof(config));
	close(fd);
}
