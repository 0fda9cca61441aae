/* SPDX-License-Identifier: MIT */
/* Messages with file descriptors over a Unix socket. */
#ifndef TESTS_SUPPORT_SEND_FDS_H
#define TESTS_SUPPORT_SEND_FDS_H

#include <stdbool.h>
#include <stddef.h>

#define SEND_FDS_MAX 64

/* One sendmsg() with these flags besides MSG_NOSIGNAL; false unless all n bytes went. */
bool send_fds(int to, const void *p, size_t n, const int *fds, unsigned count, int flags);

#endif
