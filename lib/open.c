/* SPDX-License-Identifier: MIT */
#include <nvt/gpu.h>
