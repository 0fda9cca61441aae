/* SPDX-License-Identifier: MIT */
/* What writer and reader of captures share: block types, options, and the header before each message. */
#ifndef NVT_TRACE_PCAPNG_H
#define NVT_TRACE_PCAPNG_H

/* draft-ietf-opsawg-pcapng: block types, option codes, and the registry's link type for private use. */
enum {
	PCAPNG_SECTION = 0x0a0d0d0a, PCAPNG_INTERFACE = 1, PCAPNG_SIMPLE = 3, PCAPNG_PACKET = 6,
	PCAPNG_BYTE_ORDER = 0x1a2b3c4d,
	PCAPNG_MAJOR = 1,
	PCAPNG_LINKTYPE_USER0 = 147,
	PCAPNG_BLOCK_MIN = 12, /* type, length, length again */
	PCAPNG_OPT_END = 0, PCAPNG_OPT_USERAPPL = 4, PCAPNG_OPT_IF_NAME = 2, PCAPNG_OPT_IF_TSRESOL = 9,
	PCAPNG_OPT_EPB_FLAGS = 2,
	PCAPNG_INBOUND = 1, PCAPNG_OUTBOUND = 2, /* of EPB_FLAGS */
};

/*
 * Before each message, little-endian whatever the section's byte order:
 *	0	"NVGR"
 *	4	version of this header, 1
 *	5	direction: 0 to GSP, 1 from GSP
 *	6	bytes of this header
 *	8	release, padded with NUL bytes
 */
enum { CAP_VERSION = 4, CAP_DIRECTION = 5, CAP_HEADER_SIZE = 6, CAP_RELEASE = 8, CAP_HEADER = 32 };
#define CAP_MAGIC "NVGR"
#define CAP_RELEASE_MAX (CAP_HEADER - CAP_RELEASE)

#endif
