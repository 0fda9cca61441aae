/* SPDX-License-Identifier: MIT */
/* What the kernel says of a PCI device in sysfs: its driver, its IOMMU group, its reset. */
#ifndef NVT_TRANSPORT_SYSFS_H
#define NVT_TRANSPORT_SYSFS_H

#include <nvt/error.h>
#include "transport/transport.h"

struct sysfs_device {
	const char *root; /* where sysfs is mounted: "/sys"; outlives the device */
	uint16_t domain;
	uint8_t bus, dev, fn;
	char bdf[16];     /* "0000:01:00.0" */
};

/* "0000:01:00.0" or "01:00.0"; NVT_E_USAGE. Looks at nothing. */
int sysfs_parse(const char *root, const char *bdf, struct sysfs_device *ret, struct nvt_error *e);
/* NVT_E_ENV if there is no such device; the error lists NVIDIA's GPUs that are there. */
int sysfs_find(const struct sysfs_device *d, struct nvt_error *e);
/* Path of a file of the device. */
void sysfs_path(const struct sysfs_device *d, const char *file, char *ret, size_t size);
/* Text of a file without its newline; false if it cannot be read. */
bool sysfs_read(const struct sysfs_device *d, const char *file, char *ret, size_t size);
/* Last part of what a link of the device points to ("driver", "iommu_group"); false if there is no such link. */
bool sysfs_link(const struct sysfs_device *d, const char *link, char *ret, size_t size);
/* 0, or the errno of the failure. */
int sysfs_write(const struct sysfs_device *d, const char *file, const char *text);
/* Identity and BARs, from config space's copy and the resource table. NVT_E_ENV unless it is a GPU of NVIDIA's. */
int sysfs_pci_info(const struct sysfs_device *d, struct nvt_pci_info *ret, struct nvt_error *e);
/* For a register of config space that reads all ones, which no device has. */
int sysfs_fail_gone(const struct sysfs_device *d, struct nvt_error *e);

#endif
