/* SPDX-License-Identifier: MIT */
/*
 * Builds a VBIOS with the structure of a real GA10x or AD10x board: PC-AT image with BIT at 0x1b0, EFI
 * image, NVIDIA extension image with falcon ucode table and a FWSEC V3. Pointers count in the space in
 * which the extension image follows PC-AT directly. The code in it is noise from a fixed seed.
 */
#include "sim/vbios_build.h"

#include "base/bytes.h"

#include <stdio.h>

enum {
	PC_AT_SIZE = 0x2000,
	EFI_SIZE = 0x600,
	PCIR_OFF = 0x40, /* inside the first 1024 bytes, where nova-core looks */
	NPDE_OFF = 0x60, /* round_up_16(PCIR_OFF + 0x18 or 0x1c) */
	BIT_OFF = 0x1b0, /* tinygrad reads it there without a search */
	BIT_HEADER = 12,
	BIT_TOKEN = 6,
	BIT_TOKENS = 3,
	TOKEN_BIOSDATA = 0x42,
	TOKEN_INTERNAL = 0x69,
	TOKEN_FALCON = 0x70,
	BIOSDATA_OFF = 0x200,
	INTERNAL_OFF = 0x220,
	FALCON_DATA_OFF = 0x240,
	TABLE_IN_EXT = 0x124,
	TABLE_ENTRIES = 16,
	DESC_IN_EXT = 0x400,
	DESC_V3 = 44,
	SIG_SIZE = 384,
	APP_FWSEC_PROD = 0x85,
	TARGET_GSP = 7,
	IMEM_SIZE = 0x2400,
	DMEM_SIZE = 0x800,
	INTERFACE_OFF = 0x1c,
	DMEMMAPPER_OFF = 0x100,
	SECOND_INTERFACE_OFF = 0x180,
	PKC_OFF = 0x5a4,
	CMD_IN_SIZE = 0x40,
	CMD_IN_OFF = DMEM_SIZE - CMD_IN_SIZE, /* real ROMs end DMEM with it */
	INIT_CMD_IN_MAPPER = 0x2c,
	GSP_ENGINE_MASK = 0x400,
};

enum image_type { IMAGE_PC_AT = 0x00, IMAGE_EFI = 0x03, IMAGE_EXT = 0xe0 };

/* xorshift64; the same bytes on every build. */
static void noise(uint8_t *p, uint32_t n, uint64_t seed)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		p[i] = (uint8_t)(seed >> 32);
	}
}

static uint8_t byte_sum(const uint8_t *p, uint32_t n)
{
	uint8_t sum = 0;

	while (n--)
		sum = (uint8_t)(sum + *p++);
	return sum;
}

static void put_tag(uint8_t *p, const char *tag)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		p[i] = (uint8_t)tag[i];
}

/* Image header, PCI data structure and NVIDIA's extension of it. */
static void put_headers(uint8_t *img, uint32_t size, enum image_type type, uint16_t device, bool pcir_last,
			bool npde_last)
{
	bool ext = type == IMAGE_EXT;
	uint8_t *pcir = img + PCIR_OFF, *npde = img + NPDE_OFF;

	nvt_put_le16(img, ext ? 0x4e56 : 0xaa55);
	img[2] = ext ? 0 : (uint8_t)(size / 512);
	nvt_put_le16(img + 0x18, PCIR_OFF);
	put_tag(pcir, ext ? "NPDS" : "PCIR");
	nvt_put_le16(pcir + 0x04, 0x10de);
	nvt_put_le16(pcir + 0x06, device);
	nvt_put_le16(pcir + 0x0a, type == IMAGE_EFI ? 0x1c : 0x18);
	pcir[0x0c] = type == IMAGE_EFI ? 3 : 0;
	pcir[0x0f] = 0x03; /* display controller */
	nvt_put_le16(pcir + 0x10, (uint16_t)(size / 512));
	pcir[0x14] = (uint8_t)type;
	pcir[0x15] = pcir_last ? 0x80 : 0;
	nvt_put_le16(pcir + 0x16, (uint16_t)(size / 512));
	put_tag(npde, "NPDE");
	nvt_put_le16(npde + 0x04, type == IMAGE_EFI ? 0x0100 : 0x0101);
	nvt_put_le16(npde + 0x06, 16);
	nvt_put_le16(npde + 0x08, (uint16_t)(size / 512));
	npde[0x0a] = npde_last ? 0x80 : 0;
	npde[0x0b] = ext ? 1 : 0; /* private images */
}

static void close_image(uint8_t *img, uint32_t size)
{
	img[size - 1] = (uint8_t)(img[size - 1] - byte_sum(img, size));
}

static void put_token(uint8_t *p, uint8_t id, uint8_t version, uint16_t size, uint16_t ptr)
{
	p[0] = id;
	p[1] = version;
	nvt_put_le16(p + 2, size);
	nvt_put_le16(p + 4, ptr);
}

/* "94.02.00.00.01" stands as a dword, most significant part first, and one more byte. */
static void put_version(uint8_t *p, const char *version)
{
	unsigned v[5] = { 0 };

	(void)sscanf(version, "%x.%x.%x.%x.%x", &v[0], &v[1], &v[2], &v[3], &v[4]);
	nvt_put_le32(p, v[0] << 24 | v[1] << 16 | v[2] << 8 | v[3]);
	p[4] = (uint8_t)v[4];
}

static void put_bit(uint8_t *rom, const char *version)
{
	uint8_t *bit = rom + BIT_OFF, *token = bit + BIT_HEADER;

	nvt_put_le16(bit, 0xb8ff);
	put_tag(bit + 2, "BIT");
	nvt_put_le16(bit + 6, 0x0100);
	bit[8] = BIT_HEADER;
	bit[9] = BIT_TOKEN;
	bit[10] = BIT_TOKENS;
	bit[11] = (uint8_t)-byte_sum(bit, BIT_HEADER);
	put_token(token, TOKEN_BIOSDATA, 2, 0x20, BIOSDATA_OFF);
	put_token(token + BIT_TOKEN, TOKEN_INTERNAL, 2, 0x20, INTERNAL_OFF);
	put_token(token + 2 * BIT_TOKEN, TOKEN_FALCON, 2, 4, FALCON_DATA_OFF);
	put_version(rom + BIOSDATA_OFF, version);
	put_version(rom + INTERNAL_OFF, version);
	nvt_put_le32(rom + FALCON_DATA_OFF, PC_AT_SIZE + TABLE_IN_EXT);
}

static void put_ucode_table(uint8_t *ext)
{
	uint8_t *t = ext + TABLE_IN_EXT;

	t[0] = 1;
	t[1] = 6;
	t[2] = 6;
	t[3] = TABLE_ENTRIES;
	t[4] = 1;
	t[5] = 48;
	t[6] = APP_FWSEC_PROD;
	t[7] = TARGET_GSP;
	nvt_put_le32(t + 8, PC_AT_SIZE + DESC_IN_EXT);
}

static void put_desc(uint8_t *d, const struct sim_chip *board, unsigned signatures)
{
	uint32_t size = DESC_V3 + signatures * SIG_SIZE;

	nvt_put_le32(d, 1 | 3u << 8 | size << 16);
	nvt_put_le32(d + 0x04, IMEM_SIZE + DMEM_SIZE);
	nvt_put_le32(d + 0x08, PKC_OFF);
	nvt_put_le32(d + 0x0c, INTERFACE_OFF);
	nvt_put_le32(d + 0x14, IMEM_SIZE);
	nvt_put_le32(d + 0x20, DMEM_SIZE);
	nvt_put_le16(d + 0x24, GSP_ENGINE_MASK);
	d[0x26] = board->vbios.ucode_id;
	d[0x27] = (uint8_t)signatures;
	nvt_put_le16(d + 0x28, board->vbios.signature_versions);
	noise(d + DESC_V3, signatures * SIG_SIZE, 0x5167);
}

/* Two interfaces, as NVIDIA's driver wants; the last also at a small valid offset. */
static void put_dmem(uint8_t *dmem)
{
	uint8_t *itf = dmem + INTERFACE_OFF, *map = dmem + DMEMMAPPER_OFF;

	itf[0] = 1;
	itf[1] = 4;
	itf[2] = 8;
	itf[3] = 2;
	nvt_put_le32(itf + 4, 4);
	nvt_put_le32(itf + 8, DMEMMAPPER_OFF);
	nvt_put_le32(itf + 12, 5);
	nvt_put_le32(itf + 16, SECOND_INTERFACE_OFF);
	put_tag(map, "DMAP");
	nvt_put_le16(map + 0x04, 3);
	nvt_put_le16(map + 0x06, 0x40);
	nvt_put_le32(map + 0x08, CMD_IN_OFF);
	nvt_put_le32(map + 0x0c, CMD_IN_SIZE);
	nvt_put_le32(map + 0x10, 0x1000000);
	nvt_put_le32(map + 0x14, 0x100);
	nvt_put_le32(map + 0x1c, 0x2600);
	nvt_put_le32(map + INIT_CMD_IN_MAPPER, 0);
	nvt_put_le32(map + 0x30, 4);
	nvt_put_le32(map + 0x34, 0x44000);
}

static unsigned count_bits(uint32_t v)
{
	unsigned n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

uint32_t sim_vbios_build(const struct nvt_chip *chip, const struct sim_chip *board, uint8_t *rom,
			 struct sim_vbios_layout *ret)
{
	unsigned signatures = count_bits(board->vbios.signature_versions);
	uint32_t ext_off = PC_AT_SIZE + EFI_SIZE;
	uint32_t ucode_in_ext = DESC_IN_EXT + DESC_V3 + signatures * SIG_SIZE;
	uint32_t ext_size = (uint32_t)nvt_align_up(ucode_in_ext + IMEM_SIZE + DMEM_SIZE + 1, 512);
	uint8_t *ext = rom + ext_off;

	memset(rom, 0, ext_off + ext_size);
	/* A board with an EFI image has PCIR's last bit on that one; its NPDE takes it back. */
	put_headers(rom, PC_AT_SIZE, IMAGE_PC_AT, chip->pci_device, false, false);
	put_bit(rom, board->vbios.version);
	put_headers(rom + PC_AT_SIZE, EFI_SIZE, IMAGE_EFI, chip->pci_device, true, false);
	put_headers(ext, ext_size, IMAGE_EXT, board->vbios.image_device, true, true);
	put_ucode_table(ext);
	put_desc(ext + DESC_IN_EXT, board, signatures);
	noise(ext + ucode_in_ext, IMEM_SIZE, 0xf35ec);
	put_dmem(ext + ucode_in_ext + IMEM_SIZE);
	close_image(rom, PC_AT_SIZE);
	close_image(rom + PC_AT_SIZE, EFI_SIZE);
	close_image(ext, ext_size);
	*ret = (struct sim_vbios_layout){
		.pc_at_size = PC_AT_SIZE,
		.efi_off = PC_AT_SIZE,
		.ext_off = ext_off,
		.ext_size = ext_size,
		.ucode_table_off = ext_off + TABLE_IN_EXT,
		.desc_off = ext_off + DESC_IN_EXT,
		.ucode_off = ext_off + ucode_in_ext,
		.imem_size = IMEM_SIZE,
		.dmem_size = DMEM_SIZE,
		.pkc_off = PKC_OFF,
		.interface_off = INTERFACE_OFF,
		.dmemmapper_off = DMEMMAPPER_OFF,
		.cmd_in_off = CMD_IN_OFF,
		.signature_count = signatures,
	};
	return ext_off + ext_size;
}
