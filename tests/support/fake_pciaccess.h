/* SPDX-License-Identifier: MIT */
/* Stands in for libpciaccess, whose own idea of where sysfs is cannot be changed, and for physical memory. */
#ifndef TESTS_SUPPORT_FAKE_PCIACCESS_H
#define TESTS_SUPPORT_FAKE_PCIACCESS_H

#include "transport/pinned.h"

/* The folder to take for /sys; kept, not copied. */
void fake_pciaccess(const char *root);
/* For pci_opts. Every other large page lies apart, and within it addresses are contiguous; nothing is pinned. */
int fake_frames(const void *p, size_t n, nvt_iova *ret, struct nvt_error *e);
int fake_pin(void *p, size_t n, int *ret_fd, struct nvt_error *e);

#endif
