/* SPDX-License-Identifier: MIT */
/* SET_SYSTEM_INFO, SET_REGISTRY, GET_GSP_STATIC_INFO. */
#include "core/handshake.h"

#include "core/registry.h"
#include "core/state.h"

#include <nvt/fields.h>

#include <stdlib.h>
#include <string.h>

#define PAYLOAD_MAX (NVT_ELEM_SIZE * 4)
/* Highest user address of an x86-64 process (nouveau sends TASK_SIZE). */
#define MAX_USER_VA 0x7ffffffff000ull
#define CFG_MIRROR_SIZE 0x1000
#define HOST_PAGE_SIZE 0x1000

/* Three messages, each of a struct's size; one buffer serves them all. */
static int payload_new(uint32_t size, uint8_t **ret, struct nvt_error *e)
{
	if (!size || size > PAYLOAD_MAX)
		return nvt_fail(e, NVT_E_ENV, "the release lacks this message");
	*ret = calloc(1, size);
	return *ret ? 0 : nvt_fail(e, NVT_E_NOMEM, "no memory for a message");
}

/* A release that lacks the field has a GSP-RM that finds the fact itself, or needs it not. */
static void put_if_known(struct nvt_wview *w, uint32_t nvf, uint64_t value)
{
	if (nvt_nvf_offset(w->rel, nvf) >= 0)
		nvt_put(w, nvf, value);
}

static void put_system_info(struct nvt_wview *w, const struct nvt_pci_info *pci, uint32_t mirror)
{
	nvt_put(w, NVF_GspSystemInfo_gpuPhysAddr, pci->bar[0].addr);
	nvt_put(w, NVF_GspSystemInfo_gpuPhysFbAddr, pci->bar[1].addr);
	nvt_put(w, NVF_GspSystemInfo_gpuPhysInstAddr, pci->bar[3].addr);
	/* OGKM gpuEncodeDomainBusDevice: the function is not part of it. */
	nvt_put(w, NVF_GspSystemInfo_nvDomainBusDeviceFunc,
		(uint64_t)pci->domain << 32 | (uint64_t)pci->bus << 8 | pci->dev);
	nvt_put(w, NVF_GspSystemInfo_maxUserVa, MAX_USER_VA);
	nvt_put(w, NVF_GspSystemInfo_pciConfigMirrorBase, mirror);
	nvt_put(w, NVF_GspSystemInfo_pciConfigMirrorSize, CFG_MIRROR_SIZE);
	put_if_known(w, NVF_GspSystemInfo_PCIDeviceID, (uint64_t)pci->device << 16 | pci->vendor);
	put_if_known(w, NVF_GspSystemInfo_PCISubDeviceID,
		     (uint64_t)pci->subdevice << 16 | pci->subvendor);
	put_if_known(w, NVF_GspSystemInfo_PCIRevisionID, pci->revision);
	put_if_known(w, NVF_GspSystemInfo_hostPageSize, HOST_PAGE_SIZE);
}

int handshake_system_info(struct nvt_gpu *gpu, struct nvt_error *e)
{
	uint32_t size = nvt_nvf_struct_size(gpu->b.rel, NVF_GspSystemInfo_gpuPhysAddr);
	struct nvt_wview w = { gpu->b.rel, NULL, size, 0, e };
	int rc = payload_new(size, &w.p, e);

	if (rc)
		return rc;
	put_system_info(&w, &gpu->t->pci, gpu->row->cfg_mirror);
	rc = w.rc ? w.rc : rpc_send(gpu, "GSP_SET_SYSTEM_INFO", (struct nvt_bytes){ w.p, size }, e);
	free(w.p);
	return rc;
}

int handshake_registry(struct nvt_gpu *gpu, struct nvt_error *e)
{
	const struct nvt_boot_opts *opts = gpu->b.opts;
	struct registry reg;
	uint8_t *buf;
	size_t size;
	int rc = registry_merge(opts->registry, opts->registry_count, &reg, e);

	if (!rc)
		rc = payload_new(PAYLOAD_MAX, &buf, e);
	if (rc)
		return rc;
	rc = registry_pack(&reg, gpu->b.rel, buf, PAYLOAD_MAX, &size, e);
	if (!rc)
		rc = rpc_send(gpu, "SET_REGISTRY", (struct nvt_bytes){ buf, size }, e);
	free(buf);
	return rc;
}

/* ---- static info ---- */

#define FB_REGION(f) NVF_GspStaticConfigInfo_fbRegionInfoParams_fbRegion_##f

static int get_fb_regions(const struct nvt_view *v, struct nvt_static_info *si)
{
	uint64_t n, base, limit, reserved, compressed, iso, prot;
	unsigned i;
	int rc = nvt_get(v, NVF_GspStaticConfigInfo_fbRegionInfoParams_numFBRegions, &n);

	if (rc)
		return rc;
	si->fb_count = n < NVT_ARRAY_SIZE(si->fb) ? (unsigned)n : NVT_ARRAY_SIZE(si->fb);
	for (i = 0; i < si->fb_count; i++) {
		if (nvt_get_at(v, FB_REGION(base), i, &base) ||
		    nvt_get_at(v, FB_REGION(limit), i, &limit) ||
		    nvt_get_at(v, FB_REGION(reserved), i, &reserved) ||
		    nvt_get_at(v, FB_REGION(supportCompressed), i, &compressed) ||
		    nvt_get_at(v, FB_REGION(supportISO), i, &iso) ||
		    nvt_get_at(v, FB_REGION(bProtected), i, &prot))
			return -NVT_E_DATA;
		si->fb[i] =
			(struct nvt_fb_region){ base,     limit,    reserved != 0, compressed != 0,
						iso != 0, prot != 0 };
	}
	return 0;
}

static int get_text(const struct nvt_view *v, uint32_t nvf, char *ret, size_t size)
{
	struct nvt_bytes text;
	size_t i;
	int rc = nvt_get_bytes(v, nvf, &text);

	for (i = 0; !rc && i < text.n && i + 1 < size && text.p[i]; i++)
		ret[i] = text.p[i] >= 0x20 && text.p[i] < 0x7f ? (char)text.p[i] : '?';
	return rc;
}

static int get_number(const struct nvt_view *v, uint32_t nvf, uint64_t *ret, int *rc)
{
	if (!*rc)
		*rc = nvt_get(v, nvf, ret);
	return *rc;
}

static int decode_static_info(const struct nvt_view *v, struct nvt_static_info *si)
{
	uint64_t client = 0, device = 0, subdevice = 0;
	int rc = get_text(v, NVF_GspStaticConfigInfo_gpuNameString, si->gpu_name,
			  sizeof(si->gpu_name));

	get_number(v, NVF_GspStaticConfigInfo_fb_length, &si->fb_length, &rc);
	get_number(v, NVF_GspStaticConfigInfo_bar1PdeBase, &si->bar1_pde_base, &rc);
	get_number(v, NVF_GspStaticConfigInfo_bar2PdeBase, &si->bar2_pde_base, &rc);
	get_number(v, NVF_GspStaticConfigInfo_hInternalClient, &client, &rc);
	get_number(v, NVF_GspStaticConfigInfo_hInternalDevice, &device, &rc);
	get_number(v, NVF_GspStaticConfigInfo_hInternalSubdevice, &subdevice, &rc);
	si->h_client = (nvt_handle)client;
	si->h_device = (nvt_handle)device;
	si->h_subdevice = (nvt_handle)subdevice;
	return rc ? rc : get_fb_regions(v, si);
}

int handshake_static_info(struct nvt_gpu *gpu, struct nvt_error *e)
{
	uint32_t size = nvt_nvf_struct_size(gpu->b.rel, NVF_GspStaticConfigInfo_gpuNameString);
	struct nvt_static_info si = { .payload_size = 0 };
	struct nvt_bytes reply;
	struct nvt_view v;
	uint8_t *request;
	int rc = payload_new(size, &request, e);

	if (rc)
		return rc;
	/* The request is as long as the reply (OGKM rpcGetGspStaticInfo_v14_00). */
	rc = rpc_call(gpu, "GET_GSP_STATIC_INFO", (struct nvt_bytes){ request, size }, &reply, e);
	free(request);
	if (rc || gpu->t->dry_run)
		return rc;
	v = (struct nvt_view){ gpu->b.rel, reply.p, reply.n };
	si.payload_size = (uint32_t)reply.n;
	if (decode_static_info(&v, &si)) {
		rc = nvt_fail(e, NVT_E_DATA, "the static info is too short");
		nvt_err_rpc(e, "GET_GSP_STATIC_INFO");
		nvt_err_seen(e, "%zu bytes", reply.n);
		nvt_err_wanted(e, "%u bytes", size);
		return rc;
	}
	gpu->report.static_info = si;
	gpu->report.has_static_info = true;
	return 0;
}
