/* SPDX-License-Identifier: MIT */
/* "ga102,vram=12G,fault=NAME": the model's options as text. */
#include "sim/faults.h"
#include "sim/chips.h"
#include "sim/sim.h"
#include "sim/vram.h"

#include <stdlib.h>
#include <string.h>

static int parse_chip(const char *v, struct sim_opts *o, struct nvt_error *e)
{
	o->chip = nvt_chip_by_name(v);
	if (!o->chip)
		return nvt_fail(e, NVT_E_USAGE, "no such chip: %s", v);
	if (!sim_chip_find(o->chip)) {
		nvt_fail(e, NVT_E_USAGE, "the device model has no %s", o->chip->name);
		nvt_err_hint(e, "`nvtool chips` shows which are brought up on the model");
		return -NVT_E_USAGE;
	}
	return 0;
}

static int parse_vram(char *v, struct sim_opts *o, struct nvt_error *e)
{
	static const struct {
		char unit;
		unsigned shift;
	} units[] = { { 'K', 10 }, { 'M', 20 }, { 'G', 30 } };
	unsigned long long n;
	unsigned i, shift = 0;
	char *end;

	n = strtoull(v, &end, 0);
	for (i = 0; i < NVT_ARRAY_SIZE(units); i++)
		if (*end == units[i].unit)
			shift = units[i].shift;
	if (shift)
		end++;
	if (end == v || *end || *v == '-' || n > SIM_VRAM_MAX >> shift)
		return nvt_fail(e, NVT_E_USAGE, "vram=%s is not a size of at most 256G", v);
	o->vram_size = (uint64_t)n << shift;
	/* The size register counts MiB, and the boot regions alone take 256 MiB. */
	if (o->vram_size % (1u << 20) || o->vram_size < 512ull << 20)
		return nvt_fail(e, NVT_E_USAGE, "vram=%s is not whole MiB of at least 512M", v);
	return 0;
}

static int parse_strict(const char *v, struct sim_opts *o, struct nvt_error *e)
{
	if (!strcmp(v, "fail"))
		o->policy = SIM_STRICT_FAIL;
	else if (!strcmp(v, "report"))
		o->policy = SIM_STRICT_REPORT;
	else
		return nvt_fail(e, NVT_E_USAGE, "strict=%s is neither fail nor report", v);
	return 0;
}

static int parse_unknown_fw(const char *v, struct sim_opts *o, struct nvt_error *e)
{
	if (strcmp(v, "ok"))
		return nvt_fail(e, NVT_E_USAGE, "unknown-fw=%s: only ok makes sense", v);
	o->unknown_fw_ok = true;
	return 0;
}

/* NAME[=ARG][:sticky] */
static int parse_fault(char *v, struct sim_opts *o, struct nvt_error *e)
{
	char *colon = strchr(v, ':'), *arg;
	unsigned i = o->fault_count;

	if (i == NVT_SIM_FAULTS_MAX)
		return nvt_fail(e, NVT_E_USAGE, "more than %d faults", NVT_SIM_FAULTS_MAX);
	if (colon) {
		if (strcmp(colon, ":sticky"))
			return nvt_fail(e, NVT_E_USAGE, "fault=%s: only :sticky may follow a colon", v);
		*colon = 0;
		o->faults[i].sticky = true;
	}
	arg = strchr(v, '=');
	if (arg)
		*arg++ = 0;
	else
		arg = v + strlen(v);
	o->faults[i].fault = sim_fault_by_name(v);
	if (!o->faults[i].fault) {
		nvt_fail(e, NVT_E_USAGE, "no such fault: %s", v);
		nvt_err_hint(e, "nvtool sim faults lists them");
		return -NVT_E_USAGE;
	}
	if (!sim_fault_arg_ok(o->faults[i].fault, arg) || strlen(arg) >= sizeof(o->faults[i].arg)) {
		nvt_fail(e, NVT_E_USAGE, "fault %s does not take %s", v, arg);
		nvt_err_wanted(e, "%s", o->faults[i].fault->arg ? o->faults[i].fault->arg : "no argument");
		return -NVT_E_USAGE;
	}
	memcpy(o->faults[i].arg, arg, strlen(arg) + 1);
	o->fault_count++;
	return 0;
}

static int parse_option(char *item, struct sim_opts *o, struct nvt_error *e)
{
	char *v = strchr(item, '=');

	if (!v)
		return nvt_fail(e, NVT_E_USAGE, "the device model has no option %s", item);
	*v++ = 0;
	if (!strcmp(item, "vram"))
		return parse_vram(v, o, e);
	if (!strcmp(item, "fault"))
		return parse_fault(v, o, e);
	if (!strcmp(item, "strict"))
		return parse_strict(v, o, e);
	if (!strcmp(item, "unknown-fw"))
		return parse_unknown_fw(v, o, e);
	if (!strcmp(item, "rom")) {
		o->rom_path = v;
		return *v ? 0 : nvt_fail(e, NVT_E_USAGE, "rom= names no file");
	}
	nvt_fail(e, NVT_E_USAGE, "the device model has no option %s", item);
	nvt_err_hint(e, "options: vram, rom, fault, strict, unknown-fw");
	return -NVT_E_USAGE;
}

int sim_parse_uri(const char *args, struct sim_opts *ret, char *storage, size_t storage_size, struct nvt_error *e)
{
	size_t n = strlen(args);
	char *item, *next;
	int rc;

	memset(ret, 0, sizeof(*ret));
	if (n >= storage_size)
		return nvt_fail(e, NVT_E_USAGE, "the device's name is longer than %zu bytes", storage_size - 1);
	memcpy(storage, args, n + 1);
	item = storage;
	next = strchr(item, ',');
	if (next)
		*next++ = 0;
	rc = parse_chip(item, ret, e);
	while (!rc && next) {
		item = next;
		next = strchr(item, ',');
		if (next)
			*next++ = 0;
		rc = parse_option(item, ret, e);
	}
	return rc;
}
