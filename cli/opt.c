/* SPDX-License-Identifier: MIT */
/* The command line, parsed once against the table: words, options with their types, arguments. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "cli/cmd.h"

struct parser {
	struct cli_line *line;
	unsigned argc, pos;
	char *const *argv;
	const char *noun; /* first word, while the verb is still to come */
	bool in_batch, only_args;
	struct nvt_error *e;
};

static const struct cli_opt *find_opt(const struct cli_opt *opts, const char *name, size_t len)
{
	for (; opts && opts->name; opts++)
		if (strlen(opts->name) == len && !strncmp(opts->name, name, len))
			return opts;
	return NULL;
}

static const struct cli_opt *find_letter(const struct cli_opt *opts, char letter)
{
	for (; opts && opts->name; opts++)
		if (opts->letter && opts->letter == letter)
			return opts;
	return NULL;
}

static void offer_opts(struct cli_near *near, const struct cli_opt *opts)
{
	for (; opts && opts->name; opts++)
		cli_near_offer(near, opts->name);
}

static int unknown_opt(struct parser *p, const char *typed, size_t name_len)
{
	const struct cli_cmd *cmd = p->line->cmd;
	struct cli_near near;
	char name[64];
	int rc = nvt_fail(p->e, NVT_E_USAGE, "unknown option %s", typed);

	snprintf(name, sizeof(name), "%.*s", (int)name_len, typed + strspn(typed, "-"));
	cli_near_init(&near, name);
	if (cmd)
		offer_opts(&near, cmd->opts);
	offer_opts(&near, cli_global_opts);
	cli_near_hint(&near, p->e, "--", cmd ? "--help lists the options of this command" :
					       "options of a command come after its name; see nvtool help");
	return rc;
}

static int bad_enum(struct nvt_error *e, cli_value_fn value, const char *what, const char *typed)
{
	struct cli_near near;
	char list[200] = "one of";
	size_t n = strlen(list);
	unsigned i;
	int rc = nvt_fail(e, NVT_E_USAGE, "%s does not take '%s'", what, typed);

	cli_near_init(&near, typed);
	for (i = 0; value(i); i++) {
		cli_near_offer(&near, value(i));
		if (n < sizeof(list))
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s %s", i ? "," : "", value(i));
	}
	cli_near_hint(&near, e, "", list);
	return rc;
}

static bool parse_u64(const char *s, uint64_t *ret)
{
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	*ret = strtoull(s, &end, 0);
	return !errno && !*end;
}

/* "24G", "24GiB", "0x600000000" */
static bool parse_size(const char *s, uint64_t *ret)
{
	static const char units[] = "kmgt";
	const char *unit = s + strlen(s);
	char digits[32];
	unsigned shift;
	size_t n;

	if (unit - s > 2 && !strcasecmp(unit - 2, "ib"))
		unit -= 2;
	n = (size_t)(unit - s);
	if (!n || n >= sizeof(digits))
		return false;
	for (shift = 4; shift && (s[n - 1] | 0x20) != units[shift - 1]; shift--)
		;
	if (!shift)
		return !*unit && parse_u64(s, ret);
	memcpy(digits, s, n - 1);
	digits[n - 1] = '\0';
	if (!parse_u64(digits, ret) || *ret > UINT64_MAX >> (10 * shift))
		return false;
	*ret <<= 10 * shift;
	return true;
}

/* Checks one typed word; `what` names it in errors ("--until", "VALUE"). */
static int check_value(enum cli_type type, cli_value_fn value, const char *what, const char *s, uint64_t *ret_num,
		       struct nvt_error *e)
{
	const char *eq;
	unsigned i;

	switch (type) {
	case CLI_U64:
		if (parse_u64(s, ret_num))
			return 0;
		return nvt_fail(e, NVT_E_USAGE, "%s takes a number, not '%s'", what, s);
	case CLI_SIZE:
		if (parse_size(s, ret_num))
			return 0;
		return nvt_fail(e, NVT_E_USAGE, "%s takes a size such as 24G or 0x600000000, not '%s'", what, s);
	case CLI_ASSIGN:
		eq = strchr(s, '=');
		if (eq && eq != s && parse_u64(eq + 1, ret_num) && *ret_num <= UINT32_MAX)
			return 0;
		return nvt_fail(e, NVT_E_USAGE, "%s takes KEY=VALUE with a 32-bit number, not '%s'", what, s);
	case CLI_ENUM:
		for (i = 0; value(i); i++)
			if (!strcmp(value(i), s))
				return 0;
		return bad_enum(e, value, what, s);
	default:
		if (*s)
			return 0;
		return nvt_fail(e, NVT_E_USAGE, "%s must not be empty", what);
	}
}

static int take_opt(struct parser *p, const struct cli_opt *opt, const char *typed, const char *value)
{
	struct cli_value *v;
	char what[64];
	unsigned i;

	snprintf(what, sizeof(what), "--%s", opt->name);
	if (opt->type == CLI_FLAG && value)
		return nvt_fail(p->e, NVT_E_USAGE, "%s takes no value", what);
	if (opt->type != CLI_FLAG && !value) {
		if (p->pos == p->argc)
			return nvt_fail(p->e, NVT_E_USAGE, "%s needs a value (%s)", typed, opt->meta);
		value = p->argv[p->pos++];
	}
	if (opt->type == CLI_FLAG && !strcmp(opt->name, "help"))
		p->line->help = true;
	for (i = 0; i < p->line->value_count; i++)
		if (p->line->values[i].opt == opt && !opt->repeat && opt->type != CLI_FLAG)
			return nvt_fail(p->e, NVT_E_USAGE, "%s is given twice", what);
	v = &p->line->values[p->line->value_count++];
	v->opt = opt;
	v->str = value;
	return value ? check_value(opt->type, opt->value, what, value, &v->num, p->e) : 0;
}

static int parse_opt(struct parser *p, const char *typed)
{
	const struct cli_opt *own = p->line->cmd ? p->line->cmd->opts : NULL, *opt, *global;
	bool is_long = typed[1] == '-';
	const char *name = typed + 1 + is_long, *eq = is_long ? strchr(name, '=') : NULL;
	size_t len = eq ? (size_t)(eq - name) : strlen(name);

	if (!is_long && len != 1)
		return unknown_opt(p, typed, len);
	opt = is_long ? find_opt(own, name, len) : find_letter(own, name[0]);
	global = is_long ? find_opt(cli_global_opts, name, len) : find_letter(cli_global_opts, name[0]);
	if (!opt && global && p->in_batch && strcmp(global->name, "help")) {
		int rc = nvt_fail(p->e, NVT_E_USAGE, "--%s cannot change inside a batch", global->name);

		nvt_err_hint(p->e, "give it to nvtool, before or after the word batch");
		return rc;
	}
	if (!opt)
		opt = global;
	return opt ? take_opt(p, opt, typed, eq ? eq + 1 : NULL) : unknown_opt(p, typed, len);
}

static bool is_noun(const char *word)
{
	unsigned i;

	for (i = 0; i < cli_cmd_count; i++)
		if (cli_cmds[i].noun && !strcmp(cli_cmds[i].noun, word))
			return true;
	return false;
}

static int unknown_word(struct parser *p, const char *word)
{
	struct cli_near near;
	char hint[64] = "nvtool help lists the commands";
	unsigned i;
	int rc;

	snprintf(p->line->name, sizeof(p->line->name), "%.12s%s%.24s", p->noun ? p->noun : "",
		 p->noun ? " " : "", word);
	rc = nvt_fail(p->e, NVT_E_USAGE, "unknown command '%.60s'", p->line->name);
	if (p->noun)
		snprintf(hint, sizeof(hint), "nvtool help %.20s lists its verbs", p->noun);
	cli_near_init(&near, word);
	for (i = 0; i < cli_cmd_count; i++) {
		const struct cli_cmd *c = &cli_cmds[i];

		if (p->noun && (!c->noun || strcmp(c->noun, p->noun)))
			continue;
		cli_near_offer(&near, !p->noun && c->noun ? c->noun : c->verb);
	}
	cli_near_hint(&near, p->e, "", hint);
	return rc;
}

static int parse_word(struct parser *p, const char *word)
{
	struct cli_line *line = p->line;

	if (line->cmd) {
		line->args[line->arg_count++] = word;
		return 0;
	}
	line->cmd = cli_find(p->noun, word);
	if (!line->cmd && !p->noun && is_noun(word)) {
		p->noun = word;
		snprintf(line->name, sizeof(line->name), "%s", word);
		return 0;
	}
	if (!line->cmd)
		return unknown_word(p, word);
	snprintf(line->name, sizeof(line->name), "%s%s%s", p->noun ? p->noun : "", p->noun ? " " : "", word);
	return 0;
}

/* --help turns whatever was named into `help WORDS`. */
static int into_help(struct parser *p)
{
	struct cli_line *line = p->line;
	const struct cli_cmd *cmd = line->cmd;

	line->arg_count = 0;
	if (cmd && cmd->noun)
		line->args[line->arg_count++] = cmd->noun;
	else if (p->noun)
		line->args[line->arg_count++] = p->noun;
	if (cmd)
		line->args[line->arg_count++] = cmd->verb;
	line->cmd = cli_find(NULL, "help");
	snprintf(line->name, sizeof(line->name), "help");
	return 0;
}

static int no_command(struct parser *p)
{
	int rc;

	if (cli_line_flag(p->line, "version"))
		return 0;
	if (!p->noun) {
		rc = nvt_fail(p->e, NVT_E_USAGE, "no command given");
		nvt_err_hint(p->e, "nvtool help lists the commands");
		return rc;
	}
	rc = nvt_fail(p->e, NVT_E_USAGE, "'%s' needs a verb", p->noun);
	nvt_err_hint(p->e, "nvtool help %s lists its verbs", p->noun);
	return rc;
}

static int check_args(struct parser *p)
{
	struct cli_line *line = p->line;
	const struct cli_arg *arg = line->cmd->args;
	unsigned i = 0;
	int rc;

	for (; arg && arg->name; arg++) {
		if (i == line->arg_count && !arg->optional) {
			rc = nvt_fail(p->e, NVT_E_USAGE, "%s needs %s", line->name, arg->name);
			nvt_err_hint(p->e, "nvtool help %s", line->name);
			return rc;
		}
		for (; i < line->arg_count; i++) {
			rc = check_value(arg->type, arg->value, arg->name, line->args[i], &line->nums[i], p->e);
			if (rc)
				return rc;
			if (!arg->repeat) {
				i++;
				break;
			}
		}
	}
	if (i == line->arg_count)
		return 0;
	rc = nvt_fail(p->e, NVT_E_USAGE, "%s does not take '%s'", line->name, line->args[i]);
	nvt_err_hint(p->e, "nvtool help %s", line->name);
	return rc;
}

int cli_parse(struct cli_line *line, unsigned argc, char *const *argv, bool in_batch, struct nvt_error *e)
{
	struct parser p = { .line = line, .argc = argc, .argv = argv, .in_batch = in_batch, .e = e };
	int rc = 0;

	memset(line, 0, sizeof(*line));
	line->values = calloc(argc + 1, sizeof(*line->values));
	line->args = calloc(argc + 3, sizeof(*line->args)); /* into_help needs up to two */
	line->nums = calloc(argc + 3, sizeof(*line->nums));
	if (!line->values || !line->args || !line->nums)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	while (!rc && p.pos < argc) {
		const char *word = argv[p.pos++];

		if (p.only_args || word[0] != '-' || !word[1])
			rc = parse_word(&p, word);
		else if (!strcmp(word, "--"))
			p.only_args = true;
		else
			rc = parse_opt(&p, word);
	}
	if (rc)
		return rc;
	if (line->help)
		return into_help(&p);
	return line->cmd ? check_args(&p) : no_command(&p);
}

void cli_line_free(struct cli_line *line)
{
	free(line->values);
	free(line->args);
	free(line->nums);
	memset(line, 0, sizeof(*line));
}

static const struct cli_value *value_at(const struct cli_line *line, const char *opt, unsigned i)
{
	unsigned k;

	for (k = 0; k < line->value_count; k++)
		if (!strcmp(line->values[k].opt->name, opt) && i-- == 0)
			return &line->values[k];
	return NULL;
}

const char *cli_line_str(const struct cli_line *line, const char *opt)
{
	const struct cli_value *v = value_at(line, opt, 0);

	return v ? v->str : NULL;
}

bool cli_line_flag(const struct cli_line *line, const char *opt)
{
	return value_at(line, opt, 0) != NULL;
}

const char *cli_opt_str(const struct cli *cli, const char *opt)
{
	return cli_line_str(&cli->line, opt);
}

bool cli_opt_flag(const struct cli *cli, const char *opt)
{
	return cli_line_flag(&cli->line, opt);
}

const struct cli_value *cli_opt_at(const struct cli *cli, const char *opt, unsigned i)
{
	return value_at(&cli->line, opt, i);
}

const char *cli_arg(const struct cli *cli, unsigned i)
{
	return i < cli->line.arg_count ? cli->line.args[i] : NULL;
}
