/* SPDX-License-Identifier: MIT */
/* What a vfio-user client does to hand over memory and eventfds. */
#include "send_fds.h"

#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

bool send_fds(int to, const void *p, size_t n, const int *fds, unsigned count, int flags)
{
	union {
		char buf[CMSG_SPACE(SEND_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control = { .buf = { 0 } };
	struct iovec iov = { (void *)(uintptr_t)p, n };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (count > SEND_FDS_MAX)
		return false;
	if (count) {
		msg.msg_control = control.buf;
		msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	}
	return sendmsg(to, &msg, MSG_NOSIGNAL | flags) == (ssize_t)n;
}
