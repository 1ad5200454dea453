-- POSTs orders: wrk -t1 -s orders.lua URL -- FILE KEY FIRST BATCH
--
-- FILE holds one order whose {tokens} become new values, the same ones that raw/orders.c makes:
-- {number} counts up from FIRST, the others are random. One thread only, so that no number is used
-- twice. Every answer must be 201 and say that all orders of the batch were created.

local threads = {}

function setup(thread)
    assert(#threads == 0, "run with -t1: each thread would count from the same number")
    table.insert(threads, thread)
end

local makers = {
    number = function() return string.format("%012d", number) end,
    amount = function() return tostring(amount) end,
    last4 = function() return string.format("%04d", math.random(0, 9999)) end,
    code = function() return string.format("%06d", math.random(0, 999999)) end,
    arn = function()
        local low, high = math.random(0, 99999999999), math.random(0, 99999999999)
        return string.format("7%011d%011d", high, low)
    end,
}

function init(words)
    local file = assert(io.open(words[1]))
    local text = file:read("*a")
    file:close()
    number = tonumber(words[3])
    batch = tonumber(words[4])
    bad = 0
    bad_answer = ""
    math.randomseed(os.time() * 1000 + number % 1000)
    -- Literal text and makers in turn.
    pieces = {}
    local from = 1
    while true do
        local start, stop, name = text:find("{(%l[%l%d]*)}", from)
        pieces[#pieces + 1] = text:sub(from, (start or 0) - 1)
        if not start then break end
        pieces[#pieces + 1] = assert(makers[name], "unknown token " .. name)
        from = stop + 1
    end
    headers = { ["Authorization"] = "Bearer " .. words[2], ["Content-Type"] = "application/json" }
    expected = string.format('"created":%d,"failed":0,', batch)
end

local function order(parts)
    amount = math.random(1000, 9999)
    for index = 1, #pieces do
        local piece = pieces[index]
        parts[#parts + 1] = type(piece) == "string" and piece or piece()
    end
    number = number + 1
end

function request()
    local parts = { "[" }
    for index = 1, batch do
        if index > 1 then parts[#parts + 1] = "," end
        order(parts)
    end
    parts[#parts + 1] = "]"
    return wrk.format("POST", "/v1/orders", headers, table.concat(parts))
end

function response(status, _, body)
    if status ~= 201 or not body:find(expected, 1, true) then
        bad = bad + 1
        bad_answer = status .. " " .. body:sub(1, 300)
    end
end

function done(summary, latency, requests)
    report(summary, latency, threads[1]:get("bad"), threads[1]:get("bad_answer"))
end
