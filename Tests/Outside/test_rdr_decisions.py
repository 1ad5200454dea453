"""RDR cases are decided by saved rulesets when the network asks, and explained by their alerts."""

import itertools
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from parry_outside.api import Answer, Api
from parry_outside.cases import OnPostgres, wait_until
from parry_outside.networks import (
    LIVE_TOKEN,
    TEST_TOKEN,
    Customer,
    NetworkCase,
    RefusalCase,
    rows,
    text_of,
)
from parry_outside.server import Server

DECISIONS, NOTIFICATIONS = "/networks/verifi/rdr/decisions", "/networks/verifi/rdr/notifications"
FRESH_SECONDS_MAX = 2
"""A saved change decides within this time on every process."""
_numbers = itertools.count(1)


def question(caid: str, **changes) -> dict:
    now = time.time()
    return {
        "decisionId": str(uuid.uuid4()), "caseType": "DISPUTE", "source": "VMPI",
        "caseDate": text_of(now), "transactionDate": text_of(now - 7 * 86_400),
        "paymentDescriptor": "ACMEFIT MONTHLY", "paymentDescriptorContact": "8005551234",
        "acquirerBin": "424242", "cardAcceptorId": caid, "transactionId": "123456789012345",
        "cardBin": "424242", "cardLast4": "4242", "paymentType": "VISA", "authCode": "123456",
        "arn": "74027012345678901234567", "mcc": "7997",
        "transactionAmount": {"amount": "49.00", "currency": "USD"},
        "caseAmount": {"amount": "49.00", "currency": "USD"},
        "transactionType": "ECOMMERCE", "reasonCode": "13.1",
    } | changes  # fmt: skip


def is_fallback(answer: Answer) -> bool:
    return answer.headers["Parry-Fallback"] == "true"


def dollars(amount: str) -> dict:
    return {"caseAmount": {"amount": amount, "currency": "USD"}}


class RdrCustomer(Customer):
    """Enrolled for RDR under a CAID of its own."""

    def __init__(self, api: Api, receiver=None):
        super().__init__(api, receiver)
        self.caid = f"CAID{next(_numbers):06}"
        body = self.world.enrolment("") | {"type": "VERIFI_RDR"}
        del body["ethoca_alert"]
        block = {"verifi_rdr": {"bin": "424242", "caid": self.caid}}
        self.enrolment_id = api.must(201, "POST", "/v2/enrolments", body | block)["id"]

    def decline_above(self, cents: int, outcome: str = "ACCEPT_DISPUTE") -> str:
        body = {
            "organisation_id": self.world.organisation_id, "enrolment_ids": [self.enrolment_id],
            "outcome": outcome, "join_operator": "AND", "rules": [{
                "type": "AMOUNT", "parameters": {
                    "operator": "GREATER_THAN", "currency_code": "USD", "amount_in_cents": cents,
                },
            }],
        }  # fmt: skip
        return self.api.must(201, "POST", "/v1/rulesets", body)["id"]


class RdrCase(NetworkCase):
    network_options = ("--live-network-token", LIVE_TOKEN)

    def setUp(self):
        super().setUp()
        self.customer = RdrCustomer(self.api, self.receiver)

    def ask(self, asked: dict, token: str = TEST_TOKEN, base: str = "") -> Answer:
        with Api(base or self.server.base) as network:
            return network.call("POST", DECISIONS, asked, Authorization=f"Bearer {token}")

    def decided(self, **changes) -> tuple:
        asked = question(self.customer.caid, **changes)
        answer = self.ask(asked)
        self.assertEqual(answer.status, 200, answer.body[:300])
        self.assertEqual(answer.json()["decisionId"], asked["decisionId"])
        return answer.json()["decision"], answer.json()["rulesetId"]

    def wait_until_known(self):
        """Until the enrolment is, and its cases do not get the fallback any more."""
        known = wait_until(
            lambda: not is_fallback(self.ask(question(self.customer.caid))),
            FRESH_SECONDS_MAX,
        )
        self.assertTrue(known, "the enrolment is not known in time")

    def wait_for(self, wanted: tuple, **changes):
        """Until a saved change decides, in fresh cases."""
        began = time.monotonic()
        fresh = wait_until(lambda: self.decided(**changes) == wanted, FRESH_SECONDS_MAX)
        self.assertTrue(fresh, f"{self.decided(**changes)} after {time.monotonic() - began:.1f} s")


class RdrDecisionTest(RdrCase):
    def test_a_ruleset_decides_two_cases_differently_and_by_the_case_amount(self):
        ruleset = self.customer.decline_above(3_000)
        self.wait_for(("DECLINE", ruleset))
        self.assertEqual(self.decided(**dollars("30.00")), ("ACCEPT", None))
        self.assertEqual(self.decided(**dollars("30.01")), ("DECLINE", ruleset))

    def test_without_a_ruleset_a_case_is_refunded(self):
        self.wait_until_known()
        self.assertEqual(self.decided(), ("ACCEPT", None))

    def test_a_changed_ruleset_decides_within_two_seconds_and_a_deleted_one_no_more(self):
        ruleset = self.customer.decline_above(3_000)
        self.wait_for(("DECLINE", ruleset))
        change = {"outcome": "REFUND"}
        self.api.must(200, "PATCH", f"/v1/rulesets/{ruleset}", change)
        self.wait_for(("ACCEPT", ruleset))
        self.assertEqual(self.api.call("DELETE", f"/v1/rulesets/{ruleset}").status, 204)
        self.wait_for(("ACCEPT", None))

    def test_the_same_question_gets_the_same_answer_also_after_a_change_and_a_restart(self):
        self.wait_until_known()
        asked = question(self.customer.caid)
        first = self.ask(asked).json()
        ruleset = self.customer.decline_above(0)
        self.wait_for(("DECLINE", ruleset))
        self.assertEqual(self.ask(asked).json()["decision"], first["decision"])
        self.server.kill()
        self.server.start()
        self.wait_for(("DECLINE", ruleset))
        self.assertEqual(self.ask(asked).json()["decision"], first["decision"])
        changed = asked | dollars("1.00")
        self.assertEqual(self.ask(changed).json()["decision"], first["decision"])

    def test_the_same_question_many_times_at_once_has_one_answer(self):
        self.customer.decline_above(3_000)
        for _ in range(5):
            asked = question(self.customer.caid)
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: self.ask(asked).body, range(8)))  # noqa: B023
            self.assertEqual(len(set(answers)), 1, answers)

    def test_a_case_of_nobody_or_of_the_other_mode_gets_the_fallback_and_it_says_so(self):
        self.wait_until_known()
        for caid, token in (("NOBODY", TEST_TOKEN), (self.customer.caid, LIVE_TOKEN)):
            answer = self.ask(question(caid, arn=None), token)
            self.assertEqual(answer.status, 200)
            self.assertEqual((answer.json()["decision"], is_fallback(answer)), ("ACCEPT", True))
        self.assertIn("answered with the fallback", self.server.log_text())

    def test_an_amount_without_a_rate_does_not_hold_and_odd_members_are_unknown(self):
        ruleset = self.customer.decline_above(0)
        self.wait_for(("DECLINE", ruleset))
        for odd in (
            {"caseAmount": {"amount": "49.00", "currency": "XAF"}},
            {"caseAmount": {"amount": "forty-nine", "currency": "USD"}, "transactionAmount": None},
            {"caseAmount": None, "transactionAmount": None},
            {"caseAmount": {"amount": "49.001", "currency": "USD"}, "transactionAmount": 7},
        ):
            with self.subTest(odd):
                self.assertEqual(self.decided(**odd), ("ACCEPT", None))
        self.assertEqual(self.decided(caseDate="yesterday"), ("DECLINE", ruleset))

    def test_what_is_no_question_is_refused(self):
        asked = question(self.customer.caid)
        for body in ("{", "[]", {}, asked | {"decisionId": None}, asked | {"decisionId": "x" * 65},
                     asked | {"decisionId": 7}):  # fmt: skip
            with self.subTest(str(body)[:60]):
                self.assertEqual(self.ask(body).status, 400)
        self.assertEqual(self.ask(asked, token="x" * 32).status, 401)
        with Api(self.server.base) as network:
            shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
            self.assertEqual(network.call("GET", DECISIONS, **shown).status, 405)

    def test_no_card_number_is_kept(self):
        asked = question(self.customer.caid, paymentDescriptorContact="4242 4242 4242 4242")
        self.assertEqual(self.ask(asked).status, 200)
        sql = f"SELECT body FROM network_message WHERE network_id = '{asked['decisionId']}'"
        [[body]] = rows(self.server.database, sql)
        self.assertNotIn("4242 4242", body)
        self.assertIn("49.00", body)

    def test_the_alert_of_the_case_explains_the_decision(self):
        ruleset = self.customer.decline_above(3_000)
        self.wait_for(("DECLINE", ruleset))
        asked = question(self.customer.caid)
        self.ask(asked)
        case_id = f"C{next(_numbers):012}"
        notice = asked | {"caseId": case_id, "status": "DECLINED"}
        with Api(self.server.base) as network:
            shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
            self.assertEqual(network.call("POST", NOTIFICATIONS, notice, **shown).status, 200)
        alert = self.customer.alert(case_id)
        self.assertEqual((alert["status"], alert["transaction_refund_outcome"]),
                         ("RESOLVED", "NOT_REFUNDED"))  # fmt: skip
        match = self.api.must(200, "GET", f"/v1/alerts/{alert['id']}/match")
        decision = match["decision"]
        self.assertEqual((decision["ruleset_id"], decision["outcome"]), (ruleset, "ACCEPT_DISPUTE"))
        self.assertTrue(decision["is_carried_out"])
        self.assertEqual([one["amount_in_cents"] for one in decision["rules"]], [4900])

    def test_the_simulated_network_asks_and_counts_the_answer(self):
        self.wait_until_known()
        asked = question(self.customer.caid)
        self.simulator._ask("POST", "/control/decisions", asked)
        self.assertEqual(self.simulator.summary()["faults"], [])


class RdrDecisionOnPostgresTest(OnPostgres, RdrDecisionTest):
    def test_two_processes_answer_the_same_question_alike_and_know_a_change_in_time(self):
        other = self.enterContext(
            Server(self.folder, *self.options, database=self.server.database, name="other")
        )
        other.start()
        asked = question(self.customer.caid)
        self.wait_until_known()
        first = self.ask(asked).json()
        ruleset = self.customer.decline_above(0)

        def there() -> dict:
            return self.ask(question(self.customer.caid), base=other.base).json()

        fresh = wait_until(lambda: there()["rulesetId"] == ruleset, FRESH_SECONDS_MAX)
        self.assertTrue(fresh, "the other process does not know the ruleset in time")
        self.assertEqual(self.ask(asked, base=other.base).json()["decision"], first["decision"])


class FallbackTest(RefusalCase):
    def test_the_fallback_is_a_setting(self):
        token = ("--test-network-token", TEST_TOKEN)
        server = self.new_server(*token, "--rdr-fallback", "decline").start()
        with Api(server.base) as network:
            shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
            answer = network.call("POST", DECISIONS, question("NOBODY"), **shown)
        self.assertEqual((answer.json()["decision"], is_fallback(answer)), ("DECLINE", True))

    def test_other_words_and_times_are_refused(self):
        for words in (("--rdr-fallback", "maybe"), ("--rdr-decision-milliseconds", "49"),
                      ("--rdr-decision-milliseconds", "10001")):  # fmt: skip
            with self.subTest(words):
                refusal = self.refusal_of(self.new_server(*words, name="x" + words[1]))
                self.assertIn(words[0], refusal)
