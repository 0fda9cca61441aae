/* SPDX-License-Identifier: MIT */
/* The protocol tables that a command works on, and the release within them. */
#include <stdlib.h>
#include "cli/cmd.h"

int cli_need_abi(struct cli *cli, struct nvt_error *e)
{
	int rc;

	if (cli->abi)
		return 0;
	if (!cli->abi_path) {
		cli->abi = nvt_abi_builtin();
		return 0;
	}
	rc = nvt_schema_load(&cli->abi_path, 1, &cli->abi_loaded, e);
	if (!rc)
		cli->abi = cli->abi_loaded;
	return rc;
}

int cli_unknown_release(const struct cli *cli, const char *name, struct nvt_error *e)
{
	unsigned i, n = nvt_abi_release_count(cli->abi);
	int rc = nvt_fail(e, NVT_E_USAGE, "the protocol of release '%s' is not known", name);
	struct cli_near near;

	if (n == 1) {
		nvt_err_hint(e, "known is %s", nvt_rel_name((struct nvt_rel){ cli->abi, 0 }));
		return rc;
	}
	cli_near_init(&near, name);
	for (i = 0; i < n; i++)
		cli_near_offer(&near, nvt_rel_name((struct nvt_rel){ cli->abi, i }));
	cli_near_hint(&near, e, "", "nvtool abi list shows the known releases");
	return rc;
}

int cli_pick_release(const struct cli *cli, struct nvt_rel *ret, struct nvt_error *e)
{
	const char *name = cli->release, *speaks;

	if (!name && cli->abi_loaded) {
		*ret = (struct nvt_rel){ cli->abi, nvt_abi_release_count(cli->abi) - 1 };
		return 0;
	}
	if (!name)
		name = nvt_fwdb_release(cli->fwdb, 0);
	if (!name)
		return nvt_fail(e, NVT_E_ENV, "the firmware database holds no release");
	if (nvt_rel_find(cli->abi, name, ret))
		return 0;
	speaks = nvt_fwdb_abi(cli->fwdb, name);
	if (speaks && nvt_rel_find(cli->abi, speaks, ret))
		return 0;
	return cli_unknown_release(cli, name, e);
}
