#!/bin/sh
# The same call by curl: signs a sample webhook with openssl and sends it, once rightly and three times
# wrongly, and shows how the receiver answers. Exits with 0 when it tells them apart.
#
#   WEBHOOK_SECRET=whsec_… ./verify.sh [http://127.0.0.1:5000/webhooks]
set -eu

url="${1:-http://127.0.0.1:5000/webhooks}"
secret="${WEBHOOK_SECRET:?set WEBHOOK_SECRET to the secret that the receiver has}"
body='{"id":"evt_sample","type":"alert.created","created_at":"2026-02-17T10:30:00Z",'
body="$body"'"data":{"object":{"id":"netalrt_sample","status":"ACTION_REQUIRED"}},"api_version":"v1"}'
now=$(date +%s)
failed=0

# sign SECRET TIME BODY: the code of the header, as the platform makes it. The secret is in openssl's
# arguments, which other users of a machine can see: this is for secrets of TEST.
sign() {
    printf '%s.%s' "$2" "$3" | openssl dgst -sha512 -hmac "$1" | sed 's/^.*= *//'
}

# try WHAT WANTED TIME CODE BODY
try() {
    status=$(printf '%s' "$5" | curl -s -o /dev/null -w '%{http_code}' --data-binary @- \
        -H 'Content-Type: application/json' -H 'X-Idempotency-Key: whd_sample' \
        -H "X-Signature: t=$3,v1=$4" "$url") || status="no answer"
    echo "$1: $status"
    [ "$status" = "$2" ] || failed=1
}

try "right signature" 204 "$now" "$(sign "$secret" "$now" "$body")" "$body"
try "other secret" 401 "$now" "$(sign "not-$secret" "$now" "$body")" "$body"
try "changed body" 401 "$now" "$(sign "$secret" "$now" "$body")" "$body "
old=$((now - 301))
try "too old" 401 "$old" "$(sign "$secret" "$old" "$body")" "$body"

[ "$failed" = 0 ] || echo "verify.sh: an answer is not as it should be" >&2
exit "$failed"
