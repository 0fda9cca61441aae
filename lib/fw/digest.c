/* SPDX-License-Identifier: MIT */
/* SHA-256 and SHA-384, the one place that knows nettle; CRC-32. */
#include <nvt/fw.h>

#include <nettle/sha2.h>

#include <string.h>
#include <zlib.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct nvt_sha256_ctx), "nettle's context fits");

void nvt_sha256_init(struct nvt_sha256_ctx *c)
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	memcpy(c->opaque, &ctx, sizeof(ctx));
}

void nvt_sha256_update(struct nvt_sha256_ctx *c, struct nvt_bytes data)
{
	struct sha256_ctx ctx;

	if (!data.n)
		return;
	memcpy(&ctx, c->opaque, sizeof(ctx));
	sha256_update(&ctx, data.n, data.p);
	memcpy(c->opaque, &ctx, sizeof(ctx));
}

void nvt_sha256_final(struct nvt_sha256_ctx *c, struct nvt_sha256 *ret)
{
	struct sha256_ctx ctx;

	memcpy(&ctx, c->opaque, sizeof(ctx));
	sha256_digest(&ctx, sizeof(ret->b), ret->b);
	memcpy(c->opaque, &ctx, sizeof(ctx));
}

void nvt_sha256(struct nvt_bytes data, struct nvt_sha256 *ret)
{
	struct nvt_sha256_ctx c;

	nvt_sha256_init(&c);
	nvt_sha256_update(&c, data);
	nvt_sha256_final(&c, ret);
}

bool nvt_sha256_equal(const struct nvt_sha256 *a, const struct nvt_sha256 *b)
{
	return !memcmp(a->b, b->b, sizeof(a->b));
}

void nvt_sha256_hex(const struct nvt_sha256 *d, char ret[65])
{
	static const char digits[] = "0123456789abcdef";
	unsigned i;

	for (i = 0; i < sizeof(d->b); i++) {
		ret[2 * i] = digits[d->b[i] >> 4];
		ret[2 * i + 1] = digits[d->b[i] & 0xf];
	}
	ret[64] = '\0';
}

void nvt_sha384(struct nvt_bytes data, struct nvt_sha384 *ret)
{
	struct sha512_ctx ctx;

	sha384_init(&ctx);
	if (data.n)
		sha384_update(&ctx, data.n, data.p);
	sha384_digest(&ctx, sizeof(ret->b), ret->b);
}

uint32_t nvt_crc32(struct nvt_bytes data)
{
	return (uint32_t)crc32_z(0, data.p, data.n);
}
