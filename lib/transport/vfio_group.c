/* SPDX-License-Identifier: MIT */
/* The way in: the GPU's IOMMU group and its container, what keeps others from them, what the IOMMU translates. */
#include "transport/vfio_group.h"

#include "base/bytes.h"
#include "transport/transport.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define RANGE_BYTES ((uint32_t)sizeof(struct vfio_iova_range))
#define INFO_BYTES 4096 /* of VFIO_IOMMU_GET_INFO: a capability list of a few entries */
/* What a kernel without a list of ranges (before 5.4) is sure to translate: 39 bits, the least of VT-d and AMD-Vi. */
#define IOVA_LAST ((1ull << 39) - 1)
/* Writes to these addresses are interrupts on x86, which the list leaves out. */
#define MSI_FIRST 0xfee00000ull
#define MSI_LAST 0xfeefffffull

/* ---- may we? ---- */

static int check_driver(const struct sysfs_device *d, struct nvt_error *e)
{
	char driver[64] = "no driver";
	bool bound = sysfs_link(d, "driver", driver, sizeof(driver));
	int rc;

	if (bound && !strcmp(driver, "vfio-pci"))
		return 0;
	rc = nvt_fail(e, NVT_E_ENV, "%s is not bound to vfio-pci", d->bdf);
	nvt_err_seen(e, "%s", driver);
	nvt_err_wanted(e, "vfio-pci");
	nvt_err_hint(e, "as root: modprobe vfio-pci; cd %s/bus/pci/devices/%s; echo vfio-pci >driver_override; "
		     "%s%s%secho %s >%s/bus/pci/drivers_probe", d->root, d->bdf, bound ? "echo " : "",
		     bound ? d->bdf : "", bound ? " >driver/unbind; " : "", d->bdf, d->root);
	return rc;
}

static int find_group(const struct sysfs_device *d, char *ret, size_t size, struct nvt_error *e)
{
	int rc;

	if (sysfs_link(d, "iommu_group", ret, size))
		return 0;
	rc = nvt_fail(e, NVT_E_ENV, "no IOMMU translates for %s: it is in no IOMMU group", d->bdf);
	nvt_err_hint(e, "switch VT-d or AMD-Vi on in the machine's setup and start Linux with intel_iommu=on or "
			"amd_iommu=on; or work without IOMMU, with --device pci:%s", d->bdf);
	return rc;
}

/* The hint of a file of /dev/vfio that does not open. */
static int fail_open(const char *path, int sys, struct nvt_error *e)
{
	int rc = nvt_fail_errno(e, NVT_E_ENV, sys, "cannot open %s", path);

	if (sys == EACCES || sys == EPERM)
		nvt_err_hint(e, "run as root, or have root give you the file: `chown $USER %s`", path);
	else if (sys == EBUSY)
		nvt_err_hint(e, "another process has the device, for example a virtual machine: `fuser %s` says which",
			     path);
	else if (sys == ENOENT || sys == ENODEV)
		nvt_err_hint(e, "`modprobe vfio-pci` as root; a kernel that has only /dev/vfio/devices lacks "
				"CONFIG_VFIO_GROUP");
	return rc;
}

static int open_file(const char *dev_root, const char *name, int *ret, struct nvt_error *e)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/vfio/%s", dev_root, name);
	*ret = open(path, O_RDWR | O_CLOEXEC);
	return *ret < 0 ? fail_open(path, errno, e) : 0;
}

/* The devices of the group that keep it from us: "0000:01:00.1 (snd_hda_intel)". */
static void list_blockers(const struct sysfs_device *d, char *ret, size_t size)
{
	struct sysfs_device other;
	char path[512], driver[64];
	struct dirent *ent;
	size_t n = 0;
	DIR *dir;

	*ret = '\0';
	sysfs_path(d, "iommu_group/devices", path, sizeof(path));
	dir = opendir(path);
	if (!dir)
		return;
	while ((ent = readdir(dir)) && n < size) {
		if (ent->d_name[0] == '.' || sysfs_parse(d->root, ent->d_name, &other, NULL) ||
		    !sysfs_link(&other, "driver", driver, sizeof(driver)) || !strcmp(driver, "vfio-pci") ||
		    !strcmp(driver, "pcieport"))
			continue;
		n += (size_t)snprintf(ret + n, size - n, "%s%s (%s)", n ? ", " : "", other.bdf, driver);
	}
	closedir(dir);
}

static int check_group(const struct sysfs_device *d, const struct vfio_group *g, const char *group,
		       struct nvt_error *e)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char blockers[96];
	int rc;

	if (ioctl(g->fd, VFIO_GROUP_GET_STATUS, &status))
		return nvt_fail_errno(e, NVT_E_ENV, errno, "/dev/vfio/%s is no VFIO group", group);
	if (status.flags & VFIO_GROUP_FLAGS_VIABLE)
		return 0;
	list_blockers(d, blockers, sizeof(blockers));
	rc = nvt_fail(e, NVT_E_ENV, "IOMMU group %s holds devices that kernel drivers use", group);
	nvt_err_seen(e, "%s", blockers);
	nvt_err_hint(e, "bind every device of the group to vfio-pci, or to no driver: they can reach each other's "
			"memory");
	return rc;
}

static int open_container(const char *dev_root, struct vfio_group *g, struct nvt_error *e)
{
	int rc = open_file(dev_root, "vfio", &g->container, e);

	if (rc)
		return rc;
	if (ioctl(g->container, VFIO_GET_API_VERSION) != VFIO_API_VERSION ||
	    ioctl(g->container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) != 1) {
		rc = nvt_fail(e, NVT_E_ENV, "the kernel's VFIO has no type 1 IOMMU, version 2");
		nvt_err_hint(e, "`modprobe vfio_iommu_type1` as root");
	}
	return rc;
}

int vfio_group_open(struct vfio_group *g, const struct sysfs_device *d, const char *dev_root, struct nvt_error *e)
{
	char group[32];
	int rc = find_group(d, group, sizeof(group), e);

	if (!rc)
		rc = check_driver(d, e);
	if (!rc)
		rc = open_container(dev_root, g, e);
	if (!rc)
		rc = open_file(dev_root, group, &g->fd, e);
	if (!rc)
		rc = check_group(d, g, group, e);
	if (rc)
		return rc;
	if (ioctl(g->fd, VFIO_GROUP_SET_CONTAINER, &g->container) ||
	    ioctl(g->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU)) {
		rc = nvt_fail_errno(e, NVT_E_ENV, errno, "cannot put IOMMU group %s to work", group);
		nvt_err_hint(e, "the kernel's log says why; without interrupt remapping it takes vfio_iommu_type1's "
				"allow_unsafe_interrupts=1");
	}
	return rc;
}

/* ---- what the IOMMU translates ---- */

/* info is of INFO_BYTES, filled by the kernel. */
static unsigned find_ranges(const uint8_t *info, struct iova_range *ret, unsigned room)
{
	const struct vfio_iommu_type1_info *head = (const void *)info;
	struct vfio_iommu_type1_info_cap_iova_range cap;
	uint32_t at = head->flags & VFIO_IOMMU_INFO_CAPS ? head->cap_offset : 0, seen;
	unsigned i;

	/* a chain of offsets, which a bound on its length keeps from turning in circles */
	for (seen = 0; at && seen < 32 && nvt_in_range(at, sizeof(cap), INFO_BYTES); seen++, at = cap.header.next) {
		memcpy(&cap, info + at, sizeof(cap));
		if (cap.header.id != VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE)
			continue;
		at += (uint32_t)sizeof(cap);
		for (i = 0; i < cap.nr_iovas && i < room &&
			    nvt_in_range(at, RANGE_BYTES, INFO_BYTES); i++, at += RANGE_BYTES)
			memcpy(&ret[i], info + at, RANGE_BYTES); /* first and last, as the kernel has them */
		return i;
	}
	return 0;
}

int vfio_group_iommu(const struct vfio_group *g, struct iova_space *ret_space, uint64_t *ret_page, struct nvt_error *e)
{
	_Alignas(8) uint8_t raw[INFO_BYTES] = { 0 };
	struct vfio_iommu_type1_info *info = (void *)raw;
	struct iova_range ranges[16] = { { 0, MSI_FIRST - 1 }, { MSI_LAST + 1, IOVA_LAST } };
	unsigned n;

	info->argsz = sizeof(raw);
	if (ioctl(g->container, VFIO_IOMMU_GET_INFO, info))
		return nvt_fail_errno(e, NVT_E_ENV, errno, "the IOMMU does not say what it translates");
	n = find_ranges(raw, ranges, NVT_ARRAY_SIZE(ranges));
	if (!iova_init(ret_space, ranges, n ? n : 2))
		return nvt_fail(e, NVT_E_NOMEM, "no memory for a list of bus addresses");
	*ret_page = info->flags & VFIO_IOMMU_INFO_PGSIZES ? info->iova_pgsizes & -info->iova_pgsizes : 0;
	if (*ret_page < NVT_DMA_PAGE)
		*ret_page = NVT_DMA_PAGE;
	return 0;
}

void vfio_group_close(struct vfio_group *g)
{
	if (g->fd >= 0)
		close(g->fd);
	if (g->container >= 0)
		close(g->container);
}
