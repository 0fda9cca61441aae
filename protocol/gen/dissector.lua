-- SPDX-License-Identifier: MIT
-- Wireshark dissector of nvtool's captures (nvtool-capture(5)): RPC messages between driver and GSP-RM.
-- The tables above are generated; protocol/gen/dissector.c explains them.

local gsp = Proto("gsp", "NVIDIA GSP-RM RPC")
local HEADER, RPC_HEADER, ELEMENTS_MAX, DEPTH_MAX = 32, 32, 4096, 16
local FN_CONTROL, FN_ALLOC, FIRST_EVENT = 76, 103, 0x1000
local DIRECTION = { [0] = "to GSP", [1] = "from GSP" }

local head = {
	release = ProtoField.string("gsp.release", "Release"),
	direction = ProtoField.uint8("gsp.direction", "Direction", base.DEC, DIRECTION),
	length = ProtoField.uint32("gsp.length", "Length", base.DEC),
	func = ProtoField.uint32("gsp.function", "Function", base.DEC),
	name = ProtoField.string("gsp.function_name", "Function name"),
	status = ProtoField.uint32("gsp.status", "Status", base.HEX, enums["NV_STATUS"]),
	private = ProtoField.uint32("gsp.result_private", "Result, private", base.HEX),
	sequence = ProtoField.uint32("gsp.sequence", "Sequence", base.DEC),
	cmd = ProtoField.uint32("gsp.ctrl.cmd", "Control command", base.HEX),
	class = ProtoField.uint32("gsp.alloc.class", "Class", base.HEX),
	raw = ProtoField.bytes("gsp.raw", "Bytes"),
	rest = ProtoField.bytes("gsp.rest", "Bytes behind the last field"),
}

-- ---- fields ----

local function make_field(text)
	local abbr, kind, width, enum = text:match("^(%S+) (%a)(%d) ?(%S*)$")
	local name = abbr:match("[^.]*$")
	local values = enums[enum]
	abbr = "gsp." .. abbr
	if kind == "c" then return ProtoField.string(abbr, name) end
	if kind == "x" then return ProtoField.bytes(abbr, name) end
	if kind == "b" then return ProtoField.bool(abbr, name) end
	if kind == "s" then return ProtoField.uint32(abbr, name, base.HEX, enums["NV_STATUS"]) end
	if kind == "i" then
		if width == "8" then return ProtoField.int64(abbr, name) end
		return ProtoField.int32(abbr, name, base.DEC, values)
	end
	if width == "8" then return ProtoField.uint64(abbr, name, base.HEX_DEC) end
	if kind == "h" then return ProtoField.uint32(abbr, name, base.HEX) end
	return ProtoField.uint32(abbr, name, base.HEX_DEC, values)
end

local all, made = {}, {}
for _, f in pairs(head) do all[#all + 1] = f end
for i, text in ipairs(fields) do
	made[i] = make_field(text)
	all[#all + 1] = made[i]
end
gsp.fields = all

-- ---- layouts, taken apart when a message first needs them ----

local parsed = {}

local function layout_of(number)
	local l = parsed[number]
	if l then return l end
	local rows = layouts[number]:gmatch("[^;]+")
	local name, size = rows():match("^(%S+) (%d+)$")
	l = { name = name, size = tonumber(size), fields = {} }
	for row in rows do
		local word = row:gmatch("%S+")
		local f = { made[tonumber(word())], name = word(), kind = word(), offset = tonumber(word()),
			    size = tonumber(word()), count = tonumber(word()), run = tonumber(word()),
			    nested = tonumber(word()) }
		f.low, f.high = tonumber(word() or ""), tonumber(word() or "")
		l.fields[#l.fields + 1] = f
	end
	parsed[number] = l
	return l
end

-- The layout and name of a number in a release.
local function lookup(rows, release)
	for first, last, layout, name in (rows or ""):gmatch("(%d+) (%d+) (%d+) ([^;]+);") do
		if release >= tonumber(first) and release <= tonumber(last) then return tonumber(layout), name end
	end
	return 0, nil
end

-- ---- values ----

local show

-- Bits low to high of the little-endian unit in range.
local function bits(range, low, high)
	local at, v = math.floor(low / 8), 0
	local unit = range:bytes()
	for i = math.floor(high / 8), at, -1 do v = v * 256 + unit:get_index(i) end
	return math.floor(v / 2 ^ (low % 8)) % 2 ^ (high - low + 1)
end

local function show_element(f, range, tree, depth, label)
	if f.nested > 0 then
		local l = layout_of(f.nested)
		if f.name == "-" then return show(l, range, tree, depth + 1, false) end
		return show(l, range, tree:add(gsp, range, label), depth + 1, false)
	end
	if f.low then
		tree:add(f[1], range, bits(range, f.low, f.high))
	elseif f.kind == "c" then
		tree:add_packet_field(f[1], range, ENC_UTF_8)
	elseif f.kind == "x" then
		tree:add(f[1], range)
	else
		tree:add_le(f[1], range)
	end
end

-- One field with all its elements that are there; returns where it ends.
local function show_field(f, range, tree, depth)
	local at, size, count = f.offset, f.run > 0 and f.run * f.size or f.size, f.count
	if count < 0 then
		local there = math.max(range:len() - at, 0)
		if f.kind == "c" or f.kind == "x" or f.size == 0 then
			size, count = there, there > 0 and 1 or 0
		else
			count = math.floor(there / size)
		end
	end
	for i = 1, math.min(count, ELEMENTS_MAX) do
		local n = math.min(size, range:len() - at)
		if n <= 0 or (n < size and f.run == 0 and f.nested == 0) then break end
		show_element(f, range:range(at, n), tree, depth, count == 1 and f.name or f.name .. "[" .. i - 1 .. "]")
		at = at + size
	end
	return at
end

show = function(l, range, tree, depth, is_message)
	local ends = l.size
	if depth > DEPTH_MAX then return end
	for _, f in ipairs(l.fields) do
		local at = f.offset < range:len() and show_field(f, range, tree, depth) or 0
		if f.count < 0 and at > ends then ends = at end
	end
	if is_message and ends < range:len() then tree:add(head.rest, range:range(ends)) end
end

-- ---- the message ----

-- The value of a payload's 32-bit field by name; nil if it is not there.
local function value_of(l, name, range)
	for _, f in ipairs(l.fields) do
		if f.name == name and f.offset + 4 <= range:len() then return range:range(f.offset, 4) end
	end
end

-- What filters look for, whatever the release calls it. Returns the parameters' layout, 0 if it is not known.
local function show_subject(number, l, range, tree, release, replied, pinfo)
	local is_control = number == FN_CONTROL
	local subject, status = value_of(l, is_control and "cmd" or "hClass", range), value_of(l, "status", range)
	local layout, name = 0, nil
	if subject then
		local item = tree:add_le(is_control and head.cmd or head.class, subject):set_generated()
		layout, name = lookup((is_control and controls or classes)[subject:le_uint()], release)
		if name then item:append_text(" (" .. name .. ")") end
		pinfo.cols.info:append(string.format(" 0x%08x %s", subject:le_uint(), name or ""))
	end
	if replied and status then tree:add_le(head.status, status):set_generated() end
	return layout
end

-- The fixed part, then the parameters as their own type.
local function show_with_params(l, params, range, tree)
	local tail, size = 0, value_of(l, "paramsSize", range)
	for _, f in ipairs(l.fields) do
		if f.count < 0 then tail = f.offset end
	end
	if tail == 0 or not size or tail >= range:len() then return show(l, range, tree, 0, true) end
	show(l, range:range(0, tail), tree, 0, true)
	local n = math.min(size:le_uint(), range:len() - tail)
	if n > 0 then
		local p = layout_of(params)
		show(p, range:range(tail, n), tree:add(gsp, range:range(tail, n), p.name), 0, true)
	end
	if tail + n < range:len() then tree:add(head.rest, range:range(tail + n)) end
end

local function show_rpc(range, tree, release, from_gsp, pinfo)
	local number = range:range(12, 4):le_uint()
	local layout, name = lookup(messages[number], release)
	local info = name or "function " .. number
	local sub = tree:add(gsp, range:range(0, RPC_HEADER), "RPC header")
	sub:add_le(head.length, range:range(8, 4))
	sub:add_le(head.func, range:range(12, 4)):append_text(" (" .. info .. ")")
	if name then sub:add(head.name, range:range(12, 4), name):set_generated() end
	-- a request's result is filled with all ones: it means nothing yet
	if from_gsp then sub:add_le(head.status, range:range(16, 4)) end
	if from_gsp then sub:add_le(head.private, range:range(20, 4)) end
	sub:add_le(head.sequence, range:range(24, 4))
	pinfo.cols.info = info
	if range:len() == RPC_HEADER then return end
	local body = range:range(RPC_HEADER)
	if layout == 0 then
		tree:add(head.raw, body)
		return
	end
	local l, params = layout_of(layout), 0
	if number == FN_CONTROL or number == FN_ALLOC then
		params = show_subject(number, l, body, sub, release, from_gsp, pinfo)
	end
	local payload = tree:add(gsp, body, l.name)
	if params > 0 then return show_with_params(l, params, body, payload) end
	show(l, body, payload, 0, true)
end

function gsp.dissector(tvb, pinfo, root)
	if tvb:len() < HEADER + RPC_HEADER or tvb:range(0, 4):string() ~= "NVGR" or tvb:range(4, 1):uint() ~= 1 then
		return 0
	end
	local skip = tvb:range(6, 2):le_uint()
	if skip < HEADER or skip + RPC_HEADER > tvb:len() then return 0 end
	local from_gsp = tvb:range(5, 1):uint() == 1
	local release = tvb:range(8, 24):stringz()
	local tree = root:add(gsp, tvb:range())
	pinfo.cols.protocol = "GSP"
	pinfo.cols.src = from_gsp and "GSP" or "driver"
	pinfo.cols.dst = from_gsp and "driver" or "GSP"
	tree:add(head.release, tvb:range(8, 24), release)
	tree:add(head.direction, tvb:range(5, 1))
	show_rpc(tvb:range(skip), tree, releases[release] or -1, from_gsp, pinfo)
	return tvb:len()
end

DissectorTable.get("wtap_encap"):add((wtap_encaps or wtap).USER0, gsp)
