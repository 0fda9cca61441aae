/* SPDX-License-Identifier: MIT */
/*
 * The GSP-RM protocol: layouts, ids and names of every release, one engine that interprets them, and
 * the framing of messages into queue elements.
 *
 * Facts live in protocol/ as JSON; protocol/gen turns them into const tables (struct nvt_abi), and the
 * same loader can read such a file at run time. A layout is chosen by exact release, never by a struct's
 * version suffix. Nothing here allocates on decode or encode paths; views borrow the caller's memory.
 */
#ifndef NVT_RPC_H
#define NVT_RPC_H

#include <nvt/error.h>
#include <nvt/types.h>

struct nvt_abi;    /* tables of a set of releases */
struct nvt_layout; /* one layout of one type */

/* A release within an abi; passed by value. abi == NULL: none. */
struct nvt_rel {
	const struct nvt_abi *abi;
	unsigned index;
};

NVT_API const struct nvt_abi *nvt_abi_builtin(void);
NVT_API unsigned nvt_abi_release_count(const struct nvt_abi *abi);
NVT_API const char *nvt_rel_name(struct nvt_rel rel);
/*
 * Tables of schema files; protocol/README.md gives their language. Each file holds some of the sections, in any
 * order. *ret is one allocation, to be freed with free(). On -NVT_E_DATA the error says the file, the path within
 * it and what is wrong. Field constants (NVF_*) are of the built-in tables and mean nothing here.
 */
NVT_API int nvt_schema_load(const char *const *paths, unsigned n, struct nvt_abi **ret, struct nvt_error *e);
/* Exact match only. False if the abi lacks it. */
NVT_API bool nvt_rel_find(const struct nvt_abi *abi, const char *release, struct nvt_rel *ret);

/* ---- types ---- */

enum nvt_prim {
	NVT_P_U8, NVT_P_U16, NVT_P_U32, NVT_P_U64, NVT_P_S8, NVT_P_S16, NVT_P_S32, NVT_P_S64,
	NVT_P_BOOL,   /* one byte */
	NVT_P_CHAR,   /* arrays of it print as strings */
	NVT_P_HANDLE, /* u32, prints as hex */
	NVT_P_P64,    /* a CPU pointer on the wire; should be 0 */
	NVT_P_STATUS, /* NV_STATUS, prints by name */
	NVT_P_STRUCT, /* nested */
};

struct nvt_field_info {
	const char *name;
	uint32_t offset;      /* bytes from the start of the layout; unions members share it */
	enum nvt_prim prim;
	const struct nvt_layout *nested; /* STRUCT only */
	const char *enum_name;           /* values print by this enum's names; NULL if none */
	const char *flags_name;          /* values print by the names of this set of flags; NULL if none */
	uint32_t dims[3];     /* 0 terminated; {0} scalar. A flexible tail has UINT32_MAX as first dim */
	uint8_t bit_lo, bit_hi; /* bit-field, absolute within the field's storage unit; hi < lo: none */
	bool is_bits;
};

/* Layout of a struct or union of this release; NULL if the release has none of that name. */
NVT_API const struct nvt_layout *nvt_layout_find(struct nvt_rel rel, const char *type);
NVT_API const char *nvt_layout_name(const struct nvt_layout *l);
NVT_API uint32_t nvt_layout_size(const struct nvt_layout *l);
NVT_API bool nvt_layout_is_union(const struct nvt_layout *l);
NVT_API unsigned nvt_layout_field_count(const struct nvt_layout *l);
NVT_API void nvt_layout_field(const struct nvt_layout *l, unsigned i, struct nvt_field_info *ret);
/* Every type name of the release, sorted; NULL past the end. */
NVT_API const char *nvt_type_name(struct nvt_rel rel, unsigned i);
/* The same one after another: *pos begins at 0, NULL at the end. Two releases with equal layouts share one. */
NVT_API const struct nvt_layout *nvt_layout_next(struct nvt_rel rel, uint32_t *pos);

/* ---- messages ---- */

/* Functions (< 0x1000) and events (>= 0x1000) share one number space. */
struct nvt_msg_desc {
	uint32_t number;
	const char *name;                 /* without NV_VGPU_MSG_ prefix: "GSP_INIT_DONE" */
	bool is_event;
	const char *payload;              /* type name, NULL if it has none or none is known */
	const struct nvt_layout *layout;  /* of payload, NULL likewise */
	uint32_t min_payload;             /* shorter payloads are refused; fields beyond the end are absent */
};
NVT_API bool nvt_msg_by_number(struct nvt_rel rel, uint32_t number, struct nvt_msg_desc *ret);
NVT_API bool nvt_msg_by_name(struct nvt_rel rel, const char *name, struct nvt_msg_desc *ret);
/* i-th message in order of number; false past the end. */
NVT_API bool nvt_msg_at(struct nvt_rel rel, unsigned i, struct nvt_msg_desc *ret);
/* The same one after another: *pos begins at 0. */
NVT_API bool nvt_msg_next(struct nvt_rel rel, uint32_t *pos, struct nvt_msg_desc *ret);

/* ---- controls and classes: what GSP_RM_CONTROL and GSP_RM_ALLOC carry ---- */

enum nvt_ctrl_flags {
	NVT_CTRL_HANDLED = 1u << 0,    /* the driver's CPU side has a handler */
	NVT_CTRL_ROUTED = 1u << 1,     /* it passes the control on to GSP */
	NVT_CTRL_INTERNAL = 1u << 2,   /* only the driver itself may ask */
	NVT_CTRL_PRIVILEGED = 1u << 3,
	NVT_CTRL_ANY_CLIENT = 1u << 4,
	NVT_CTRL_CACHEABLE = 1u << 5,
};

/* A control command or a class, with its parameters' struct. */
struct nvt_id_desc {
	uint32_t id;
	const char *name;                /* "NV2080_CTRL_CMD_FB_GET_INFO_V2", "NV20_SUBDEVICE_0" */
	const char *params;              /* type name, NULL if it takes none or none is known */
	const struct nvt_layout *layout; /* of params, NULL likewise */
	unsigned flags;                  /* controls: enum nvt_ctrl_flags */
	bool required;                   /* classes: parameters must be given */
};
NVT_API bool nvt_ctrl_by_cmd(struct nvt_rel rel, uint32_t cmd, struct nvt_id_desc *ret);
NVT_API bool nvt_ctrl_by_name(struct nvt_rel rel, const char *name, struct nvt_id_desc *ret);
NVT_API bool nvt_class_by_id(struct nvt_rel rel, uint32_t id, struct nvt_id_desc *ret);
NVT_API bool nvt_class_by_name(struct nvt_rel rel, const char *name, struct nvt_id_desc *ret);
/* The next in order of number, from *pos on (0 at first); false past the end. */
NVT_API bool nvt_ctrl_next(struct nvt_rel rel, unsigned *pos, struct nvt_id_desc *ret);
NVT_API bool nvt_class_next(struct nvt_rel rel, unsigned *pos, struct nvt_id_desc *ret);
/* Commands with this bit are closed: no header names them or their parameters. */
enum { NVT_CTRL_GSS_LEGACY = 0x8000 };

/* NV_STATUS name ("NV_ERR_INVALID_STATE"), NULL if unknown to the release. */
NVT_API const char *nvt_status_name(struct nvt_rel rel, uint32_t status);
/* Name of an enum's value, NULL if unknown; the enums "control" and "class" are the commands and classes. */
NVT_API const char *nvt_enum_name(struct nvt_rel rel, const char *enum_name, uint64_t value);
/* A value of an enum. */
struct nvt_enum_value {
	const char *enum_name, *name;
	uint64_t value;
};
/* Every value of every enum, one enum after another; the status codes come last, as NV_STATUS. *pos begins at 0. */
NVT_API bool nvt_enum_next(struct nvt_rel rel, uint32_t *pos, struct nvt_enum_value *ret);
/*
 * Bits lo to hi of a set of flags, by name; or (is_value) the name of one value of the bits that came before.
 * One set after another, in order of bits. *pos begins at 0.
 */
struct nvt_flag {
	const char *set_name, *name;
	uint8_t lo, hi;
	bool is_value;
	uint64_t value;
};
NVT_API bool nvt_flag_next(struct nvt_rel rel, uint32_t *pos, struct nvt_flag *ret);
/* Whether the release has an enum or a set of flags of this name. */
NVT_API bool nvt_names_known(struct nvt_rel rel, const char *set);
/* Bytes that the text of a value may take: flags by name are "A|B=0x3|0x100", the unnamed bits last. */
enum { NVT_VALUE_TEXT = 4096 };
/* The file of NVIDIA's source tree that declares a type, control or class of this name; NULL if none is known. */
NVT_API const char *nvt_source_find(struct nvt_rel rel, const char *name);
/* Value of a named constant ("GSP_FW_WPR_META_MAGIC"); false if the release lacks it. */
NVT_API bool nvt_const_find(struct nvt_rel rel, const char *name, uint64_t *ret);

/* ---- access by field constant: for the structs that nvtool itself fills or reads ---- */

/*
 * A window on bytes that hold (a prefix of) one struct. Reading a field that lies beyond the end is
 * -NVT_E_DATA "absent"; reading one that the release's layout lacks likewise.
 */
struct nvt_view {
	struct nvt_rel rel;
	const uint8_t *p;
	size_t n;
};
/*
 * The same for writing. The first failure sticks in `rc` and later puts do nothing; test rc once.
 * Writing a nonzero value to a field the release lacks is an error; zero is accepted and ignored.
 */
struct nvt_wview {
	struct nvt_rel rel;
	uint8_t *p;
	size_t n;
	int rc;
	struct nvt_error *e;
};

/*
 * NVF_<Type>_<field>, nested fields joined with '_', are generated into <nvt/fields.h> for the types that
 * protocol/overlay.json lists under "handles". An array field names its first element; the _at forms
 * take the element. Arrays of structs: NVF_<Type>_<array>_<field> with _at.
 */
NVT_API int nvt_get(const struct nvt_view *v, uint32_t nvf, uint64_t *ret);
NVT_API int nvt_get_at(const struct nvt_view *v, uint32_t nvf, unsigned i, uint64_t *ret);
/* Bytes of an array field (a char array: up to its NUL), a view into v. */
NVT_API int nvt_get_bytes(const struct nvt_view *v, uint32_t nvf, struct nvt_bytes *ret);
/* As nvt_get, 0 when absent. */
NVT_API uint64_t nvt_get_or0(const struct nvt_view *v, uint32_t nvf);
NVT_API void nvt_put(struct nvt_wview *w, uint32_t nvf, uint64_t value);
NVT_API void nvt_put_at(struct nvt_wview *w, uint32_t nvf, unsigned i, uint64_t value);
NVT_API void nvt_put_bytes(struct nvt_wview *w, uint32_t nvf, struct nvt_bytes bytes);
/* Size of the struct that nvf belongs to, in this release; 0 if it has none. */
NVT_API uint32_t nvt_nvf_struct_size(struct nvt_rel rel, uint32_t nvf);
/* Offset of the field in this release; -1 if it has none. */
NVT_API int32_t nvt_nvf_offset(struct nvt_rel rel, uint32_t nvf);

/* ---- generic decode: a walk over leaves ---- */

struct nvt_step; /* where a leaf stands in the tables */

/* A leaf (or the begin/end of a nested struct) met by nvt_walk, depth first; the visitor's until it returns. */
struct nvt_leaf {
	enum { NVT_LEAF_VALUE, NVT_LEAF_BEGIN, NVT_LEAF_END, NVT_LEAF_BYTES, NVT_LEAF_ABSENT } what;
	unsigned depth;
	unsigned index;         /* element, for arrays */
	uint64_t value;         /* VALUE */
	struct nvt_bytes bytes; /* BYTES: u8 and char arrays, flexible tails, raw remainders; params' BEGIN */
	/*
	 * Parameters in a flexible tail (GSP_RM_CONTROL, GSP_RM_ALLOC): their type by the command or class, on BEGIN and
	 * END; why they stay raw, on BYTES. NULL elsewhere.
	 */
	const struct nvt_layout *params;
	const char *note;
	const struct nvt_abi *abi;
	const struct nvt_step *step; /* NULL for what lies behind the last field */
};
/* The field's name; "_rest" for bytes behind the last field. */
NVT_API const char *nvt_leaf_name(const struct nvt_leaf *leaf);
NVT_API enum nvt_prim nvt_leaf_prim(const struct nvt_leaf *leaf);
/* All that the tables say of the field. */
NVT_API void nvt_leaf_field(const struct nvt_leaf *leaf, struct nvt_field_info *ret);
/* One of an array's elements; an array of bytes is one leaf, or an element of an array of such. */
NVT_API bool nvt_leaf_is_element(const struct nvt_leaf *leaf);
NVT_API bool nvt_leaf_is_tail(const struct nvt_leaf *leaf); /* of a flexible array */
/* The name of a VALUE leaf's value, or its flags by name (in buf): what the JSON forms print; NULL if it has none. */
NVT_API const char *nvt_leaf_text(struct nvt_rel rel, const struct nvt_leaf *leaf, char buf[NVT_VALUE_TEXT]);
typedef int (*nvt_walk_fn)(void *arg, const struct nvt_leaf *leaf);
/*
 * Stops and returns fn's value when it is nonzero. A flexible tail takes what the bytes hold, or what its count
 * field says if that is less. Bytes behind the last field come as one BYTES leaf named "_rest", also within
 * parameters that are longer than their type. A union whose selecting field is known gives the selected member only.
 */
NVT_API int nvt_walk(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes bytes, nvt_walk_fn fn,
		     void *arg);
/* The same without BEGIN and END. */
NVT_API int nvt_walk_leaves(struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes bytes, nvt_walk_fn fn,
			    void *arg);

/* Text that grows; zero-initialised. failed: out of memory, and the text is not complete. */
struct nvt_text {
	char *p;
	size_t n, cap;
	bool failed;
};
NVT_API void nvt_text_free(struct nvt_text *t);

/*
 * JSON both ways, as text (malloced; the caller frees). Integers up to 32 bits are numbers; 64-bit
 * values, handles and addresses are hex strings; enums and statuses are names, or numbers
 * when unnamed; char arrays strings, or {"hex":..} where a string would lose bytes; byte arrays hex strings.
 * An absent field is null; "_size" gives the bytes at hand when they end before the struct does, "_rest" those
 * behind the last field. Parameters in a tail are an object with "_type" where the command or class is known, else a
 * hex string with "_note" beside it (both are for the reader). nvt_json_encode accepts either form, leaves unnamed fields zero, and fills the count of
 * a flexible tail; unknown keys are an error that names the key.
 */
NVT_API int nvt_json_decode(struct nvt_rel rel, const char *type, struct nvt_bytes bytes, char **ret,
			    struct nvt_error *e);
NVT_API int nvt_json_encode(struct nvt_rel rel, const char *type, const char *json, uint8_t **ret, size_t *ret_n,
			    struct nvt_error *e);
/* A whole message (RPC header and payload): {"function":..,"sequence":..,"result":..,"payload":{..}}. */
NVT_API int nvt_json_decode_msg(struct nvt_rel rel, struct nvt_bytes msg, char **ret, struct nvt_error *e);
NVT_API int nvt_json_encode_msg(struct nvt_rel rel, const char *json, uint8_t **ret, size_t *ret_n,
				struct nvt_error *e);

/* ---- framing ---- */

enum {
	NVT_ELEM_SIZE = 0x1000, /* one queue element */
	NVT_ELEM_HDR = 0x30,    /* GSP_MSG_QUEUE_ELEMENT before its rpc member */
	NVT_RPC_HDR = 0x20,     /* rpc_message_header_v */
	NVT_ELEM_MAX = 16,      /* elements of one record */
	/* most bytes (RPC header and payload) one record carries; longer messages continue */
	NVT_RECORD_MAX = NVT_ELEM_SIZE * NVT_ELEM_MAX - NVT_ELEM_HDR,
	NVT_FN_CONTINUATION = 71,
};

/* XOR of the 64-bit words (a last partial word zero-padded), folded high ^ low. 0 for a sealed record. */
NVT_API uint32_t nvt_frame_checksum(const uint8_t *p, size_t n);
/* Elements that a record of `rpc_length` bytes occupies: ceil((0x30 + rpc_length) / 0x1000). */
NVT_API unsigned nvt_frame_elems(uint32_t rpc_length);

/* What an RPC header says. */
struct nvt_rpc_head {
	uint32_t length, function, result, result_private, sequence;
};
/* Writes a 32-byte RPC header (version and signature included). */
NVT_API void nvt_rpc_head_put(uint8_t *p, const struct nvt_rpc_head *h);
/* -NVT_E_DATA on a wrong version or signature, a length below 32 or above n. */
NVT_API int nvt_rpc_head_get(struct nvt_bytes msg, struct nvt_rpc_head *ret, struct nvt_error *e);

/*
 * Seals one record in place: rec has the message at +0x30 (already with its RPC header), zeroed up to
 * the next multiple of 8. Fills the element header: seqNum, elemCount, checkSum.
 */
NVT_API void nvt_frame_seal(uint8_t *rec, uint32_t rpc_length, uint32_t seq);
/*
 * Whether an encrypted record, as GSP-RM sends with confidential computing, begins at rec: its checksum covers
 * whole elements, and it repeats seqNum as the data that is authenticated with the message.
 * Source: OGKM 570.144 message_queue_cpu.c.
 */
NVT_API bool nvt_frame_is_encrypted(const uint8_t *rec, size_t avail, uint32_t *ret_elems);
/*
 * Checks the record that begins at rec with `avail` bytes: header version and signature, length, element
 * count, checksum, and seqNum unless want_seq is NULL. On failure *e says which, seen and wanted.
 * An encrypted record fails as one.
 */
NVT_API int nvt_frame_check(const uint8_t *rec, size_t avail, const uint32_t *want_seq, struct nvt_rpc_head *ret,
			    uint32_t *ret_elems, struct nvt_error *e);

/*
 * Splitting: a message longer than NVT_RECORD_MAX goes out as a first record with its own function, and
 * CONTINUATION_RECORD records of at most NVT_RECORD_MAX - 0x20 payload bytes. Iterate with
 * nvt_split_next: it describes the record to build from (off, n) of the message's bytes.
 */
struct nvt_split {
	size_t total, pos; /* of the whole message, RPC header included */
	bool first;
};
struct nvt_split_part {
	bool continuation;  /* then an RPC header of function 71 comes before these bytes */
	size_t off, n;      /* bytes of the message */
	uint32_t rpc_length;
};
NVT_API void nvt_split_begin(struct nvt_split *s, size_t total);
NVT_API bool nvt_split_next(struct nvt_split *s, struct nvt_split_part *ret);

/*
 * Joining: feed records' RPC bytes (header and payload) in order of arrival. The total is known from
 * the message's inner size field where it has one (GSP_RM_CONTROL paramsSize, GSP_RM_ALLOC), or else a
 * record shorter than the maximum ends it. Events may arrive between the parts of a reply: they do not
 * go through the joiner. The buffer is the caller's.
 */
struct nvt_join {
	struct nvt_rel rel;
	uint8_t *buf;
	size_t cap, n;
	size_t total; /* 0: not known before the last record */
	bool open;
};
NVT_API void nvt_join_init(struct nvt_join *j, struct nvt_rel rel, uint8_t *buf, size_t cap);
/*
 * `rec` may run to the end of its last element: GSP_RM_ALLOC as NVIDIA's driver sends it leaves its parameters
 * out of the header's length, and they are found by paramsSize within rec. All else is bound by the length.
 * A message of unknown total whose last record is full looks unfinished. The joined message's header keeps the
 * first record's length; ret->n is the whole.
 * 1: *ret holds a whole message; 0: more records needed; negative: error (unexpected continuation,
 * missing head, too long), and the joiner is empty again.
 */
NVT_API int nvt_join_feed(struct nvt_join *j, struct nvt_bytes rec, struct nvt_bytes *ret, struct nvt_error *e);

/* ---- CPU sequencer (GSP_RUN_CPU_SEQUENCER, releases up to 580) ---- */

enum nvt_seq_op {
	NVT_SEQ_REG_WRITE, NVT_SEQ_REG_MODIFY, NVT_SEQ_REG_POLL, NVT_SEQ_DELAY_US, NVT_SEQ_REG_STORE,
	NVT_SEQ_CORE_RESET, NVT_SEQ_CORE_START, NVT_SEQ_CORE_WAIT_FOR_HALT, NVT_SEQ_CORE_RESUME,
	NVT_SEQ__COUNT
};
/* Dwords that follow the opcode, by opcode; and its name in rmgspseq.h. */
NVT_API unsigned nvt_seq_operands(enum nvt_seq_op op);
NVT_API const char *nvt_seq_name(enum nvt_seq_op op);

#endif
