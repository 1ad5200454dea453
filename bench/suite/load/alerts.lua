-- POSTs simulated alerts: wrk -t1 -s alerts.lua URL -- FILE KEY OUT RATE
--
-- FILE holds the request's body. RATE is how many a second, evenly spread; 0 is as many as possible. OUT
-- gets a line for each: the alert's id and when its 201 came, in seconds.

local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds, microseconds; } parry_time;
    int gettimeofday(parry_time *now, void *zone);
]]
local moment = ffi.new("parry_time")
local threads = {}

local function now()
    ffi.C.gettimeofday(moment, nil)
    return tonumber(moment.seconds) + tonumber(moment.microseconds) / 1e6
end

function setup(thread)
    assert(#threads == 0, "run with -t1: each thread would keep the rate")
    table.insert(threads, thread)
end

function init(words)
    local file = assert(io.open(words[1]))
    local headers = { ["Authorization"] = "Bearer " .. words[2], ["Content-Type"] = "application/json" }
    alert = wrk.format("POST", "/v1/simulate/alerts", headers, file:read("*a"))
    file:close()
    out = assert(io.open(words[3], "w"))
    bad = 0
    bad_answer = ""
    local rate = tonumber(words[4])
    if rate == 0 then return end
    local turn = now()
    -- Milliseconds until the next turn; turns that were missed are left out.
    function delay()
        turn = math.max(turn + 1 / rate, now())
        return math.floor((turn - now()) * 1000 + 0.5)
    end
end

function request()
    return alert
end

function response(status, _, body)
    local id = body:match('"id":"([%w_]+)"')
    if status ~= 201 or not id then
        bad = bad + 1
        bad_answer = status .. " " .. body:sub(1, 300)
    else
        out:write(string.format("%s %.6f\n", id, now()))
    end
end

function done(summary, latency, requests)
    report(summary, latency, threads[1]:get("bad"), threads[1]:get("bad_answer"))
end
