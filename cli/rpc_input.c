/* SPDX-License-Identifier: MIT */
/* Captures: opened by name, filtered by what their messages say. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli/rpc_input.h"

const char *cli_rpc_direction(unsigned i)
{
	static const char *const names[] = { "to-gsp", "from-gsp" };

	return i < NVT_ARRAY_SIZE(names) ? names[i] : NULL;
}

/* ---- options ---- */

static int unknown_release(const struct nvt_abi *abi, const char *what, struct nvt_error *e)
{
	struct nvt_rel newest = { abi, nvt_abi_release_count(abi) - 1 };
	int rc = nvt_fail(e, NVT_E_USAGE, "%s", what);

	nvt_err_hint(e, "give --assume-release RELEASE; the newest that is known is %s", nvt_rel_name(newest));
	return rc;
}

static int take_assumed(const struct cli *cli, struct rpc_input *in, struct nvt_error *e)
{
	const char *name = cli_opt_str(cli, "assume-release");
	char what[120];

	if (!name || nvt_rel_find(in->abi, name, &in->assumed))
		return 0;
	snprintf(what, sizeof(what), "the protocol of release '%.60s' is not known", name);
	return unknown_release(in->abi, what, e);
}

static bool to_number(const char *s, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(s, &end, 0);
	return *s >= '0' && *s <= '9' && !errno && !*end;
}

static int take_u32(const struct cli *cli, const char *opt, bool *ret_has, uint32_t *ret, struct nvt_error *e)
{
	const struct cli_value *v = cli_opt_at(cli, opt, 0);

	if (!v)
		return 0;
	if (v->num > UINT32_MAX)
		return nvt_fail(e, NVT_E_USAGE, "--%s takes a 32-bit number, not '%s'", opt, v->str);
	*ret_has = true;
	*ret = (uint32_t)v->num;
	return 0;
}

/* Some release has a message of that name. */
static int check_function(const struct nvt_abi *abi, const char *name, struct nvt_error *e)
{
	struct nvt_msg_desc d;
	struct cli_near near;
	unsigned i, k;
	int rc;

	for (i = 0; i < nvt_abi_release_count(abi); i++)
		if (nvt_msg_by_name((struct nvt_rel){ abi, i }, name, &d))
			return 0;
	rc = nvt_fail(e, NVT_E_USAGE, "no release has a function or event '%s'", name);
	cli_near_init(&near, name);
	for (k = 0; nvt_msg_at((struct nvt_rel){ abi, i - 1 }, k, &d); k++)
		cli_near_offer(&near, d.name);
	cli_near_hint(&near, e, "", "nvtool rpc list shows them");
	return rc;
}

typedef bool (*by_name_fn)(struct nvt_rel rel, const char *name, struct nvt_id_desc *ret);
typedef bool (*next_fn)(struct nvt_rel rel, unsigned *pos, struct nvt_id_desc *ret);

/* --command or --class: a number, or a name that some release has. */
static int take_subject(const struct cli *cli, const char *opt, by_name_fn by_name, next_fn next, const char **ret,
			bool *ret_has_number, uint32_t *ret_number, struct nvt_error *e)
{
	struct nvt_rel rel = { cli->abi, 0 };
	struct nvt_id_desc d;
	struct cli_near near;
	unsigned pos = 0;
	uint64_t v;
	int rc;

	*ret = cli_opt_str(cli, opt);
	if (!*ret)
		return 0;
	*ret_has_number = to_number(*ret, &v);
	*ret_number = (uint32_t)v;
	if (*ret_has_number)
		return v <= UINT32_MAX ? 0 : nvt_fail(e, NVT_E_USAGE, "--%s takes a name or a 32-bit number", opt);
	for (; rel.index < nvt_abi_release_count(cli->abi); rel.index++)
		if (by_name(rel, *ret, &d))
			return 0;
	rc = nvt_fail(e, NVT_E_USAGE, "no release has a %s '%s'", opt, *ret);
	rel.index--;
	cli_near_init(&near, *ret);
	while (next(rel, &pos, &d))
		cli_near_offer(&near, d.name);
	cli_near_hint(&near, e, "", "nvtool abi export shows those of a release");
	return rc;
}

static int take_function(const struct cli *cli, struct rpc_filter *f, struct nvt_error *e)
{
	uint64_t v;

	f->function = cli_opt_str(cli, "function");
	if (!f->function)
		return 0;
	f->has_function_number = to_number(f->function, &v);
	if (!f->has_function_number)
		return check_function(cli->abi, f->function, e);
	f->function_number = (uint32_t)v;
	return v <= UINT32_MAX ? 0 : nvt_fail(e, NVT_E_USAGE, "--function takes a name or a 32-bit number");
}

/* Every NV_STATUS there is lies below this (nvstatuscodes.h). */
#define STATUS_END 0x400u

static int take_status(const struct cli *cli, struct rpc_filter *f, struct nvt_error *e)
{
	struct nvt_rel newest = { cli->abi, nvt_abi_release_count(cli->abi) - 1 };
	const char *text = cli_opt_str(cli, "status"), *name;
	uint64_t v;
	uint32_t i;
	int rc;

	if (!text)
		return 0;
	f->has_status = true;
	if (to_number(text, &v) && v <= UINT32_MAX) {
		f->status_value = (uint32_t)v;
		return 0;
	}
	for (i = 0; i < STATUS_END; i++) {
		name = nvt_status_name(newest, i);
		if (name && !strcmp(name, text)) {
			f->status_value = i;
			return 0;
		}
	}
	rc = nvt_fail(e, NVT_E_USAGE, "no NV_STATUS is called '%s'", text);
	nvt_err_hint(e, "give a name such as NV_OK or NV_ERR_INVALID_ARGUMENT, or a number");
	return rc;
}

static void take_times(const struct cli *cli, struct rpc_filter *f)
{
	const struct cli_value *from = cli_opt_at(cli, "from", 0), *to = cli_opt_at(cli, "to", 0);

	f->has_from = from;
	f->has_to = to;
	if (from)
		f->from_ns = from->num < UINT64_MAX / 1000 ? from->num * 1000 : UINT64_MAX;
	if (to)
		f->to_ns = to->num < UINT64_MAX / 1000 ? to->num * 1000 : UINT64_MAX;
}

static int take_filter(const struct cli *cli, struct rpc_filter *f, struct nvt_error *e)
{
	const char *direction = cli_opt_str(cli, "direction");
	int rc = take_function(cli, f, e);

	if (!rc)
		rc = take_status(cli, f, e);
	if (!rc)
		rc = take_subject(cli, "command", nvt_ctrl_by_name, nvt_ctrl_next, &f->command, &f->has_command_number,
				  &f->command_number, e);
	if (!rc)
		rc = take_subject(cli, "class", nvt_class_by_name, nvt_class_next, &f->object_class, &f->has_class_number,
				  &f->class_number, e);
	if (!rc)
		rc = take_u32(cli, "handle", &f->has_handle, &f->handle, e);
	f->has_direction = direction;
	f->to_gsp = direction && !strcmp(direction, cli_rpc_direction(0));
	take_times(cli, f);
	return rc;
}

int rpc_input_open(struct cli *cli, struct rpc_input *in, struct nvt_error *e)
{
	int rc;

	*in = (struct rpc_input){ .name = cli_arg(cli, 0), .abi = cli->abi };
	rc = take_assumed(cli, in, e);
	if (!rc)
		rc = take_filter(cli, &in->filter, e);
	if (rc)
		return rc;
	if (!strcmp(in->name, "-")) {
		in->name = "standard input";
		in->f = stdin;
	} else {
		in->f = fopen(in->name, "rb");
	}
	if (!in->f)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot open %s", in->name);
	return nvt_reader_open(in->f, in->name, in->assumed, &in->reader, e);
}

void rpc_input_close(struct rpc_input *in)
{
	nvt_reader_close(in->reader);
	if (in->f && in->f != stdin)
		fclose(in->f);
}

/* ---- what messages say ---- */

struct nvt_bytes rpc_body(const struct nvt_captured *m)
{
	return (struct nvt_bytes){ m->bytes.p + NVT_RPC_HDR, m->bytes.n - NVT_RPC_HDR };
}

/* A 32-bit field by name: field constants are of the built-in tables, and --abi may have given others. */
static bool get(const struct nvt_captured *m, const struct nvt_msg_desc *d, const char *name, uint32_t *ret)
{
	struct nvt_bytes body = rpc_body(m);
	struct nvt_field_info f;
	unsigned i;

	for (i = 0; d->layout && i < nvt_layout_field_count(d->layout); i++) {
		nvt_layout_field(d->layout, i, &f);
		if (strcmp(f.name, name) || f.offset > body.n || body.n - f.offset < 4)
			continue;
		*ret = body.p[f.offset] | (uint32_t)body.p[f.offset + 1] << 8 | (uint32_t)body.p[f.offset + 2] << 16 |
		       (uint32_t)body.p[f.offset + 3] << 24;
		return true;
	}
	return false;
}

bool rpc_subject(const struct nvt_captured *m, const struct nvt_msg_desc *d, uint32_t *ret)
{
	if (m->head.function == FN_CONTROL)
		return get(m, d, "cmd", ret);
	return m->head.function == FN_ALLOC && get(m, d, "hClass", ret);
}

const char *rpc_subject_name(const struct nvt_captured *m, struct nvt_rel rel, const struct nvt_msg_desc *d)
{
	struct nvt_id_desc id;
	uint32_t v;
	bool found;

	if (!rel.abi || !rpc_subject(m, d, &v))
		return NULL;
	found = m->head.function == FN_CONTROL ? nvt_ctrl_by_cmd(rel, v, &id) : nvt_class_by_id(rel, v, &id);
	return found ? id.name : NULL;
}

bool rpc_status(const struct nvt_captured *m, const struct nvt_msg_desc *d, uint32_t *ret)
{
	if (m->to_gsp || m->head.function >= FN_FIRST_EVENT || !(m->flags & NVT_CAP_RESULT))
		return false;
	*ret = m->head.result;
	if (*ret == 0 && (m->head.function == FN_CONTROL || m->head.function == FN_ALLOC))
		get(m, d, "status", ret);
	return true;
}

static int is_handle(void *arg, const struct nvt_leaf *l)
{
	const uint32_t *want = arg;

	return l->what == NVT_LEAF_VALUE && nvt_leaf_prim(l) == NVT_P_HANDLE && l->value == *want;
}

static bool has_handle(const struct nvt_captured *m, struct nvt_rel rel, const struct nvt_msg_desc *d, uint32_t handle)
{
	return d->layout && nvt_walk_leaves(rel, d->layout, rpc_body(m), is_handle, &handle) > 0;
}

/* ---- filter ---- */

static bool passes_subject(const struct nvt_captured *m, struct nvt_rel rel, const struct nvt_msg_desc *d,
			   uint32_t function, const char *want, bool is_number, uint32_t number)
{
	const char *name;
	uint32_t id;

	if (!want)
		return true;
	if (m->head.function != function || !rpc_subject(m, d, &id))
		return false;
	if (is_number)
		return id == number;
	name = rpc_subject_name(m, rel, d);
	return name && !strcmp(name, want);
}

static bool passes(const struct rpc_filter *f, const struct nvt_captured *m, struct nvt_rel rel,
		   const struct nvt_msg_desc *d)
{
	uint32_t status;

	if (f->has_direction && m->to_gsp != f->to_gsp)
		return false;
	if (f->has_from && (!(m->flags & NVT_CAP_TIME) || m->t_ns < f->from_ns))
		return false;
	if (f->has_to && (!(m->flags & NVT_CAP_TIME) || m->t_ns > f->to_ns))
		return false;
	if (f->has_function_number && m->head.function != f->function_number)
		return false;
	if (f->function && !f->has_function_number && strcmp(d->name ? d->name : m->name, f->function))
		return false;
	if (f->has_status && (!rpc_status(m, d, &status) || status != f->status_value))
		return false;
	return passes_subject(m, rel, d, FN_CONTROL, f->command, f->has_command_number, f->command_number) &&
	       passes_subject(m, rel, d, FN_ALLOC, f->object_class, f->has_class_number, f->class_number) && (!f->has_handle || has_handle(m, rel, d, f->handle));
}

static int release_of(struct rpc_input *in, const struct nvt_captured *m, struct nvt_rel *ret, struct nvt_error *e)
{
	char what[200];

	if (!strcmp(m->release, in->last_name) && in->last.abi) {
		*ret = in->last;
		return 0;
	}
	if (!m->release[0] || !nvt_rel_find(in->abi, m->release, ret))
		*ret = in->assumed;
	if (!ret->abi && !m->release[0])
		snprintf(what, sizeof(what), "%s does not say which release its messages are of", in->name);
	else if (!ret->abi)
		snprintf(what, sizeof(what), "message %llu is of release %s, whose protocol is not known",
			 (unsigned long long)m->number, m->release);
	if (!ret->abi)
		return unknown_release(in->abi, what, e);
	in->last = *ret;
	memcpy(in->last_name, m->release, sizeof(in->last_name));
	return 0;
}

int rpc_input_next(struct rpc_input *in, struct nvt_captured *m, struct nvt_rel *ret_rel, struct nvt_msg_desc *ret_desc,
		   struct nvt_error *e)
{
	int rc;

	while ((rc = nvt_reader_next(in->reader, m, e)) == 1) {
		rc = release_of(in, m, ret_rel, e);
		if (rc)
			return rc;
		if (!nvt_msg_by_number(*ret_rel, m->head.function, ret_desc))
			*ret_desc = (struct nvt_msg_desc){ .name = NULL };
		if (passes(&in->filter, m, *ret_rel, ret_desc))
			return 1;
	}
	return rc;
}
