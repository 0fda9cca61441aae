/* SPDX-License-Identifier: MIT */
/* Opens the device model with the synthetic firmware release of the build tree. */
#ifndef TESTS_MODEL_DEVICE_H
#define TESTS_MODEL_DEVICE_H

#include <nvt/gpu.h>

/* Fails the test when it cannot be opened. */
struct nvt_gpu *device_open(const char *uri);
/* The same with the synthetic release in tests/model/FOLDER. */
struct nvt_gpu *device_open_release(const char *folder, const char *uri);
/* Closes it; the model must have found nothing wrong with the driver. */
void device_close(struct nvt_gpu *gpu);

#endif
