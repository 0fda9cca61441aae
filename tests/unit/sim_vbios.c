/* SPDX-License-Identifier: MIT */
/* The synthetic VBIOS: what the library's parser finds is where the builder put it, and each known driver's
 * own way of walking the chain leads to FWSEC. */
#include "sim_device.h"

#include "sim/vbios_build.h"

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint8_t rom[SIM_VBIOS_MAX];
static struct sim_vbios_layout lay;
static uint32_t size;

static int build(void **state)
{
	const struct nvt_chip *chip = nvt_chip_by_name("GA102");

	(void)state;
	size = sim_vbios_build(chip, sim_chip_find(chip), rom, &lay);
	return 0;
}

static void test_parser(void **state)
{
	static struct nvt_vbios vb;
	struct nvt_bytes b = { rom, size };
	const struct nvt_fwsec *fs;
	struct nvt_error e;
	unsigned i, sig;

	(void)state;
	if (nvt_vbios_parse(b, &vb, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(vb.rom_start, 0);
	assert_int_equal(vb.image_count, 3);
	for (i = 0; i < vb.image_count; i++)
		assert_true(vb.images[i].checksum_ok);
	assert_string_equal(vb.version, "94.02.00.00.01");
	assert_int_equal(vb.bit_off, 0x1b0);
	assert_int_equal(vb.ucode_table_off, lay.ucode_table_off);
	fs = nvt_vbios_fwsec(&vb);
	assert_non_null(fs);
	assert_int_equal(fs->desc_off, lay.desc_off);
	assert_int_equal(fs->ucode_off, lay.ucode_off);
	assert_int_equal(fs->imem_load_size, lay.imem_size);
	assert_int_equal(fs->dmem_load_size, lay.dmem_size);
	assert_int_equal(fs->stored_size, lay.imem_size + lay.dmem_size);
	assert_int_equal(fs->pkc_data_off, lay.pkc_off);
	assert_int_equal(fs->interface_off, lay.interface_off);
	assert_int_equal(fs->ucode_id, 9);
	assert_int_equal(fs->engine_id_mask, 0x400);
	assert_int_equal(fs->signature_count, lay.signature_count);
	assert_int_equal(fs->imem_load_size % 256, 0);
	/* The fuse of the chip's row picks the last signature, which tinygrad takes without looking. */
	assert_int_equal(nvt_fwsec_pick_signature(fs, 1, &sig, &e), 0);
	assert_int_equal(sig, lay.signature_count - 1);
	assert_int_equal(nvt_vbios_need(b), 0);
}

/* tinygrad: BIT at 0x1b0 without a search, lengths and types from PCIR alone, its last bit not looked at. */
static void test_tinygrad_walk(void **state)
{
	uint32_t off = 0, pcir, block = 0, expansion = 0, table, desc;
	unsigned i;
	uint8_t type;

	(void)state;
	for (i = 0; i < 8 && !expansion; i++) {
		pcir = off + nvt_le16(rom + off + 0x18);
		type = rom[pcir + 0x14];
		if (type == 0x00)
			block = nvt_le16(rom + pcir + 0x10) * 512u;
		if (type == 0xe0)
			expansion = off - block;
		off += nvt_le16(rom + pcir + 0x10) * 512u;
	}
	assert_int_equal(block, lay.pc_at_size);
	assert_int_equal(nvt_le32(rom + 0x1b2), 0x00544942);
	assert_int_equal(rom[0x1b0 + 8], 12);
	table = 0;
	for (i = 0; i < rom[0x1b0 + 10]; i++)
		if (rom[0x1b0 + 12 + 6 * i] == 0x70)
			table = nvt_le32(rom + nvt_le16(rom + 0x1b0 + 12 + 6 * i + 4)) + expansion;
	assert_int_equal(table, lay.ucode_table_off);
	assert_int_equal(rom[table + rom[table + 1]], 0x85);
	desc = nvt_le32(rom + table + rom[table + 1] + 2) + expansion;
	assert_int_equal(desc, lay.desc_off);
}

/* NVIDIA's driver verifies the BIT header's sum and wants two interfaces with small offsets. */
static void test_vendor_checks(void **state)
{
	const uint8_t *itf = rom + lay.ucode_off + lay.imem_size + lay.interface_off;
	uint8_t sum = 0;
	unsigned i;

	(void)state;
	for (i = 0; i < 12; i++)
		sum = (uint8_t)(sum + rom[0x1b0 + i]);
	assert_int_equal(sum, 0);
	assert_true(itf[3] >= 2);
	for (i = 0; i < itf[3]; i++)
		assert_true(nvt_le32(itf + 4 + 8 * i + 4) < lay.dmem_size);
	for (i = 0; i < 384; i++)
		assert_int_equal(rom[lay.ucode_off + lay.imem_size + lay.pkc_off + i], 0);
}

static void write_file(const char *path, const uint8_t *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	fclose(f);
}

/* rom=FILE: a dump is served as it is; FWSEC is known by its structure. */
static void test_rom_file(void **state)
{
	char path[] = "sim_vbios_XXXXXX", uri[64];
	int fd = mkstemp(path);
	struct sim_opts opts = { .rom_path = path, .chip = nvt_chip_by_name("GA102") };
	struct nvt_transport *t;
	struct nvt_ctx ctx = { .sinks = NULL };
	struct nvt_error e;
	struct device d;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	rom[lay.imem_size / 2 + lay.ucode_off] ^= 1; /* another code; the image's last byte keeps its sum */
	rom[lay.ext_off + lay.ext_size - 1] ^= 1;
	write_file(path, rom, size);
	snprintf(uri, sizeof(uri), "ga102,rom=%s", path);
	device_open(&d, uri);
	assert_int_equal(rd(&d, 0x300000 + (lay.ucode_off & ~3u)), nvt_le32(rom + (lay.ucode_off & ~3u)));
	assert_false(sim_of(d.t)->rom.synthetic);
	assert_int_equal(sim_of(d.t)->rom.pkc_off, lay.pkc_off);
	device_close(&d);
	write_file(path, rom, 0x900);
	assert_int_equal(sim_open(&ctx, &opts, &t, &e), -NVT_E_DATA);
	assert_null(ctx.clock);
	opts.rom_path = "no-such.rom";
	assert_int_equal(sim_open(&ctx, &opts, &t, &e), -NVT_E_ENV);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_parser, build),
		cmocka_unit_test_setup(test_tinygrad_walk, build),
		cmocka_unit_test_setup(test_vendor_checks, build),
		cmocka_unit_test_setup(test_rom_file, build),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
