/* SPDX-License-Identifier: MIT */
/* Reads a PCI device's folder in sysfs. */
#include "transport/sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VENDOR_NVIDIA 0x10de
#define CLASS_DISPLAY 0x03 /* upper byte of the class code */
#define IORESOURCE_MEM 0x200 /* linux/ioport.h */
#define PATH_SIZE 512

int sysfs_parse(const char *root, const char *bdf, struct sysfs_device *ret, struct nvt_error *e)
{
	unsigned domain = 0, bus = 0, dev = 0, fn = 0;
	/* sscanf alone would take blanks and signs */
	bool clean = !bdf[strspn(bdf, "0123456789abcdefABCDEF:.")];
	int end = -1, rc;

	if (clean && (sscanf(bdf, "%4x:%2x:%2x.%1x%n", &domain, &bus, &dev, &fn, &end) != 4 || bdf[end])) {
		domain = 0;
		end = -1;
		if (sscanf(bdf, "%2x:%2x.%1x%n", &bus, &dev, &fn, &end) == 3 && bdf[end])
			end = -1;
	}
	if (end < 0 || dev > 31 || fn > 7) {
		rc = nvt_fail(e, NVT_E_USAGE, "\"%s\" is not the address of a PCI device", bdf);
		nvt_err_wanted(e, "DOMAIN:BUS:DEVICE.FUNCTION, for example 0000:01:00.0");
		return rc;
	}
	*ret = (struct sysfs_device){ root, (uint16_t)domain, (uint8_t)bus, (uint8_t)dev, (uint8_t)fn, "" };
	snprintf(ret->bdf, sizeof(ret->bdf), "%04x:%02x:%02x.%x", domain & 0xffff, bus & 0xff, dev, fn);
	return 0;
}

void sysfs_path(const struct sysfs_device *d, const char *file, char *ret, size_t size)
{
	snprintf(ret, size, "%s/bus/pci/devices/%s%s%s", d->root, d->bdf, *file ? "/" : "", file);
}

bool sysfs_read(const struct sysfs_device *d, const char *file, char *ret, size_t size)
{
	char path[PATH_SIZE];
	ssize_t n;
	int fd;

	sysfs_path(d, file, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, ret, size - 1);
	close(fd);
	if (n < 0)
		return false;
	ret[n] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	return true;
}

bool sysfs_link(const struct sysfs_device *d, const char *link, char *ret, size_t size)
{
	char path[PATH_SIZE], target[PATH_SIZE];
	const char *last;
	ssize_t n;

	sysfs_path(d, link, path, sizeof(path));
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	last = strrchr(target, '/');
	snprintf(ret, size, "%s", last ? last + 1 : target);
	return true;
}

int sysfs_write(const struct sysfs_device *d, const char *file, const char *text)
{
	char path[PATH_SIZE];
	int fd, rc = 0;

	sysfs_path(d, file, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = errno;
	close(fd);
	return rc;
}

static bool read_hex(const struct sysfs_device *d, const char *file, uint32_t *ret)
{
	char text[32], *end;
	unsigned long v;

	if (!sysfs_read(d, file, text, sizeof(text)))
		return false;
	v = strtoul(text, &end, 16);
	*ret = (uint32_t)v;
	return end != text && !*end;
}

static bool is_gpu(const struct sysfs_device *d)
{
	uint32_t vendor, class_code;

	return read_hex(d, "vendor", &vendor) && vendor == VENDOR_NVIDIA && read_hex(d, "class", &class_code) &&
	       class_code >> 16 == CLASS_DISPLAY;
}

/* "none", or the addresses of those that fit. */
static void list_gpus(const char *root, char *ret, size_t size)
{
	char path[PATH_SIZE];
	struct sysfs_device d;
	struct dirent *ent;
	size_t n = 0;
	DIR *dir;

	snprintf(ret, size, "none");
	snprintf(path, sizeof(path), "%s/bus/pci/devices", root);
	dir = opendir(path);
	if (!dir)
		return;
	while ((ent = readdir(dir)) && n < size) {
		if (ent->d_name[0] != '.' && !sysfs_parse(root, ent->d_name, &d, NULL) && is_gpu(&d))
			n += (size_t)snprintf(ret + n, size - n, "%s%s", n ? ", " : "", d.bdf);
	}
	closedir(dir);
}

static void hint_gpus(const struct sysfs_device *d, struct nvt_error *e)
{
	char known[120];

	list_gpus(d->root, known, sizeof(known));
	nvt_err_hint(e, "NVIDIA GPUs in this machine: %s", known);
}

int sysfs_find(const struct sysfs_device *d, struct nvt_error *e)
{
	char path[PATH_SIZE];
	int rc;

	sysfs_path(d, "", path, sizeof(path));
	if (!access(path, F_OK))
		return 0;
	rc = nvt_fail(e, NVT_E_ENV, "there is no PCI device %s", d->bdf);
	hint_gpus(d, e);
	return rc;
}

static int fail_no_gpu(const struct sysfs_device *d, const struct nvt_pci_info *p, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_ENV, "PCI device %s is not a GPU of NVIDIA's", d->bdf);

	nvt_err_seen(e, "%04x:%04x, class %06" PRIx32, p->vendor, p->device, p->class_code);
	nvt_err_wanted(e, "vendor 10de, class 03xxxx");
	hint_gpus(d, e);
	return rc;
}

/* One line for each BAR: start, end, flags. A 64-bit BAR leaves the next line empty. */
static void parse_resources(const char *text, struct nvt_pci_info *p)
{
	uint64_t start, last, flags;
	unsigned i;

	for (i = 0; i < NVT_BAR_COUNT && text; i++) {
		if (sscanf(text, "%" SCNx64 " %" SCNx64 " %" SCNx64, &start, &last, &flags) != 3)
			return;
		if (flags & IORESOURCE_MEM && last > start) {
			p->bar[i].addr = start;
			p->bar[i].size = last - start + 1;
		}
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
}

static int read_resources(const struct sysfs_device *d, struct nvt_pci_info *p, struct nvt_error *e)
{
	char path[PATH_SIZE], text[1024];
	size_t n;
	FILE *f;
	int rc;

	sysfs_path(d, "resource", path, sizeof(path));
	f = fopen(path, "re");
	if (!f)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot read %s", path);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	parse_resources(text, p);
	if (p->bar[0].size)
		return 0;
	rc = nvt_fail(e, NVT_E_ENV, "PCI device %s has no BAR0", d->bdf);
	nvt_err_hint(e, "the machine's firmware found no room for it; `echo 1 > %s/bus/pci/devices/%s/remove`, then "
			"`echo 1 > %s/bus/pci/rescan` has the kernel try again", d->root, d->bdf, d->root);
	return rc;
}

int sysfs_pci_info(const struct sysfs_device *d, struct nvt_pci_info *ret, struct nvt_error *e)
{
	struct nvt_pci_info p = { .domain = d->domain, .bus = d->bus, .dev = d->dev, .fn = d->fn };
	uint32_t vendor, device, subvendor = 0, subdevice = 0, class_code, revision = 0, boot_vga = 0;
	int rc;

	if (!read_hex(d, "vendor", &vendor) || !read_hex(d, "device", &device) ||
	    !read_hex(d, "class", &class_code))
		return nvt_fail(e, NVT_E_ENV, "sysfs does not say what PCI device %s is", d->bdf);
	read_hex(d, "subsystem_vendor", &subvendor);
	read_hex(d, "subsystem_device", &subdevice);
	read_hex(d, "revision", &revision);
	read_hex(d, "boot_vga", &boot_vga);
	p.vendor = (uint16_t)vendor;
	p.device = (uint16_t)device;
	p.subvendor = (uint16_t)subvendor;
	p.subdevice = (uint16_t)subdevice;
	p.class_code = class_code;
	p.revision = (uint8_t)revision;
	p.boot_vga = boot_vga == 1;
	if (!is_gpu(d))
		return fail_no_gpu(d, &p, e);
	rc = read_resources(d, &p, e);
	if (!rc)
		*ret = p;
	return rc;
}

int sysfs_fail_gone(const struct sysfs_device *d, struct nvt_error *e)
{
	return nvt_fail(e, NVT_E_DEVICE, "device fell off the bus: config space of %s reads all ones", d->bdf);
}
