"""Rulesets of RDR enrolments are published to Verifi: what it is told, when, how often, and what is
shown of it.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.networks import SECONDS_MAX, TEST_TOKEN, Simulator, make_requests_due, rows
from parry_outside.server import Server
from parry_outside.verifi import (
    Held,
    PlayedVerifi,
    RdrMerchant,
    VerifiCase,
    above,
    standing,
    starting_with,
)

PENDING, PUBLISHED, FAILED = "PENDING", "PUBLISHED", "FAILED"
FINAL = (400, 402, 405, 409, 410, 422)
PASSING = (401, 403, 404, 408, 425, 429, 500, 503)
RETRY_SECONDS = (5, 15, 60)
LATE_SECONDS = 3
"""How much later than it was asked for a test may read a time."""
FRESH_SECONDS_MAX = 2


def empty(version: int) -> dict:
    """What ends the rules of an enrolment."""
    return {
        "version": version, "defaultDecision": "ACCEPT", "decision": None, "joinOperator": None,
        "rules": [],
    }  # fmt: skip


class PublicationTest(VerifiCase):
    def test_rules_are_published_as_verifi_takes_them(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.merchant.decide(enrolment, rules=[above(3_000), starting_with("A", "B")])
        self.assertEqual((ruleset["version"], standing(ruleset)), (1, (PENDING, None)))
        (told,) = self.told(enrolment)
        self.assertEqual(told, {
            "version": 1, "defaultDecision": "ACCEPT", "decision": "DECLINE",
            "joinOperator": "AND", "rules": [above(3_000), starting_with("A", "B")],
        })  # fmt: skip
        self.holds(ruleset, PUBLISHED, 1)
        mine = f"/v1/rulesets?organisation_id={self.merchant.world.organisation_id}"
        (listed,) = self.api.must(200, "GET", mine)["items"]
        self.assertEqual((listed["version"], standing(listed)), (1, (PUBLISHED, 1)))

    def test_each_change_is_told_once_and_what_changes_nothing_is_not(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.merchant.decide(enrolment)
        for version, (change, member, value) in enumerate((
            ({"outcome": "REFUND"}, "decision", "ACCEPT"),
            ({"outcome": "ACCEPT_DISPUTE"}, "decision", "DECLINE"),
            ({"outcome": "REFUND_AND_CANCEL"}, "decision", "ACCEPT"),
            ({"join_operator": "OR"}, "joinOperator", "OR"),
            ({"is_enabled": False}, "rules", []),
            ({"is_enabled": True}, "rules", [above(3_000)]),
        ), 2):  # fmt: skip
            with self.subTest(change):
                changed = self.merchant.change(ruleset, **change)
                self.assertEqual((changed["version"], changed["publication_status"]),
                                 (version, PENDING))  # fmt: skip
                self.assertEqual(self.told(enrolment, version)[-1][member], value)
                self.holds(ruleset, PUBLISHED, version)
                again = self.merchant.change(ruleset, **change)
                self.assertEqual((again["version"], standing(again)),
                                 (version, (PUBLISHED, version)))  # fmt: skip
        self.assertEqual(self.verifi.versions(self.merchant.caids[enrolment]), list(range(1, 8)))

    def test_rules_that_are_added_changed_or_removed_are_told(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.merchant.decide(enrolment, rules=[])
        self.assertEqual(self.told(enrolment)[0]["rules"], [])
        path = f"/v1/rulesets/{ruleset['id']}/rules"
        rule = self.api.must(201, "POST", path, above(1))["id"]
        self.assertEqual(self.told(enrolment, 2)[-1]["rules"], [above(1)])
        self.api.must(201, "POST", path, starting_with("A"))
        self.assertEqual(self.told(enrolment, 3)[-1]["rules"], [above(1), starting_with("A")])
        self.api.must(200, "PATCH", f"{path}/{rule}", above(2))
        self.assertEqual(self.told(enrolment, 4)[-1]["rules"], [above(2), starting_with("A")])
        self.api.must(200, "PATCH", f"{path}/{rule}", above(2))
        self.assertEqual(self.api.call("DELETE", f"{path}/{rule}").status, 204)
        self.assertEqual(self.told(enrolment, 5)[-1]["rules"], [starting_with("A")])
        self.assertEqual(self.holds(ruleset, PUBLISHED, 5)["version"], 5)

    def test_what_is_refused_is_neither_counted_nor_told(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.merchant.decide(enrolment)
        self.holds(ruleset, PUBLISHED, 1)
        path = f"/v1/rulesets/{ruleset['id']}"
        for refused in (
            self.api.patch(path, {"outcome": "CANCEL"}),
            self.api.patch(path, {"is_enabled": False, "rules": []}),
            self.api.post(f"{path}/rules", above(1)),
            self.api.post("/v1/rulesets", {
                "organisation_id": self.merchant.world.organisation_id,
                "enrolment_ids": [enrolment], "outcome": "REFUND", "join_operator": "OR",
            }),
        ):  # fmt: skip
            self.assertEqual(refused.status, 422, refused.body)
        shown = self.merchant.ruleset(ruleset)
        self.assertEqual((shown["version"], standing(shown)), (1, (PUBLISHED, 1)))
        self.merchant.change(ruleset, outcome="REFUND")
        self.assertEqual([one["version"] for one in self.told(enrolment, 2)], [1, 2])

    def test_deleted_rules_are_ended_and_the_next_ruleset_counts_on(self):
        enrolment = self.merchant.enrolled()
        self.holds(self.merchant.decide(enrolment), PUBLISHED, 1)
        held = Held()
        caid = self.merchant.caids[enrolment]
        (former,) = self.api.must(
            200, "GET", f"/v1/rulesets?organisation_id={self.merchant.world.organisation_id}"
        )["items"]
        self.merchant.delete(former)
        self.assertEqual(self.told(enrolment, 2)[-1], empty(2))
        self.verifi.play(caid, held)
        ruleset = self.merchant.decide(enrolment, outcome="REFUND")
        self.assertEqual(standing(ruleset), (PENDING, None))
        self.assertEqual(self.told(enrolment, 3)[-1]["version"], 3)
        self.assertEqual(standing(self.merchant.ruleset(ruleset)), (PENDING, None))
        held.let_go()
        self.holds(ruleset, PUBLISHED, 1)

    def test_a_ruleset_that_moves_leaves_nothing_behind(self):
        first, second = self.merchant.enrolled(), self.merchant.enrolled()
        ruleset = self.merchant.decide(first)
        self.told(first)
        moved = self.merchant.change(ruleset, enrolment_ids=[second])
        self.assertEqual(standing(moved), (PENDING, None))
        self.assertEqual(self.told(first, 2)[-1], empty(2))
        self.assertEqual(self.told(second)[-1]["rules"], [above(3_000)])
        self.holds(ruleset, PUBLISHED, 2)
        other = self.merchant.decide(first, outcome="REFUND")
        self.assertEqual(self.told(first, 3)[-1]["decision"], "ACCEPT")
        self.assertEqual(self.merchant.ruleset(other)["version"], 1)
        self.holds(ruleset, PUBLISHED, 2)
        self.assertEqual(len(self.told(second)), 1)

    def test_of_several_enrolments_the_last_one_counts(self):
        first, second = self.merchant.enrolled(), self.merchant.enrolled()
        held = Held()
        self.verifi.play(self.merchant.caids[second], held)
        ruleset = self.merchant.decide(first, second)
        self.told(first), self.told(second)
        self.assertEqual(standing(self.merchant.ruleset(ruleset)), (PENDING, None))
        held.let_go()
        self.holds(ruleset, PUBLISHED, 1)
        self.verifi.play(self.merchant.caids[second], lambda _: 503)
        self.merchant.change(ruleset, outcome="REFUND")
        self.told(first, 2), self.told(second, 2)
        self.holds(ruleset, PENDING, 1)
        third = self.merchant.ask_for_rdr()
        self.merchant.change(ruleset, enrolment_ids=[first, second, third])
        self.holds(ruleset, PENDING, None)
        self.merchant.change(ruleset, enrolment_ids=[first])
        self.holds(ruleset, PUBLISHED, 4)
        self.assertEqual(self.verifi.told(self.merchant.caids[third]), [])

    def test_rules_wait_until_verifi_has_enabled_the_enrolment(self):
        enrolment, other = self.merchant.ask_for_rdr(), self.merchant.enrolled()
        caid = self.merchant.caids[enrolment]
        ruleset = self.merchant.decide(enrolment)
        self.merchant.becomes(enrolment, "IN_PROGRESS")
        for outcome in ("REFUND", "ACCEPT_DISPUTE", "REFUND_AND_CANCEL"):
            self.merchant.change(ruleset, outcome=outcome)
        # What is asked for later, and told, shows that nothing was left to be told before.
        self.holds(self.merchant.decide(other), PUBLISHED, 1)
        self.assertEqual(self.verifi.told(caid), [])
        self.assertEqual(standing(self.merchant.ruleset(ruleset)), (PENDING, None))
        self.merchant.enable(enrolment)
        self.holds(ruleset, PUBLISHED, 4)
        self.assertEqual([one["decision"] for one in self.told(enrolment)], ["ACCEPT"])

    def test_rules_reach_verifi_also_when_it_enables_before_it_answers(self):
        enrolment = self.merchant.ask_for_rdr("EARLY")
        del enrolment

    def test_ethoca_is_told_nothing(self):
        enrolment = self.merchant.ask_to_enrol()
        ruleset = self.merchant.decide(enrolment, outcome="CANCEL")
        self.assertEqual((ruleset["version"], standing(ruleset)), (1, (None, None)))
        changed = self.merchant.change(ruleset, outcome="REFUND")
        self.assertEqual((changed["version"], standing(changed)), (2, (None, None)))
        path = f"/v1/rulesets/{ruleset['id']}/rules"
        rule = changed["rules"][0]["id"]
        self.assertEqual(self.api.call("DELETE", f"{path}/{rule}").status, 204)
        shown = self.merchant.ruleset(ruleset)
        self.assertEqual((shown["version"], standing(shown)), (3, (None, None)))


if __name__ == "__main__":
    import unittest
    unittest.main()
