/* SPDX-License-Identifier: MIT */
/*
 * Errors: a closed set of codes, and a caller-owned object with the details.
 *
 * Every function that can fail returns 0 or -NVT_E_*. The error object is the last parameter and may
 * be NULL. It is filled once, where the cause is known; each layer above may add one phrase of context
 * with nvt_during(). Text is one phrase: no newline, no trailing dot.
 */
#ifndef NVT_ERROR_H
#define NVT_ERROR_H

#include <nvt/types.h>

enum nvt_code {
	NVT_OK = 0,
	NVT_E_USAGE,   /* the caller asked for something that makes no sense */
	NVT_E_ENV,     /* no such device, file, permission, package */
	NVT_E_DATA,    /* input (file, image, message, schema) is malformed or not what it should be */
	NVT_E_DEVICE,  /* the device refused or misbehaved */
	NVT_E_TIMEOUT, /* the device did not get there in time */
	NVT_E_GSP,     /* GSP-RM answered with an error status */
	NVT_E_NOMEM,   /* out of memory */
	NVT_E_BUG,     /* our own bug */
	NVT_E__COUNT
};

struct nvt_error {
	enum nvt_code code;
	int sys_errno;       /* 0, or the errno of the system call that failed */
	uint32_t nv_status;  /* 0, or the NV_STATUS with which GSP answered */
	uint64_t where;      /* byte offset of the first bad read in an image, UINT64_MAX if none */
	char step[32];       /* bring-up step, "" outside one */
	char reg[96];        /* register, symbolic with address, "" if none */
	char rpc[64];        /* message name, "" if none */
	char seen[96];       /* what was found */
	char wanted[96];     /* what was expected */
	char hint[240];      /* what to do about it */
	char msg[400];       /* the phrase */
};

/* Fills *e (which may be NULL) from scratch and returns -code. */
NVT_API int nvt_fail(struct nvt_error *e, enum nvt_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* As nvt_fail, and keeps errno `sys` and appends its text. */
NVT_API int nvt_fail_errno(struct nvt_error *e, enum nvt_code code, int sys, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Puts "context: " before the phrase when rc is negative; returns rc. */
NVT_API int nvt_during(struct nvt_error *e, int rc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Set one detail; no effect when e is NULL. They return nothing so that the return code flows on. */
NVT_API void nvt_err_seen(struct nvt_error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
NVT_API void nvt_err_wanted(struct nvt_error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
NVT_API void nvt_err_hint(struct nvt_error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
NVT_API void nvt_err_reg(struct nvt_error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
NVT_API void nvt_err_rpc(struct nvt_error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
NVT_API void nvt_err_step(struct nvt_error *e, const char *step);

/* "usage", "env", "data", "device", "timeout", "gsp", "nomem", "bug"; "ok" for NVT_OK. */
NVT_API const char *nvt_code_name(enum nvt_code code);
/* Process exit code: 0 ok, 2 usage, 3 env and nomem, 4 data, 5 device and gsp, 6 timeout, 70 bug. */
NVT_API int nvt_code_exit(enum nvt_code code);

#endif
