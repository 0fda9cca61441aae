/* SPDX-License-Identifier: MIT */
/* A folder that looks like the part of sysfs which speaks of PCI devices. */
#ifndef TESTS_SUPPORT_SYSFS_TREE_H
#define TESTS_SUPPORT_SYSFS_TREE_H

#include <stddef.h>
#include <stdint.h>

#define TREE_GPU "0000:01:00.0"
#define TREE_BAR0_SIZE 0x1000000u
#define TREE_BAR1_SIZE 0x10000000u

struct sysfs_tree {
	char root[64];
};

/* A temporary folder with one GA102 at TREE_GPU: no driver, no IOMMU group, memory space off. */
void tree_make(struct sysfs_tree *t);
void tree_remove(struct sysfs_tree *t);
/* A file of a device; the device is made if need be. */
void tree_write(const struct sysfs_tree *t, const char *bdf, const char *file, const void *data, size_t n);
void tree_text(const struct sysfs_tree *t, const char *bdf, const char *file, const char *text);
size_t tree_read(const struct sysfs_tree *t, const char *bdf, const char *file, size_t off, void *ret, size_t n);
void tree_delete(const struct sysfs_tree *t, const char *bdf, const char *file);
/* A link whose target ends in `target`. */
void tree_link(const struct sysfs_tree *t, const char *bdf, const char *link, const char *target);
/* Identity, class and BARs, and config space that agrees with them. */
void tree_device(const struct sysfs_tree *t, const char *bdf, uint16_t vendor, uint16_t device, uint32_t class_code);
/* Two bytes of config space. */
uint16_t tree_config(const struct sysfs_tree *t, const char *bdf, size_t off);
void tree_set_config(const struct sysfs_tree *t, const char *bdf, size_t off, uint16_t val);

#endif
