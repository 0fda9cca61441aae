/* SPDX-License-Identifier: MIT */
/*
 * Firmware images of the boot chain. Every parser works over caller memory, checks every bound, and
 * fills *ret with offsets into that memory; nothing is copied. On failure the error's `where` is the byte
 * offset of the first thing that is wrong.
 */
#ifndef NVT_FW_H
#define NVT_FW_H

#include <nvt/chips.h>
#include <nvt/error.h>
#include <nvt/types.h>

/* ---- digests ---- */

struct nvt_sha256 {
	uint8_t b[32];
};
NVT_API void nvt_sha256(struct nvt_bytes data, struct nvt_sha256 *ret);
/* Streaming, for images that arrive or lie in pieces. */
struct nvt_sha256_ctx {
	uint64_t opaque[32];
};
NVT_API void nvt_sha256_init(struct nvt_sha256_ctx *c);
NVT_API void nvt_sha256_update(struct nvt_sha256_ctx *c, struct nvt_bytes data);
NVT_API void nvt_sha256_final(struct nvt_sha256_ctx *c, struct nvt_sha256 *ret);
NVT_API bool nvt_sha256_equal(const struct nvt_sha256 *a, const struct nvt_sha256 *b);
NVT_API void nvt_sha256_hex(const struct nvt_sha256 *d, char ret[65]);
struct nvt_sha384 {
	uint8_t b[48];
};
NVT_API void nvt_sha384(struct nvt_bytes data, struct nvt_sha384 *ret);
/* zlib's polynomial and conventions */
NVT_API uint32_t nvt_crc32(struct nvt_bytes data);

/* ---- kinds ---- */

enum nvt_fw_kind {
	NVT_FW_UNKNOWN,
	NVT_FW_GSP_ELF,    /* GSP-RM image */
	NVT_FW_BOOTER,     /* nvfw container with HS header v2 */
	NVT_FW_RISCV_BL,   /* nvfw container with RM_RISCV_UCODE_DESC */
	NVT_FW_VBIOS,
	NVT_FW_HS_V1,      /* nvfw container with HS header v1: images from before GSP-RM */
	NVT_FW_FALCON_BL,  /* nvfw container with nvfw_bl_desc: gen_bootloader, acr/bl */
	NVT_FW_FMC,        /* ELF32 with hash, signature, publickey and image */
	NVT_FW_TLV,        /* nova-core's container */
	NVT_FW_LIBOS_LOG,  /* a dump of a LIBOS log buffer; has no magic, so its form decides */
};
NVT_API enum nvt_fw_kind nvt_fw_detect(struct nvt_bytes file);
NVT_API const char *nvt_fw_kind_name(enum nvt_fw_kind kind);

/* ---- GSP-RM ELF ---- */

struct nvt_fw_section {
	char name[32];
	uint64_t off, size;
};
#define NVT_GSP_ELF_SECTIONS 48
struct nvt_gsp_elf {
	struct nvt_fw_section sections[NVT_GSP_ELF_SECTIONS]; /* in table order, null section left out */
	unsigned section_count;
	const struct nvt_fw_section *image; /* .fwimage, in sections[] */
	char version[32];                   /* .fwversion */
	uint8_t build_id[20];
	bool has_build_id;
	uint64_t shoff;
};
NVT_API int nvt_gsp_elf_parse(struct nvt_bytes file, struct nvt_gsp_elf *ret, struct nvt_error *e);
NVT_API const struct nvt_fw_section *nvt_gsp_elf_section(const struct nvt_gsp_elf *elf, const char *name);

/* ---- nvfw container ---- */

struct nvt_nvfw {
	uint32_t magic, ver, bin_size, header_off, data_off, data_size;
};
NVT_API int nvt_nvfw_parse(struct nvt_bytes file, struct nvt_nvfw *ret, struct nvt_error *e);

/* ---- HS image (booter_load, booter_unload, scrubber): container + nvfw_hs_header_v2 ---- */

struct nvt_hs_image {
	struct nvt_nvfw bin;
	uint32_t header_off_file;       /* nvfw_hs_header_v2 */
	uint32_t sig_off, sig_size;     /* all signatures, in the file */
	uint32_t sig_count;
	uint32_t sig_each;              /* sig_size / sig_count */
	uint32_t patch_loc;             /* destination inside the data blob; lies in the os_data part */
	uint32_t patch_sig;             /* added to sig_off; 0 in every published file */
	uint32_t fuse_version, engine_id, ucode_id;
	uint32_t load_header_off;
	uint32_t os_code_off, os_code_size, os_data_off, os_data_size; /* inside the data blob */
	uint32_t app_count;
	uint32_t app0_off, app0_size, app0_data_off, app0_data_size;
};
NVT_API int nvt_hs_parse(struct nvt_bytes file, struct nvt_hs_image *ret, struct nvt_error *e);
/*
 * Which signature goes with the chip's fuse version (highest set bit + 1, 0 if none): the last one for
 * version 0, else index fuse_version - version. -NVT_E_DATA when there is none.
 */
NVT_API int nvt_hs_pick_signature(const struct nvt_hs_image *hs, unsigned fuse, unsigned *ret, struct nvt_error *e);
/* highest set bit + 1 */
NVT_API unsigned nvt_fuse_version(uint32_t fuse_reg);

/* ---- HS image with header v1 (nvdec/scrubber, acr/ucode_*): one signature for each of two fuse states ---- */

#define NVT_NVFW_MAGIC 0x000010deu
#define NVT_NVFW_MAGIC_OLD 0x3b1d14f0u /* patch_loc and patch_sig hold values, not file offsets of them */
#define NVT_HS_V1_APPS 8
struct nvt_hs_v1 {
	struct nvt_nvfw bin;
	uint32_t sig_dbg_off, sig_dbg_size, sig_prod_off, sig_prod_size; /* in the file */
	uint32_t patch_loc; /* destination inside the data blob */
	uint32_t patch_sig; /* added to sig_*_off */
	uint32_t load_header_off, load_header_size;
	uint32_t non_sec_code_off, non_sec_code_size, data_dma_base, data_size; /* inside the data blob */
	uint32_t app_count;
	struct {
		uint32_t off, size; /* secure code, inside the data blob */
	} apps[NVT_HS_V1_APPS];
};
NVT_API int nvt_hs_v1_parse(struct nvt_bytes file, struct nvt_hs_v1 *ret, struct nvt_error *e);

/* ---- generic falcon bootloader: container + nvfw_bl_desc ---- */

struct nvt_falcon_bl {
	struct nvt_nvfw bin;
	uint32_t start_tag;     /* its code runs at start_tag << 8 */
	uint32_t dmem_load_off; /* where in DMEM it looks for its descriptor */
	uint32_t code_off, code_size, data_off, data_size; /* inside the data blob */
};
NVT_API int nvt_falcon_bl_parse(struct nvt_bytes file, struct nvt_falcon_bl *ret, struct nvt_error *e);

/* ---- GSP RISC-V bootloader: container + RM_RISCV_UCODE_DESC ---- */

struct nvt_riscv_bl {
	struct nvt_nvfw bin;
	uint32_t desc_size; /* 76, 84 or 92 */
	uint32_t version, bootloader_off, bootloader_size, bootloader_param_off, bootloader_param_size;
	uint32_t riscv_elf_off, riscv_elf_size, app_version, manifest_off, manifest_size;
	uint32_t monitor_data_off, monitor_data_size, monitor_code_off, monitor_code_size;
	uint32_t is_monitor_enabled, swbrom_code_off, swbrom_code_size, swbrom_data_off, swbrom_data_size;
	uint32_t fb_reserved_size, signed_as_code; /* not in the 76-byte form, else 0 */
	uint32_t is_smp, is_plic_enabled;          /* 92-byte form only, else 0 */
};
NVT_API int nvt_riscv_bl_parse(struct nvt_bytes file, struct nvt_riscv_bl *ret, struct nvt_error *e);

/* ---- FMC, what FSP starts on Hopper and Blackwell: ELF32 of data sections ---- */

struct nvt_fmc_section {
	uint32_t off, size;
	uint32_t crc32; /* sh_info; 0: not stated */
};
struct nvt_fmc {
	struct nvt_fmc_section hash, signature, publickey, image;
	bool is_ecdsa; /* ECDSA P-384 (Blackwell), else RSA-3072 (Hopper), by their sizes */
};
/* Structure only. */
NVT_API int nvt_fmc_parse(struct nvt_bytes file, struct nvt_fmc *ret, struct nvt_error *e);
/* Content: every stated CRC-32, and that `hash` is the SHA-384 of `image`. */
NVT_API int nvt_fmc_check(struct nvt_bytes file, const struct nvt_fmc *fmc, struct nvt_error *e);

/* ---- LIBOS log buffer: a counter, then a ring of 64-bit words ---- */

struct nvt_libos_log {
	uint64_t put;   /* words written since the start */
	uint64_t room;  /* words that the ring holds */
	uint64_t count; /* of them written and still there */
	uint64_t first; /* index in the ring of the oldest one */
	unsigned pages; /* words at the ring's start in which the driver left the buffer's page addresses, still
			 * there; 0 once they were overwritten */
	uint64_t newest_time; /* time stamp of the newest record: the last word written; 0 if there is none */
};
NVT_API int nvt_libos_log_parse(struct nvt_bytes buf, struct nvt_libos_log *ret, struct nvt_error *e);
/* The i-th word in the order of writing; i below count. */
NVT_API uint64_t nvt_libos_log_word(struct nvt_bytes buf, const struct nvt_libos_log *log, uint64_t i);

/* ---- VBIOS and FWSEC ---- */

#define NVT_VBIOS_IMAGES 16
#define NVT_VBIOS_TOKENS 64
#define NVT_VBIOS_UCODES 64
struct nvt_vbios_image {
	uint32_t offset, length; /* from the start of the given bytes */
	uint16_t signature, vendor, device;
	uint8_t code_type;
	bool last, has_npde, checksum_ok;
	uint32_t pcir_off;
};
struct nvt_fwsec {
	uint8_t app_id, target_id;
	uint8_t desc_version;          /* 2 or 3 */
	uint32_t desc_off, desc_size;  /* in the given bytes */
	uint32_t ucode_off;            /* desc_off + desc_size */
	uint32_t stored_size, interface_off;
	uint32_t imem_phys_base, imem_load_size, imem_virt_base, dmem_phys_base, dmem_load_size;
	/* V2 */
	uint32_t imem_sec_base, imem_sec_size, dmem_off;
	/* V3 */
	uint32_t pkc_data_off, signature_off;
	uint16_t engine_id_mask, signature_versions;
	uint8_t ucode_id, signature_count;
};
/* What stands in front of the PCI ROM in a dump of the whole flash; all zero where there is no NVGI header. */
struct nvt_vbios_flash {
	uint8_t nvgi_version;            /* 0: none */
	uint32_t fixed_size, total_size; /* total_size: version 3 */
	uint32_t flash_status;           /* version 3, as the rest */
	uint32_t dir_off;                /* "RFRD" directory; 0 before version 3 */
	uint16_t dir_version, dir_length;
	uint32_t rom_length;             /* of the image chain */
	uint32_t inforom_off, inforom_length;
	uint32_t second_bank;            /* its own NVGI header, with offsets from itself; 0: none */
};
struct nvt_vbios {
	struct nvt_vbios_flash flash;
	uint32_t rom_start;  /* where the PCI ROM begins: nonzero for dumps with an NVGI header */
	char version[24];    /* "94.02.26.48.70", "" if not found */
	struct nvt_vbios_image images[NVT_VBIOS_IMAGES];
	unsigned image_count;
	uint32_t bit_off;
	struct {
		uint8_t id, version;
		uint16_t size;
		uint32_t ptr; /* from the start of the PC-AT image */
	} tokens[NVT_VBIOS_TOKENS];
	unsigned token_count;
	uint32_t ucode_table_off;
	struct {
		uint8_t app_id, target_id;
		uint32_t ptr, desc_off; /* desc_off 0: the pointer leads out of the ROM */
	} ucodes[NVT_VBIOS_UCODES];
	unsigned ucode_count;
	struct nvt_fwsec fwsec[2]; /* production (0x85) then debug (0x45), those that are there */
	unsigned fwsec_count;
};
/* On failure e is about the first thing that is wrong, and *ret holds what could be read all the same. */
NVT_API int nvt_vbios_parse(struct nvt_bytes rom, struct nvt_vbios *ret, struct nvt_error *e);
/* The production FWSEC (app id 0x85), NULL if there is none. */
NVT_API const struct nvt_fwsec *nvt_vbios_fwsec(const struct nvt_vbios *vb);
/*
 * For readers that fetch the ROM piece by piece: how many bytes from its start are needed to see more of
 * the image chain (always more than rom.n), 0 when rom holds the whole chain or is no ROM, which
 * nvt_vbios_parse() then says. A reader must bound it by its window.
 */
NVT_API size_t nvt_vbios_need(struct nvt_bytes rom);

#define NVT_FWSEC_SIGNATURE 384u /* RSA-3072 */
enum nvt_fwsec_cmd { NVT_FWSEC_FRTS = 0x15, NVT_FWSEC_SB = 0x19 };
/*
 * Prepares a FWSEC run: `ucode` is a writable copy of the image's stored_size bytes. Sets init_cmd of the
 * DMEMMAPPER and its command buffer (frts_* in bytes of VRAM, only for FRTS), and copies signature
 * `sig_index` of the ROM (V3).
 */
NVT_API int nvt_fwsec_prepare(struct nvt_bytes rom, const struct nvt_fwsec *fs, uint8_t *ucode, size_t n,
			      enum nvt_fwsec_cmd cmd, uint64_t frts_off, uint64_t frts_size, unsigned sig_index,
			      struct nvt_error *e);
/* The DMEMMAPPER interface inside an image of IMEM part then DMEM part: offset of its struct. */
NVT_API int nvt_fwsec_dmemmapper(struct nvt_bytes ucode, const struct nvt_fwsec *fs, uint32_t *ret_off,
				 struct nvt_error *e);
/* The list of interfaces that FWSEC offers, and the DMEMMAPPER among them. */
#define NVT_FWSEC_ENTRIES 16
#define NVT_DMAP_WORDS 16
struct nvt_fwsec_interface {
	uint32_t off; /* in the image */
	uint8_t version, header_size, entry_size, count;
	struct {
		uint32_t id, dmem_base;
	} entries[NVT_FWSEC_ENTRIES]; /* the first of them */
	uint32_t dmap_off;            /* in the image */
	uint32_t dmap[NVT_DMAP_WORDS];
};
NVT_API int nvt_fwsec_interface(struct nvt_bytes ucode, const struct nvt_fwsec *fs, struct nvt_fwsec_interface *ret,
				struct nvt_error *e);
/*
 * Signature index for a fuse register value (V3): the version's bit must be set in SignatureVersions, and
 * the index is the number of bits set below it. 0 for V2, which has no signatures.
 */
NVT_API int nvt_fwsec_pick_signature(const struct nvt_fwsec *fs, uint32_t fuse_reg, unsigned *ret,
				     struct nvt_error *e);

/* ---- writing: each gives a file that its parser reads back ---- */

/* A file made in memory; p is malloced, the caller frees it. */
struct nvt_fw_out {
	uint8_t *p;
	size_t n;
};
/* The nvfw container around a further header (nvfw_bl_desc, RM_RISCV_UCODE_DESC) and data. */
NVT_API int nvt_nvfw_write(struct nvt_bytes header, struct nvt_bytes data, struct nvt_fw_out *ret,
			   struct nvt_error *e);
struct nvt_hs_parts {
	struct nvt_bytes data, signatures;
	struct nvt_bytes load_header; /* nvfw_hs_load_header_v2 with its applications */
	uint32_t sig_count, patch_loc, fuse_version, engine_id, ucode_id;
};
NVT_API int nvt_hs_write(const struct nvt_hs_parts *hs, struct nvt_fw_out *ret, struct nvt_error *e);
struct nvt_fmc_parts {
	struct nvt_bytes hash, signature, publickey, image;
};
NVT_API int nvt_fmc_write(const struct nvt_fmc_parts *m, struct nvt_fw_out *ret, struct nvt_error *e);
/* A GSP-RM ELF file for one chip family. */
struct nvt_gsp_parts {
	struct nvt_bytes image, signature;
	const char *sig_section, *version;
	uint8_t build_id[20];
	bool has_build_id;
};
NVT_API int nvt_gsp_elf_write(const struct nvt_gsp_parts *g, struct nvt_fw_out *ret, struct nvt_error *e);

/* ---- NVFW TLV: nova-core's container ---- */

#define NVT_TLV_BLOCKS 32
struct nvt_tlv_block {
	char tag[5];
	uint32_t off, size; /* of the value, in the file */
};
struct nvt_tlv {
	struct nvt_tlv_block blocks[NVT_TLV_BLOCKS];
	unsigned count;
};
NVT_API int nvt_tlv_parse(struct nvt_bytes file, struct nvt_tlv *ret, struct nvt_error *e);
NVT_API const struct nvt_tlv_block *nvt_tlv_block(const struct nvt_tlv *t, const char *tag); /* NULL if not there */
/* A value as what its tag makes it: bytes (never empty), 32-bit number, printable text. */
NVT_API int nvt_tlv_bytes(struct nvt_bytes file, const struct nvt_tlv *t, const char *tag, struct nvt_bytes *ret,
			  struct nvt_error *e);
NVT_API int nvt_tlv_u32(struct nvt_bytes file, const struct nvt_tlv *t, const char *tag, uint32_t *ret,
			struct nvt_error *e);
NVT_API int nvt_tlv_string(struct nvt_bytes file, const struct nvt_tlv *t, const char *tag, char *ret, size_t size,
			   struct nvt_error *e);
struct nvt_tlv_value {
	char tag[5];
	struct nvt_bytes value;
};
NVT_API int nvt_tlv_write(const struct nvt_tlv_value *values, unsigned count, struct nvt_fw_out *ret,
			  struct nvt_error *e);
/* Name of nova-core's file for a role of the firmware database, without .tlv; NULL if it has none. */
NVT_API const char *nvt_tlv_name(const char *role);
/*
 * A file of linux-firmware for nova-core. version NULL: the one that a GSP-RM image carries. For the role
 * "gsp", *ret_image is what becomes gsp.bin, inside bin.
 */
NVT_API int nvt_tlv_from_bin(const char *role, const struct nvt_chip *chip, const char *version, struct nvt_bytes bin,
			     struct nvt_fw_out *ret, struct nvt_bytes *ret_image, struct nvt_error *e);
/*
 * And back, with 0 for what a TLV file does not carry; refused when that would give another TLV file again.
 * image is the content of gsp.bin for the role "gsp".
 */
NVT_API int nvt_tlv_to_bin(const char *role, const struct nvt_chip *chip, struct nvt_bytes tlv, struct nvt_bytes image,
			   struct nvt_fw_out *ret, char ret_version[32], struct nvt_error *e);

/* ---- files from a driver source tree ---- */

struct nvt_pack_row {
	const char *dir, *role; /* nvidia/DIR/gsp/ROLE-RELEASE.bin */
	const char *archive;    /* made from src/nvidia/generated/g_bindata_ARCHIVE.c */
};
/* The i-th file that can be made; false past the end. */
NVT_API bool nvt_pack_row(unsigned i, struct nvt_pack_row *ret);
/* The i-th file from the text of its archive. */
NVT_API int nvt_pack_build(unsigned i, struct nvt_bytes source, struct nvt_fw_out *ret, struct nvt_error *e);
/* The release, from the tree's version.mk. */
NVT_API int nvt_pack_release(struct nvt_bytes version_mk, char ret[32], struct nvt_error *e);

/* ---- radix-3 page tables ---- */

struct nvt_radix3 {
	uint32_t pages, l2_pages, l1_pages; /* level 0 is one page */
	uint64_t table_bytes;               /* (1 + l1 + l2) * 4096 */
};
NVT_API int nvt_radix3_plan(uint64_t image_size, struct nvt_radix3 *ret, struct nvt_error *e);
/*
 * Fills the tables, which lie at table_iova: level 0, then level 1, then level 2. The image is contiguous at image_iova,
 * or its pages are where image_pages says, r->pages addresses; NULL: it is contiguous.
 */
NVT_API void nvt_radix3_build(const struct nvt_radix3 *r, uint8_t *tables, uint64_t table_iova, uint64_t image_iova,
			      const uint64_t *image_pages);

/* ---- fwdb: what every published file should be ---- */

struct nvt_fwdb; /* manifests: those built in, and those of --fwdb DIR */
struct nvt_fwdb_part {
	const char *name;         /* ".fwimage", ".fwsignature_ga10x", "data", "imem", "dmem" */
	uint64_t size;
	struct nvt_sha256 sha256; /* "dmem" of an HS image: with its signature area zeroed */
	uint64_t patch_off, patch_size; /* "dmem": where that area is */
};
struct nvt_fwdb_file {
	const char *release; /* "570.144" */
	const char *path;    /* below a firmware folder: "nvidia/ga102/gsp/gsp-570.144.bin" */
	const char *role;    /* "gsp", "booter_load", "booter_unload", "bootloader", "gen_bootloader", "scrubber",
			      * "fmc" */
	uint64_t size;
	struct nvt_sha256 sha256;
	const char *const *chips; /* NULL-terminated chip names */
	const struct nvt_fwdb_part *parts;
	unsigned part_count;
};
/*
 * dir may be NULL: built-in manifests only. A manifest in dir (every *.json but chips.json and schema.json)
 * replaces the built-in one of the same release.
 */
NVT_API int nvt_fwdb_open(const char *dir, struct nvt_fwdb **ret, struct nvt_error *e);
NVT_API void nvt_fwdb_close(struct nvt_fwdb *db);
NVT_API unsigned nvt_fwdb_release_count(const struct nvt_fwdb *db);
NVT_API const char *nvt_fwdb_release(const struct nvt_fwdb *db, unsigned i); /* newest first */
/* The protocol release whose layouts this firmware speaks (itself for published ones). NULL if unknown. */
NVT_API const char *nvt_fwdb_abi(const struct nvt_fwdb *db, const char *release);
NVT_API const struct nvt_fwdb_file *nvt_fwdb_file(const struct nvt_fwdb *db, const char *release, const char *role,
						  const struct nvt_chip *chip);
NVT_API const struct nvt_fwdb_file *nvt_fwdb_file_at(const struct nvt_fwdb *db, unsigned i); /* NULL past the end */
/* By digest of the whole file; NULL if unknown. */
NVT_API const struct nvt_fwdb_file *nvt_fwdb_by_sha256(const struct nvt_fwdb *db, const struct nvt_sha256 *d);
/*
 * By digest of a part of the given name, in files of that role; NULL if unknown. Files may share a part (the
 * booters' "dmem" is all zeros in 570.144): ask for one that tells them apart.
 */
NVT_API const struct nvt_fwdb_file *nvt_fwdb_by_part(const struct nvt_fwdb *db, const char *role, const char *part,
						     const struct nvt_sha256 *d);
NVT_API const struct nvt_fwdb_part *nvt_fwdb_part(const struct nvt_fwdb_file *f, const char *name);

/* A part as nvt_fwdb_part, measured from a file. */
struct nvt_fw_part {
	char name[32];
	uint64_t off, size; /* in the file */
	struct nvt_sha256 sha256;
	uint64_t patch_off, patch_size;
};
#define NVT_FW_PARTS NVT_GSP_ELF_SECTIONS
/* Parses a file of that role and fills ret with its parts. */
NVT_API int nvt_fw_parts(struct nvt_bytes file, const char *role, struct nvt_fw_part ret[NVT_FW_PARTS],
			 unsigned *count, struct nvt_error *e);
/* What can be taken out of a file of any kind: its sections, signatures, code and data, by name. */
#define NVT_FW_SECTIONS 64
NVT_API int nvt_fw_sections(struct nvt_bytes file, struct nvt_fw_section ret[NVT_FW_SECTIONS], unsigned *count,
			    struct nvt_error *e);
NVT_API const char *nvt_fw_role(unsigned i); /* NULL past the end */

/* ---- what a folder holds ---- */

enum nvt_fw_naming {
	NVT_FW_NAMES_LINUX,  /* nvidia/<chip>/gsp/<role>-<release>.bin: nouveau */
	NVT_FW_NAMES_NVIDIA, /* nvidia/<release>/gsp_<image>.bin: NVIDIA's driver */
	NVT_FW_NAMES_NOVA,   /* nvidia/<chip>/gsp/<name>.tlv: nova-core; the release is inside */
};
struct nvt_fw_found {
	const struct nvt_chip *chip;
	const char *role;
	enum nvt_fw_naming naming;
	char release[32];     /* as the name says, "" for nova-core's */
	char path[256];       /* below the folder, without suffix */
	const char *suffix;   /* "", ".xz", ".zst" or ".gz" */
	char file[512];
	bool broken;          /* a link to nothing */
	uint64_t device, inode, stored; /* which file it is, and its bytes on disk; 0 when broken */
};
typedef int (*nvt_fw_found_fn)(void *arg, const struct nvt_fw_found *f, struct nvt_error *e);
/* Calls fn for every file of every chip; none at all is -NVT_E_ENV. A negative result of fn ends the scan. */
NVT_API int nvt_fw_scan(const char *dir, nvt_fw_found_fn fn, void *arg, struct nvt_error *e);

/* ---- finding and loading files ---- */

/* Folders searched in order, NULL-terminated. */
struct nvt_fw_path {
	const char *dirs[8];
};
/* --firmware DIR alone if given, else $XDG_CACHE_HOME/nvtool/firmware (~/.cache), /lib/firmware/updates,
 * /lib/firmware. storage holds the composed names. */
NVT_API void nvt_fw_path_default(const char *override, struct nvt_fw_path *ret, char storage[1024]);

/*
 * Where a loaded file goes: returns writable memory of `size` bytes, or NULL. Called once, with the
 * uncompressed size. It decides placement: .fwimage begins at 0x40 in a GSP image, so memory at
 * page + 0x1000 - 0x40 makes the part that the device reads page aligned.
 */
typedef uint8_t *(*nvt_fw_alloc_fn)(void *arg, size_t size);

struct nvt_fw_blob {
	struct nvt_bytes data;    /* in the memory that alloc gave */
	char path[512];           /* what was opened */
	struct nvt_sha256 sha256;
	bool known;               /* equals the manifest's size and digest */
	bool mapped;              /* by nvt_fw_map */
};
/*
 * Finds f->path (also with .xz or .zst), reads or decompresses it straight into alloc's memory and
 * hashes it there, once. Not found: -NVT_E_ENV with every place that was tried. A size or digest that
 * differs from the manifest is -NVT_E_DATA naming the field, unless allow_unknown.
 */
NVT_API int nvt_fw_load(const struct nvt_fw_path *path, const struct nvt_fwdb_file *f, bool allow_unknown,
			nvt_fw_alloc_fn alloc, void *arg, struct nvt_fw_blob *ret, struct nvt_error *e);
/* Any file by name, for `fw info`: malloced (the caller frees data.p), decompressed by content. */
NVT_API int nvt_fw_read(const char *file, struct nvt_fw_blob *ret, struct nvt_error *e);
/* As nvt_fw_read, but a plain file is mapped, not copied; the digest is left out when it is not wanted. */
NVT_API int nvt_fw_map(const char *file, bool digest, struct nvt_fw_blob *ret, struct nvt_error *e);
NVT_API void nvt_fw_unmap(struct nvt_fw_blob *blob);

#endif
