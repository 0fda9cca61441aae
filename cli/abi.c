/* SPDX-License-Identifier: MIT */
/* abi list: the releases of the tables, and how much each has. */
#include <string.h>
#include "cli/abi.h"

static uint32_t count_ids(struct nvt_rel rel, enum abi_kind kind, bool with_type)
{
	uint32_t pos = 0, n = 0;
	struct cli_id id;

	while (cli_id_next(rel, kind, &pos, &id))
		n += !with_type || id.type;
	return n;
}

static uint32_t count_types(struct nvt_rel rel)
{
	uint32_t pos = 0, n = 0;

	while (nvt_layout_next(rel, &pos))
		n++;
	return n;
}

static uint32_t count_sets(struct nvt_rel rel, enum cli_names kind)
{
	struct cli_name v;
	const char *last = "";
	uint32_t pos = 0, n = 0;

	while (cli_name_next(rel, kind, &pos, &v)) {
		n += strcmp(v.set, last) != 0;
		last = v.set;
	}
	return n;
}

void cli_abi_counts(struct nvt_rel rel, json_t *o)
{
	unsigned k;

	doc_str(o, "release", nvt_rel_name(rel));
	doc_num(o, "types", count_types(rel));
	for (k = 0; k < ABI_ID__COUNT; k++)
		doc_num(o, abi_kind_plural(k), count_ids(rel, k, false));
	doc_num(o, "controls_with_params", count_ids(rel, ABI_CONTROL, true));
	doc_num(o, "enums", count_sets(rel, NAMES_ENUMS));
	doc_num(o, "flags", count_sets(rel, NAMES_FLAGS));
}

int cli_abi_list(struct cli *cli, json_t *data, struct nvt_error *e)
{
	json_t *list;
	unsigned i;

	(void)e;
	doc_str(data, "source", cli->abi_path ? cli->abi_path : "built in");
	list = doc_arr(data, "releases");
	for (i = 0; i < nvt_abi_release_count(cli->abi); i++)
		cli_abi_counts((struct nvt_rel){ cli->abi, i }, doc_obj(list, NULL));
	return 0;
}

void cli_abi_list_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "release", "RELEASE", false }, { "types", "TYPES", true },       { "functions", "FUNCTIONS", true },
		{ "events", "EVENTS", true },    { "controls", "CONTROLS", true }, { "classes", "CLASSES", true },
		{ "enums", "ENUMS", true },      { "flags", "FLAGS", true },       { NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "releases"), cols, out);
}
