/* SPDX-License-Identifier: MIT */
/* The functions of libpciaccess that pci.c calls, over a folder instead of /sys. */
#include "fake_pciaccess.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <pciaccess.h>

static struct {
	const char *root;
	struct pci_device dev;
	char bdf[16];
	bool up;
} fake;

void fake_pciaccess(const char *root)
{
	fake.root = root;
}

int fake_frames(const void *p, size_t n, nvt_iova *ret, struct nvt_error *e)
{
	size_t i;

	(void)p;
	(void)e;
	for (i = 0; i < n; i++)
		ret[i] = 0x100000000 + i / 512 * 0x800000 + i % 512 * 4096;
	return 0;
}

int fake_pin(void *p, size_t n, int *ret_fd, struct nvt_error *e)
{
	(void)p;
	(void)n;
	(void)ret_fd;
	(void)e;
	return 0;
}

static int open_file(const char *file, int flags)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/bus/pci/devices/%s/%s", fake.root, fake.bdf, file);
	return open(path, flags);
}

int pci_system_init(void)
{
	if (fake.up)
		abort(); /* the real one would leak all it knew */
	fake.up = true;
	return 0;
}

void pci_system_cleanup(void)
{
	if (!fake.up)
		abort();
	fake.up = false;
}

struct pci_device *pci_device_find_by_slot(uint32_t domain, uint32_t bus, uint32_t dev, uint32_t func)
{
	snprintf(fake.bdf, sizeof(fake.bdf), "%04x:%02x:%02x.%x", domain & 0xffff, bus & 0xff, dev & 0x1f, func & 7);
	return &fake.dev;
}

int pci_device_probe(struct pci_device *dev)
{
	static const struct pci_mem_region regions[6] = {
		[0] = { .base_addr = 0xf6000000, .size = 0x1000000 },
		[1] = { .base_addr = 0xe0000000, .size = 0x10000000 },
		[3] = { .base_addr = 0xf0000000, .size = 0x2000000 },
	};

	memcpy(dev->regions, regions, sizeof(regions));
	return 0;
}

int pci_device_map_range(struct pci_device *dev, pciaddr_t base, pciaddr_t size, unsigned flags, void **addr)
{
	char file[16];
	void *p;
	int fd, i;

	for (i = 0; i < 5 && (dev->regions[i].base_addr != base || dev->regions[i].size != size); i++)
		;
	snprintf(file, sizeof(file), "resource%d", i);
	fd = open_file(file, O_RDWR);
	if (fd < 0)
		return errno;
	if (!(flags & PCI_DEV_MAP_FLAG_WRITABLE))
		abort();
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	*addr = p;
	return p == MAP_FAILED ? errno : 0;
}

int pci_device_unmap_range(struct pci_device *dev, void *memory, pciaddr_t size)
{
	(void)dev;
	return munmap(memory, size) ? errno : 0;
}

int pci_device_cfg_read(struct pci_device *dev, void *data, pciaddr_t off, pciaddr_t size, pciaddr_t *ret)
{
	int fd = open_file("config", O_RDONLY);
	ssize_t n;

	(void)dev;
	if (fd < 0)
		return errno;
	n = pread(fd, data, size, (off_t)off);
	close(fd);
	if (n < 0)
		return errno;
	*ret = (pciaddr_t)n;
	return 0;
}

int pci_device_cfg_write(struct pci_device *dev, const void *data, pciaddr_t off, pciaddr_t size, pciaddr_t *ret)
{
	int fd = open_file("config", O_WRONLY);
	ssize_t n;

	(void)dev;
	if (fd < 0)
		return errno;
	n = pwrite(fd, data, size, (off_t)off);
	close(fd);
	if (n < 0)
		return errno;
	*ret = (pciaddr_t)n;
	return 0;
}
