"""The decision hook of a partner that does what a test planned; a program of its own.

    python3 planned_hook.py FOLDER

An alert's authorisation code names its plan, `FOLDER/plans/CODE.json`: for each step a list of what to
do, of which the last is done again and again. Every call is a line of `FOLDER/calls.jsonl`. Nothing is
imported from here: `daemon.py` writes the plans.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HELD_SECONDS_MAX = 30
POLL_SECONDS = 0.02
ANSWERS = {"decide": {"decision": "leave"}, "refund": {"refunded": True}}


def record(folder: Path, call: dict) -> int:
    """Writes the call down; how often the step was asked before."""
    path = folder / "calls.jsonl"
    before = path.read_text().splitlines() if path.exists() else []
    with open(path, "a") as file:
        file.write(json.dumps(call) + "\n")
    same = (json.loads(line) for line in before)
    return sum((one["code"], one["step"]) == (call["code"], call["step"]) for one in same)


def action(folder: Path, code: str, step: str, number: int) -> dict:
    path = folder / "plans" / f"{code}.json"
    planned = json.loads(path.read_text()).get(step, []) if path.exists() else []
    return planned[min(number, len(planned) - 1)] if planned else {}


def hold(folder: Path, code: str):
    """Waits until the test lets go."""
    (folder / "held").mkdir(exist_ok=True)
    (folder / "held" / code).touch()
    deadline = time.monotonic() + HELD_SECONDS_MAX
    while not (folder / "free" / code).exists() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def answer_of(question: dict) -> dict:
    refund = question.get("refund")
    named = {"refund_reference_id": f"paid-{refund['idempotency_key']}"} if refund else {}
    return ANSWERS[question["step"]] | named


def main() -> int:
    folder = Path(sys.argv[1])
    text = sys.stdin.read()
    question = json.loads(text)
    code = question["alert"]["transaction_authorisation_code"] or "none"
    step = question["step"]
    call = {"code": code, "step": step, "question": question, "at": time.time()}
    todo = action(folder, code, step, record(folder, call))
    if "environment" in todo:
        (folder / todo["environment"]).write_text(json.dumps(dict(os.environ)))
    if "hold" in todo:
        hold(folder, code)
    if "child" in todo:
        # It inherits standard output and outlives this program.
        subprocess.Popen(["sleep", str(todo["child"])], stdin=subprocess.DEVNULL)
        time.sleep(todo["child"])
    sys.stderr.write(todo.get("error", ""))
    sys.stdout.write(todo.get("text") or json.dumps(todo.get("answer") or answer_of(question)))
    return todo.get("exit", 0)


if __name__ == "__main__":
    sys.exit(main())
