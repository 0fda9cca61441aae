/* SPDX-License-Identifier: MIT */
/* chips: the chip table. */
#include "cli/cmd.h"

int cli_chips(struct cli *cli, json_t *data, struct nvt_error *e)
{
	json_t *chips = doc_arr(data, "chips");
	unsigned i;

	(void)cli;
	(void)e;
	for (i = 0; i < nvt_chip_count; i++) {
		const struct nvt_chip *c = &nvt_chips[i];
		json_t *o = doc_obj(chips, NULL);

		doc_str(o, "name", c->name);
		doc_str(o, "family", c->family);
		doc_hex32(o, "boot_0", c->boot_0);
		doc_hex32(o, "boot_42", c->boot_42);
		doc_str(o, "boot_path", c->boot_path);
		doc_str(o, "firmware_dir", c->fw_dir);
		doc_str(o, "gsp_dir", c->gsp_dir);
		doc_str(o, "signature_section", c->sig_section);
		if (c->pci_device)
			doc_num(o, "pci_device", c->pci_device);
		doc_num(o, "pci_class", c->pci_class);
		doc_hex(o, "vram_default", c->vram_default);
		doc_str(o, "bring_up", nvt_chip_tested(c));
	}
	return 0;
}

void cli_chips_print(const struct cli *cli, const json_t *data, FILE *out)
{
	static const struct cli_column cols[] = {
		{ "name", "CHIP", false },          { "family", "FAMILY", false },
		{ "boot_0", "BOOT_0", false },      { "boot_42", "BOOT_42", false },
		{ "boot_path", "BOOT", false },     { "firmware_dir", "FIRMWARE", false },
		{ "vram_default", "VRAM", true },   { "bring_up", "BRING-UP", false },
		{ NULL, NULL, false },
	};

	(void)cli;
	cli_print_table(json_object_get(data, "chips"), cols, out);
}
