"""Rulesets decide alerts when they come, simulated ones and those of Ethoca: CONTRACT 10 and 11."""

import threading
import time
from collections import Counter

from parry_outside.api import Api
from parry_outside.cases import OnPostgres
from parry_outside.networks import Customer, NetworkCase, Sale, text_of
from parry_outside.simulated import Simulations
from parry_outside.webhooks import delivery_problems

ACCEPT = "ACCEPT_DISPUTE"
MOVES_MONEY = ("REFUND", "CANCEL", "REFUND_AND_CANCEL")
ENDED, OPEN = ("RESOLVED", "NOT_REFUNDED"), ("ACTION_REQUIRED", None)
TOLD = ("UNRESOLVED_DISPUTE", "NOT_REFUNDED", "COUNTED", None)
PUSHED = 200
LOW, HIGH = 100, 1_000_000
"""Bounds under which no sale of these tests is, and all are."""
DAY_SECONDS = 86_400
RATE_DAYS_MAX = 10


def amount_rule(cents: int, operator: str = "LESS_THAN") -> dict:
    parameters = {"operator": operator, "currency_code": "USD", "amount_in_cents": cents}
    return {"type": "AMOUNT", "parameters": parameters}


def descriptor_rule(*descriptors: tuple[str, str]) -> dict:
    listed = [{"value": value, "match_type": match_type} for value, match_type in descriptors]
    return {"type": "DESCRIPTOR", "parameters": {"descriptors": listed}}


def state_of(alert: dict) -> tuple:
    return alert["status"], alert["transaction_refund_outcome"]


class DecisionCase(NetworkCase):
    def setUp(self):
        super().setUp()
        self.enrolment_id = self.customer.enrol()
        self.simulations = Simulations(self.customer, self.enrolment_id)

    def make_ruleset(self, *rules: dict, **other) -> dict:
        """What accepts a dispute when all rules hold, unless told otherwise."""
        body = {
            "organisation_id": self.customer.world.organisation_id,
            "enrolment_ids": [self.enrolment_id],
            "outcome": ACCEPT, "join_operator": "AND", "rules": list(rules),
        }  # fmt: skip
        return self.api.must(201, "POST", "/v1/rulesets", body | other)

    def change(self, ruleset: dict, **members) -> dict:
        return self.api.must(200, "PATCH", f"/v1/rulesets/{ruleset['id']}", members)

    def change_rule(self, ruleset: dict, rule: dict, index: int = 0, api: Api | None = None):
        path = f"/v1/rulesets/{ruleset['id']}/rules/{ruleset['rules'][index]['id']}"
        (api or self.api).must(200, "PATCH", path, rule)

    def raised(self, **changes) -> dict:
        """An alert of the network about a sale that is known, as the partner sees it."""
        (sale,) = self.customer.sell()
        alert = sale.alert(**changes)
        self.push(alert)
        return self.customer.alert(alert["alertId"])

    def simulated(self, **members) -> dict:
        """A matched simulation of 49 USD."""
        (sale,) = self.customer.sell()
        return self.simulations.about(sale, **members)

    def decision(self, alert: dict) -> dict | None:
        """As it is explained; None where it is left out, and never null."""
        match = self.simulations.match_of(alert)
        shown = self.shown(alert)["match"] or {}
        self.assertEqual(shown.get("decision"), match.get("decision"))
        self.assertIsNotNone(match.get("decision", {}))
        return match.get("decision")

    def findings(self, alert: dict) -> list[tuple]:
        """Of each rule: whether it holds, what it compared, and what it lacked."""
        return [
            (one["holds"], one["amount_in_cents"], one["descriptor"], one["obstacle"])
            for one in self.decision(alert)["rules"]
        ]

    def event_types(self, alert: dict) -> list[str]:
        path = f"/v1/events?object_id={alert['id']}"
        return sorted(one["type"] for one in self.api.must(200, "GET", path)["items"])

    def assert_refuses_actions(self, alert: dict):
        for action in ("REFUND", ACCEPT):
            answer = self.api.patch(f"/v1/alerts/{alert['id']}", {"action": action})
            self.assertEqual((answer.status, answer.code), (422, "ALERT_NOT_ACTIONABLE"))


class DecisionTest(DecisionCase):
    def test_an_accepted_dispute_is_resolved_told_and_explained(self):
        descriptor = self.customer.descriptor
        ruleset = self.make_ruleset(
            amount_rule(4901),
            descriptor_rule(("OTHER", "EXACT_MATCH"), (descriptor, "STARTS_WITH")),
        )
        alert = self.raised()
        self.assertEqual(state_of(alert), ENDED)
        self.assertIsNone(alert["subscription_cancel_outcome"])
        self.assertIsNone(alert["note"])
        (heard,) = self.customer.hears("alert.created")
        self.assertEqual(delivery_problems(heard), [])
        del alert["links"]
        self.assertEqual(heard.event["data"]["object"], alert)
        self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])
        self.assertEqual(self.event_types(alert), ["alert.created"])
        amount, name = (one["id"] for one in ruleset["rules"])
        self.assertEqual(self.decision(alert), {
            "ruleset_id": ruleset["id"], "ruleset_version": 1, "outcome": ACCEPT,
            "is_carried_out": True,
            "rules": [
                {"rule_id": amount, "type": "AMOUNT", "holds": True, "amount_in_cents": 4900,
                 "descriptor": None, "obstacle": None},
                {"rule_id": name, "type": "DESCRIPTOR", "holds": True, "amount_in_cents": None,
                 "descriptor": f"{descriptor} MONTHLY", "obstacle": None},
            ],
        })  # fmt: skip
        self.assert_refuses_actions(alert)
        noted = self.api.must(200, "PATCH", f"/v1/alerts/{alert['id']}", {"note": "By rule"})
        self.assertEqual((state_of(noted), noted["note"]), (ENDED, "By rule"))
        self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])

    def test_confirmed_fraud_is_told_in_its_own_words(self):
        self.make_ruleset(amount_rule(HIGH))
        alert = self.raised(alertType="CONFIRMEDFRAUD")
        words = ("MISSED", "NOT_REFUNDED", "COUNTED", None)
        self.assertEqual(self.told(alert["alert_network_id"]), [words])

    def test_a_simulated_alert_is_decided_when_it_asks_for_a_match(self):
        ruleset = self.make_ruleset(amount_rule(HIGH))
        alert = self.simulated()
        self.assertEqual(state_of(alert), ENDED)
        self.assertEqual(self.simulations.read(alert), alert)
        (heard,) = self.customer.hears("alert.created")
        self.assertEqual(heard.event["data"]["object"], alert)
        self.assertEqual(self.decision(alert)["ruleset_id"], ruleset["id"])
        self.assertEqual(self.shown(alert)["network_requests"], [])
        self.assert_refuses_actions(alert)
        plain = self.simulated(match=False)
        self.assertEqual((state_of(plain), self.decision(plain)), (OPEN, None))
        for status, outcome in (("RESOLVED", "REFUNDED"), ("INVALID", None)):
            wanted = self.simulated(status=status)
            self.assertEqual(state_of(wanted), (status, outcome))
            self.assertIsNone(self.decision(wanted))

    def test_what_a_simulation_does_not_say_is_no_filler_to_a_rule(self):
        self.make_ruleset(
            amount_rule(1, "NOT_EQUAL"),
            descriptor_rule((self.customer.descriptor, "STARTS_WITH")), join_operator="OR",
        )  # fmt: skip
        alert = self.simulations.raised(match=True)
        self.assertEqual(state_of(alert), OPEN)
        self.assertEqual(self.findings(alert), [(False, None, None, "NOT_TOLD")] * 2)
        told = self.simulations.raised(match=True, amount_in_cents=700, currency_code="USD")
        self.assertEqual(state_of(told), ENDED)
        self.assertEqual(self.findings(told)[0], (True, 700, None, None))

    def test_what_moves_money_is_recommended_and_waits(self):
        ruleset = self.make_ruleset(amount_rule(HIGH))
        for outcome in MOVES_MONEY:
            with self.subTest(outcome):
                self.change(ruleset, outcome=outcome)
                for alert in (self.raised(), self.simulated()):
                    self.assertEqual(state_of(alert), OPEN)
                    decision = self.decision(alert)
                    self.assertEqual(
                        (decision["outcome"], decision["is_carried_out"]), (outcome, False)
                    )
                    self.assertEqual(self.findings(alert), [(True, 4900, None, None)])
                    self.assertEqual(self.shown(alert)["network_requests"], [])
        alert = self.raised()
        before = self.decision(alert)
        self.customer.act(alert, ACCEPT)
        self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])
        self.assertEqual(self.decision(alert), before, "a recommendation that was not followed")

    def test_bounds_and_operators(self):
        ruleset = self.make_ruleset(amount_rule(0))
        for operator, held in (
            ("LESS_THAN", (False, True)), ("LESS_THAN_OR_EQUAL", (True, True)),
            ("GREATER_THAN", (False, False)), ("GREATER_THAN_OR_EQUAL", (True, False)),
            ("EQUAL", (True, False)), ("NOT_EQUAL", (False, True)),
        ):  # fmt: skip
            for bound, holds in zip((4900, 4901), held):
                with self.subTest(operator, bound=bound):
                    self.change_rule(ruleset, amount_rule(bound, operator))
                    alert = self.simulated()
                    self.assertEqual(state_of(alert), ENDED if holds else OPEN)
                    self.assertEqual(self.findings(alert), [(holds, 4900, None, None)])
                    outcome = self.decision(alert)["outcome"]
                    self.assertEqual(outcome, ACCEPT if holds else None)

    def test_descriptors_are_compared_without_case_and_outer_spaces(self):
        name = self.customer.descriptor
        ruleset = self.make_ruleset(descriptor_rule(("NOBODY", "EXACT_MATCH")))
        for value, match_type, holds in (
            (name, "STARTS_WITH", True), (name.lower(), "STARTS_WITH", True),
            (name, "EXACT_MATCH", False), (f" {name} monthly  ", "EXACT_MATCH", True),
            (f"{name} MONTHLY PLUS", "STARTS_WITH", False), ("MONTHLY", "STARTS_WITH", False),
            (f"{name}  MONTHLY", "EXACT_MATCH", False),
        ):  # fmt: skip
            with self.subTest(value, match_type=match_type):
                rule = descriptor_rule(("NOBODY", "EXACT_MATCH"), (value, match_type))
                self.change_rule(ruleset, rule)
                alert = self.simulated()
                self.assertEqual(state_of(alert), ENDED if holds else OPEN)
                expected = [(holds, None, f"{name} MONTHLY", None)]
                self.assertEqual(self.findings(alert), expected)

    def test_and_wants_every_rule_and_or_any(self):
        ruleset = self.make_ruleset(amount_rule(HIGH), descriptor_rule(("A", "EXACT_MATCH")))
        name = (self.customer.descriptor, "STARTS_WITH")
        for join, cents, descriptor, holds in (
            ("AND", HIGH, name, True), ("AND", HIGH, ("A", "EXACT_MATCH"), False),
            ("AND", LOW, name, False), ("AND", LOW, ("A", "EXACT_MATCH"), False),
            ("OR", HIGH, ("A", "EXACT_MATCH"), True), ("OR", LOW, name, True),
            ("OR", LOW, ("A", "EXACT_MATCH"), False), ("OR", HIGH, name, True),
        ):  # fmt: skip
            with self.subTest(join, cents=cents, descriptor=descriptor):
                self.change(ruleset, join_operator=join)
                self.change_rule(ruleset, amount_rule(cents))
                self.change_rule(ruleset, descriptor_rule(descriptor), 1)
                alert = self.simulated()
                self.assertEqual(state_of(alert), ENDED if holds else OPEN)
                held = [one[0] for one in self.findings(alert)]
                self.assertEqual(held, [cents == HIGH, descriptor == name])

    def test_what_is_disabled_empty_deleted_or_anothers_decides_nothing(self):
        ruleset = self.make_ruleset(amount_rule(HIGH), is_enabled=False)
        alert = self.raised()
        self.assertEqual(state_of(alert), OPEN)
        decision = self.decision(alert)
        self.assertEqual((decision["outcome"], decision["is_carried_out"]), (None, False))
        path = f"/v1/rulesets/{ruleset['id']}"
        self.change(ruleset, is_enabled=True)
        self.assertEqual(state_of(self.raised()), ENDED)
        self.assertEqual(state_of(self.simulations.read(alert)), OPEN)
        rule = f"{path}/rules/{ruleset['rules'][0]['id']}"
        self.assertEqual(self.api.call("DELETE", rule).status, 204)
        empty = self.raised()
        self.assertEqual((state_of(empty), self.decision(empty)["rules"]), (OPEN, []))
        self.api.must(201, "POST", f"{path}/rules", amount_rule(HIGH))
        ended = self.raised()
        self.assertEqual(state_of(ended), ENDED)
        other = self.api.must(201, "POST", "/v2/enrolments", self.customer.world.enrolment("OTH"))
        self.change(ruleset, enrolment_ids=[other["id"]])
        free = self.raised()
        self.assertEqual((state_of(free), self.decision(free)), (OPEN, None))
        self.change(ruleset, enrolment_ids=[other["id"], self.enrolment_id])
        self.assertEqual(state_of(self.raised()), ENDED)
        self.assertEqual(self.api.call("DELETE", path).status, 204)
        after = self.raised()
        self.assertEqual((state_of(after), self.decision(after)), (OPEN, None))
        kept = self.decision(ended)
        self.assertEqual((kept["ruleset_id"], kept["outcome"]), (ruleset["id"], ACCEPT))
        self.assertEqual(self.told(ended["alert_network_id"]), [TOLD])

    def test_a_change_counts_for_alerts_after_it_and_what_was_decided_stays(self):
        ruleset = self.make_ruleset(amount_rule(LOW))
        first = self.raised()
        before = self.decision(first)
        self.assertEqual((before["ruleset_version"], before["outcome"]), (1, None))
        self.change_rule(ruleset, amount_rule(HIGH))
        second = self.raised()
        self.change(ruleset, outcome="REFUND")
        third = self.raised()
        self.assertEqual([state_of(one) for one in (second, third)], [ENDED, OPEN])
        versions = [self.decision(one)["ruleset_version"] for one in (first, second, third)]
        self.assertEqual(versions, [1, 2, 3])
        self.assertEqual(self.decision(first), before)
        self.assertEqual(state_of(self.simulations.read(first)), OPEN)
        # A push that is repeated is no later alert.
        self.change(ruleset, outcome=ACCEPT)
        (sale,) = self.customer.sell()
        alert = sale.alert()
        self.change(ruleset, outcome="REFUND")
        self.push(alert)
        self.change(ruleset, outcome=ACCEPT)
        self.push(alert)
        self.assertEqual(state_of(self.customer.alert(alert["alertId"])), OPEN)

    def test_while_a_ruleset_changes_each_alert_is_decided_by_one_version(self):
        ruleset = self.make_ruleset(amount_rule(LOW))
        sales = self.customer.sell(PUSHED)
        over = threading.Event()

        def change():
            with Api(self.server.base, self.partner.api_key) as api:
                for number in range(1, 10_000):
                    if over.is_set():
                        return
                    cents = HIGH if number % 2 else LOW
                    self.change_rule(ruleset, amount_rule(cents), api=api)

        changer = threading.Thread(target=change)
        changer.start()
        try:
            alerts = [one.alert() for one in sales]
            for begin in range(0, PUSHED, 20):
                self.push(*alerts[begin : begin + 20])
        finally:
            over.set()
            changer.join()
        found = self.customer.alerts()
        self.assertEqual(len(found), PUSHED)
        seen = Counter()
        for alert in found:
            decision = self.simulations.match_of(alert)["decision"]
            holds = decision["ruleset_version"] % 2 == 0
            self.assertEqual(state_of(alert), ENDED if holds else OPEN, decision)
            self.assertEqual(decision["is_carried_out"], holds)
            seen[holds] += 1
            if holds:
                self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])
        self.assertEqual(len(seen), 2, f"the changes never met the pushes: {seen}")

    def test_a_duplicate_is_not_decided_and_is_told_what_was_decided(self):
        self.make_ruleset(amount_rule(HIGH))
        (sale,) = self.customer.sell()
        first, second = sale.alert(), sale.alert()
        self.push(first)
        self.push(second)
        duplicate = self.customer.alert(second["alertId"])
        self.assertEqual(state_of(duplicate), ("INVALID", None))
        self.assertIsNone(self.decision(duplicate))
        for one in (first, second):
            self.assertEqual(self.told(one["alertId"]), [TOLD])

    def test_what_was_refunded_before_is_not_decided(self):
        self.make_ruleset(amount_rule(HIGH))
        sale = Sale(self.customer.descriptor)
        order = sale.order(
            self.customer.world, refunds=[sale.refund(time.time() - DAY_SECONDS)]
        )
        self.api.must(201, "POST", "/v1/orders", [order])
        raised = sale.alert()
        self.push(raised)
        alert = self.customer.alert(raised["alertId"])
        self.assertEqual((state_of(alert), self.decision(alert)), (("INVALID", None), None))
        words = ("RESOLVED_PREVIOUSLY_REFUNDED", "REFUNDED", "COUNTED", None)
        self.assertEqual(self.told(raised["alertId"]), [words])

    def test_without_a_sale_strict_mode_waits_and_soft_mode_decides(self):
        self.make_ruleset(amount_rule(HIGH))
        unknown = {"authCode": None, "cardLast4": "0000"}
        words = ("organisation", "settings", self.customer.world.organisation_id, "--set")
        self.server.command(*words, "matching_mode=strict")
        for raise_one in (
            lambda: self.raised(**unknown),
            lambda: self.simulations.raised(match=True, amount_in_cents=1, currency_code="USD"),
        ):
            alert = raise_one()
            self.assertEqual(state_of(alert), OPEN)
            decision = self.decision(alert)
            self.assertEqual((decision["outcome"], decision["is_carried_out"]), (ACCEPT, False))
        self.assertEqual(state_of(self.raised()), ENDED)
        self.server.command(*words, "matching_mode=soft")
        alert = self.raised(**unknown)
        self.assertEqual((state_of(alert), alert["integration_id"]), (ENDED, None))
        self.assertEqual(self.told(alert["alert_network_id"]), [TOLD])

    def test_what_was_decided_outlives_a_late_order_and_a_match_by_hand(self):
        self.make_ruleset(amount_rule(HIGH), outcome="REFUND")
        late, known = Sale(self.customer.descriptor), self.customer.sell()[0]
        alert = self.simulations.about(late)
        before = self.decision(alert)
        self.assertEqual((before["outcome"], alert["integration_id"]), ("REFUND", None))
        self.api.must(201, "POST", "/v1/orders", [late.order(self.customer.world)])
        member = "integration_transaction_id"
        self.simulations.becomes(alert, member, late.transaction_id)
        self.assertEqual(self.decision(alert), before)
        for reference in (known.transaction_id, None):
            path = f"/v1/alerts/{alert['id']}/match"
            self.api.must(200, "PUT", path, {member: reference})
            self.assertEqual(self.simulations.read(alert)[member], reference)
            self.assertEqual(self.decision(alert), before)

    def test_an_rdr_alert_is_not_decided_here(self):
        body = self.customer.world.enrolment("") | {
            "type": "VERIFI_RDR",
            "verifi_rdr": {"bin": "424242", "caid": self.customer.descriptor},
        }
        del body["ethoca_alert"]
        enrolment_id = self.api.must(201, "POST", "/v2/enrolments", body)["id"]
        self.customer.becomes(enrolment_id, "ENABLED")
        self.make_ruleset(amount_rule(HIGH), enrolment_ids=[enrolment_id])
        alert = self.simulated(enrolment_id=enrolment_id)
        self.assertEqual(state_of(alert), ("RESOLVED", "REFUNDED"))
        self.assertIsNone(self.decision(alert))

    def test_a_ruleset_decides_for_its_own_enrolments_alone(self):
        other = Customer(self.api, self.receiver)
        other.enrol()
        self.make_ruleset(amount_rule(HIGH))
        (sale,) = other.sell()
        raised = sale.alert()
        self.push(raised)
        alert = other.alert(raised["alertId"])
        self.assertEqual((state_of(alert), self.decision(alert)), (OPEN, None))


class DecisionOnPostgresTest(OnPostgres, DecisionTest):
    pass


class CurrencyTest(DecisionCase):
    """Rates are the server's, not a customer's: each test has a currency of its own."""

    def rates(self, *lines: tuple[str, str], days_ago: float = 0) -> dict:
        day = text_of(time.time() - days_ago * DAY_SECONDS)[:10]
        path = self.folder / "rates.csv"
        listed = "".join(f"{day},{currency},{rate}\n" for currency, rate in lines)
        path.write_text("date,currency,usd_per_unit\n" + listed)
        return self.server.command("rates", "import", str(path))

    def alerts_in(self, currency: str, decimal: str, minor: int) -> list[dict]:
        changes = {"transactionCurrency": currency, "transactionAmount": decimal}
        return [
            self.raised(**changes),
            self.simulated(currency_code=currency, amount_in_cents=minor),
        ]

    def assert_decided(self, alerts: list[dict], state: tuple, *finding):
        for alert in alerts:
            self.assertEqual(state_of(alert), state)
            self.assertEqual(self.findings(alert), [finding])

    def test_without_a_rate_nothing_is_guessed_and_with_one_it_is_compared_in_dollars(self):
        ruleset = self.make_ruleset(amount_rule(5390, "EQUAL"))
        euros = ("EUR", "49.00", 4900)
        without = self.alerts_in(*euros)
        self.assert_decided(without, OPEN, False, None, None, "NO_RATE")
        self.change_rule(ruleset, amount_rule(1, "NOT_EQUAL"))
        self.assert_decided(self.alerts_in(*euros), OPEN, False, None, None, "NO_RATE")
        self.assertEqual(self.rates(("EUR", "1.1")), {"rates": 1})
        self.change_rule(ruleset, amount_rule(5390, "EQUAL"))
        self.assert_decided(self.alerts_in(*euros), ENDED, True, 5390, None, None)
        # What was decided without a rate stays as it was.
        self.assert_decided(
            [self.simulations.read(one) for one in without], OPEN, False, None, None, "NO_RATE"
        )
        self.rates(("EUR", "1.2"))
        self.assert_decided(self.alerts_in(*euros), OPEN, False, 5880, None, None)

    def test_amounts_have_the_decimals_of_their_currency(self):
        self.make_ruleset(amount_rule(1))
        self.rates(("JPY", "0.0066"), ("KWD", "3.25"))
        for currency, decimal, minor, cents in (
            ("JPY", "4900", 4900, 3234), ("KWD", "4.900", 4900, 1593),
        ):  # fmt: skip
            with self.subTest(currency):
                alerts = self.alerts_in(currency, decimal, minor)
                self.assert_decided(alerts, OPEN, False, cents, None, None)

    def test_a_rate_of_some_days_ago_counts_and_an_older_one_does_not(self):
        self.make_ruleset(amount_rule(HIGH))
        self.rates(("GBP", "1.25"), days_ago=RATE_DAYS_MAX)
        self.rates(("CHF", "1.25"), days_ago=RATE_DAYS_MAX + 1)
        self.rates(("SEK", "0.1"), days_ago=-1)
        self.assert_decided(self.alerts_in("GBP", "49.00", 4900), ENDED, True, 6125, None, None)
        for currency in ("CHF", "SEK"):
            alerts = self.alerts_in(currency, "49.00", 4900)
            self.assert_decided(alerts, OPEN, False, None, None, "NO_RATE")

    def test_amounts_and_rates_at_their_edges_are_compared_or_have_no_rate(self):
        self.make_ruleset(amount_rule(0, "LESS_THAN"))
        self.rates(("TND", "1000000"), ("IDR", "0.000000000001"))
        for currency, amount, expected in (
            ("TND", 2**53 - 1, None), ("TND", 0, 0), ("IDR", 2**53 - 1, 9007), ("IDR", 1, 0),
            ("USD", 2**53 - 1, 2**53 - 1), ("USD", 0, 0),
        ):  # fmt: skip
            with self.subTest(currency, amount=amount):
                alert = self.simulated(currency_code=currency, amount_in_cents=amount)
                ((holds, compared, _, obstacle),) = self.findings(alert)
                self.assertEqual((holds, compared), (False, expected))
                self.assertEqual(obstacle, "NO_RATE" if expected is None else None)

    def test_a_rule_without_a_rate_holds_up_no_other_under_or(self):
        self.make_ruleset(
            amount_rule(1, "NOT_EQUAL"),
            descriptor_rule((self.customer.descriptor, "STARTS_WITH")), join_operator="OR",
        )  # fmt: skip
        for alert in self.alerts_in("NOK", "49.00", 4900):
            self.assertEqual(state_of(alert), ENDED)
            self.assertEqual([one[0] for one in self.findings(alert)], [False, True])


class CurrencyOnPostgresTest(OnPostgres, CurrencyTest):
    pass
