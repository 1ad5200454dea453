-- What every load prints at its end: one line of JSON for suite/load.py, which joins this to each
-- script.

function report(summary, latency, bad, bad_answer)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.3f, "p99_ms": %.3f, '
            .. '"max_ms": %.3f, "errors": %d, "bad": %d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3, latency.max / 1e3,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout, bad))
    if bad_answer ~= "" then io.write("BAD ", (bad_answer:gsub("%c", " ")), "\n") end
end
