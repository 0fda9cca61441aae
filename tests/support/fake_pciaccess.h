/* SPDX-License-Identifier: MIT */
/* Stands in for libpciaccess, whose own idea of where sysfs is cannot be changed. */
#ifndef TESTS_SUPPORT_FAKE_PCIACCESS_H
#define TESTS_SUPPORT_FAKE_PCIACCESS_H

/* The folder to take for /sys; kept, not copied. */
void fake_pciaccess(const char *root);

#endif
