/* SPDX-License-Identifier: MIT */
/* GSP-RM: its start from LIBOS arguments, its side of the message queues, the messages it serves. */
#ifndef NVT_SIM_GSP_H
#define NVT_SIM_GSP_H

#include <nvt/fw.h>
#include <nvt/rpc.h>

struct sim;

enum sim_gsp_state {
	SIM_GSP_OFF,
	SIM_GSP_LIBOS,    /* RISC-V active, queues not linked yet */
	SIM_GSP_LINKED,   /* waits for system info and registry */
	SIM_GSP_INIT,     /* initialises; has what it needs */
	SIM_GSP_RESUME,   /* reset by the CPU sequencer, waits for CORE_RESUME */
	SIM_GSP_RUNNING,  /* GSP_INIT_DONE sent */
	SIM_GSP_UNLOADED, /* UNLOADING_GUEST_DRIVER answered */
};

#define SIM_QUEUE_PAGES 512 /* nova-core fills that many page table entries */
#define SIM_BACKLOG_MAX 128

struct sim_record {
	uint8_t *p; /* whole elements */
	unsigned elems;
};

struct sim_queues {
	nvt_iova pages[SIM_QUEUE_PAGES];
	unsigned page_count;
	uint64_t cmd_off, stat_off; /* in the shared memory */
	uint32_t size, msg_size, msg_count, rx_off, entry_off;
	uint32_t cmd_rd, stat_wr;   /* the model's own pointers */
	uint32_t rx_seq, tx_seq;    /* next element sequence number each way */
	struct sim_record backlog[SIM_BACKLOG_MAX]; /* what found no room yet */
	unsigned backlog_n;
};

#define SIM_LOGS_MAX 16

#define SIM_OBJECTS_MAX 1024
#define SIM_CLASS_CHANNEL 0xc56fu /* AMPERE_CHANNEL_GPFIFO_A */
struct sim_object {
	uint32_t client, handle, parent, class;
	bool doomed; /* while a free is under way */
};

/* NV_STATUS values of NVIDIA's nvstatuscodes.h */
enum {
	SIM_ERR_INSERT_DUPLICATE_NAME = 0x19,
	SIM_ERR_INSUFFICIENT_RESOURCES = 0x1a,
	SIM_ERR_INVALID_ARGUMENT = 0x1f,
	SIM_ERR_INVALID_CLASS = 0x22,
	SIM_ERR_INVALID_STATE = 0x40,
	SIM_ERR_NOT_SUPPORTED = 0x56,
	SIM_ERR_OBJECT_NOT_FOUND = 0x57,
};

struct sim_gsp {
	enum sim_gsp_state state;
	struct nvt_rel rel;
	nvt_iova libos;
	nvt_iova logs[SIM_LOGS_MAX]; /* of the LIBOS arguments */
	unsigned log_n;
	uint64_t wpr_start, wpr_end, non_wpr_heap;
	struct sim_queues q;
	bool has_system_info, has_registry;
	bool script_sent, script_checked;
	bool expects_resume; /* the script that was sent resets and resumes the core */
	bool first_record_sent;
	struct nvt_join join;
	uint8_t *join_buf;
	struct nvt_bytes taken; /* the message under way, in join_buf; p NULL: none */
	struct sim_object objects[SIM_OBJECTS_MAX];
	unsigned object_n;
};

#define SIM_MESSAGE_MAX 0x40000u

int sim_gsp_init(struct sim *s);
void sim_gsp_fini(struct sim *s);
/* Booter started GSP-RM: the RISC-V core is active from here on. */
void sim_gsp_start(struct sim *s);
/* The core was reset under it. */
void sim_gsp_reset(struct sim *s);
/* Nobody will resume it, and nothing that was under way goes on. */
void sim_gsp_abandon(struct sim *s);
/* SEC2's booter resumed the core after the sequencer's reset. */
void sim_gsp_resume(struct sim *s);
void sim_gsp_doorbell(struct sim *s);
/* GSP-RM writes its logs, which must still be mapped. False after a finding. */
bool sim_gsp_write_logs(struct sim *s);
void sim_gsp_scratch_written(struct sim *s, unsigned index);

/* gsp_queue.c */
/* Reads the shared memory's page table and the command queue's header, writes the status queue's. */
bool sim_queue_link(struct sim *s, nvt_iova shared, uint32_t page_count, uint64_t cmd_off, uint64_t stat_off);
/* Next whole message, or false. *ret is valid until the next call. */
bool sim_queue_receive(struct sim *s, struct nvt_bytes *ret);
/* Function of the next record without taking it; false if the queue is empty. */
bool sim_queue_peek(struct sim *s, uint32_t *ret_function);
struct sim_message {
	uint32_t function, result, sequence;
	struct nvt_bytes payload;
	bool continuation; /* goes out as a lone continuation record (a fault) */
};
void sim_queue_send(struct sim *s, const struct sim_message *m);
/* An event for a whole message of a guest's driver, as nobody else tells it. */
void sim_queue_tell(struct sim *s, bool to_gsp, struct nvt_bytes msg);
void sim_queue_clear(struct sim *s);
/* gsp_damage.c: injected faults that spoil a sealed record. */
void sim_queue_damage(struct sim *s, uint8_t *rec);
/* Elements to send until the next one is the ring's last. */
unsigned sim_queue_to_end(const struct sim *s);

/* rm.c */
void sim_rm_serve(struct sim *s, struct nvt_bytes msg);
/* Forgets what it is about to do. */
void sim_rm_abandon(struct sim *s);
/* Message number of the release; false if it has none of that name. */
bool sim_rm_number(struct sim *s, const char *name, uint32_t *ret);
void sim_rm_send_event(struct sim *s, const char *name, struct nvt_bytes payload, uint32_t result);

/* rm_object.c: these return an NV_STATUS */
uint32_t sim_object_alloc(struct sim *s, const struct sim_object *o);
uint32_t sim_object_free(struct sim *s, uint32_t client, uint32_t handle); /* and all below it */
bool sim_object_exists(struct sim *s, uint32_t client, uint32_t handle);
/* rm_ctrl.c: carries out a control on its parameters; an NV_STATUS. */
struct sim_control {
	uint32_t client, object, cmd;
	uint8_t *params;
	size_t n;
};
uint32_t sim_rm_control(struct sim *s, const struct sim_control *c);

/* Runlist of an engine; false if it has none. */
bool sim_rm_runlist(uint32_t engine_type, uint32_t *ret);
unsigned sim_rm_nonstall_vector(uint32_t runlist); /* of the runlist's first engine */

/* rm_event.c */
void sim_rm_error_log(struct sim *s, unsigned xid, const char *text);
struct sim_channel_error {
	uint32_t engine, runlist, chid;
	unsigned xid;
	uint64_t addr; /* of a fault in the MMU, else 0 */
	const char *text;
};
/* Robust channels: GSP-RM has stopped a channel. */
void sim_rm_channel_error(struct sim *s, const struct sim_channel_error *err);

/* rm_check.c: what a driver sends at start-up */
void sim_rm_check_system_info(struct sim *s, struct nvt_bytes payload);
void sim_rm_check_registry(struct sim *s, struct nvt_bytes payload);

/* rm_static.c: fills GspStaticConfigInfo; returns its size in this release, 0 after a finding. */
#define SIM_STATIC_INFO_MAX 0x1000u
#define SIM_INTERNAL_CLIENT 0xc1d0ffffu
#define SIM_ROOT_SHIFT 47u /* address bits below a root entry of GMMU version 2 */
/* Where the root page directory of BAR1 or BAR2 lies in video memory. */
uint64_t sim_rm_bar_root(const struct sim *s, unsigned bar);
/* Once initialised, GSP-RM shows the driver BAR1 and BAR2 through page tables; their roots begin empty. */
void sim_rm_switch_bars(struct sim *s);
uint32_t sim_rm_static_info(struct sim *s, uint8_t buf[SIM_STATIC_INFO_MAX]);

/* sequencer.c */
void sim_sequencer_send(struct sim *s);
/* Finds whether the driver ran the script that was sent. */
void sim_sequencer_check(struct sim *s);

#endif
