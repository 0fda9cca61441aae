/* SPDX-License-Identifier: MIT */
/* The entry point that libFuzzer calls, or main.c where there is no libFuzzer. */
#ifndef NVT_TESTS_FUZZ_H
#define NVT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
