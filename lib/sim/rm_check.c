/* SPDX-License-Identifier: MIT */
/* What GSP-RM is told at start-up: system info and registry, checked field by field. */
#include "sim/model.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <string.h>

/* ---- SET_SYSTEM_INFO ---- */

static void expect(struct sim *s, const struct nvt_view *v, uint32_t field, const char *name, uint64_t want)
{
	uint64_t seen = nvt_get_or0(v, field);

	/* A release without the field is not told. */
	if (seen != want && nvt_nvf_offset(v->rel, field) >= 0)
		sim_violation(s, "system-info", SIM_HEX(seen), SIM_HEX(want), "GspSystemInfo.%s is wrong", name);
}

#define EXPECT(s, v, field, want) expect(s, v, NVF_GspSystemInfo_##field, #field, want)

void sim_rm_check_system_info(struct sim *s, struct nvt_bytes payload)
{
	struct nvt_view v = { s->gsp.rel, payload.p, payload.n };
	uint32_t size = nvt_nvf_struct_size(s->gsp.rel, NVF_GspSystemInfo_gpuPhysAddr);
	const struct nvt_pci_info *pci = &s->t.pci;

	if (payload.n != size) {
		sim_violation(s, "system-info", SIM_HEX(payload.n), SIM_HEX(size), "GspSystemInfo has a wrong size");
		return;
	}
	EXPECT(s, &v, gpuPhysAddr, sim_bar_addr(s, 0));
	EXPECT(s, &v, gpuPhysFbAddr, sim_bar_addr(s, 1));
	EXPECT(s, &v, gpuPhysInstAddr, sim_bar_addr(s, 3));
	EXPECT(s, &v, pciConfigMirrorBase, s->chip->config_mirror);
	EXPECT(s, &v, pciConfigMirrorSize, SIM_CFG_SIZE);
	EXPECT(s, &v, PCIDeviceID, (uint32_t)pci->device << 16 | pci->vendor);
	EXPECT(s, &v, PCISubDeviceID, (uint32_t)pci->subdevice << 16 | pci->subvendor);
	EXPECT(s, &v, PCIRevisionID, pci->revision);
}

/* ---- SET_REGISTRY ---- */

enum { TYPE_DWORD = 1, TYPE_BINARY = 2, TYPE_STRING = 3, TABLE_HEADER = 8, ENTRY_SIZE = 16 };

struct reg_entry {
	uint64_t name_off, type, data, length;
};

static struct reg_entry entry_at(const struct sim *s, struct nvt_bytes table, uint64_t i)
{
	struct nvt_view v = { s->gsp.rel, table.p + TABLE_HEADER + i * ENTRY_SIZE, ENTRY_SIZE };

	return (struct reg_entry){
		nvt_get_or0(&v, NVF_PACKED_REGISTRY_ENTRY_nameOffset),
		nvt_get_or0(&v, NVF_PACKED_REGISTRY_ENTRY_type),
		nvt_get_or0(&v, NVF_PACKED_REGISTRY_ENTRY_data),
		nvt_get_or0(&v, NVF_PACKED_REGISTRY_ENTRY_length),
	};
}

static void check_entry(struct sim *s, struct nvt_bytes table, uint64_t first_name, const struct reg_entry *r)
{
	if (r->name_off < first_name || r->name_off >= table.n || table.p[r->name_off] == 0 ||
	    !memchr(table.p + r->name_off, 0, table.n - (size_t)r->name_off))
		sim_violation(s, "registry", SIM_HEX(r->name_off), SIM_HEX(table.n),
			      "registry entry without a name inside the table");
	else if (r->type < TYPE_DWORD || r->type > TYPE_STRING)
		sim_violation(s, "registry", SIM_HEX(r->type), "1, 2 or 3", "registry entry \"%.40s\" of unknown type",
			      (const char *)table.p + r->name_off);
	else if (r->type != TYPE_DWORD && !nvt_in_range(r->data, r->length, table.n))
		sim_violation(s, "registry", SIM_HEX(r->data), SIM_HEX(table.n),
			      "value of registry entry \"%.40s\" beyond the table",
			      (const char *)table.p + r->name_off);
	else if (r->type == TYPE_DWORD && r->length != 4)
		sim_odd(s, SIM_ODD_REGISTRY_LENGTH, NULL);
}

void sim_rm_check_registry(struct sim *s, struct nvt_bytes payload)
{
	struct nvt_view v = { s->gsp.rel, payload.p, payload.n };
	uint64_t size = nvt_get_or0(&v, NVF_PACKED_REGISTRY_TABLE_size);
	uint64_t n = nvt_get_or0(&v, NVF_PACKED_REGISTRY_TABLE_numEntries), i;
	struct reg_entry r;

	if (payload.n < TABLE_HEADER || n > (payload.n - TABLE_HEADER) / ENTRY_SIZE || size > payload.n ||
	    size < TABLE_HEADER + n * ENTRY_SIZE) {
		sim_violation(s, "registry", SIM_HEX(size), SIM_HEX(payload.n),
			      "registry table of %llu entries does not fit its message", (unsigned long long)n);
		return;
	}
	if (size != payload.n)
		sim_odd(s, SIM_ODD_REGISTRY_SIZE, NULL);
	for (i = 0; i < n; i++) {
		r = entry_at(s, payload, i);
		check_entry(s, payload, TABLE_HEADER + n * ENTRY_SIZE, &r);
	}
}
