/* SPDX-License-Identifier: MIT */
/* Seeded numbers for property tests: the seed is printed, NVT_TEST_SEED sets it. */
#ifndef NVT_TESTS_RNG_H
#define NVT_TESTS_RNG_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t rng_state;

/* xorshift64* */
static inline uint64_t rng(void)
{
	rng_state ^= rng_state >> 12;
	rng_state ^= rng_state << 25;
	rng_state ^= rng_state >> 27;
	return rng_state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline void rng_fill(uint8_t *p, size_t n)
{
	while (n--)
		*p++ = (uint8_t)(rng() >> 32);
}

static inline void rng_begin(void)
{
	const char *seed = getenv("NVT_TEST_SEED");

	rng_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL);
	rng_state += !rng_state;
	printf("NVT_TEST_SEED=%llu\n", (unsigned long long)rng_state);
}

#endif
