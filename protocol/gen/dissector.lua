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
	flag = ProtoField.string("gsp.flag", "Flag"),
	raw = ProtoField.bytes("gsp.raw", "Bytes"),
	rest = ProtoField.bytes("gsp.rest", "Bytes behind the last field"),
}

-- ---- fields ----

local function make_field(text)
	local abbr, kind, width, enum = text:match("^(%S+) (%a)(%d) ?(%S*)$") -- "&NAME": flags
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

local all, made, values = {}, {}, {}
for _, f in pairs(head) do all[#all + 1] = f end
for i, text in ipairs(fields) do
	made[i] = make_field(text)
	values[i] = text:match(" (%S+)$", text:find(" ", 1, true) + 1)
	all[#all + 1] = made[i]
end
gsp.fields = all

-- ---- layouts, taken apart when a message first needs them ----

local parsed = {}

local layout_of
layout_of = function(number)
	local l = parsed[number]
	if l then return l end
	local rows = layouts[number]:gmatch("[^;]+")
	local name, size, counted = rows():match("^(%S+) (%d+) ?(.*)$")
	l = { name = name, size = tonumber(size), fields = {} }
	if counted ~= "" then
		local word = counted:gmatch("%d+")
		l.counter = { offset = tonumber(word()), size = tonumber(word()), low = tonumber(word()), high = tonumber(word()),
			      bytes = tonumber(word()) }
	end
	for row in rows do
		local word = row:gmatch("%S+")
		local at = tonumber(word())
		local f = { made[at], values = values[at], name = word(), kind = word(), offset = tonumber(word()),
			    size = tonumber(word()), count = tonumber(word()), run = tonumber(word()),
			    nested = tonumber(word()) }
		if f.kind == "U" then
			f.selector, f.by, f.by_size = tonumber(word() or ""), tonumber(word() or ""), tonumber(word() or "")
		else
			f.low, f.high = tonumber(word() or ""), tonumber(word() or "")
		end
		l.fields[#l.fields + 1] = f
	end
	local last = l.fields[#l.fields]
	l.open = last and (last.count < 0 or last.nested > 0 and last.count == 1 and layout_of(last.nested).open)
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

local show, release -- of the packet at hand, by number

-- Bits low to high of the little-endian unit in range.
local function bits(range, low, high)
	local at, v = math.floor(low / 8), 0
	local unit = range:bytes()
	for i = math.floor(high / 8), at, -1 do v = v * 256 + unit:get_index(i) end
	return math.floor(v / 2 ^ (low % 8)) % 2 ^ (high - low + 1)
end

-- The flags of a set in this release: { low, high, name, { value = name } }.
local known_flags = {}

local function flags_of(set)
	local list = known_flags[set .. " " .. release]
	if list then return list end
	list = {}
	for line in flags[set]:gmatch("[^\n]+") do
		local holds = false
		for first, last in line:match("^[^;]*"):gmatch("(%d+) (%d+)") do
			holds = holds or release >= tonumber(first) and release <= tonumber(last)
		end
		for low, high, name, named in line:gmatch(holds and ";(%d+) (%d+) (%S+)([^;]*)" or "^$") do
			local of = {}
			for value, text in named:gmatch("(%d+) (%S+)") do of[tonumber(value)] = of[tonumber(value)] or text end
			list[#list + 1] = { low = tonumber(low), high = tonumber(high), name = name, of = of }
		end
	end
	known_flags[set .. " " .. release] = list
	return list
end

-- Each flag that is not zero: its value by name, or its own, with the value if it has several bits.
local function show_flags(set, range, low, high, tree)
	for _, f in ipairs(flags_of(set)) do
		local v = low + f.high <= high and bits(range, low + f.low, low + f.high) or 0
		if v ~= 0 then
			local name = f.of[v] or f.high > f.low and string.format("%s=0x%x", f.name, v) or f.name
			tree:add(head.flag, range, name):set_generated()
		end
	end
end

-- A command or class by name; enums are in the fields themselves.
local function show_names(f, item, range)
	local ids = f.values == "control" and controls or f.values == "class" and classes
	if ids then
		local _, name = lookup(ids[range:le_uint()], release)
		if name then item:append_text(" (" .. name .. ")") end
	elseif f.values and f.values:sub(1, 1) == "&" then
		show_flags(f.values:sub(2), range, f.low or 0, f.high or 8 * range:len() - 1, item)
	end
end

-- Returns the bytes that a struct takes with the flexible array that it may end in, else nothing.
local function show_element(f, range, tree, depth, label, member)
	if f.nested > 0 then
		local l = layout_of(f.nested)
		local sub = f.name == "-" and tree or tree:add(gsp, range, label)
		return show(l, range, sub, depth + 1, false, member)
	end
	if f.low then
		show_names(f, tree:add(f[1], range, bits(range, f.low, f.high)), range)
	elseif f.kind == "c" then
		tree:add_packet_field(f[1], range, ENC_UTF_8)
	elseif f.kind == "x" then
		tree:add(f[1], range)
	else
		show_names(f, tree:add_le(f[1], range), range)
	end
end

-- Elements of a flexible array: what the bytes hold, or what the count says if that is less; and bytes of each.
local function tail_of(l, f, range)
	local there, c = math.max(range:len() - f.offset, 0), l.counter
	local count = f.size > 0 and math.floor(there / f.size) or 0
	if c and c.offset + c.size <= range:len() then
		count = math.min(count, math.floor(bits(range:range(c.offset, c.size), c.low, c.high) / c.bytes))
	end
	if f.kind == "c" or f.kind == "x" then return count > 0 and 1 or 0, count end
	return count, f.size
end

-- The one member of a union that counts; nil for all.
local function member_of(f, range)
	if not f.selector or f.by + f.by_size > range:len() then return nil end
	local value = tostring(range:range(f.by, f.by_size):le_uint())
	for v, name in selectors[f.selector]:gmatch("(%d+) ([^;]+);") do
		if v == value then return name end
	end
	return nil
end

-- One field with all its elements that are there; returns where it ends.
local function show_field(l, f, range, tree, depth)
	local at, size, count = f.offset, f.run > 0 and f.run * f.size or f.size, f.count
	local member = member_of(f, range)
	if count < 0 then count, size = tail_of(l, f, range) end
	for i = 1, math.min(count, ELEMENTS_MAX) do
		local open = f.nested > 0 and layout_of(f.nested).open
		local n = open and range:len() - at or math.min(size, range:len() - at)
		if n <= 0 or (n < size and f.run == 0 and f.nested == 0) then break end
		local label = count == 1 and f.name or f.name .. "[" .. i - 1 .. "]"
		local took = show_element(f, range:range(at, n), tree, depth, label, member)
		at = at + (open and took or size)
	end
	return at
end

show = function(l, range, tree, depth, is_message, member)
	local ends = l.size
	if depth > DEPTH_MAX then return ends end
	for _, f in ipairs(l.fields) do
		local wanted = f.offset < range:len() and (not member or f.name == member)
		local at = wanted and show_field(l, f, range, tree, depth) or 0
		if l.open and at > ends then ends = at end
	end
	if is_message and ends < range:len() then tree:add(head.rest, range:range(ends)) end
	return ends
end

-- ---- the message ----

-- The value of a payload's 32-bit field by name; nil if it is not there.
local function value_of(l, name, range)
	for _, f in ipairs(l.fields) do
		if f.name == name and f.offset + 4 <= range:len() then return range:range(f.offset, 4) end
	end
end

-- What filters look for, whatever the release calls it. Returns the parameters' layout, 0 if it is not known.
local function show_subject(number, l, range, tree, replied, pinfo)
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

local function show_rpc(range, tree, from_gsp, pinfo)
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
		params = show_subject(number, l, body, sub, from_gsp, pinfo)
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
	local name = tvb:range(8, 24):stringz()
	local tree = root:add(gsp, tvb:range())
	pinfo.cols.protocol = "GSP"
	pinfo.cols.src = from_gsp and "GSP" or "driver"
	pinfo.cols.dst = from_gsp and "driver" or "GSP"
	tree:add(head.release, tvb:range(8, 24), name)
	tree:add(head.direction, tvb:range(5, 1))
	release = releases[name] or -1
	show_rpc(tvb:range(skip), tree, from_gsp, pinfo)
	return tvb:len()
end

DissectorTable.get("wtap_encap"):add((wtap_encaps or wtap).USER0, gsp)
