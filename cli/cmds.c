/* SPDX-License-Identifier: MIT */
/* The command table. Parsing, help, `meta`, manual pages and completions all come from it. */
#include "cli/cmd.h"

#define KEYS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define OPTS(...) ((const struct cli_opt[]){ __VA_ARGS__, { .name = NULL } })
#define ARGS(...) ((const struct cli_arg[]){ __VA_ARGS__, { .name = NULL } })

#define ASSUME \
	{ .name = "assume-release", .type = CLI_STRING, .meta = "RELEASE", \
	  .help = "release of the messages, where the input does not say" }

/* Which messages of a capture; rpc_input.c reads them. */
#define FILTERS \
	ASSUME, \
	{ .name = "function", .type = CLI_STRING, .meta = "NAME", .help = "only this function or event, by name or number" }, \
	{ .name = "command", .type = CLI_STRING, .meta = "CMD", \
	  .help = "only GSP_RM_CONTROL with this command, by name or number" }, \
	{ .name = "class", .type = CLI_STRING, .meta = "CLASS", \
	  .help = "only GSP_RM_ALLOC of this class, by name or number" }, \
	{ .name = "handle", .type = CLI_U64, .meta = "HANDLE", .help = "only messages that name this handle" }, \
	{ .name = "status", .type = CLI_STRING, .meta = "STATUS", \
	  .help = "only replies with this NV_STATUS, by name or number" }, \
	{ .name = "direction", .type = CLI_ENUM, .meta = "WAY", .value = cli_rpc_direction, .help = "only one direction" }, \
	{ .name = "from", .type = CLI_U64, .meta = "US", .help = "only from this time on, in microseconds" }, \
	{ .name = "to", .type = CLI_U64, .meta = "US", .help = "only up to this time, in microseconds" }

static const char g_boot[] = "Bring-up";
static const char g_image[] = "Images and chips";
static const char g_register[] = "Registers";
static const char g_protocol[] = "Protocol";
static const char g_trace[] = "Recordings";
static const char g_model[] = "Device model";
static const char g_tool[] = "The tool itself";

const char *const cli_groups[] = { g_boot, g_image, g_register, g_protocol, g_trace, g_model, g_tool, NULL };

const struct cli_page cli_pages[] = {
	{ "boot", "bring GSP-RM up on a GPU and take it down again" },
	{ "batch", "run several commands on one open device" },
	{ "chips", "list the chips nvtool knows" },
	{ "fw", "take firmware images apart" },
	{ "vbios", "take a VBIOS apart, down to FWSEC" },
	{ "reg", "name, decode and read registers" },
	{ "rpc", "list, describe, decode and encode GSP messages" },
	{ "abi", "list, show, compare and export the protocol of releases" },
	{ "trace", "sum up and compare recordings of a boot" },
	{ "sim", "the built-in device model: its faults, and a server for virtual machines" },
	{ NULL, NULL },
};

const struct cli_exit cli_exits[] = {
	{ 0, "Success." },
	{ 1, "A negative answer: a check or comparison said no." },
	{ 2, "Usage: the command line makes no sense." },
	{ 3, "Environment: no such device, file or permission, or out of memory." },
	{ 4, "Bad input: a file, image or message is malformed or not what it should be." },
	{ 5, "The device misbehaved, or GSP-RM refused." },
	{ 6, "The device did not get there in time." },
	{ 70, "A bug in nvtool." },
	{ 0, NULL },
};

const struct cli_opt cli_global_opts[] = {
	{ .name = "device", .letter = 'd', .type = CLI_STRING, .meta = "URI",
	  .help = "device to work on: sim:CHIP, vfio:ADDRESS or pci:ADDRESS" },
	{ .name = "json", .type = CLI_FLAG, .help = "print the result as a JSON document" },
	{ .name = "fwdb", .type = CLI_DIR, .meta = "DIR",
	  .help = "folder of firmware manifests to use besides those built in" },
	{ .name = "firmware", .type = CLI_DIR, .meta = "DIR",
	  .help = "folder to find firmware in, instead of the usual ones" },
	{ .name = "release", .type = CLI_STRING, .meta = "RELEASE",
	  .help = "driver release to use, for example 570.144" },
	{ .name = "allow-unknown-firmware", .type = CLI_FLAG,
	  .help = "go on with firmware that differs from its manifest" },
	{ .name = "trace", .type = CLI_PATH, .meta = "FILE",
	  .help = "write every access to the device into FILE" },
	{ .name = "capture", .type = CLI_PATH, .meta = "FILE",
	  .help = "write every message to and from GSP-RM into FILE, as pcapng" },
	{ .name = "abi", .type = CLI_PATH, .meta = "FILE",
	  .help = "take the protocol from this schema instead of the built-in tables (rpc and abi commands)" },
	{ .name = "verbose", .letter = 'v', .type = CLI_FLAG,
	  .help = "show steps and findings on standard error as they happen" },
	{ .name = "yes", .letter = 'y', .type = CLI_FLAG,
	  .help = "change a real GPU without asking" },
	{ .name = "version", .type = CLI_FLAG, .help = "print the version and exit" },
	{ .name = "help", .letter = 'h', .type = CLI_FLAG, .help = "explain the command and exit" },
	{ .name = NULL },
};

static const char *command_word(unsigned i)
{
	unsigned k;

	for (k = 0; k < cli_cmd_count; k++) {
		const char *noun = cli_cmds[k].noun;

		if (noun && k && cli_cmds[k - 1].noun == noun)
			continue;
		if (i-- == 0)
			return noun ? noun : cli_cmds[k].verb;
	}
	return NULL;
}

static const char n_fw[] = "fw", n_vbios[] = "vbios", n_reg[] = "reg", n_rpc[] = "rpc", n_abi[] = "abi", n_trace[] = "trace", n_sim[] = "sim";

const struct cli_cmd cli_cmds[] = {
	{ NULL, "boot", g_boot, "boot", "bring GSP-RM up step by step, report, and unload it",
	  NULL,
	  OPTS({ .name = "list", .type = CLI_FLAG, .help = "list the steps and what undoing them does" },
	       { .name = "until", .type = CLI_ENUM, .meta = "STEP", .value = cli_boot_step,
		 .help = "stop after this step and undo" },
	       { .name = "registry", .type = CLI_ASSIGN, .repeat = true, .meta = "KEY=VALUE",
		 .help = "registry entry for GSP-RM; overrides a default" },
	       { .name = "dry-run", .type = CLI_FLAG,
		 .help = "write nothing to the device; list every write and poll in order" }),
	  CLI_DEVICE | CLI_MUTATES,
	  KEYS("chip", "release", "steps", "unload", "up", "fb", "static_info", "vbios", "mmio", "rpc", "notes",
	       "plan", "model"),
	  cli_boot_is_list, cli_boot, cli_boot_print },
	{ NULL, "unload", g_boot, "boot", "unload the GSP-RM that this process booted",
	  NULL, NULL, CLI_DEVICE | CLI_MUTATES,
	  KEYS("chip", "release", "unload", "mmio", "rpc", "notes", "model"), NULL, cli_unload, cli_unload_print },
	{ NULL, "reset", g_boot, "boot", "reset the device (function-level reset)",
	  NULL, NULL, CLI_DEVICE | CLI_MUTATES,
	  KEYS("device", "chip", "bdf", "pci_device", "boot_display", "boot_0", "boot_42", "gfw_ready", "vram_size", "wpr2",
	       "riscv_active", "up", "release"),
	  NULL, cli_reset, cli_print_tree },
	{ NULL, "status", g_boot, "boot", "say what the device is and what runs on it; reads only",
	  NULL, NULL, CLI_DEVICE,
	  KEYS("device", "chip", "bdf", "pci_device", "boot_display", "boot_0", "boot_42", "gfw_ready", "vram_size", "wpr2",
	       "riscv_active", "up", "release"),
	  NULL, cli_status, cli_print_tree },
	{ NULL, "chips", g_image, "chips", "list the chips and their firmware folders",
	  NULL, NULL, 0, KEYS("chips"), NULL, cli_chips, cli_chips_print },
	{ n_fw, "info", g_image, "fw", "show every field of firmware files, and whether they are known",
	  ARGS({ .name = "FILE", .type = CLI_PATH, .repeat = true,
		 .help = "image of the boot chain, of any kind; may be compressed with xz, zstd or gzip" }),
	  OPTS({ .name = "no-digest", .type = CLI_FLAG,
		 .help = "read headers only: no digests, nothing looked up" }),
	  0, KEYS("files"), NULL, cli_fw_info, cli_fw_info_print },
	{ n_fw, "import", g_image, "fw", "measure a release's files and write its manifest",
	  ARGS({ .name = "DIR", .type = CLI_DIR, .help = "folder that holds nvidia/, in any driver's naming" }),
	  OPTS({ .name = "out", .type = CLI_PATH, .meta = "FILE",
		 .help = "manifest to write (default RELEASE.json in the folder of --fwdb)" },
	       { .name = "protocol", .type = CLI_STRING, .meta = "RELEASE",
		 .help = "release whose message layouts it speaks (default itself)" }),
	  0, KEYS("release", "manifest", "files"), NULL, cli_fw_import, cli_fw_import_print },
	{ n_fw, "verify", g_image, "fw", "say what is wrong with firmware files or a folder of them",
	  ARGS({ .name = "PATH", .type = CLI_PATH, .repeat = true, .help = "file, or folder that holds nvidia/" }),
	  OPTS({ .name = "chip", .type = CLI_STRING, .meta = "CHIP", .help = "only what this chip needs" }),
	  CLI_FWDB, KEYS("files", "sets", "problems", "notes"), NULL, cli_fw_verify, cli_fw_verify_print },
	{ n_fw, "extract", g_image, "fw", "list the parts of a firmware file, or write them to files",
	  ARGS({ .name = "FILE", .type = CLI_PATH, .help = "image of any kind that fw info knows" }),
	  OPTS({ .name = "section", .type = CLI_STRING, .meta = "NAME", .help = "write this one" },
	       { .name = "all", .type = CLI_FLAG, .help = "write all of them" },
	       { .name = "out", .type = CLI_DIR, .meta = "DIR", .help = "folder to write into" }),
	  0, KEYS("file", "kind", "sections"), NULL, cli_fw_extract, cli_fw_extract_print },
	{ n_fw, "diff", g_image, "fw", "compare two firmware files by fields and sections",
	  ARGS({ .name = "A", .type = CLI_PATH, .help = "image of any kind that fw info knows" },
	       { .name = "B", .type = CLI_PATH, .help = "the other one" }),
	  NULL, 0, KEYS("a", "b", "same", "fields", "sections"), NULL, cli_fw_diff, cli_fw_diff_print },
	{ n_fw, "list", g_image, "fw", "list the firmware that a folder holds, or that a release is made of",
	  ARGS({ .name = "DIR", .type = CLI_DIR, .optional = true, .help = "folder that holds nvidia/" }),
	  OPTS({ .name = "chip", .type = CLI_STRING, .meta = "CHIP", .help = "only what this chip needs" },
	       { .name = "sha256", .type = CLI_FLAG, .help = "the files of --release, as sha256sum -c reads them" }),
	  CLI_FWDB, KEYS("release", "files"), NULL, cli_fw_list, cli_fw_list_print },
	{ n_fw, "convert", g_image, "fw", "turn linux-firmware's files into nova-core's, or back",
	  ARGS({ .name = "IN", .type = CLI_DIR, .help = "firmware folder, the one that nvidia/ is in" },
	       { .name = "OUT", .type = CLI_DIR, .help = "folder to write nvidia/CHIP/gsp into" }),
	  OPTS({ .name = "to", .type = CLI_ENUM, .meta = "FORM", .value = cli_fw_convert_form,
		 .help = "tlv for nova-core, bin for nouveau" },
	       { .name = "chip", .type = CLI_STRING, .meta = "CHIP", .help = "chip, for example gb202, or all" }),
	  CLI_FWDB, KEYS("to", "release", "files"), NULL, cli_fw_convert, cli_fw_out_print },
	{ n_fw, "pack", g_image, "fw", "make linux-firmware's files from a driver source tree",
	  NULL,
	  OPTS({ .name = "from", .type = CLI_DIR, .meta = "TREE", .help = "open-gpu-kernel-modules source tree" },
	       { .name = "out", .type = CLI_DIR, .meta = "DIR", .help = "folder to write nvidia/CHIP/gsp into" },
	       { .name = "gsp", .type = CLI_PATH, .repeat = true, .meta = "FILE",
		 .help = "GSP-RM image of the same release, which a source tree does not hold" }),
	  CLI_FWDB, KEYS("release", "files", "skipped"), NULL, cli_fw_pack, cli_fw_pack_print },
	{ n_fw, "plan", g_image, "fw", "plan the framebuffer of any chip, without the GPU or its firmware",
	  NULL,
	  OPTS({ .name = "chip", .type = CLI_STRING, .meta = "CHIP", .help = "chip, for example ad102" },
	       { .name = "vram", .type = CLI_SIZE, .meta = "SIZE",
		 .help = "size of the framebuffer: bytes, or with K, M, G or T" },
	       { .name = "display", .type = CLI_ENUM, .meta = "WHETHER", .value = cli_fw_plan_display,
		 .help = "whether the chip's display engine is there (default on); off: no VGA workspace base" },
	       { .name = "vga-base", .type = CLI_SIZE, .meta = "ADDR",
		 .help = "where the display hardware keeps the VGA workspace (default nowhere)" },
	       { .name = "svg", .type = CLI_PATH, .meta = "FILE", .help = "draw the plan into FILE" }),
	  CLI_FWDB, KEYS("chip", "release", "placed_by", "fb"), NULL, cli_fw_plan, cli_fw_plan_print },
	{ n_vbios, "info", g_image, "vbios", "show the images, the BIT and the FWSEC firmware of a VBIOS",
	  ARGS({ .name = "FILE", .type = CLI_PATH, .optional = true,
		 .help = "VBIOS image; without it, the device's ROM is read" }),
	  OPTS({ .name = "patch", .type = CLI_ENUM, .meta = "COMMAND", .value = cli_vbios_command,
		 .help = "show what a driver changes in FWSEC to run this command" },
	       { .name = "frts-base", .type = CLI_SIZE, .meta = "ADDR", .help = "where FRTS goes in the framebuffer" },
	       { .name = "fuse", .type = CLI_U64, .meta = "VALUE",
		 .help = "fuse register that chooses the signature (default the first that is not blank)" }),
	  CLI_DEVICE,
	  KEYS("source", "size", "version", "rom_start", "flash", "images", "tail", "bit", "ucode_table_offset", "ucodes",
	       "fwsec", "second_bank", "patch"),
	  cli_vbios_has_file, cli_vbios_info, cli_vbios_info_print },
	{ n_vbios, "verify", g_image, "vbios", "say what is wrong with a VBIOS",
	  ARGS({ .name = "FILE", .type = CLI_PATH, .optional = true,
		 .help = "VBIOS image; without it, the device's ROM is read" }),
	  NULL, CLI_DEVICE, KEYS("source", "size", "version", "second_bank_version", "problems", "notes"),
	  cli_vbios_has_file, cli_vbios_verify, cli_vbios_verify_print },
	{ n_vbios, "extract", g_image, "vbios", "list the parts of a VBIOS, or write them to files",
	  ARGS({ .name = "FILE", .type = CLI_PATH, .optional = true,
		 .help = "VBIOS image; without it, the device's ROM is read" }),
	  OPTS({ .name = "section", .type = CLI_STRING, .meta = "NAME", .help = "write this one" },
	       { .name = "all", .type = CLI_FLAG, .help = "write all of them" },
	       { .name = "out", .type = CLI_DIR, .meta = "DIR", .help = "folder to write into" }),
	  CLI_DEVICE, KEYS("source", "sections"), cli_vbios_has_file, cli_vbios_extract, cli_fw_extract_print },
	{ n_reg, "list", g_register, "reg", "list registers by name",
	  ARGS({ .name = "PATTERN", .type = CLI_STRING, .optional = true,
		 .help = "part of a name, or a pattern with *, ? and []" }),
	  NULL, 0, KEYS("registers"), NULL, cli_reg_list, cli_reg_list_print },
	{ n_reg, "decode", g_register, "reg", "show the fields of a register value",
	  ARGS({ .name = "REGISTER", .type = CLI_STRING, .help = "name, UNIT.NAME, NAME(INDEX), or BAR0 address" },
	       { .name = "VALUE", .type = CLI_U64, .help = "the value" }),
	  NULL, 0, KEYS("name", "address", "value", "fields"), NULL, cli_reg_decode, cli_reg_print },
	{ n_reg, "read", g_register, "reg", "read a register and show its fields",
	  ARGS({ .name = "REGISTER", .type = CLI_STRING, .help = "name, UNIT.NAME, NAME(INDEX), or BAR0 address" }),
	  NULL, CLI_DEVICE, KEYS("name", "address", "value", "fields"), NULL, cli_reg_read, cli_reg_print },
	{ n_rpc, "list", g_protocol, "rpc", "list the functions and events of a release",
	  NULL,
	  OPTS({ .name = "events", .type = CLI_FLAG, .help = "events only" },
	       { .name = "functions", .type = CLI_FLAG, .help = "functions only" }),
	  CLI_FWDB | CLI_ABI, KEYS("release", "messages"), NULL, cli_rpc_list, cli_rpc_list_print },
	{ n_rpc, "describe", g_protocol, "rpc", "show the layout of a message, control, class or type",
	  ARGS({ .name = "NAME", .type = CLI_STRING, .help = "message, control, class or type" }),
	  NULL, CLI_FWDB | CLI_ABI, KEYS("release", "message", "control", "class", "layout"), NULL,
	  cli_rpc_describe, cli_rpc_describe_print },
	{ n_rpc, "decode", g_protocol, "rpc", "turn bytes into JSON",
	  ARGS({ .name = "NAME", .type = CLI_STRING,
		 .help = "type, message (its payload), or the word message for one with its RPC header" },
	       { .name = "BYTES", .type = CLI_PATH, .help = "hex digits, a file of bytes or hex digits, or -" }),
	  NULL, CLI_FWDB | CLI_ABI, KEYS("release", "type", "size", "value"), NULL, cli_rpc_decode, cli_rpc_decode_print },
	{ n_rpc, "encode", g_protocol, "rpc", "turn JSON into bytes",
	  ARGS({ .name = "NAME", .type = CLI_STRING,
		 .help = "type, message (its payload), or the word message for one with its RPC header" },
	       { .name = "JSON", .type = CLI_PATH, .help = "a JSON object, a file of it, or -" }),
	  NULL, CLI_FWDB | CLI_ABI, KEYS("release", "type", "size", "hex"), NULL, cli_rpc_encode, cli_rpc_encode_print },
	{ n_rpc, "dump", g_protocol, "rpc", "show the messages of a capture, trace, queue image or kernel log",
	  ARGS({ .name = "INPUT", .type = CLI_PATH, .help = "the capture, or - for standard input" }),
	  OPTS({ .name = "format", .type = CLI_ENUM, .meta = "FORMAT", .value = cli_rpc_format,
		 .help = "how to print the messages" },
	       { .name = "hex", .letter = 'x', .type = CLI_FLAG, .help = "show the bytes of each message too" },
	       { .name = "write", .letter = 'w', .type = CLI_PATH, .meta = "FILE",
		 .help = "write the messages into FILE, as pcapng, instead of printing them" },
	       FILTERS),
	  CLI_ABI, KEYS("messages", "kind", "count", "skipped", "written"), NULL, cli_rpc_dump, cli_rpc_dump_print },
	{ n_rpc, "stats", g_protocol, "rpc", "pair requests with replies: latencies, slowest calls, what got no answer",
	  ARGS({ .name = "INPUT", .type = CLI_PATH, .help = "the capture, or - for standard input" }),
	  OPTS(FILTERS), CLI_ABI,
	  KEYS("kind", "messages", "skipped", "calls", "without_reply", "events", "slowest", "stray_replies", "unanswered"),
	  NULL, cli_rpc_stats, cli_rpc_stats_print },
	{ n_abi, "list", g_protocol, "abi", "list the releases whose protocol is known, with what each has",
	  NULL, NULL, CLI_ABI, KEYS("source", "releases"), NULL, cli_abi_list, cli_abi_list_print },
	{ n_abi, "show", g_protocol, "abi", "show a type, control, class, message or enum of a release, and where else it is the same",
	  ARGS({ .name = "NAME", .type = CLI_STRING, .help = "type, control, class, message or enum, or a number" }),
	  NULL, CLI_FWDB | CLI_ABI, KEYS("release", "kind", "name", "number", "source", "releases", "layout", "values"), NULL,
	  cli_abi_show, cli_abi_show_print },
	{ n_abi, "diff", g_protocol, "abi", "compare two releases",
	  ARGS({ .name = "RELEASE1", .type = CLI_STRING, .help = "the one to begin with" },
	       { .name = "RELEASE2", .type = CLI_STRING, .help = "the one to end with" }),
	  OPTS({ .name = "only", .type = CLI_ENUM, .repeat = true, .meta = "SECTION", .value = cli_abi_section,
		 .help = "compare only these things" }),
	  CLI_ABI, KEYS("from", "to", "types", "controls", "classes", "functions", "events", "enums"), NULL,
	  cli_abi_diff, cli_abi_diff_print },
	{ n_abi, "export", g_protocol, "abi", "write the protocol of a release as JSON or as source text",
	  NULL,
	  OPTS({ .name = "format", .type = CLI_ENUM, .meta = "FORMAT", .value = cli_abi_format,
		 .help = "what to write (default json)" }),
	  CLI_FWDB | CLI_ABI | CLI_BARE, NULL, NULL, cli_abi_export, NULL },
	{ n_abi, "import", g_protocol, "abi", "make a schema for --abi from a driver's source tree",
	  ARGS({ .name = "TREE", .type = CLI_DIR, .help = "checked-out open-gpu-kernel-modules" }),
	  OPTS({ .name = "out", .type = CLI_PATH, .meta = "FILE", .help = "schema to write" }),
	  0, KEYS("file", "release", "types", "controls", "classes", "functions", "events", "enums"), NULL,
	  cli_abi_import, cli_abi_import_print },
	{ n_trace, "stat", g_trace, "trace", "sum a recording up: accesses by block of registers, messages, boots",
	  ARGS({ .name = "INPUT", .type = CLI_PATH, .help = "trace or capture, or - for standard input" }),
	  OPTS(ASSUME), 0,
	  KEYS("kind", "device", "chip", "release", "boots", "messages", "mmio", "not_compared", "blocks"), NULL, cli_trace_stat,
	  cli_trace_stat_print },
	{ n_trace, "diff", g_trace, "trace", "compare two recordings of a boot; explains the differences it knows",
	  ARGS({ .name = "A", .type = CLI_PATH, .help = "trace or capture, or - for standard input" },
	       { .name = "B", .type = CLI_PATH, .help = "the other one" }),
	  OPTS({ .name = "driver-a", .type = CLI_STRING, .meta = "NAME",
		 .help = "driver that A records, for example nouveau (default nvtool, if A has its steps)" },
	       { .name = "driver-b", .type = CLI_STRING, .meta = "NAME", .help = "driver that B records" },
	       ASSUME),
	  0, KEYS("a", "b", "sections", "unexplained", "differences"), NULL, cli_trace_diff, cli_trace_diff_print },
	{ n_trace, "reasons", g_trace, "trace", "list the differences between drivers that are known, and why they are",
	  NULL, NULL, 0, KEYS("reasons"), NULL, cli_trace_reasons, cli_trace_reasons_print },
	{ n_sim, "faults", g_model, "sim", "list the faults that --device sim:CHIP,fault=NAME injects",
	  NULL, NULL, 0, KEYS("faults"), NULL, cli_sim_faults, cli_sim_faults_print },
	{ n_sim, "serve", g_model, "sim", "give the model to a virtual machine as a PCI device, over vfio-user",
	  NULL,
	  OPTS({ .name = "socket", .type = CLI_PATH, .meta = "PATH", .help = "socket to listen on" },
	       { .name = "chip", .type = CLI_STRING, .meta = "CHIP", .help = "chip to model, for example ga102" },
	       { .name = "vram", .type = CLI_STRING, .meta = "SIZE",
		 .help = "size of the video memory, for example 12G (default the chip's)" },
	       { .name = "rom", .type = CLI_PATH, .meta = "FILE",
		 .help = "VBIOS image (default a synthetic one)" },
	       { .name = "fault", .type = CLI_STRING, .repeat = true, .meta = "FAULT",
		 .help = "fault to inject, as behind fault= in a device's URI" },
	       { .name = "once", .type = CLI_FLAG, .help = "end when the first client has gone" }),
	  CLI_SERVES, KEYS("socket", "model", "clients"), NULL, cli_sim_serve, cli_print_tree },
	{ NULL, "batch", g_tool, "batch", "run commands one after another on one open device",
	  ARGS({ .name = "FILE", .type = CLI_PATH, .help = "one command a line, or - for standard input" }),
	  OPTS({ .name = "keep-going", .letter = 'k', .type = CLI_FLAG,
		 .help = "go on after a failure; the exit code is the first failure's" }),
	  CLI_RUNNER, NULL, NULL, NULL, NULL },
	{ NULL, "meta", g_tool, "", "print the command table as JSON",
	  NULL, NULL, 0,
	  KEYS("schema", "program", "version", "groups", "pages", "options", "commands", "exits"), NULL, cli_meta,
	  cli_meta_print },
	{ NULL, "help", g_tool, "", "explain a command",
	  ARGS({ .name = "COMMAND", .type = CLI_ENUM, .optional = true, .value = command_word,
		 .help = "command, or the first word of one" },
	       { .name = "VERB", .type = CLI_STRING, .optional = true, .help = "its second word" }),
	  NULL, 0, KEYS("commands", "options"), NULL, cli_help, cli_help_print },
};
const unsigned cli_cmd_count = NVT_ARRAY_SIZE(cli_cmds);
