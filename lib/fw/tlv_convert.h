/* SPDX-License-Identifier: MIT */
/* What both directions of the conversion know about nova-core's files. */
#ifndef NVT_FW_TLV_CONVERT_H
#define NVT_FW_TLV_CONVERT_H

#include <nvt/fw.h>

#define TLV_GSP_FILE "gsp.bin"
#define TLV_BOOTER_TAGS                                                                                           \
	{ "NSIG", "SIGN", "PLOC", "FUSE", "ENID", "UCID", "CDOF", "CDSZ", "DAOF", "DASZ", "A0CO", "A0CS", "BLOB", \
	  "VERS" }

struct tlv_role {
	const char *role; /* of the firmware database */
	const char *name; /* of the .tlv file */
	const char *tags[16]; /* in the order in which they are written */
};
const struct tlv_role *tlv_role(const char *role); /* NULL if nova-core has no such file */

#endif
