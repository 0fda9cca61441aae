/* SPDX-License-Identifier: MIT */
/* Host methods: semaphores, barriers, interrupts. Source: clc56f.h, dev_pbdma.h of ga100. */
#include "sim/model.h"

#include "base/bytes.h"

enum {
	SET_OBJECT = 0x00,
	NOP = 0x08,
	SEMAPHORE_A = 0x10,
	SEMAPHORE_B = 0x14,
	SEMAPHORE_C = 0x18,
	SEMAPHORE_D = 0x1c,
	NON_STALL_INTERRUPT = 0x20,
	FB_FLUSH = 0x24,
	MEM_OP_A = 0x28,
	MEM_OP_B = 0x2c,
	MEM_OP_C = 0x30,
	MEM_OP_D = 0x34,
	SET_REFERENCE = 0x50,
	SEM_ADDR_LO = 0x5c,
	SEM_ADDR_HI = 0x60,
	SEM_PAYLOAD_LO = 0x64,
	SEM_PAYLOAD_HI = 0x68,
	SEM_EXECUTE = 0x6c,
	WFI = 0x78,
	YIELD = 0x80,
	CLEAR_FAULTED = 0x84,
};
enum { ACQUIRE = 0, RELEASE = 1, ACQ_STRICT_GEQ = 2, ACQ_CIRC_GEQ = 3, ACQ_AND = 4, ACQ_NOR = 5 };
#define PAYLOAD_64 (1u << 24)
#define TIMESTAMP (1u << 25)

static bool holds(unsigned op, uint64_t seen, uint64_t want, bool is_64)
{
	switch (op) {
	case ACQUIRE:
		return seen == want;
	case ACQ_STRICT_GEQ:
		return seen >= want;
	case ACQ_CIRC_GEQ:
		return is_64 ? (int64_t)(seen - want) >= 0 : (int32_t)((uint32_t)seen - (uint32_t)want) >= 0;
	case ACQ_AND:
		return (seen & want) != 0;
	default:
		return (is_64 ? ~(seen | want) : (uint32_t)~(seen | want)) != 0;
	}
}

/* False while the condition does not hold. */
static bool execute(struct sim *s, struct sim_channel *c, uint32_t val)
{
	bool is_64 = val & PAYLOAD_64;
	uint64_t want = is_64 ? c->sem_payload : (uint32_t)c->sem_payload;
	uint8_t b[8] = { 0 };
	unsigned op = val & 7;

	if (c->sem_addr % (is_64 ? 8 : 4)) {
		sim_channel_fault(s, c, SIM_XID_HOST, c->sem_addr, "semaphore that is not aligned to its size");
		return true;
	}
	if (op == RELEASE)
		return sim_channel_release(s, c, c->sem_addr, want, is_64, val & TIMESTAMP);
	if (op > ACQ_NOR) {
		sim_odd(s, SIM_ODD_CHANNEL, "semaphore reduction");
		return true;
	}
	return sim_channel_rd(s, c, c->sem_addr, b, is_64 ? 8 : 4) && holds(op, nvt_le64(b), want, is_64);
}

/* SEMAPHORED, the older form: nouveau's fences up to Linux 6.15. Payloads have 32 bits. */
static bool execute_d(struct sim *s, struct sim_channel *c, uint32_t val)
{
	enum { OLD_ACQUIRE = 0x1, OLD_RELEASE = 0x2, OLD_ACQ_GEQ = 0x4, OLD_ACQ_AND = 0x8, SIZE_4 = 1 << 24 };

	switch (val & 0x1f) {
	case OLD_RELEASE:
		return execute(s, c, RELEASE | (val & SIZE_4 ? 0 : TIMESTAMP));
	case OLD_ACQUIRE:
		return execute(s, c, ACQUIRE);
	case OLD_ACQ_GEQ:
		return execute(s, c, ACQ_CIRC_GEQ);
	case OLD_ACQ_AND:
		return execute(s, c, ACQ_AND);
	default:
		sim_odd(s, SIM_ODD_CHANNEL, "semaphore reduction");
		return true;
	}
}

bool sim_host_method(struct sim *s, struct sim_channel *c, uint32_t method, uint32_t val)
{
	switch (method) {
	case SET_OBJECT:
		c->object[sim_channel_slot(c)] = val & 0xffff;
		break;
	case NON_STALL_INTERRUPT:
		sim_irq_latch(s, sim_rm_nonstall_vector(c->runlist));
		break;
	case SEM_ADDR_LO:
	case SEMAPHORE_B:
		c->sem_addr = (c->sem_addr & ~0xffffffffull) | (val & ~3u);
		break;
	case SEM_ADDR_HI:
	case SEMAPHORE_A:
		c->sem_addr = (uint32_t)c->sem_addr | (uint64_t)(val & 0xff) << 32;
		break;
	case SEM_PAYLOAD_LO:
	case SEMAPHORE_C:
		c->sem_payload = (c->sem_payload & ~0xffffffffull) | val;
		break;
	case SEM_PAYLOAD_HI:
		c->sem_payload = (uint32_t)c->sem_payload | (uint64_t)val << 32;
		break;
	case SEM_EXECUTE:
		return execute(s, c, val);
	case SEMAPHORE_D:
		return execute_d(s, c, val);
	/* Nothing is ever under way that these would wait for. */
	case NOP:
	case FB_FLUSH:
	case MEM_OP_A:
	case MEM_OP_B:
	case MEM_OP_C:
	case MEM_OP_D:
	case SET_REFERENCE:
	case WFI:
	case YIELD:
	case CLEAR_FAULTED:
		break;
	default:
		sim_channel_fault(s, c, SIM_XID_HOST, method, "a method that host does not have");
		break;
	}
	return true;
}
