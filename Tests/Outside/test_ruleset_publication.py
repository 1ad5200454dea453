"""Rulesets of RDR enrolments are published to Verifi: what it is told, when, how often, and what is
shown of it.
"""

import itertools
import threading
import time
from functools import partial

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.networks import (
    LIVE_TOKEN,
    SECONDS_MAX,
    TEST_TOKEN,
    Customer,
    NetworkCase,
    rows,
)
from parry_outside.server import Server
from parry_outside.verifi import (
    BIN,
    Held,
    PlayedVerifi,
    RdrMerchant,
    VerifiCase,
    above,
    new_caid,
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
CHANGES, PAUSE_SECONDS = 60, 0.05
KILLS = 3
MOVES = 12


def ended(version: int) -> dict:
    """What ends the rules of an enrolment."""
    return {
        "version": version, "defaultDecision": "ACCEPT", "decision": None, "joinOperator": None,
        "rules": [],
    }  # fmt: skip


def body_of(ruleset: dict | None, version: int) -> dict:
    """What Verifi is to be told of a ruleset as the API shows it."""
    if ruleset is None:
        return ended(version)
    rules = [{name: one[name] for name in ("type", "parameters")} for one in ruleset["rules"]]
    return {
        "version": version, "defaultDecision": "ACCEPT",
        "decision": "DECLINE" if ruleset["outcome"] == "ACCEPT_DISPUTE" else "ACCEPT",
        "joinOperator": ruleset["join_operator"],
        "rules": rules if ruleset["is_enabled"] else [],
    }  # fmt: skip


class PublicationTest(VerifiCase):
    def test_rules_are_published_as_verifi_takes_them(self):
        enrolment = self.merchant.enrolled()
        rules = [above(3_000), starting_with("A", "B")]
        ruleset = self.merchant.decide(enrolment, rules=rules)
        self.assertEqual((ruleset["version"], standing(ruleset)), (1, (PENDING, None)))
        self.assertEqual(self.told(enrolment), {
            "version": 1, "defaultDecision": "ACCEPT", "decision": "DECLINE",
            "joinOperator": "AND", "rules": rules,
        })  # fmt: skip
        self.holds(ruleset, PUBLISHED, 1)
        mine = f"/v1/rulesets?organisation_id={self.merchant.world.organisation_id}"
        (listed,) = self.api.must(200, "GET", mine)["items"]
        self.assertEqual((listed["version"], standing(listed)), (1, (PUBLISHED, 1)))

    def test_each_change_is_told_once_and_what_changes_nothing_is_not(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.holds(self.merchant.decide(enrolment), PUBLISHED, 1)
        changes = (
            {"outcome": "REFUND"}, {"outcome": "ACCEPT_DISPUTE"}, {"outcome": "REFUND_AND_CANCEL"},
            {"join_operator": "OR"}, {"is_enabled": False}, {"is_enabled": True},
        )  # fmt: skip
        for version, change in enumerate(changes, 2):
            changed = self.merchant.change(ruleset, **change)
            self.assertEqual((changed["version"], standing(changed)),
                             (version, (PENDING, version - 1)))  # fmt: skip
            self.assertEqual(self.told(enrolment, version), body_of(changed, version))
            self.holds(ruleset, PUBLISHED, version)
            again = self.merchant.change(ruleset, **change)
            self.assertEqual((again["version"], standing(again)), (version, (PUBLISHED, version)))
        versions = self.verifi.versions(self.merchant.caids[enrolment])
        self.assertEqual(versions, list(range(1, 8)))

    def test_rules_that_are_added_changed_or_removed_are_told(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.merchant.decide(enrolment, rules=[])
        self.assertEqual(self.told(enrolment)["rules"], [])
        path = f"/v1/rulesets/{ruleset['id']}/rules"
        rule = self.api.must(201, "POST", path, above(1))["id"]
        self.assertEqual(self.told(enrolment, 2)["rules"], [above(1)])
        self.api.must(201, "POST", path, starting_with("A"))
        self.assertEqual(self.told(enrolment, 3)["rules"], [above(1), starting_with("A")])
        self.api.must(200, "PATCH", f"{path}/{rule}", above(2))
        self.assertEqual(self.told(enrolment, 4)["rules"], [above(2), starting_with("A")])
        self.api.must(200, "PATCH", f"{path}/{rule}", above(2))
        self.assertEqual(self.api.call("DELETE", f"{path}/{rule}").status, 204)
        self.assertEqual(self.told(enrolment, 5)["rules"], [starting_with("A")])
        self.assertEqual(self.holds(ruleset, PUBLISHED, 5)["version"], 5)

    def test_what_is_refused_is_neither_counted_nor_told(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.holds(self.merchant.decide(enrolment), PUBLISHED, 1)
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
        self.told(enrolment, 2)

    def test_deleted_rules_are_ended_and_the_next_ruleset_counts_on(self):
        enrolment = self.merchant.enrolled()
        former = self.holds(self.merchant.decide(enrolment), PUBLISHED, 1)
        self.merchant.delete(former)
        self.assertEqual(self.told(enrolment, 2), ended(2))
        held = self.hold(enrolment)
        ruleset = self.merchant.decide(enrolment, outcome="REFUND")
        self.assertEqual(standing(ruleset), (PENDING, None))
        self.assertEqual(self.told(enrolment, 3), body_of(ruleset, 3))
        self.assertEqual(standing(self.merchant.ruleset(ruleset)), (PENDING, None))
        held.let_go()
        self.holds(ruleset, PUBLISHED, 1)

    def test_a_ruleset_that_moves_leaves_nothing_behind(self):
        first, second = self.merchant.enrolled(), self.merchant.enrolled()
        ruleset = self.holds(self.merchant.decide(first), PUBLISHED, 1)
        moved = self.merchant.change(ruleset, enrolment_ids=[second])
        self.assertEqual(standing(moved), (PENDING, None))
        self.assertEqual(self.told(first, 2), ended(2))
        self.assertEqual(self.told(second), body_of(moved, 1))
        self.holds(ruleset, PUBLISHED, 2)
        other = self.merchant.decide(first, outcome="REFUND")
        self.assertEqual(self.told(first, 3), body_of(other, 3))
        self.holds(other, PUBLISHED, 1)
        self.holds(ruleset, PUBLISHED, 2)
        self.assertEqual(self.verifi.versions(self.merchant.caids[second]), [1])

    def test_of_several_enrolments_the_last_one_counts(self):
        first, second = self.merchant.enrolled(), self.merchant.enrolled()
        held = self.hold(second)
        ruleset = self.merchant.decide(first, second)
        self.told(first)
        self.told(second)
        self.assertEqual(standing(self.merchant.ruleset(ruleset)), (PENDING, None))
        held.let_go(422)
        self.holds(ruleset, FAILED, None)
        self.verifi.play(self.merchant.caids[second], lambda _: 503)
        self.merchant.change(ruleset, outcome="REFUND")
        self.told(first, 2)
        self.told(second, 2)
        self.holds(ruleset, PENDING, None)
        self.verifi.behave(self.merchant.caids[second])
        self.make_due()
        self.holds(ruleset, PUBLISHED, 2)

    def test_the_smallest_version_that_is_confirmed_is_shown(self):
        first, second = self.merchant.enrolled(), self.merchant.enrolled()
        ruleset = self.holds(self.merchant.decide(first, second), PUBLISHED, 1)
        self.verifi.play(self.merchant.caids[second], lambda _: 503)
        self.merchant.change(ruleset, outcome="REFUND")
        self.told(first, 2)
        self.told(second, 2)
        self.holds(ruleset, PENDING, 1)
        third = self.merchant.ask_for_rdr()
        self.merchant.change(ruleset, enrolment_ids=[first, second, third])
        self.holds(ruleset, PENDING, None)
        self.merchant.change(ruleset, enrolment_ids=[first])
        self.holds(ruleset, PUBLISHED, 4)
        self.assertEqual(self.verifi.told(self.merchant.caids[third]), [])

    def test_ethoca_is_told_nothing(self):
        ruleset = self.merchant.decide(self.merchant.ask_to_enrol(), outcome="CANCEL")
        self.assertEqual((ruleset["version"], standing(ruleset)), (1, (None, None)))
        changed = self.merchant.change(ruleset, outcome="REFUND")
        self.assertEqual((changed["version"], standing(changed)), (2, (None, None)))
        path = f"/v1/rulesets/{ruleset['id']}/rules"
        rule = changed["rules"][0]["id"]
        self.assertEqual(self.api.call("DELETE", f"{path}/{rule}").status, 204)
        shown = self.merchant.ruleset(ruleset)
        self.assertEqual((shown["version"], standing(shown)), (3, (None, None)))


class PublicationOnPostgresTest(OnPostgres, PublicationTest):
    pass


class EnablingTest(VerifiCase):
    def test_rules_wait_until_verifi_has_enabled_the_enrolment(self):
        enrolment, other = self.merchant.ask_for_rdr(), self.merchant.enrolled()
        ruleset = self.merchant.decide(enrolment)
        self.merchant.becomes(enrolment, "IN_PROGRESS")
        for outcome in ("REFUND", "ACCEPT_DISPUTE", "REFUND_AND_CANCEL"):
            self.merchant.change(ruleset, outcome=outcome)
        # What is asked for later, and told, shows that nothing was left to be told before.
        self.holds(self.merchant.decide(other), PUBLISHED, 1)
        self.assertEqual(self.verifi.told(self.merchant.caids[enrolment]), [])
        self.assertEqual(standing(self.merchant.ruleset(ruleset)), (PENDING, None))
        self.merchant.enable(enrolment)
        shown = self.holds(ruleset, PUBLISHED, 4)
        (told,) = self.verifi.told(self.merchant.caids[enrolment])
        self.assertEqual(told.document, body_of(shown, told.version))

    def test_rules_reach_verifi_also_when_it_enables_before_it_answers(self):
        caid = new_caid()
        saved = threading.Event()

        def enable():
            saved.wait()
            self.verifi.result(self.server.base, caid)

        self.verifi.greet(caid, enable)
        enrolment = self.merchant.ask_for_rdr(caid)
        ruleset = self.merchant.decide(enrolment)
        saved.set()
        self.merchant.becomes(enrolment, "ENABLED")
        self.holds(ruleset, PUBLISHED, 1)

    def test_rules_reach_verifi_also_when_the_enrolment_was_simulated_to_be_enabled_before(self):
        caid = new_caid()
        simulated = threading.Event()
        self.verifi.greet(caid, simulated.wait)
        enrolment = self.merchant.ask_for_rdr(caid)
        path = f"/v1/simulate/enrolments/{enrolment}"
        self.api.must(200, "PATCH", path, {"status": "ENABLED"})
        ruleset = self.merchant.decide(enrolment)
        simulated.set()
        self.verifi.result(self.server.base, caid)
        self.holds(ruleset, PUBLISHED, 1)

    def test_an_enrolment_that_goes_on_after_a_pause_is_told_its_rules_anew(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.holds(self.merchant.decide(enrolment), PUBLISHED, 1)
        words = ("enrolment", "set-status", enrolment)
        self.server.command(*words, "PAUSED")
        changed = self.merchant.change(ruleset, outcome="REFUND")
        self.assertEqual(standing(changed), (PENDING, 1))
        self.server.command(*words, "ENABLED")
        shown = self.holds(ruleset, PUBLISHED, 2)
        told = self.verifi.told(self.merchant.caids[enrolment])
        self.assertEqual(told[-1].document, body_of(shown, told[-1].version))
        self.assertEqual(len(told), 2)

    def test_an_enrolment_that_has_ended_is_told_nothing_more(self):
        enrolment, other = self.merchant.enrolled(), self.merchant.enrolled()
        caid = self.merchant.caids[enrolment]
        self.verifi.play(caid, lambda one: 503 if one.document else 200)
        ruleset = self.merchant.decide(enrolment)
        self.told(enrolment)
        self.server.command("enrolment", "set-status", enrolment, "UNENROLLED")
        self.make_due()
        self.merchant.change(ruleset, outcome="REFUND")
        self.merchant.delete(ruleset)
        self.holds(self.merchant.decide(other), PUBLISHED, 1)
        self.assertEqual(self.verifi.versions(caid), [1])

    def test_what_is_enabled_and_saved_in_the_same_moment_is_published(self):
        for _ in range(5):
            enrolment = self.merchant.ask_for_rdr()
            self.merchant.becomes(enrolment, "IN_PROGRESS")
            other = RdrMerchant(self.new_api(), self.verifi, self.server.base)
            other.world, caid = self.merchant.world, self.merchant.caids[enrolment]
            _, ruleset = at_once(
                partial(self.verifi.result, self.server.base, caid),
                partial(other.decide, enrolment),
            )
            self.holds(ruleset, PUBLISHED, 1)


class EnablingOnPostgresTest(OnPostgres, EnablingTest):
    pass


class RefusedPublicationTest(VerifiCase):
    def requests(self, enrolment: str, state: str = "PARKED") -> list[dict]:
        listed = self.server.command("network", "requests", "--state", state)["items"]
        return [one for one in listed if one["subject_id"] == enrolment]

    def parked(self, enrolment: str) -> dict:
        self.assertTrue(wait_until(lambda: self.requests(enrolment), SECONDS_MAX))
        (request,) = self.requests(enrolment)
        return request

    def test_what_verifi_refuses_for_good_is_parked_and_sent_again_on_demand(self):
        enrolment = self.merchant.enrolled()
        self.verifi.play(self.merchant.caids[enrolment], lambda _: 422)
        ruleset = self.merchant.decide(enrolment)
        self.holds(ruleset, FAILED, None)
        request = self.parked(enrolment)
        self.assertEqual((request["kind"], request["network"], request["state"]),
                         ("PUBLISH", "VERIFI", "PARKED"))  # fmt: skip
        self.server.command("network", "retry", request["id"])
        self.told(enrolment, 1, 2)
        self.holds(ruleset, FAILED, None)
        self.parked(enrolment)
        self.verifi.behave(self.merchant.caids[enrolment])
        self.server.command("network", "retry", request["id"])
        self.holds(ruleset, PUBLISHED, 1)
        first, _, third = self.verifi.told(self.merchant.caids[enrolment])
        self.assertEqual(first.document, third.document)
        self.assertEqual(self.requests(enrolment), [])

    def test_only_some_words_are_final(self):
        enrolment = self.merchant.enrolled()
        caid = self.merchant.caids[enrolment]
        ruleset = self.holds(self.merchant.decide(enrolment), PUBLISHED, 1)
        versions = itertools.count(2)
        for status in FINAL + PASSING:
            with self.subTest(status):
                self.verifi.play(caid, lambda _: status)  # noqa: B023
                version = next(versions)
                self.merchant.change(ruleset, outcome="REFUND" if version % 2 else "ACCEPT_DISPUTE")
                path = f"/v1/rulesets/{ruleset['id']}/rules/{ruleset['rules'][0]['id']}"
                self.api.must(200, "PATCH", path, above(version))
                del path

    def test_a_newer_version_takes_the_place_of_what_was_refused(self):
        enrolment = self.merchant.enrolled()
        caid = self.merchant.caids[enrolment]
        self.verifi.play(caid, lambda _: 400)
        ruleset = self.merchant.decide(enrolment)
        request = self.parked(enrolment)
        self.verifi.behave(caid)
        self.merchant.change(ruleset, outcome="REFUND")
        self.holds(ruleset, PUBLISHED, 2)
        # The operator may not have seen that.
        ran = self.server.run("network", "retry", request["id"])
        if ran.returncode == 0:
            self.verifi.wait_for(caid, 1, 3)
        self.merchant.change(ruleset, outcome="ACCEPT_DISPUTE")
        self.holds(ruleset, PUBLISHED, 3)

    def test_what_was_said_of_an_older_version_is_nothing_to_the_newer_one(self):
        enrolment = self.merchant.enrolled()
        for status in (422, 503, 202):
            with self.subTest(status):
                held = self.hold(enrolment)
                ruleset = self.merchant.decide(enrolment)
                version = self.verifi.versions(self.merchant.caids[enrolment])[-1]
                del held, ruleset, version
