-- GETs: wrk -s get.lua URL -- FILE KEY
--
-- FILE names a path on each line; every thread asks for them in turn from a place of its own.
-- Answers are not looked at, which would cost the faster server more: wrk counts errors and bytes.

local started = 0

function setup(thread)
    started = started + 1
    thread:set("place", started * 1009)
end

function init(words)
    local headers = { ["Authorization"] = "Bearer " .. words[2] }
    requests = {}
    for path in io.lines(words[1]) do
        requests[#requests + 1] = wrk.format("GET", path, headers)
    end
end

function request()
    place = place + 1
    return requests[place % #requests + 1]
end

function done(summary, latency, requests)
    report(summary, latency, 0, "")
end
