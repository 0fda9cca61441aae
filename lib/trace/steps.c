/* SPDX-License-Identifier: MIT */
/* Folding while it grows, and the longest common subsequence of two lists. */
#include "trace/steps.h"

#include <stdlib.h>
#include <string.h>

bool steps_add(struct step_list *l, uint64_t key)
{
	size_t loop;

	if (!l->keys) {
		l->keys = malloc(STEPS_MAX * sizeof(*l->keys));
		l->common = calloc(STEPS_MAX, 1);
	}
	if (!l->keys || !l->common)
		return false;
	if (l->n == STEPS_MAX) {
		l->dropped++;
		return true;
	}
	l->keys[l->n++] = key;
	for (loop = 1; loop <= STEPS_LOOP && 2 * loop <= l->n; loop++)
		if (!memcmp(l->keys + l->n - loop, l->keys + l->n - 2 * loop, loop * sizeof(*l->keys))) {
			l->n -= loop;
			break;
		}
	return true;
}

void steps_free(struct step_list *l)
{
	free(l->keys);
	free(l->common);
	*l = (struct step_list){ NULL, NULL, 0, 0 };
}

/* len[i][j]: length for the parts from i and j on, in a table of (a->n + 1) rows. */
static void fill(uint16_t *len, const struct step_list *a, const struct step_list *b)
{
	size_t w = b->n + 1, i, j;

	for (i = a->n; i-- > 0;)
		for (j = b->n; j-- > 0;) {
			uint16_t down = len[(i + 1) * w + j], right = len[i * w + j + 1];

			if (a->keys[i] == b->keys[j])
				len[i * w + j] = (uint16_t)(len[(i + 1) * w + j + 1] + 1);
			else
				len[i * w + j] = down > right ? down : right;
		}
}

bool steps_compare(struct step_list *a, struct step_list *b)
{
	size_t w = b->n + 1, i = 0, j = 0;
	uint16_t *len;

	if (!a->n || !b->n)
		return true;
	len = calloc((a->n + 1) * w, sizeof(*len));
	if (!len)
		return false;
	memset(a->common, 0, a->n);
	memset(b->common, 0, b->n);
	fill(len, a, b);
	while (i < a->n && j < b->n) {
		if (a->keys[i] == b->keys[j])
			a->common[i++] = b->common[j++] = 1;
		else if (len[(i + 1) * w + j] >= len[i * w + j + 1])
			i++;
		else
			j++;
	}
	free(len);
	return true;
}

bool steps_moved(const struct step_list *l, uint64_t key)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->keys[i] == key && !l->common[i])
			return true;
	return false;
}
