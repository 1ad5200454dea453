-- POSTs Verifi's questions about RDR cases: wrk -t1 -s decisions.lua URL -- FILE TOKEN OUT RATE RUN
--
-- FILE holds two questions, a line each: one that has to be declined, one that has to be accepted. They are asked in turn,
-- each time with a new decisionId in place of the one that stands there. Its first letter, d or a, says which answer is
-- due; its second part is RUN, four characters.
--
-- RATE is how many a second, evenly spread; 0 is as many as possible. At a rate, an answer's time runs from the moment at
-- which its question was to be asked, also where all connections were busy then. OUT gets a line for each answer: the
-- decisionId and, at a rate, its milliseconds.

local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds, microseconds; } parry_time;
    int gettimeofday(parry_time *now, void *zone);
]]
local moment = ffi.new("parry_time")
local threads = {}
local path = "/networks/verifi/rdr/decisions"
-- Until the first question, so that all connections stand.
local lead = 100

-- Milliseconds.
local function now()
    ffi.C.gettimeofday(moment, nil)
    return tonumber(moment.seconds) * 1e3 + tonumber(moment.microseconds) / 1e3
end

function setup(thread)
    assert(#threads == 0, "run with -t1: each thread would keep the rate")
    table.insert(threads, thread)
end

-- A question's request before and after its id.
local function halves(headers, question)
    local id = assert(question:match('"decisionId": *"([^"]+)"'))
    assert(#id == 36, "the id has to be as long as a UUID")
    local text = wrk.format("POST", path, headers, question)
    local first, last = text:find(id, 1, true)
    return { before = text:sub(1, first - 1), after = text:sub(last + 1) }
end

-- wrk's timers know whole milliseconds only, so these are what is planned.
local function keep(rate)
    local start, turns, asked = math.floor(now()) + lead, 0, 0
    planned = {}
    function delay()
        local turn = start + math.ceil(turns * 1e3 / rate)
        turns = turns + 1
        return math.max(0, turn - math.floor(now()))
    end
    -- wrk looks at one request before any has its turn, and does not send it.
    function next_turn()
        if asked == turns then return nil end
        asked = asked + 1
        return start + math.ceil((asked - 1) * 1e3 / rate)
    end
end

function init(words)
    local headers = { ["Authorization"] = "Bearer " .. words[2], ["Content-Type"] = "application/json" }
    local lines = io.lines(words[1])
    cases = {
        { letter = "d", expected = '"decision":"DECLINE"', request = halves(headers, lines()) },
        { letter = "a", expected = '"decision":"ACCEPT"', request = halves(headers, lines()) },
    }
    out = assert(io.open(words[3], "w"))
    rate = tonumber(words[4])
    run = words[5]
    number = 0
    bad = 0
    bad_answer = ""
    math.randomseed(os.time())
    if rate > 0 then keep(rate) end
end

function request()
    number = number + 1
    local case = cases[number % 2 + 1]
    local random = math.random
    -- As a UUID, with letters where its digits could be taken for a card's.
    local id = string.format(
        "%s%07x-%s-4%03x-b%03x-%012x", case.letter, random(0, 0xfffffff), run, random(0, 0xfff),
        random(0, 0xfff), random(0, 0xffffffffffff))
    if rate > 0 then planned[id] = next_turn() end
    return case.request.before .. id .. case.request.after
end

local function is_fallback(headers)
    for name in pairs(headers) do
        if name:lower() == "parry-fallback" then return true end
    end
    return false
end

function response(status, headers, body)
    local id = body:match('"decisionId":"([%w-]+)"')
    local case = id and (id:sub(1, 1) == "d" and cases[1] or cases[2])
    if status ~= 200 or not id or not body:find(case.expected, 1, true) or is_fallback(headers) then
        bad = bad + 1
        bad_answer = status .. " " .. body:sub(1, 300)
    elseif rate > 0 then
        out:write(string.format("%s %.3f\n", id, now() - planned[id]))
        planned[id] = nil
    else
        out:write(id, "\n")
    end
end

function done(summary, latency, requests)
    report(summary, latency, threads[1]:get("bad"), threads[1]:get("bad_answer"))
end
