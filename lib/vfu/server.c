/* SPDX-License-Identifier: MIT */
/* The socket: listening, taking messages apart, replying. */
#include "vfu/conn.h"

#include "base/bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- listening ---- */

/* A socket left behind by a server that is gone refuses to connect; anything else is not ours to remove. */
static bool is_stale(const struct sockaddr_un *addr)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(addr->sun_path, &st) || !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) && errno == ECONNREFUSED;
	close(fd);
	return stale;
}

static int bind_private(int fd, const struct sockaddr_un *addr)
{
	mode_t was = umask(0177);
	int rc = bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) ? errno : 0;

	umask(was);
	return rc;
}

int vfu_listen(const char *path, int *ret_fd, struct nvt_error *e)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, rc;

	if (!path[0] || strlen(path) >= sizeof(addr.sun_path))
		return nvt_fail(e, NVT_E_USAGE, "a socket's path has 1 to %zu bytes", sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot make a socket");
	rc = bind_private(fd, &addr);
	if (rc == EADDRINUSE && is_stale(&addr) && !unlink(path))
		rc = bind_private(fd, &addr);
	if (!rc && listen(fd, 1))
		rc = errno;
	if (rc) {
		close(fd);
		return nvt_fail_errno(e, NVT_E_ENV, rc, "cannot listen on %s", path);
	}
	*ret_fd = fd;
	return 0;
}

/* ---- a connection ---- */

int vfu_new(const struct vfu_device *dev, int fd, struct vfu **ret, struct nvt_error *e)
{
	struct timeval patience = { .tv_sec = VFU_SEND_TIMEOUT_S };
	struct vfu *v = calloc(1, sizeof(*v));

	if (v) {
		v->dev = dev;
		v->fd = fd;
		irqs_init(&v->irqs);
		v->rx = malloc(VFU_MESSAGE_MAX);
		v->tx = malloc(VFU_MESSAGE_MAX);
	}
	if (!v || !v->rx || !v->tx) {
		if (!v)
			close(fd);
		vfu_free(v);
		return nvt_fail(e, NVT_E_NOMEM, "no memory for a client");
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	*ret = v;
	return 0;
}

static void close_fds(struct vfu *v)
{
	while (v->fd_count) {
		v->fd_count--;
		if (v->fds[v->fd_count] >= 0)
			close(v->fds[v->fd_count]);
	}
}

void vfu_free(struct vfu *v)
{
	if (!v)
		return;
	close_fds(v);
	dma_clear(&v->dma);
	irqs_clear(&v->irqs);
	close(v->fd);
	free(v->rx);
	free(v->tx);
	free(v);
}

int vfu_fd(const struct vfu *v)
{
	return v->fd;
}

const struct vfu_counts *vfu_counts(const struct vfu *v)
{
	return &v->counts;
}

struct vfu_header vfu_header_get(const uint8_t *p)
{
	return (struct vfu_header){ nvt_le16(p), nvt_le16(p + 2), nvt_le32(p + 4), nvt_le32(p + 8) };
}

/* ---- receiving ---- */

/* Keeps the descriptors that came with the bytes; false if there were more than a message may have. */
static bool keep_fds(struct vfu *v, struct msghdr *msg)
{
	struct cmsghdr *c;
	size_t i, n;
	int fd;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (v->fd_count < VFU_FDS_MAX)
				v->fds[v->fd_count++] = fd;
			else
				close(fd);
		}
	}
	return !(msg->msg_flags & MSG_CTRUNC);
}

enum got { GOT_ALL, GOT_PART, GOT_NOTHING_MORE, GOT_BAD };

/* Fills the message up to `want` bytes. A read never goes beyond, so descriptors stay with their message. */
static enum got receive(struct vfu *v, size_t want, struct nvt_error *e)
{
	union {
		char buf[CMSG_SPACE(VFU_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { v->rx + v->have, want - v->have };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.buf, .msg_controllen = sizeof(control.buf),
	};
	ssize_t n;

	if (v->have >= want)
		return GOT_ALL;
	n = recvmsg(v->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return GOT_PART;
	if (n < 0) {
		nvt_fail_errno(e, NVT_E_ENV, errno, "cannot read from the client");
		return GOT_BAD;
	}
	if (n == 0) {
		if (v->have)
			nvt_fail(e, NVT_E_DATA, "the client left in the middle of a message");
		return GOT_NOTHING_MORE;
	}
	v->have += (size_t)n;
	if (!keep_fds(v, &msg)) {
		nvt_fail(e, NVT_E_DATA, "a message came with more than %u descriptors", VFU_FDS_MAX);
		return GOT_BAD;
	}
	return v->have == want ? GOT_ALL : GOT_PART;
}

/* ---- replying ---- */

static bool send_all(struct vfu *v, size_t n, struct nvt_error *e)
{
	size_t at = 0;
	ssize_t k;

	while (at < n) {
		k = send(v->fd, v->tx + at, n - at, MSG_NOSIGNAL);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			nvt_fail_errno(e, NVT_E_ENV, errno, "the client takes no reply");
			return false;
		}
		at += (size_t)k;
	}
	return true;
}

static bool answer(struct vfu *v, const struct vfu_header *h, struct nvt_error *e)
{
	uint32_t n = 0;
	int rc = vfu_handle(v, h, &n);

	v->counts.messages++;
	v->counts.refused += rc != 0;
	close_fds(v);
	v->have = 0;
	if (h->flags & VFU_NO_REPLY)
		return true;
	nvt_put_le16(v->tx, h->id);
	nvt_put_le16(v->tx + 2, h->command);
	nvt_put_le32(v->tx + 4, VFU_HDR + n);
	nvt_put_le32(v->tx + 8, VFU_TYPE_REPLY | (rc ? VFU_ERROR : 0));
	nvt_put_le32(v->tx + 12, (uint32_t)rc);
	return send_all(v, VFU_HDR + n, e);
}

bool vfu_run(struct vfu *v, struct nvt_error *e)
{
	struct vfu_header h;
	enum got got;

	*e = (struct nvt_error){ .code = NVT_OK };
	got = receive(v, VFU_HDR, e);
	if (got != GOT_ALL)
		return got == GOT_PART;
	h = vfu_header_get(v->rx);
	if (h.size < VFU_HDR || h.size > VFU_MESSAGE_MAX || (h.flags & VFU_TYPE_MASK) != 0) {
		nvt_fail(e, NVT_E_DATA, "a message that is no request");
		nvt_err_seen(e, "command %u, size %u, flags 0x%x", h.command, h.size, h.flags);
		return false;
	}
	got = receive(v, h.size, e);
	if (got != GOT_ALL)
		return got == GOT_PART;
	return answer(v, &h, e);
}

/* ---- for the device ---- */

enum vfu_dma vfu_dma_rd(struct vfu *v, nvt_iova addr, uint8_t *buf, size_t n)
{
	return dma_rd(&v->dma, addr, buf, n);
}

enum vfu_dma vfu_dma_wr(struct vfu *v, nvt_iova addr, const uint8_t *buf, size_t n)
{
	return dma_wr(&v->dma, addr, buf, n);
}

bool vfu_irq_fire(struct vfu *v, enum vfu_irq_index index, unsigned vector)
{
	bool fired = vector < v->dev->irq_count[index] && irqs_fire(&v->irqs, index, vector);

	v->counts.irqs += fired;
	return fired;
}

void vfu_intx_set(struct vfu *v, bool up)
{
	irqs_intx(&v->irqs, up);
}
