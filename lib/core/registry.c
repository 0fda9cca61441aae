/* SPDX-License-Identifier: MIT */
/* Packs registry keys the way GSP-RM reads them: entries first, names behind. */
#include "core/registry.h"

#include "base/bytes.h"

#include <nvt/fields.h>

#include <string.h>

#define TYPE_DWORD 1 /* REGISTRY_TABLE_ENTRY_TYPE_DWORD */

/* What nova and nouveau send: GSP-RM then leaves secondary bus reset and config space to the
 * driver. */
static const struct nvt_registry_entry defaults[REGISTRY_DEFAULTS] = {
	{ "RMSecBusResetEnable", 1 },
	{ "RMForcePcieConfigSave", 1 },
	/* the device id need not be one that the VBIOS was made for */
	{ "RMDevidCheckIgnore", 1 },
};

static struct nvt_registry_entry *find(struct registry *reg, const char *key)
{
	unsigned i;

	for (i = 0; i < reg->count; i++)
		if (!strcmp(reg->entries[i].key, key))
			return &reg->entries[i];
	return NULL;
}

int registry_merge(const struct nvt_registry_entry *extra, unsigned count, struct registry *ret,
		   struct nvt_error *e)
{
	struct nvt_registry_entry *at;
	unsigned i;

	memcpy(ret->entries, defaults, sizeof(defaults));
	ret->count = REGISTRY_DEFAULTS;
	if (count > NVT_REGISTRY_MAX)
		return nvt_fail(e, NVT_E_USAGE, "%u registry keys, at most %u", count,
				NVT_REGISTRY_MAX);
	for (i = 0; i < count; i++) {
		if (!extra[i].key[0] || !memchr(extra[i].key, '\0', sizeof(extra[i].key)))
			return nvt_fail(e, NVT_E_USAGE, "registry key %u is empty or too long", i);
		at = find(ret, extra[i].key);
		if (!at)
			at = &ret->entries[ret->count++];
		*at = extra[i];
	}
	return 0;
}

int registry_pack(const struct registry *reg, struct nvt_rel rel, uint8_t *buf, size_t size,
		  size_t *ret_size, struct nvt_error *e)
{
	uint32_t head = nvt_nvf_struct_size(rel, NVF_PACKED_REGISTRY_TABLE_size);
	uint32_t each = nvt_nvf_struct_size(rel, NVF_PACKED_REGISTRY_ENTRY_nameOffset);
	struct nvt_wview table = { rel, buf, size, 0, e }, entry = { rel, buf + head, each, 0, e };
	size_t at = head + (size_t)reg->count * each, len;
	unsigned i;

	if (!head || !each)
		return nvt_fail(e, NVT_E_ENV, "release %s has no registry table",
				nvt_rel_name(rel));
	if (at > size)
		return nvt_fail(e, NVT_E_BUG, "registry table does not fit 0x%zx bytes", size);
	memset(buf, 0, at);
	for (i = 0; i < reg->count && !entry.rc; i++, entry.p += each) {
		len = strlen(reg->entries[i].key) + 1;
		if (len > size - at)
			return nvt_fail(e, NVT_E_BUG, "registry table does not fit 0x%zx bytes",
					size);
		nvt_put(&entry, NVF_PACKED_REGISTRY_ENTRY_nameOffset, at);
		nvt_put(&entry, NVF_PACKED_REGISTRY_ENTRY_type, TYPE_DWORD);
		nvt_put(&entry, NVF_PACKED_REGISTRY_ENTRY_data, reg->entries[i].value);
		nvt_put(&entry, NVF_PACKED_REGISTRY_ENTRY_length, 4);
		memcpy(buf + at, reg->entries[i].key, len);
		at += len;
	}
	nvt_put(&table, NVF_PACKED_REGISTRY_TABLE_size, at);
	nvt_put(&table, NVF_PACKED_REGISTRY_TABLE_numEntries, reg->count);
	*ret_size = at;
	return entry.rc ? entry.rc : table.rc;
}
