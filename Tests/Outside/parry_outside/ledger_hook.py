"""The decision hook of a partner with a payment processor, and the processor's ledger.

    python3 ledger_hook.py FOLDER

It decides by the last digit of the alert's authorisation code (`decision_for`), refunds once for each
idempotency key, whoever asks and however often, and lingers at random, so that a kill meets it anywhere.
The ledger is a folder: a file for each key that was paid, with the transaction in it.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

LINGER_SECONDS_MAX = 0.15


def decision_for(code: str) -> str:
    """Of ten alerts six are refunded, three accepted, and one is left to people."""
    digit = int(code[-1])
    return "refund" if digit < 6 else "accept" if digit < 9 else "leave"


def linger():
    time.sleep(random.uniform(0, LINGER_SECONDS_MAX))


def pay(folder: Path, refund: dict) -> dict:
    """The payment is there as a whole or not at all."""
    key = refund["idempotency_key"]
    paid = folder / "paid" / key
    if not paid.exists():
        draft = folder / "drafts" / f"{key}-{os.getpid()}"
        draft.write_text(json.dumps(refund))
        os.rename(draft, paid)
    return {"refunded": True, "refund_reference_id": f"paid-{key}"}


def main():
    folder = Path(sys.argv[1])
    question = json.load(sys.stdin)
    code = question["alert"]["transaction_authorisation_code"]
    with open(folder / "asked", "a") as asked:
        asked.write(f"{question['step']} {code}\n")
    linger()
    if question["step"] == "decide":
        answer = {"decision": decision_for(code), "note": f"decided for {code}"}
    else:
        answer = pay(folder, question["refund"])
    linger()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
