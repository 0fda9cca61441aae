/* SPDX-License-Identifier: MIT */
/*
 * What somebody did one after another, as keys, with repetitions folded: of a loop of up to STEPS_LOOP keys one
 * round is kept. Lists are compared by their longest common subsequence.
 */
#ifndef NVT_TRACE_STEPS_H
#define NVT_TRACE_STEPS_H

#include <nvt/types.h>

#define STEPS_MAX 2048
#define STEPS_LOOP 8

struct step_list {
	uint64_t *keys;
	uint8_t *common; /* after steps_compare: the other list has it too, in this order */
	size_t n;
	uint64_t dropped; /* beyond STEPS_MAX */
};

bool steps_add(struct step_list *l, uint64_t key); /* false: out of memory */
void steps_free(struct step_list *l);
/* Fills `common` of both; false: out of memory. */
bool steps_compare(struct step_list *a, struct step_list *b);
/* Some step with this key stands in another place than in the other list. */
bool steps_moved(const struct step_list *l, uint64_t key);

#endif
