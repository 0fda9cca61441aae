/* SPDX-License-Identifier: MIT */
/* FWSEC: the command it is given, its interface, its signatures. */
#include "fw_build.h"

#include "base/bytes.h"

#include <string.h>

#define DMEM 0x200u
#define DMAP (DMEM + 0x80u)
#define CMD (DMEM + 0x100u)

static struct fw_image rom;
static struct nvt_vbios vb;
static uint8_t ucode[0x500];

static const struct nvt_fwsec *load(unsigned version)
{
	const struct nvt_fwsec *fs;

	fw_build_vbios(&rom, version, false);
	assert_int_equal(nvt_vbios_parse(fw_bytes(&rom), &vb, NULL), 0);
	fs = nvt_vbios_fwsec(&vb);
	memcpy(ucode, rom.b + fs->ucode_off, sizeof(ucode));
	return fs;
}

static void frts(void **state)
{
	static const uint32_t want[11] = { 1, 24, 0, 0, 0, 2, 1, 20, 0x5ffe00, 0x100, 2 };
	const struct nvt_fwsec *fs = load(3);
	uint8_t before[sizeof(ucode)];
	unsigned i;

	(void)state;
	memcpy(before, ucode, sizeof(ucode));
	assert_int_equal(nvt_fwsec_prepare(fw_bytes(&rom), fs, ucode, sizeof(ucode), NVT_FWSEC_FRTS, 0x5ffe00000,
					   0x100000, 1, NULL),
			 0);
	assert_int_equal(nvt_le32(ucode + DMAP + 0x2c), 0x15);
	for (i = 0; i < 11; i++)
		assert_int_equal(nvt_le32(ucode + CMD + 4 * i), want[i]);
	assert_memory_equal(ucode + DMEM + 0x180, rom.b + fs->desc_off + 44 + 384, 384);
	/* Nothing else changes. */
	memcpy(ucode + DMAP + 0x2c, before + DMAP + 0x2c, 4);
	memcpy(ucode + CMD, before + CMD, 44);
	memcpy(ucode + DMEM + 0x180, before + DMEM + 0x180, 384);
	assert_memory_equal(ucode, before, sizeof(ucode));
}

static void sb(void **state)
{
	static const uint32_t want[7] = { 1, 24, 0, 0, 0, 2, 0 };
	const struct nvt_fwsec *fs = load(2);
	unsigned i;

	(void)state;
	assert_int_equal(
		nvt_fwsec_prepare(fw_bytes(&rom), fs, ucode, sizeof(ucode), NVT_FWSEC_SB, 0, 0, 0, NULL), 0);
	assert_int_equal(nvt_le32(ucode + DMAP + 0x2c), 0x19);
	for (i = 0; i < 7; i++)
		assert_int_equal(nvt_le32(ucode + CMD + 4 * i), want[i]);
}

static void interface(void **state)
{
	const struct nvt_fwsec *fs = load(3);
	struct nvt_fwsec_interface in;
	struct nvt_error e;

	(void)state;
	assert_int_equal(nvt_fwsec_interface((struct nvt_bytes){ ucode, sizeof(ucode) }, fs, &in, NULL), 0);
	assert_int_equal(in.off, DMEM + 0x1c);
	assert_int_equal(in.version, 1);
	assert_int_equal(in.header_size, 4);
	assert_int_equal(in.entry_size, 8);
	assert_int_equal(in.count, 2);
	assert_int_equal(in.entries[0].id, 5);
	assert_int_equal(in.entries[1].id, 4);
	assert_int_equal(in.entries[1].dmem_base, 0x80);
	assert_int_equal(in.dmap_off, DMAP);
	assert_int_equal(in.dmap[1], 0x00400003);
	assert_int_equal(in.dmap[2], 0x100);
	assert_int_equal(in.dmap[3], 0x40);
	assert_int_equal(nvt_fwsec_interface((struct nvt_bytes){ ucode, 0x300 }, fs, &in, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "FWSEC image: truncated");
}

/* Changes one dword of the image and expects preparation to be refused. */
static void refuse(uint32_t off, uint32_t value, const char *msg, uint64_t where)
{
	const struct nvt_fwsec *fs = load(3);
	struct nvt_error e;

	nvt_put_le32(ucode + off, value);
	assert_int_equal(nvt_fwsec_prepare(fw_bytes(&rom), fs, ucode, sizeof(ucode), NVT_FWSEC_FRTS, 0, 0x100000, 0,
					   &e),
			 -NVT_E_DATA);
	assert_string_equal(e.msg, msg);
	assert_int_equal(e.where, where);
}

static void refusals(void **state)
{
	const struct nvt_fwsec *fs;
	struct nvt_error e;
	uint32_t off;

	(void)state;
	refuse(DMEM + 0x1c, 0x02080402, "FWSEC interface version is 0x2, not 0x1", 0x21c);
	refuse(DMEM + 0x1c, 0x02080301, "FWSEC interface header size is 0x3, not at least 4", 0x21d);
	refuse(DMEM + 0x1c, 0x02070401, "FWSEC interface entry size is 0x7, not at least 8", 0x21e);
	refuse(DMEM + 0x1c, 0xff080401, "FWSEC interface list lies outside the DMEM part", 0x21f);
	refuse(DMEM + 0x1c, 0x01080401, "no DMEMMAPPER among 1 FWSEC interfaces", UINT64_MAX);
	refuse(DMEM + 0x2c, 0x2c1, "DMEMMAPPER lies outside the DMEM part", DMEM + 0x2c);
	refuse(DMAP, 0, "DMEMMAPPER signature is 0x0, not 0x50414d44", DMAP);
	refuse(DMAP + 0x0c, 43, "FWSEC command buffer size is 0x2b, not at least 44", DMAP + 0x0c);
	refuse(DMAP + 0x08, 0x2d5, "FWSEC command buffer lies outside the DMEM part", DMAP + 0x08);

	fs = load(3);
	assert_int_equal(nvt_fwsec_dmemmapper((struct nvt_bytes){ ucode, 0x4ff }, fs, &off, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "FWSEC image: truncated");
	assert_int_equal(nvt_fwsec_prepare(fw_bytes(&rom), fs, ucode, sizeof(ucode), NVT_FWSEC_SB, 0, 0, 2, &e),
			 -NVT_E_DATA);
	assert_string_equal(e.msg, "FWSEC has no signature 2: there are 2");
	assert_int_equal(nvt_fwsec_prepare(fw_bytes(&rom), fs, ucode, sizeof(ucode), NVT_FWSEC_FRTS, 0x800, 0x100000,
					   0, &e),
			 -NVT_E_USAGE);
	assert_string_equal(e.msg, "FRTS region 0x800+0x100000 is not made of 4 KiB pages");
	vb.fwsec[0].interface_off = 0x2fd;
	assert_int_equal(nvt_fwsec_dmemmapper((struct nvt_bytes){ ucode, sizeof(ucode) }, fs, &off, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "FWSEC interface header lies outside the DMEM part");
}

static void signature_choice(void **state)
{
	struct nvt_fwsec fs = { .desc_version = 3, .signature_count = 3, .signature_versions = 0x7 };
	struct nvt_error e;
	unsigned i = 9;

	(void)state;
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 0, &i, NULL), 0);
	assert_int_equal(i, 0);
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 1, &i, NULL), 0);
	assert_int_equal(i, 1);
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 3, &i, NULL), 0);
	assert_int_equal(i, 2);
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 7, &i, &e), -NVT_E_DATA);
	assert_string_equal(e.msg, "FWSEC has no signature for fuse version 3");
	assert_string_equal(e.seen, "SignatureVersions 0x7, 3 signatures");
	/* Index counts the versions that there are, not the version. */
	fs.signature_versions = 0x5;
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 2, &i, NULL), 0);
	assert_int_equal(i, 1);
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 1, &i, NULL), -NVT_E_DATA);
	fs.signature_count = 1;
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 2, &i, NULL), -NVT_E_DATA);
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 0x80000000, &i, NULL), -NVT_E_DATA);
	fs.desc_version = 2;
	i = 9;
	assert_int_equal(nvt_fwsec_pick_signature(&fs, 7, &i, NULL), 0);
	assert_int_equal(i, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frts),
		cmocka_unit_test(sb),
		cmocka_unit_test(interface),
		cmocka_unit_test(refusals),
		cmocka_unit_test(signature_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
