/* SPDX-License-Identifier: MIT */
/* "Did you mean": the candidate with the fewest edits. */
#include <string.h>
#include "cli/cmd.h"

enum { NEAR_MAX = 63 };

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein distance; words longer than NEAR_MAX count as far away. */
static unsigned edits(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), i, k;
	unsigned row[NEAR_MAX + 1];

	if (na > NEAR_MAX || nb > NEAR_MAX)
		return NEAR_MAX;
	for (k = 0; k <= nb; k++)
		row[k] = (unsigned)k;
	for (i = 1; i <= na; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (k = 1; k <= nb; k++) {
			unsigned up = row[k];

			row[k] = min3(up + 1, row[k - 1] + 1, diagonal + (a[i - 1] != b[k - 1]));
			diagonal = up;
		}
	}
	return row[nb];
}

void cli_near_init(struct cli_near *n, const char *want)
{
	n->want = want;
	n->best = NULL;
	n->distance = 0;
}

void cli_near_offer(struct cli_near *n, const char *candidate)
{
	size_t len = strlen(n->want);
	unsigned d = edits(n->want, candidate);

	/* what was typed may also be the beginning of the word */
	if (len >= 2 && !strncmp(n->want, candidate, len))
		d = 1;
	if (d > 1 + len / 4)
		return;
	if (!n->best || d < n->distance) {
		n->best = candidate;
		n->distance = d;
	}
}

void cli_near_hint(const struct cli_near *n, struct nvt_error *e, const char *prefix, const char *otherwise)
{
	if (n->best)
		nvt_err_hint(e, "did you mean %s%s?", prefix, n->best);
	else
		nvt_err_hint(e, "%s", otherwise);
}
