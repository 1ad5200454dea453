"""What a backtest has to say, computed from the alerts as the API shows them."""

import calendar
import operator
import random
import time
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

DECIMALS = {"JPY": 0, "KWD": 3}
"""Of the currencies that do not have two."""
RATE_DAYS_MAX = 10
FLIPS_MAX = 100
AMOUNT_MAX = 2**53 - 1
OPERATORS = {
    "GREATER_THAN": operator.gt, "GREATER_THAN_OR_EQUAL": operator.ge, "LESS_THAN": operator.lt,
    "LESS_THAN_OR_EQUAL": operator.le, "EQUAL": operator.eq, "NOT_EQUAL": operator.ne,
}  # fmt: skip
WOULD_BE = {
    "REFUND": "REFUNDED", "REFUND_AND_CANCEL": "REFUNDED", "CANCEL": "NOT_REFUNDED",
    "ACCEPT_DISPUTE": "NOT_REFUNDED",
}  # fmt: skip
SETTINGS = ("organisation_id", "enrolment_ids", "outcome", "join_operator", "is_enabled")


def day_of(text: str) -> int:
    """Days since 1970."""
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) // 86_400


@dataclass(frozen=True)
class Rates:
    """What one unit was worth in dollars: by currency, and by days since 1970."""

    known: dict[str, dict[int, Fraction]]

    def cents(self, amount: int, currency: str, day: int) -> int | None:
        """In cents of dollars, halves up; None without a rate that is fresh enough."""
        if currency == "USD":
            return amount
        days = [one for one in self.known.get(currency, {}) if 0 <= day - one <= RATE_DAYS_MAX]
        if not days:
            return None
        units = Fraction(amount, 10 ** DECIMALS.get(currency, 2))
        cents = int(units * self.known[currency][max(days)] * 100 + Fraction(1, 2))
        return cents if cents < 2**63 else None

    def lines(self) -> str:
        """The file for `parry rates import`."""
        listed = [
            f"{time.strftime('%Y-%m-%d', time.gmtime(day * 86_400))},{currency},{float(rate)}\n"
            for currency, days in self.known.items() for day, rate in days.items()
        ]  # fmt: skip
        return "date,currency,usd_per_unit\n" + "".join(listed)


@dataclass(frozen=True)
class Seen:
    """An alert as GET shows it, and whether its amount and currency were told."""

    alert: dict
    is_told: bool = True

    @property
    def money(self) -> tuple[str, int]:
        alert = self.alert
        return alert["transaction_currency_code"], alert["transaction_amount_in_cents"]

    def finds(self, rule: dict, rates: Rates) -> bool | None:
        """Whether the rule holds; None where it could not look."""
        parameters = rule["parameters"]
        if rule["type"] == "DESCRIPTOR":
            return self._describes(parameters["descriptors"])
        currency, amount = self.money
        day = day_of(self.alert["alert_received_at"])
        cents = rates.cents(amount, currency, day) if self.is_told else None
        if cents is None:
            return None
        return OPERATORS[parameters["operator"]](cents, parameters["amount_in_cents"])

    def _describes(self, descriptors: list[dict]) -> bool | None:
        text = self.alert["transaction_statement_descriptor"]
        if text is None:
            return None
        text = text.strip().lower()
        return any(
            text == one["value"].strip().lower() if one["match_type"] == "EXACT_MATCH"
            else text.startswith(one["value"].strip().lower())
            for one in descriptors
        )  # fmt: skip


class Model:
    """Tries a ruleset on alerts as the documentation says."""

    def __init__(self, ruleset: dict, rates: Rates):
        self.ruleset = ruleset
        self.rates = rates

    def outcome(self, found: list[bool | None]) -> str | None:
        join = all if self.ruleset["join_operator"] == "AND" else any
        is_decided = self.ruleset.get("is_enabled", True) and found and join(found)
        return self.ruleset["outcome"] if is_decided else None

    def flip(self, seen: Seen, outcome: str | None) -> dict | None:
        was = seen.alert["transaction_refund_outcome"]
        is_rdr = seen.alert["enrolment_type"] == "VERIFI_RDR"
        would_be = WOULD_BE[outcome] if outcome else "REFUNDED" if is_rdr else was
        if was is None or was == would_be:
            return None
        currency, amount = seen.money
        return {
            "alert_id": seen.alert["id"], "outcome": outcome, "was": was, "would_be": would_be,
            "amount_in_cents": amount, "currency": currency,
        }  # fmt: skip

    def answer(self, all_seen: list[Seen], start: str, end: str) -> dict:
        """From the begin of a second to the end of one; flips by the id of their alert, and as many
        as there are."""
        mine = [
            one for one in all_seen
            if one.alert["enrolment_id"] in self.ruleset["enrolment_ids"]
            and start[:19] <= one.alert["alert_received_at"][:19] <= end[:19]
        ]  # fmt: skip
        valid = [one for one in mine if one.alert["status"] != "INVALID"]
        rules = self.ruleset.get("rules") or []
        found = [[one.finds(rule, self.rates) for rule in rules] for one in valid]
        outcomes = [self.outcome(one) for one in found]
        flips = [self.flip(one, outcome) for one, outcome in zip(valid, outcomes, strict=True)]
        flips = [one for one in flips if one]
        return {
            "ruleset_id": self.ruleset.get("id"), "from": start, "to": end[:19] + "Z",
            "alert_count": len(valid), "invalid_count": len(mine) - len(valid),
            "outcomes": [
                self._tally(one, valid, outcomes) for one in (self.ruleset["outcome"], None)
            ],
            "rules": [
                {"rule_id": rule.get("id"), "type": rule["type"],
                 "held_count": sum(one[index] is True for one in found),
                 "blocked_count": sum(one[index] is None for one in found)}
                for index, rule in enumerate(rules)
            ],
            "flip_count": len(flips), "flips": sorted(flips, key=lambda one: one["alert_id"]),
        }  # fmt: skip

    def _tally(self, outcome: str | None, valid: list[Seen], outcomes: list) -> dict:
        mine = [one for one, decided in zip(valid, outcomes, strict=True) if decided == outcome]
        money = Counter()
        for one in mine:
            currency, amount = one.money
            money[currency] += amount
        listed = [
            {"currency": one, "amount_in_cents": money[one]} for one in sorted(money)
        ]  # fmt: skip
        return {"outcome": outcome, "alert_count": len(mine), "money": listed}


class Drafts:
    """Rulesets by chance, with bounds that some alerts lie on."""

    def __init__(self, chance: random.Random, cents: list[int], descriptors: list[str]):
        self._chance = chance
        self._cents = cents
        self._descriptors = descriptors

    def draft(self, organisation: str, enrolments: list[str], outcomes: list[str]) -> dict:
        chance = self._chance
        rules = chance.choice(([], [self._amount()], [self._descriptor()],
                               [self._amount(), self._descriptor()],
                               [self._descriptor(), self._amount()]))  # fmt: skip
        return {
            "organisation_id": organisation,
            "enrolment_ids": chance.sample(enrolments, chance.randint(1, len(enrolments))),
            "outcome": chance.choice(outcomes), "join_operator": chance.choice(("AND", "OR")),
            "is_enabled": chance.random() < 0.9, "rules": rules,
        }  # fmt: skip

    def _amount(self) -> dict:
        bound = self._chance.choice(self._cents) + self._chance.choice((0, 0, -1, 1))
        return {
            "type": "AMOUNT",
            "parameters": {
                "operator": self._chance.choice(tuple(OPERATORS)), "currency_code": "USD",
                "amount_in_cents": min(max(0, bound), AMOUNT_MAX),
            },
        }  # fmt: skip

    def _descriptor(self) -> dict:
        chance = self._chance
        listed = []
        for text in map(str.strip, chance.sample(self._descriptors, chance.randint(1, 2))):
            cut = text[: chance.randint(1, len(text))] if chance.random() < 0.5 else text
            word = chance.choice((cut, cut.lower(), f" {cut} "))
            match_type = chance.choice(("STARTS_WITH", "EXACT_MATCH"))
            listed.append({"value": word, "match_type": match_type})
        return {"type": "DESCRIPTOR", "parameters": {"descriptors": listed}}
