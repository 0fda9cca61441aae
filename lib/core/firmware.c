/* SPDX-License-Identifier: MIT */
/* Chooses a firmware release and loads its files where the GPU will fetch them from. */
#include "core/firmware.h"

#include "core/state.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

#define PAGE 0x1000u
/* Where .fwimage begins in every published GSP-RM file: right behind the ELF header. */
#define GSP_IMAGE_FILE_OFF 0x40

/* A DMA buffer that nvt_fw_load fills from byte `lead` on. */
struct load_target {
	struct nvt_transport *t;
	const char *name;
	size_t lead;
	enum nvt_dma_dir dir;
	struct nvt_dma *dma;
	struct nvt_error *e;
};

static uint8_t *alloc_dma(void *arg, size_t size)
{
	struct load_target *lt = arg;
	size_t whole = nvt_align_up(lt->lead + size, PAGE);

	if (size > SIZE_MAX / 2 ||
	    nvt_dma_alloc(lt->t, lt->name, whole, PAGE, lt->dir, lt->dma, lt->e))
		return NULL;
	return lt->dma->cpu + lt->lead;
}

static int load_file(struct nvt_gpu *gpu, const char *release, const char *role, const char *name,
		     size_t lead, struct nvt_dma *dma, struct nvt_fw_blob *ret, struct nvt_error *e)
{
	/* The large one is found page by page, through the radix-3 tables. */
	enum nvt_dma_dir dir = lead ? NVT_DMA_TO_DEVICE | NVT_DMA_SCATTERED : NVT_DMA_TO_DEVICE;
	const struct nvt_fwdb_file *f = nvt_fwdb_file(gpu->env.fwdb, release, role, gpu->chip);
	struct nvt_error alloc_error = { 0 };
	struct load_target target = { gpu->t, name, lead, dir, dma, &alloc_error };
	int rc;

	if (!f) {
		rc = nvt_fail(e, NVT_E_ENV, "fwdb has no %s of release %s for %s", role, release,
			      gpu->chip->name);
		nvt_err_hint(e, "`nvtool fw import` writes a manifest of a folder that has it, "
				"--fwdb DIR adds it; `nvtool fw list` shows what is known");
		return rc;
	}
	rc = nvt_fw_load(&gpu->env.fw_path, f, gpu->env.allow_unknown_firmware, alloc_dma, &target,
			 ret, e);
	if (rc == -NVT_E_ENV)
		nvt_err_hint(e, "`./quickstart boot` fetches it; or install Debian's "
				"firmware-nvidia-graphics (trixie-backports or later), or name the "
				"folder that holds it with --firmware DIR");
	if (rc && alloc_error.code) {
		if (e)
			*e = alloc_error;
		return -(int)alloc_error.code;
	}
	return rc;
}

/* ---- GSP-RM image ---- */

static int place_signature(struct nvt_gpu *gpu, const struct nvt_gsp_elf *elf,
			   struct nvt_bytes file, struct nvt_error *e)
{
	const struct nvt_fw_section *s = nvt_gsp_elf_section(elf, gpu->chip->sig_section);
	struct nvt_dma *sig = &gpu->b.signature;
	int rc;

	if (!s)
		return nvt_fail(e, NVT_E_DATA, "the GSP-RM image has no section %s",
				gpu->chip->sig_section);
	if (!s->size || !nvt_in_range(s->off, s->size, file.n))
		return nvt_fail(e, NVT_E_DATA, "section %s lies outside the file", s->name);
	rc = nvt_dma_alloc(gpu->t, "gsp-signature", nvt_align_up(s->size, PAGE), PAGE,
			   NVT_DMA_TO_DEVICE, sig, e);
	if (rc)
		return rc;
	memcpy(sig->cpu, file.p + s->off, s->size);
	nvt_dma_sync(gpu->t, sig, 0, sig->size);
	return 0;
}

/*
 * The image must begin on a page, and what follows it in the file must not show in its last page.
 * A published file needs no move: its image already lies on the second page of the buffer.
 */
static void place_image(struct nvt_gpu *gpu, const struct nvt_fw_section *image,
			struct nvt_bytes file)
{
	struct boot *b = &gpu->b;
	uint8_t *to = b->gsp_file.cpu + PAGE;
	size_t end = nvt_align_up(image->size, PAGE);

	if (to != file.p + image->off)
		memmove(to, file.p + image->off, image->size);
	memset(to + image->size, 0, end - image->size);
	b->image_off = PAGE;
	b->image_size = image->size;
	nvt_dma_sync(gpu->t, &b->gsp_file, PAGE, end);
}

static int load_gsp(struct nvt_gpu *gpu, const char *release, struct nvt_error *e)
{
	struct nvt_gsp_elf elf;
	struct nvt_fw_blob blob;
	int rc = load_file(gpu, release, "gsp", "gsp-image", PAGE - GSP_IMAGE_FILE_OFF,
			   &gpu->b.gsp_file, &blob, e);

	if (rc)
		return rc;
	rc = nvt_gsp_elf_parse(blob.data, &elf, e);
	if (rc)
		return nvt_during(e, rc, "%s", blob.path);
	if (!elf.image || !elf.image->size ||
	    !nvt_in_range(elf.image->off, elf.image->size, blob.data.n) ||
	    nvt_align_up(elf.image->size, PAGE) > gpu->b.gsp_file.size - PAGE)
		return nvt_fail(e, NVT_E_DATA, "%s: no usable .fwimage", blob.path);
	rc = place_signature(gpu, &elf, blob.data, e);
	if (rc)
		return nvt_during(e, rc, "%s", blob.path);
	place_image(gpu, elf.image, blob.data);
	return 0;
}

/* ---- small images ---- */

static int load_bootloader(struct nvt_gpu *gpu, const char *release, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	struct nvt_fw_blob blob;
	int rc = load_file(gpu, release, "bootloader", "gsp-bootloader", 0, &b->bootloader, &blob,
			   e);

	if (rc)
		return rc;
	rc = nvt_riscv_bl_parse(blob.data, &b->bl, e);
	if (rc)
		return nvt_during(e, rc, "%s", blob.path);
	if (!nvt_in_range(b->bl.bin.data_off, b->bl.bin.data_size, blob.data.n))
		return nvt_fail(e, NVT_E_DATA, "%s: data lies outside the file", blob.path);
	memmove(b->bootloader.cpu, b->bootloader.cpu + b->bl.bin.data_off, b->bl.bin.data_size);
	memset(b->bootloader.cpu + b->bl.bin.data_size, 0,
	       b->bootloader.size - b->bl.bin.data_size);
	nvt_dma_sync(gpu->t, &b->bootloader, 0, b->bootloader.size);
	return 0;
}

static int load_booter(struct nvt_gpu *gpu, const char *release, const char *role, const char *name,
		       struct booter *booter, struct nvt_error *e)
{
	struct nvt_fw_blob blob;
	int rc;

	booter->what = role;
	rc = load_file(gpu, release, role, name, 0, &booter->mem, &blob, e);
	if (rc)
		return rc;
	booter->file_size = blob.data.n;
	return nvt_during(e, booter_parse(booter, e), "%s", blob.path);
}

/* The large one last: a release that is only half there is found out cheaply. */
static int load_release(struct nvt_gpu *gpu, const char *release, struct nvt_error *e)
{
	struct boot *b = &gpu->b;
	const char *abi = nvt_fwdb_abi(gpu->env.fwdb, release);
	int rc = 0;

	b->abi = abi;
	b->rm = abi ? rm_row_find(abi) : NULL;
	if (!b->rm || !nvt_rel_find(nvt_abi_builtin(), abi, &b->rel))
		return nvt_fail(e, NVT_E_ENV, "the protocol of release %s is not known", release);
	rc = load_bootloader(gpu, release, e);
	if (!rc)
		rc = load_booter(gpu, release, "booter_load", "booter-load", &b->booter_load, e);
	if (!rc)
		rc = load_booter(gpu, release, "booter_unload", "booter-unload", &b->booter_unload,
				 e);
	if (!rc)
		rc = load_gsp(gpu, release, e);
	if (!rc)
		snprintf(gpu->report.release, sizeof(gpu->report.release), "%s", release);
	return rc;
}

void firmware_free(struct nvt_gpu *gpu)
{
	struct boot *b = &gpu->b;

	nvt_dma_free(gpu->t, &b->gsp_file);
	nvt_dma_free(gpu->t, &b->signature);
	nvt_dma_free(gpu->t, &b->bootloader);
	booter_free(gpu->t, &b->booter_load);
	booter_free(gpu->t, &b->booter_unload);
}

/* Newest first; the error kept is that of the newest, which is what most people want. */
static int load_newest(struct nvt_gpu *gpu, struct nvt_error *e)
{
	unsigned i, count = nvt_fwdb_release_count(gpu->env.fwdb);
	struct nvt_error other;
	int rc, first = 0;

	for (i = 0; i < count; i++) {
		rc = load_release(gpu, nvt_fwdb_release(gpu->env.fwdb, i), first ? &other : e);
		if (!rc)
			return 0;
		firmware_free(gpu);
		/* Only a missing file means "not installed"; a bad one must be seen. */
		if (rc != -NVT_E_ENV) {
			if (first && e)
				*e = other;
			return rc;
		}
		if (!first)
			first = rc;
	}
	return first ? first : nvt_fail(e, NVT_E_ENV, "fwdb holds no firmware release");
}

static int check_release(struct nvt_gpu *gpu, const char *release, struct nvt_error *e)
{
	unsigned i, count = nvt_fwdb_release_count(gpu->env.fwdb);
	char known[sizeof(e->wanted)] = "";
	size_t n;
	int rc;

	for (i = 0; i < count; i++) {
		if (!strcmp(nvt_fwdb_release(gpu->env.fwdb, i), release))
			return 0;
		n = strlen(known);
		snprintf(known + n, sizeof(known) - n, "%s%s", n ? ", " : "",
			 nvt_fwdb_release(gpu->env.fwdb, i));
	}
	rc = nvt_fail(e, NVT_E_USAGE, "release %s is not in the firmware database", release);
	nvt_err_seen(e, "%s", release);
	nvt_err_wanted(e, "one of %s", known);
	nvt_err_hint(e, "--fwdb DIR adds manifests of other releases");
	return rc;
}

int firmware_load(struct nvt_gpu *gpu, struct nvt_error *e)
{
	int rc;

	if (!gpu->env.release)
		return load_newest(gpu, e);
	rc = check_release(gpu, gpu->env.release, e);
	return rc ? rc : load_release(gpu, gpu->env.release, e);
}
