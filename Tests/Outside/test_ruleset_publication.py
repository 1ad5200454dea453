"""Rulesets of RDR enrolments are published to Verifi: what it is told, when, and what is shown of it.
What goes wrong on the way is in `more_ruleset_publication_trouble.py`.
"""

import threading
from functools import partial

from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.networks import (
    LIVE_TOKEN,
    SECONDS_MAX,
    TEST_TOKEN,
    NetworkCase,
    make_requests_due,
    rows,
)
from parry_outside.verifi import (
    PlayedVerifi,
    RdrMerchant,
    VerifiCase,
    WithoutDeadlocks,
    above,
    body_of,
    ended,
    new_caid,
    standing,
    starting_with,
)

PENDING, PUBLISHED, FAILED = "PENDING", "PUBLISHED", "FAILED"
ROUNDS = 5


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

    def test_a_repeated_request_is_one_version(self):
        enrolment = self.merchant.enrolled()
        body = {
            "organisation_id": self.merchant.world.organisation_id, "enrolment_ids": [enrolment],
            "outcome": "REFUND", "join_operator": "AND", "rules": [above(1)],
        }  # fmt: skip
        first, second = (
            self.api.call("POST", "/v1/rulesets", body, Idempotency_Key=enrolment) for _ in range(2)
        )
        self.assertEqual((first.status, first.body), (second.status, second.body))
        self.holds(first.json(), PUBLISHED, 1)
        self.merchant.change(first.json(), outcome="ACCEPT_DISPUTE")
        self.told(enrolment, 2)
        self.assertEqual(self.verifi.versions(self.merchant.caids[enrolment]), [1, 2])

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
        for _ in range(ROUNDS):
            enrolment = self.merchant.ask_for_rdr()
            self.merchant.becomes(enrolment, "IN_PROGRESS")
            other = RdrMerchant(self.new_api(), self.verifi, self.server.base)
            other.world, caid = self.merchant.world, self.merchant.caids[enrolment]
            _, ruleset = at_once(
                partial(self.verifi.result, self.server.base, caid),
                partial(other.decide, enrolment),
            )
            self.holds(ruleset, PUBLISHED, 1)


class EnablingOnPostgresTest(WithoutDeadlocks, EnablingTest):
    pass


class TwoModesTest(FolderCase):
    def test_live_rules_are_told_to_the_live_verifi_with_its_key(self):
        test, live = (self.enterContext(PlayedVerifi()) for _ in range(2))
        server = self.new_server(
            "--test-verifi-url", test.url, "--verifi-url", live.url,
            "--test-network-token", TEST_TOKEN, "--live-network-token", LIVE_TOKEN,
            "--live-network-key", "key-of-the-live-verifi",
        ).start()  # fmt: skip
        partner = server.create_partner("Live", "LIVE")
        merchant = RdrMerchant(self.new_api(server, partner.api_key), live, server.base)
        enrolment = merchant.ask_for_rdr()
        caid = merchant.caids[enrolment]
        live.result(server.base, caid, token=LIVE_TOKEN)
        merchant.becomes(enrolment, "ENABLED")
        ruleset = merchant.decide(enrolment)
        (told,) = live.wait_for(caid, 1)
        self.assertEqual(told.key, "Bearer key-of-the-live-verifi")
        self.assertEqual(told.document, body_of(ruleset, 1))
        self.assertEqual(test.told(caid), [])


class SimulatedVerifiTest(NetworkCase):
    def setUp(self):
        super().setUp()
        self.merchant = RdrMerchant(self.api, None, self.server.base)

    def enrolled(self) -> str:
        enrolment = self.merchant.ask_for_rdr()
        self.merchant.becomes(enrolment, "ENABLED")
        return enrolment

    def at_network(self, enrolment: str) -> dict:
        """What the network says of the enrolment, the version of its rules too."""
        sql = (f"SELECT network_id FROM network_request WHERE subject_id = '{enrolment}' "
               "AND kind = 'ENROL'")  # fmt: skip
        [[network_id]] = rows(self.server.database, sql)
        held = self.simulator.summary()["enrolments"]
        (found,) = [one for one in held if one["enrolmentId"] == network_id]
        return found

    def assert_published(self, enrolment: str, ruleset: dict, version: int):
        def is_published() -> bool:
            return standing(self.merchant.ruleset(ruleset)) == (PUBLISHED, version)

        self.assertTrue(wait_until(is_published, SECONDS_MAX), self.merchant.ruleset(ruleset))
        self.assertEqual(self.at_network(enrolment)["rulesetVersion"], version)

    def is_tried(self, enrolment: str) -> bool:
        sql = (f"SELECT id FROM network_request WHERE subject_id = '{enrolment}' "
               "AND kind = 'PUBLISH' AND state = 'WAITING' AND attempt_count > 0")  # fmt: skip
        return bool(rows(self.server.database, sql))

    def test_the_network_has_the_last_version_and_finds_no_fault(self):
        enrolment = self.enrolled()
        self.assertIsNone(self.at_network(enrolment).get("rulesetVersion"))
        ruleset = self.merchant.decide(enrolment)
        for version in range(2, 12):
            outcome = "ACCEPT_DISPUTE" if version % 2 else "REFUND"
            self.merchant.change(ruleset, outcome=outcome)
        self.assert_published(enrolment, ruleset, 11)
        self.assertEqual(self.faults(enrolment), [])

    def faults(self, enrolment: str) -> list[dict]:
        network_id = self.at_network(enrolment)["enrolmentId"]
        return [one for one in self.simulator.summary()["faults"] if one["subject"] == network_id]

    def test_what_is_saved_while_the_network_is_down_reaches_it_afterwards(self):
        enrolment = self.enrolled()
        ruleset = self.merchant.decide(enrolment)
        self.assert_published(enrolment, ruleset, 1)
        self.simulator.kill()
        self.merchant.change(ruleset, outcome="REFUND")
        changed = self.merchant.change(ruleset, is_enabled=False)
        self.assertEqual(standing(changed), (PENDING, 1))
        self.assertTrue(wait_until(lambda: self.is_tried(enrolment), SECONDS_MAX))
        self.simulator.start()
        make_requests_due(self.server.database)
        self.assert_published(enrolment, ruleset, 3)

    def test_what_the_network_could_not_take_reaches_it_afterwards(self):
        enrolment = self.enrolled()
        self.simulator.misbehave(unavailable=1_000)
        ruleset = self.merchant.decide(enrolment)
        self.assertTrue(wait_until(lambda: self.is_tried(enrolment), SECONDS_MAX))
        self.simulator.misbehave()
        make_requests_due(self.server.database)
        self.assert_published(enrolment, ruleset, 1)

    def test_an_enrolment_that_is_simulated_back_is_no_fault_at_the_network(self):
        enrolment = self.enrolled()
        ruleset = self.merchant.decide(enrolment)
        self.assert_published(enrolment, ruleset, 1)
        path = f"/v1/simulate/enrolments/{enrolment}"
        self.api.must(200, "PATCH", path, {"status": "UNENROLLED"})
        removed = wait_until(lambda: self.at_network(enrolment)["removed"], SECONDS_MAX)
        self.assertTrue(removed)
        self.api.must(200, "PATCH", path, {"status": "ENABLED"})
        self.merchant.change(ruleset, outcome="REFUND")
        # What is told afterwards shows that this was told before, if at all.
        other = self.enrolled()
        self.assert_published(other, self.merchant.decide(other), 1)
        self.assertEqual(self.faults(enrolment), [])
