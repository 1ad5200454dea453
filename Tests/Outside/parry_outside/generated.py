"""A generated world, and what a platform made of its alerts, beside the truth about them.

Counted is as `parry evaluate-matching` counts (MatchingEvaluation.swift), Ethoca's alerts and
Verifi's cases alike:

- *decidable*: the sale was uploaded, and the truth says that the data can tell it from all others;
- *found*: of those, matched to their own sale;
- *wrong*: matched to another sale than their own, *sure* when EXACT or HIGH;
- *invented*: wrong, and their own sale was never uploaded.
"""

import json
import random
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .api import Api
from .server import clean_environment, find_binary
from .world import World

LOOK_ALIKE, PAIR, TWINS = "chance-look-alike", "two-alert-ids", "same-day-twins"
STRANGER = "another-merchants-descriptor"


def tool(*words: str) -> list[dict]:
    """A subcommand that needs no database of ours, and its lines of JSON."""
    done = subprocess.run(
        [str(find_binary()), *words],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"parry {' '.join(words)}: {done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


class GeneratedWorld:
    """A generated world for organisations that exist."""

    def __init__(self, folder: Path, shops: list[World], *options: str, seed: int):
        self.folder = folder
        self.seed = seed
        words = [
            word
            for shop in shops
            for word in (
                "--organisation", shop.organisation_id, "--integration", shop.integration_id
            )
        ]  # fmt: skip
        tool("generate-world", "--seed", str(seed), "--out", str(folder), *options, *words)
        self.truths = {one["alert_id"]: one for one in self.lines("truth.jsonl")}
        self.messages = {
            one["message"].get("alertId") or one["message"]["caseId"]: one["message"]
            for one in self.told()
        }

    def lines(self, name: str) -> list[dict]:
        return [json.loads(line) for line in (self.folder / name).read_text().splitlines()]

    def told(self) -> list[dict]:
        """Ethoca's alerts and Verifi's notices. Decisions are not asked for: the platform does not
        take them yet, and a case that was never asked about is as good."""
        return [one for one in self.lines("alerts.jsonl") if one["network"] != "verifi-decision"]

    def feed(self) -> Path:
        """The same, in any order."""
        told = self.told()
        random.Random(self.seed).shuffle(told)
        path = self.folder / "feed.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in told))
        return path

    def evaluation(self, *options: str) -> dict[str, dict]:
        """What `evaluate-matching` makes of Ethoca's alerts, by scenario."""
        lines = tool("evaluate-matching", "--world", str(self.folder), *options)
        return {one["scenario"]: one for one in lines}

    @cached_property
    def refunded_late(self) -> set[str]:
        """The sales whose refunds come by a patch."""
        return {
            refund["original_transaction_reference_id"]
            for one in self.lines("patches.jsonl")
            for refund in one["body"].get("refunds", [])
        }


def open_shop(api: Api, shop: World, plan: dict) -> list[str]:
    """Makes the planned merchants, links them to the feed and asks both networks to enrol them; the
    ids of the enrolments."""
    merchants = [
        api.must(201, "POST", "/v1/merchants", {
            "organisation_id": shop.organisation_id, "name": one["name"], "type": "GENERIC",
        })["id"]
        for one in plan["merchants"]
    ]  # fmt: skip
    linked = {"merchant_ids": merchants}
    api.must(200, "PATCH", f"/v1/integrations/{shop.integration_id}", linked)
    blocks = [
        {"merchant_ids": [merchant]} | block
        for merchant, one in zip(merchants, plan["merchants"])
        for block in _enrolments(one)
    ]
    return [api.must(201, "POST", "/v2/enrolments", one)["id"] for one in blocks]


def _enrolments(merchant: dict) -> list[dict]:
    """With the name alone as well: statements cut what comes behind it."""
    name = {"descriptor": merchant["name"].upper(), "match_type": "STARTS_WITH"}
    descriptors = [*merchant["descriptors"], name]
    rdr = {"bin": merchant["bin"], "caid": merchant["caid"]}
    return [
        {"type": "ETHOCA_ALERT", "ethoca_alert": {"descriptors": descriptors}},
        {"type": "VERIFI_RDR", "verifi_rdr": rdr},
    ]


@dataclass(frozen=True)
class Seen:
    """One alert as its partner and its operator see it, beside what is true of it."""

    truth: dict
    alert: dict
    invalid_reason: str | None
    original_id: str | None
    verdict: dict

    @property
    def name(self) -> str:
        """For who reads of a failure."""
        told = f"{self.match} {self.verdict['outcome']} {self.verdict['confidence']}"
        return f"{self.truth}: {told}, {self.alert['status']} {self.invalid_reason}"

    @property
    def match(self) -> str | None:
        return self.alert["integration_transaction_id"]

    @property
    def is_ethoca(self) -> bool:
        return self.truth["network"] == "ethoca"

    @property
    def is_right(self) -> bool:
        return self.match is not None and self.match == self.truth["transaction_reference_id"]

    @property
    def is_wrong(self) -> bool:
        return self.match is not None and not self.is_right

    @property
    def is_sure(self) -> bool:
        return self.verdict["confidence"] in ("EXACT", "HIGH")

    @property
    def status_due(self) -> str:
        """A case was decided before anybody heard of it."""
        if not self.is_ethoca:
            return "RESOLVED"
        return "INVALID" if self.invalid_reason else "ACTION_REQUIRED"

    @property
    def shown(self) -> tuple:
        """What late data can change for the partner."""
        return (self.alert["status"], self.alert["integration_id"], self.match)

    @property
    def result(self) -> tuple:
        """What no engine may make otherwise. Of a pair, either may have come first."""
        reason = None if self.truth["reason"] == PAIR else self.invalid_reason
        return (self.match, reason, self.verdict["outcome"])

    @property
    def certainty(self) -> dict:
        return {name: value for name, value in self.verdict.items() if name != "candidates"}

    @property
    def is_decidable(self) -> bool:
        return self.truth["is_decidable"] and self.truth["transaction_reference_id"] is not None

    @property
    def counts(self) -> Counter:
        """In the words of `evaluate-matching`."""
        return Counter(
            alerts=1,
            decidable=int(self.is_decidable),
            found=int(self.is_decidable and self.is_right),
            matched=int(self.match is not None),
            wrong=int(self.is_wrong),
            wrong_exact_or_high=int(self.is_wrong and self.is_sure),
            invented=int(self.is_wrong and self.truth["transaction_reference_id"] is None),
            ambiguous=int(self.verdict["outcome"] == "AMBIGUOUS"),
        )


def tally(seen: Iterable[Seen]) -> dict[str, Counter]:
    """By scenario, and `all`."""
    found: defaultdict[str, Counter] = defaultdict(Counter)
    for one in seen:
        found[one.truth["reason"]].update(one.counts)
        found["all"].update(one.counts)
    return found


def figures(before: dict[str, Seen], after: dict[str, Seen]) -> str:
    """What came of a world, before and after late data."""
    first, last = tally(before.values())["all"], tally(after.values())["all"]
    recalls = [f"{100 * one['found'] / one['decidable']:.2f} %" for one in (first, last)]
    return (
        f"{last['alerts']} alerts routed, {last['decidable']} decidable; found {recalls[0]}, "
        f"{recalls[1]} with late data; ambiguous {first['ambiguous']}, {last['ambiguous']}; wrong "
        f"{first['wrong']}, {last['wrong']}, of these invented {last['invented']}"
    )
