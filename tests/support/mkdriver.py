# SPDX-License-Identifier: MIT
"""A driver source tree of a few lines, as far as the importer reads one: what it holds is made up."""
import pathlib

SDK = "src/common/sdk/nvidia/inc"
FILES = {
    "version.mk": "NVIDIA_VERSION = {release}\n",
    "src/nvidia/Makefile": "CFLAGS += -I generated\nCFLAGS += -I inc\nCFLAGS += -I $(SRC_COMMON)/sdk/nvidia/inc\n"
                           "CFLAGS += -include nvtypes.h\n",
    SDK + "/nvtypes.h": """#ifndef NVTYPES_H
#define NVTYPES_H
typedef unsigned char NvU8, NvBool;
typedef unsigned short NvU16;
typedef unsigned int NvU32, NvHandle;
typedef unsigned long long NvU64;
enum {{ NV_OK = 0, NV_ERR_TOY = 7 }};
enum {{ NV_VGPU_MSG_FUNCTION_NOP, NV_VGPU_MSG_FUNCTION_TOY_TALK, NV_VGPU_MSG_EVENT_TOY_BROKE = 0x1001 }};
#endif
""",
    SDK + "/nvstatuscodes.h": 'NV_STATUS_CODE(NV_OK, 0x00000000, "fine")\nNV_STATUS_CODE(NV_ERR_TOY, 0x00000007, "broken")\n',
    SDK + "/ctrl/ctrl2080/ctrl2080toy.h": """#pragma once
#define NV2080_CTRL_CMD_TOY_WIND (0x20807001) /* finn: Evaluated from "(FINN_TOY_INTERFACE_ID << 8) | NV2080_CTRL_TOY_WIND_PARAMS_MESSAGE_ID" */
#define NV2080_CTRL_TOY_WIND_PARAMS_MESSAGE_ID (0x1U)
#define NV2080_CTRL_TOY_WIND_SPRING_SLACK 0
#define NV2080_CTRL_TOY_WIND_SPRING_TIGHT (1)
#define NV2080_CTRL_TOY_WIND_SPRING_BROKEN (NVBIT_ROOM + 2)
#define NVBIT_ROOM 1
#define NV2080_CTRL_TOY_WIND_SPRING_COUNT 4
#define NV2080_CTRL_TOY_WIND_FLAGS_LOUD 0:0
#define NV2080_CTRL_TOY_WIND_FLAGS_LOUD_NO 0x0
#define NV2080_CTRL_TOY_WIND_FLAGS_LOUD_YES 0x1
#define NV2080_CTRL_TOY_WIND_FLAGS_SPEED 3:1
#define NV2080_CTRL_TOY_WIND_FLAGS_SPEED_SLOW 1
#define NV2080_CTRL_TOY_WIND_FLAGS_SPEED_HUGE 9
#define NV2080_CTRL_TOY_WIND_TURNS_MAX 12
typedef struct NV2080_CTRL_TOY_WIND_PARAMS {{
    NvU32 spring;
    NvU32 flags;
    NvU32 turns;
    NvU8 key[3];
    NvBool bDone;
    union {{ NvU64 wide; NvU32 narrow[2]; }} force;
}} NV2080_CTRL_TOY_WIND_PARAMS;
#define NV2080_CTRL_CMD_TOY_STOP (0x20807002) /* finn: Evaluated from "(FINN_TOY_INTERFACE_ID << 8) | 0x2" */
#define NV2080_CTRL_CMD_NULL (0x20800000) /* finn: Evaluated from "(FINN_RESERVED_INTERFACE_ID << 8) | 0x0" */
""",
    SDK + "/class/cl7070.h": """#pragma once
#define NV70_TOY (0x00007070)
typedef struct {{ NvHandle hOwner; NvU32 colour : 3; NvU32 size : 5; }} NV7070_ALLOC_PARAMETERS;
""",
    "src/nvidia/inc/kernel/rmapi/control.h": "#define RMCTRL_FLAGS_ROUTE_TO_PHYSICAL 0x000000040\n"
                                             "#define RMCTRL_FLAGS_INTERNAL 0x000000080\n",
    "src/nvidia/inc/kernel/vgpu/rpc_global_enums.h": """#ifdef X
X(RM, NOP, 0)
X(RM, TOY_TALK, 1)
X(RM, NUM_FUNCTIONS, 2)
#endif
#ifdef E
E(FIRST_EVENT, 0x1000)
E(TOY_BROKE, 0x1001)
E(NUM_EVENTS, 0x1002)
#endif
""",
    "src/nvidia/src/kernel/rmapi/resource_list.h": """RS_ENTRY(
    /* External Class         */ NV70_TOY,
    /* Internal Class         */ Toy,
    /* Alloc Param Info       */ RS_REQUIRED(NV7070_ALLOC_PARAMETERS),
    /* Resource Free Priority */ 0)
""",
    "src/nvidia/generated/g_rpc-structures.h": """#pragma once
typedef struct rpc_toy_talk_v01_00
{{
    NvU32 kind;
    NvU32 length;
    NvU8 text[];
}} rpc_toy_talk_v01_00;

typedef rpc_toy_talk_v01_00 rpc_toy_talk_v;
""",
    "src/nvidia/generated/g_sdk-structures.h": "#pragma once\n",
    "src/nvidia/generated/g_rpc-message-header.h": "#pragma once\n",
    "src/nvidia/generated/g_toy_nvoc.c": """    {{
        /*pFunc=*/ (void (*)(void)) toyStop,
        /*flags=*/ 0xc0u,
        /*accessRight=*/0x0u,
        /*methodId=*/ 0x20807002u,
        /*paramSize=*/ 0,
        /*pClassInfo=*/ 0,
        /*func=*/ "toyStop"
    }},
""",
}


def make(folder, release, **changes):
    """Writes the tree. changes: text by path, with None for a file that shall not be there."""
    for path, text in {**FILES, **changes}.items():
        if text is None:
            continue
        at = pathlib.Path(folder) / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text.format(release=release) if path in FILES and path not in changes else text)
    return folder
