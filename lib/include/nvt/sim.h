/* SPDX-License-Identifier: MIT */
/* What a person can ask of the device model: its faults, and its report on the driver. */
#ifndef NVT_SIM_H
#define NVT_SIM_H

#include <nvt/error.h>
#include <nvt/event.h>
#include <nvt/types.h>

enum nvt_sim_outcome { NVT_SIM_OK, NVT_SIM_ERROR };
struct nvt_sim_fault {
	const char *name;    /* "gfw-never-ready" */
	const char *summary;
	const char *arg;     /* what ARG means, NULL if it takes none */
	enum nvt_sim_outcome outcome; /* what a boot with it must end in */
	const char *code;    /* nvt_code_name of the error expected, "ok" for OK */
	const char *step;    /* step that reports it, "unload" for the unload, "" for OK */
};
NVT_API extern const struct nvt_sim_fault nvt_sim_faults[];
NVT_API extern const unsigned nvt_sim_fault_count;

struct nvt_sim_finding {
	char rule[32];
	char text[160];
	char seen[64], wanted[64];
	uint32_t count;
};
#define NVT_SIM_FINDINGS 64
#define NVT_SIM_FAULTS_MAX 8 /* of one device */
struct nvt_sim_report {
	uint32_t violation_count, odd_count;
	struct nvt_sim_finding violations[NVT_SIM_FINDINGS]; /* distinct ones, first seen first */
	unsigned violations_n;
	struct nvt_sim_finding odd[NVT_SIM_FINDINGS];
	unsigned odd_n;
	struct {
		char name[32];
		bool fired;
	} fault[NVT_SIM_FAULTS_MAX];
	unsigned fault_n;
	/* What the model recognised: "570.144", "digest unknown", "" if it never ran. */
	char gsp_image[48], booter_load[48], booter_unload[48], bootloader[48], fwsec[48];
	char step[24];               /* a guest's driver: the last step of bring-up or unload done, "" none */
	uint64_t submissions;        /* doorbells of channels */
	uint64_t copies, copy_bytes; /* by copy engines */
	uint64_t vram_bytes_touched;
	uint64_t virtual_us;
};

/* ---- the model as a PCI device of a guest, over vfio-user ---- */

enum nvt_sim_session_state { NVT_SIM_LISTENS, NVT_SIM_CAME, NVT_SIM_LEFT };
struct nvt_sim_session {
	enum nvt_sim_session_state state;
	unsigned number; /* of the client, from 1 */
	/* once it has left */
	struct nvt_error end; /* code NVT_OK: it closed the connection between two messages */
	uint64_t messages, refused, reads, writes, dma_maps, interrupts;
	struct nvt_sim_report report;
};

struct nvt_sim_serve {
	const char *model;  /* as behind sim: in a device's URI: "ga102,vram=12G,fault=NAME" */
	const char *socket; /* path */
	const char *fwdb_dir, *trace_path, *capture_path; /* NULL: none */
	int stop_fd;        /* serving ends when it is readable; -1: never */
	bool once;          /* one client, then the end */
	struct nvt_sink *sink; /* sees what happens on the device; NULL: nobody */
	/* Told of the listening socket, and of each client's coming and going; may be NULL. */
	void (*client)(void *arg, const struct nvt_sim_session *session);
	void *arg;
};
/* Serves one client after another, each with a device just powered on, until told to stop. */
NVT_API int nvt_sim_serve(const struct nvt_sim_serve *opts, struct nvt_error *e);

#endif
