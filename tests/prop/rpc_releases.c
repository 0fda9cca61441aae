/* SPDX-License-Identifier: MIT */
/*
 * What holds between releases: a value moved to another release and back keeps the fields that both have, and those
 * that the other lacks are named; what each release has is as many as protocol/versions.json counts. Of the pairs of
 * neighbouring releases a sample by seed; NVT_TEST_FULL=1 takes all.
 */
#include <nvt/rpc.h>

#include "rng.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { SMALL = 4096, LOST_MOST = 400 };

static bool full;

/* Bytes whose fields hold small numbers, so that they fit a narrower field of another release. */
static json_t *value_of(struct nvt_rel rel, const struct nvt_layout *l)
{
	size_t n = nvt_layout_size(l), i;
	uint8_t *b = calloc(1, n + 1);
	char *text = NULL;
	json_t *v;

	assert_non_null(b);
	for (i = 0; i < n; i++)
		b[i] = i % 4 ? 0 : (uint8_t)(rng() & 1);
	assert_int_equal(nvt_json_decode(rel, nvt_layout_name(l), (struct nvt_bytes){ b, n }, &text, NULL), 0);
	v = json_loads(text, 0, NULL);
	assert_non_null(v);
	free(text);
	free(b);
	return v;
}

/* Removes the key, wherever it stands; how many were there. */
static unsigned drop_key(json_t *v, const char *key)
{
	unsigned n = 0;
	const char *name;
	json_t *in;
	size_t i;

	if (json_object_get(v, key)) {
		json_object_del(v, key);
		n++;
	}
	json_object_foreach(v, name, in)
		n += drop_key(in, key);
	json_array_foreach(v, i, in)
		n += drop_key(in, key);
	return n;
}

/* The key that a refusal names: 'has no field "KEY"', or '"KEY": ...'. */
static void refused_key(const char *msg, char key[128])
{
	const char *at = strstr(msg, " has no field \""), *end;

	at = at ? at + strlen(" has no field \"") : strchr(msg, '"') + 1;
	end = strchr(at, '"');
	assert_true(end && end - at < 128);
	memcpy(key, at, (size_t)(end - at));
	key[end - at] = 0;
}

/* v as bytes of the release; what it lacks or cannot hold is named by the error, and goes. */
static char *move(struct nvt_rel to, const char *type, json_t *v, unsigned *ret_lost)
{
	struct nvt_error e = { .code = NVT_OK };
	char *text = NULL, key[128];
	uint8_t *b = NULL;
	unsigned rounds;
	size_t n = 0;
	int rc = -NVT_E_DATA;

	for (rounds = 0; rc && rounds < LOST_MOST; rounds++) {
		text = json_dumps(v, 0);
		assert_non_null(text);
		rc = nvt_json_encode(to, type, text, &b, &n, &e);
		free(text);
		if (!rc)
			break;
		refused_key(e.msg, key);
		if (!drop_key(v, key))
			fail_msg("%s, release %s: %s", type, nvt_rel_name(to), e.msg);
		++*ret_lost;
	}
	assert_int_equal(rc, 0);
	assert_int_equal(nvt_json_decode(to, type, (struct nvt_bytes){ b, n }, &text, &e), 0);
	free(b);
	return text;
}

/* A number in any of its forms: a field may have become wider, a handle or a boolean. */
static bool number_of(const json_t *v, long long *ret)
{
	const char *text = json_string_value(v);
	char *end = NULL;

	if (json_is_integer(v) || json_is_boolean(v))
		*ret = json_is_integer(v) ? (long long)json_integer_value(v) : json_is_true(v);
	else if (text && !strncmp(text, "0x", 2))
		*ret = (long long)strtoull(text, &end, 16);
	else
		return false;
	return !end || !*end;
}

/* Characters that are no text stand as {"hex":..}, bytes as the digits themselves. */
static json_t *digits_of(json_t *v)
{
	json_t *hex = json_object_get(v, "hex");

	return json_is_string(hex) ? hex : v;
}

/* Bytes in hex: an array that has become longer begins with what was there. */
static bool begins(const json_t *got, const json_t *want)
{
	const char *long_one = json_string_value(got), *text = json_string_value(want);

	return long_one && text && !strncmp(long_one, text, strlen(text));
}

/*
 * Leaves of got what want has. A name that the first release may lack goes back as the number that it gave, bytes as
 * many as they were.
 */
static void prune(json_t *got, json_t *want)
{
	const char *key;
	json_t *v, *was;
	long long n;
	void *next;
	size_t i;

	json_object_foreach_safe(got, next, key, v) {
		was = json_object_get(want, key);
		if (!was)
			json_object_del(got, key);
		else if ((json_is_string(v) && number_of(was, &n) && !number_of(v, &n)) || begins(digits_of(v), digits_of(was)))
			json_object_set(got, key, was);
		else
			prune(v, was);
	}
	while (json_is_array(want) && json_array_size(got) > json_array_size(want))
		json_array_remove(got, json_array_size(got) - 1);
	json_array_foreach(got, i, v)
		prune(v, json_array_get(want, i));
}

/* Between releases: the same value, or a number that has a name in one of them. */
static bool alike(const json_t *got, const json_t *want)
{
	long long x, y;
	bool x_is = number_of(got, &x), y_is = number_of(want, &y);

	if (x_is != y_is)
		return json_is_string(x_is ? want : got);
	return x_is ? x == y : json_equal(got, want) || begins(got, want);
}

/* Everything that is left of want is in got. */
static bool holds(json_t *got, json_t *want, bool exact)
{
	const char *key;
	json_t *v;
	size_t i;

	if (!exact) {
		got = digits_of(got);
		want = digits_of(want);
	}
	if (json_is_object(want)) {
		json_object_foreach(want, key, v)
			if (!json_object_get(got, key) || !holds(json_object_get(got, key), v, exact))
				return false;
		return true;
	}
	if (json_is_array(want)) {
		json_array_foreach(want, i, v)
			if (!json_array_get(got, i) || !holds(json_array_get(got, i), v, exact))
				return false;
		return true;
	}
	return exact ? json_equal(got, want) : alike(got, want);
}

/* A -> B -> A: what B took comes back as it was. */
static void check_type(struct nvt_rel a, struct nvt_rel b, const struct nvt_layout *l, unsigned *ret_lost)
{
	const char *type = nvt_layout_name(l);
	json_t *value = value_of(a, l), *there, *back;
	char *text = move(b, type, value, ret_lost);
	unsigned back_lost = 0;

	there = json_loads(text, 0, NULL);
	free(text);
	if (!holds(there, value, false))
		fail_msg("%s reads another %s than %s wrote", nvt_rel_name(b), type, nvt_rel_name(a));
	prune(there, value);
	text = move(a, type, there, &back_lost);
	back = json_loads(text, 0, NULL);
	free(text);
	if (!holds(back, value, true)) {
		text = json_dumps(value, 0);
		fail_msg("%s, %s to %s and back: %s", type, nvt_rel_name(a), nvt_rel_name(b), text);
	}
	json_decref(value);
	json_decref(there);
	json_decref(back);
}

/* Members of a union are the same bytes: when one of them is lost or moves, the others do not keep their values. */
static bool has_union(const struct nvt_layout *l)
{
	struct nvt_field_info f;
	unsigned i;

	for (i = 0; i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (f.nested && has_union(f.nested))
			return true;
	}
	return nvt_layout_is_union(l);
}

static void test_transcode(void **state)
{
	struct nvt_rel a = { nvt_abi_builtin(), 0 }, b = a;
	unsigned types = 0, lost = 0;
	const struct nvt_layout *l, *other;
	uint32_t pos;

	(void)state;
	for (; a.index + 1 < nvt_abi_release_count(a.abi); a.index++) {
		b.index = a.index + 1;
		for (pos = 0; (l = nvt_layout_next(a, &pos));) {
			other = nvt_layout_find(b, nvt_layout_name(l));
			/* An alias is another type's name. */
			if (!other || other == l || strcmp(nvt_layout_name(other), nvt_layout_name(l)) || has_union(l) ||
			    has_union(other) ||
			    (!full && (nvt_layout_size(l) > SMALL || rng() % 8)))
				continue;
			check_type(a, b, l, &lost);
			check_type(b, a, other, &lost);
			types++;
		}
	}
	printf("%u types, %u fields lost\n", types, lost);
	assert_true(types > (full ? 500u : 30u) && lost > 10);
}

/* What the importer counted when it read the headers, and what the tables hold. */
static void test_counts(void **state)
{
	const char *top = getenv("top_srcdir");
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	unsigned functions, events, n, pos;
	struct nvt_id_desc d;
	struct nvt_msg_desc m;
	json_t *doc, *row;
	char path[512];
	uint32_t at;
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/protocol/versions.json", top ? top : ".");
	doc = json_load_file(path, 0, NULL);
	assert_non_null(doc);
	assert_int_equal(json_array_size(json_object_get(doc, "versions")), nvt_abi_release_count(rel.abi));
	json_array_foreach(json_object_get(doc, "versions"), i, row) {
		rel.index = (unsigned)i;
		assert_string_equal(nvt_rel_name(rel), json_string_value(json_object_get(row, "id")));
		for (at = functions = events = 0; nvt_msg_next(rel, &at, &m);) {
			functions += !m.is_event;
			events += m.is_event;
		}
		/* NUM_FUNCTIONS, FIRST_EVENT and NUM_EVENTS are counted and are no messages. */
		assert_int_equal(functions, json_integer_value(json_object_get(row, "functions")) - 1);
		assert_int_equal(events, json_integer_value(json_object_get(row, "events")) - 2);
		for (n = pos = 0; nvt_ctrl_next(rel, &pos, &d);)
			n++;
		assert_int_equal(n, json_integer_value(json_object_get(row, "controls")));
		for (n = pos = 0; nvt_class_next(rel, &pos, &d);)
			n++;
		assert_int_equal(n, json_integer_value(json_object_get(row, "class_ids")));
	}
	json_decref(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_transcode), cmocka_unit_test(test_counts) };

	full = getenv("NVT_TEST_FULL");
	rng_begin();
	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
