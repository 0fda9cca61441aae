/* SPDX-License-Identifier: MIT */
/* Fuzz target: generated bindata sources; what is unpacked has the size that its comment gives. */
#include "fw/bindata.h"

#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nvt_bytes src = { data, size };
	struct nvt_pack_row row;
	struct fw_bindata b;
	struct nvt_fw_out o;
	char release[32];
	size_t at = 0;
	unsigned i;

	while (fw_bindata_next(src, &at, &b, NULL) > 0) {
		if (at > size || b.body.p < data || b.body.p + b.body.n > data + size)
			abort();
		if (fw_bindata_unpack(&b, &o, NULL))
			continue;
		if (!o.n || (!b.is_struct && o.n != b.size))
			abort();
		free(o.p);
	}
	for (i = 0; nvt_pack_row(i, &row); i++)
		if (!nvt_pack_build(i, src, &o, NULL))
			free(o.p);
	(void)nvt_pack_release(src, release, NULL);
	return 0;
}
