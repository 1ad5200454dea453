"""Rulesets on their way to Verifi: refusals, networks and servers that are gone, and many changes at
once.
"""

import itertools
import random
import threading
import time
import uuid
from functools import partial

from parry_outside.api import Api
from parry_outside.cases import OnPostgres, at_once, wait_until
from parry_outside.networks import SECONDS_MAX, TEST_TOKEN, rows, text_of
from parry_outside.server import Server
from parry_outside.verifi import BIN, VerifiCase, WithoutDeadlocks, above, body_of

DECISIONS = "/networks/verifi/rdr/decisions"
PENDING, PUBLISHED, FAILED = "PENDING", "PUBLISHED", "FAILED"
FINAL = (400, 402, 405, 409, 410, 422)
PASSING = (401, 403, 404, 408, 425, 429, 500, 503)
RETRY_SECONDS = (5, 15, 60)
LATE_SECONDS = 3
"""How much later than it was asked for a test may read a time."""
FRESH_SECONDS_MAX = 2
CHANGES, PAUSE_SECONDS = 40, 0.05
KILLS = 2
MOVES = 12


class TroubleCase(VerifiCase):
    def requests(self, enrolment: str, what: str) -> list[list]:
        sql = (f"SELECT id, due_at FROM network_request WHERE subject_id = '{enrolment}' "
               f"AND kind = 'PUBLISH' AND {what} ORDER BY id")  # fmt: skip
        return rows(self.server.database, sql)

    def tried(self, enrolment: str, state: str, count: int = 1) -> tuple[str, float]:
        """The last request in this state that was tried so often, and the seconds until it is tried
        again."""
        what = f"state = '{state}' AND attempt_count = {count}"
        self.assertTrue(wait_until(lambda: self.requests(enrolment, what), SECONDS_MAX))
        request, due = self.requests(enrolment, what)[-1]
        return request, int(due) / 1_000 - time.time()

    def listed(self, enrolment: str) -> list[dict]:
        """What the operator is shown as parked."""
        shown = self.server.command("network", "requests", "--state", "PARKED")["items"]
        return [one for one in shown if one["subject_id"] == enrolment]


class RefusedPublicationTest(TroubleCase):
    def test_what_verifi_refuses_for_good_is_parked_and_sent_again_on_demand(self):
        enrolment = self.merchant.enrolled()
        self.verifi.play(self.merchant.caids[enrolment], lambda _: 422)
        ruleset = self.merchant.decide(enrolment)
        self.holds(ruleset, FAILED, None)
        (request,) = self.listed(enrolment)
        self.assertEqual((request["kind"], request["network"], request["state"]),
                         ("PUBLISH", "VERIFI", "PARKED"))  # fmt: skip
        self.server.command("network", "retry", request["id"])
        self.tried(enrolment, "PARKED", 2)
        self.holds(ruleset, FAILED, None)
        self.verifi.behave(self.merchant.caids[enrolment])
        self.server.command("network", "retry", request["id"])
        self.holds(ruleset, PUBLISHED, 1)
        first, second, third = self.verifi.told(self.merchant.caids[enrolment])
        self.assertEqual([second.document, third.document], [first.document] * 2)
        self.assertEqual(self.listed(enrolment), [])

    def test_a_newer_version_takes_the_place_of_what_was_refused(self):
        enrolment = self.merchant.enrolled()
        self.verifi.play(self.merchant.caids[enrolment], lambda _: 400)
        ruleset = self.merchant.decide(enrolment)
        request, _ = self.tried(enrolment, "PARKED")
        self.verifi.behave(self.merchant.caids[enrolment])
        self.merchant.change(ruleset, outcome="REFUND")
        self.holds(ruleset, PUBLISHED, 2)
        self.assertEqual(self.listed(enrolment), [], "nobody has to look any more")
        self.assertNotEqual(self.server.run("network", "retry", request).returncode, 0)

    def test_what_was_refused_is_over_when_the_enrolment_has_ended(self):
        enrolment = self.merchant.enrolled()
        caid = self.merchant.caids[enrolment]
        self.verifi.play(caid, lambda one: 422 if one.document else 200)
        ruleset = self.merchant.decide(enrolment)
        request, _ = self.tried(enrolment, "PARKED")
        self.merchant.delete(ruleset)
        self.tried(enrolment, "PARKED")
        self.server.command("enrolment", "set-status", enrolment, "UNENROLLED")
        self.assertEqual(self.listed(enrolment), [], "nobody has to look any more")
        self.assertNotEqual(self.server.run("network", "retry", request).returncode, 0)

    def test_a_refused_version_that_is_sent_again_too_late_changes_nothing(self):
        enrolment = self.merchant.enrolled()
        caid = self.merchant.caids[enrolment]
        self.verifi.play(caid, lambda _: 400)
        ruleset = self.merchant.decide(enrolment)
        request, _ = self.tried(enrolment, "PARKED")
        self.verifi.behave(caid)
        changed = self.merchant.change(ruleset, outcome="REFUND")
        self.holds(ruleset, PUBLISHED, 2)
        self.server.run("network", "retry", request)
        wait_until(lambda: not self.requests(enrolment, "state = 'WAITING'"), SECONDS_MAX)
        self.holds(ruleset, PUBLISHED, 2)
        newest = max(self.verifi.told(caid), key=lambda one: one.version)
        self.assertEqual(newest.document, body_of(changed, 2))

    def test_what_was_said_of_an_older_version_is_nothing_to_the_newer_one(self):
        for status in (422, 503, 202):
            with self.subTest(status):
                enrolment = self.merchant.enrolled()
                held = self.hold(enrolment)
                ruleset = self.merchant.decide(enrolment)
                self.told(enrolment)
                self.verifi.behave(self.merchant.caids[enrolment])
                self.merchant.change(ruleset, outcome="REFUND")
                held.let_go(status)
                self.holds(ruleset, PUBLISHED, 2)
                self.assertEqual(self.requests(enrolment, "state IN ('PARKED', 'WAITING')"), [])


class RefusedPublicationOnPostgresTest(OnPostgres, RefusedPublicationTest):
    pass


class UntakenPublicationTest(TroubleCase):
    """What does not depend on the engine."""

    def test_only_some_words_are_final(self):
        for status in FINAL + PASSING:
            with self.subTest(status):
                enrolment = self.merchant.enrolled()
                self.verifi.play(self.merchant.caids[enrolment], lambda _: status)  # noqa: B023
                ruleset = self.merchant.decide(enrolment)
                is_final = status in FINAL
                self.tried(enrolment, "PARKED" if is_final else "WAITING")
                self.holds(ruleset, FAILED if is_final else PENDING, None)

    def test_what_verifi_does_not_take_is_told_again_later_and_later(self):
        enrolment = self.merchant.enrolled()
        self.verifi.play(self.merchant.caids[enrolment], lambda _: 503)
        ruleset = self.merchant.decide(enrolment)
        for number, wanted in enumerate(RETRY_SECONDS, 1):
            _, seconds = self.tried(enrolment, "WAITING", number)
            self.assertLessEqual(seconds, wanted)
            self.assertGreater(seconds, wanted - LATE_SECONDS)
            self.make_due()
        self.verifi.behave(self.merchant.caids[enrolment])
        self.make_due()
        self.holds(ruleset, PUBLISHED, 1)
        told = [one.document for one in self.verifi.told(self.merchant.caids[enrolment])]
        self.assertEqual(told, [body_of(ruleset, 1)] * len(told))

    def test_cases_are_decided_by_what_is_saved_whatever_verifi_says(self):
        enrolment = self.merchant.enrolled()
        caid = self.merchant.caids[enrolment]
        self.verifi.play(caid, lambda _: 422)
        ruleset = self.merchant.decide(enrolment)
        self.assert_decides(caid, "DECLINE", ruleset["id"])
        self.verifi.play(caid, lambda _: 503)
        self.merchant.change(ruleset, outcome="REFUND")
        self.assert_decides(caid, "ACCEPT", ruleset["id"])
        self.hold(enrolment)
        self.merchant.delete(ruleset)
        self.assert_decides(caid, "ACCEPT", None)

    def assert_decides(self, caid: str, decision: str, ruleset: str | None):
        def decided() -> tuple:
            asked = {
                "decisionId": str(uuid.uuid4()), "acquirerBin": BIN, "cardAcceptorId": caid,
                "caseDate": text_of(time.time()), "paymentDescriptor": "ACMEFIT MONTHLY",
                "caseAmount": {"amount": "49.00", "currency": "USD"},
            }  # fmt: skip
            with Api(self.server.base) as network:
                shown = f"Bearer {TEST_TOKEN}"
                answer = network.call("POST", DECISIONS, asked, Authorization=shown).json()
            return answer["decision"], answer["rulesetId"]

        self.assertTrue(wait_until(lambda: decided() == (decision, ruleset), FRESH_SECONDS_MAX))


class SurvivingTest(TroubleCase):
    """Servers die between the save and Verifi's answer."""

    def revive(self):
        self.server.kill()
        self.api.close()
        self.server.start()
        # What the killed process was sending would wait for the end of its lease.
        self.make_due()

    def assert_told_in_order(self, enrolment: str):
        """A version comes twice at the most with the same rules, and never after a newer one."""
        told = self.verifi.told(self.merchant.caids[enrolment])
        by_version = {one.version: one.document for one in told}
        self.assertEqual([one.document for one in told], [by_version[one.version] for one in told])
        versions = [one.version for one in told]
        self.assertEqual(versions, sorted(versions))

    def test_what_verifi_had_not_answered_is_told_again(self):
        enrolment = self.merchant.enrolled()
        held = self.hold(enrolment)
        ruleset = self.merchant.decide(enrolment)
        self.told(enrolment)
        self.revive()
        self.told(enrolment, 1, 2)
        held.let_go()
        self.holds(ruleset, PUBLISHED, 1)
        self.assert_told_in_order(enrolment)

    def test_what_was_saved_just_before_the_end_is_published_after_it(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.holds(self.merchant.decide(enrolment), PUBLISHED, 1)
        for version in range(2, 2 + KILLS):
            outcome = "ACCEPT_DISPUTE" if version % 2 else "REFUND"
            changed = self.merchant.change(ruleset, outcome=outcome)
            self.revive()
            self.holds(ruleset, PUBLISHED, version)
            last = self.verifi.told(self.merchant.caids[enrolment])[-1]
            self.assertEqual(last.document, body_of(changed, version))
        self.assert_told_in_order(enrolment)

    def test_rules_that_wait_for_their_enrolment_outlive_the_end(self):
        enrolment = self.merchant.ask_for_rdr()
        ruleset = self.merchant.decide(enrolment)
        self.merchant.becomes(enrolment, "IN_PROGRESS")
        self.revive()
        self.verifi.result(self.server.base, self.merchant.caids[enrolment])
        self.holds(ruleset, PUBLISHED, 1)


class SurvivingOnPostgresTest(OnPostgres, SurvivingTest):
    pass


class ManyChangesTest(TroubleCase):
    def bases(self) -> list[str]:
        """Where changes are asked for."""
        return [self.server.base] * 2

    def assert_settled(self, enrolment: str, ruleset: dict | None):
        """Verifi has what is saved, each version has one body, and nothing waits."""
        open_requests = partial(self.requests, enrolment, "state IN ('WAITING', 'PARKED')")
        wait_until(lambda: not open_requests(), SECONDS_MAX)
        self.assertEqual(open_requests(), [])
        told = self.verifi.told(self.merchant.caids[enrolment])
        newest = max(told, key=lambda one: one.version)
        self.assertEqual(newest.document, body_of(ruleset, newest.version))
        bodies = {(one.version, str(one.document)) for one in told}
        self.assertEqual(len(bodies), len({version for version, _ in bodies}))
        if ruleset:
            self.holds(ruleset, PUBLISHED, ruleset["version"])

    def change_often(self, ruleset: dict, base: str, first: int):
        """Each change has an amount of its own."""
        path = f"/v1/rulesets/{ruleset['id']}/rules/{ruleset['rules'][0]['id']}"
        pause = threading.Event()
        with Api(base, self.partner.api_key) as api:
            for cents in range(first, first + CHANGES):
                api.must(200, "PATCH", path, above(cents))
                pause.wait(PAUSE_SECONDS)

    def test_of_changes_without_end_the_last_one_stays_and_versions_never_go_down(self):
        enrolment = self.merchant.enrolled()
        ruleset = self.merchant.decide(enrolment)
        self.change_often(ruleset, self.server.base, 0)
        shown = self.merchant.ruleset(ruleset)
        self.assertEqual(shown["version"], CHANGES + 1)
        self.assert_settled(enrolment, shown)
        self.assertEqual(max(self.verifi.versions(self.merchant.caids[enrolment])), CHANGES + 1)
        self.assert_never_down(enrolment)

    def assert_never_down(self, enrolment: str):
        versions = self.verifi.versions(self.merchant.caids[enrolment])
        self.assertEqual(versions, sorted(set(versions)))

    def test_changes_of_many_at_once_are_all_counted_and_the_last_one_is_published(self):
        enrolments = [self.merchant.enrolled() for _ in range(2)]
        ruleset = self.merchant.decide(*enrolments)
        bases = self.bases() * 2
        at_once(*[
            partial(self.change_often, ruleset, base, number * CHANGES)
            for number, base in enumerate(bases)
        ])  # fmt: skip
        shown = self.merchant.ruleset(ruleset)
        self.assertEqual(shown["version"], 1 + len(bases) * CHANGES)
        for enrolment in enrolments:
            self.assert_settled(enrolment, shown)

    def test_rulesets_that_take_enrolments_from_each_other_leave_verifi_with_the_holders(self):
        enrolments = [self.merchant.enrolled() for _ in range(3)]
        made = [self.merchant.decide(one) for one in enrolments[:2]]

        def move(seed: int, ruleset: dict, base: str):
            chance = random.Random(seed)
            path = f"/v1/rulesets/{ruleset['id']}"
            with Api(base, self.partner.api_key) as api:
                for _ in range(MOVES):
                    wanted = chance.sample(enrolments, chance.randint(1, 2))
                    answer = api.patch(path, {"enrolment_ids": wanted})
                    self.assertIn(answer.status, (200, 422), answer.body)

        pairs = itertools.product(made, self.bases())
        at_once(*[partial(move, seed, *pair) for seed, pair in enumerate(pairs)])
        shown = [self.merchant.ruleset(one) for one in made]
        holders = {each: one for one in shown for each in one["enrolment_ids"]}
        for enrolment in enrolments:
            if enrolment in holders or self.verifi.told(self.merchant.caids[enrolment]):
                self.assert_settled(enrolment, holders.get(enrolment))


class ManyChangesOnPostgresTest(WithoutDeadlocks, ManyChangesTest):
    """The same with two processes, each of which sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.enterClassContext(
            Server(
                cls.server.folder, *cls.server.options, database=cls.server.database, name="other"
            )
        )
        cls.other.start()

    def bases(self) -> list[str]:
        return [self.server.base, self.other.base]

    def assert_never_down(self, enrolment: str):
        """One process may still be sending a version that the other has passed; Verifi keeps the
        greatest."""
