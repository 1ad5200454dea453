"""The list of alerts that somebody has to look at: how alerts come on it, are found and taken off."""

import itertools
import time
from functools import partial

from parry_outside.api import Api
from parry_outside.attention import (
    DAY_SECONDS,
    NEEDS_ATTENTION,
    RATE_MISSING,
    REFUNDED_AFTER_DECLINE,
    REFUNDED_TWICE,
    TEST_TOKEN,
    AttentionCase,
)
from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.networks import SECONDS_MAX, Customer, Sale, text_of
from parry_outside.simulated import Simulations

DECISIONS = "/networks/verifi/rdr/decisions"
HIGH = 1_000_000
FLAGGED, OTHERS = 7, 4


def amount_rule(cents: int = HIGH) -> dict:
    parameters = {"operator": "LESS_THAN", "currency_code": "USD", "amount_in_cents": cents}
    return {"type": "AMOUNT", "parameters": parameters}


def descriptor_rule(name: str) -> dict:
    descriptors = [{"value": name, "match_type": "STARTS_WITH"}]
    return {"type": "DESCRIPTOR", "parameters": {"descriptors": descriptors}}


class MissingRateTest(AttentionCase):
    """No test imports rates of the Central African franc."""

    def make_ruleset(self, *rules: dict, enrolment_id: str = "", **other) -> dict:
        return self.api.must(201, "POST", "/v1/rulesets", {
            "organisation_id": self.organisation_id, "outcome": "ACCEPT_DISPUTE",
            "enrolment_ids": [enrolment_id or self.simulations.enrolment_id],
            "join_operator": "AND", "rules": list(rules),
        } | other)  # fmt: skip

    def simulated(self, currency: str = "XAF", **members) -> dict:
        sale = Sale(self.customer.descriptor)
        return self.simulations.about(sale, currency_code=currency, **members)

    def set_rate(self, currency: str):
        path = self.folder / f"{currency}.csv"
        path.write_text(f"date,currency,usd_per_unit\n{text_of(time.time())[:10]},{currency},0.1\n")
        self.server.command("rates", "import", str(path))

    def test_an_alert_of_the_network_that_no_rule_could_compare_needs_attention(self):
        self.make_ruleset(amount_rule(), enrolment_id=self.customer.enrol())
        raised = Sale(self.customer.descriptor).alert(
            transactionCurrency="XAF", transactionAmount="4900"
        )
        self.push(raised)
        self.push(raised)
        alert = self.customer.alert(raised["alertId"])
        self.assertEqual(alert["status"], "ACTION_REQUIRED")
        self.assert_flagged(alert, RATE_MISSING)
        (created,) = self.customer.hears("alert.created")
        shown = self.read(alert)
        del shown["links"]
        self.assertEqual(created.event["data"]["object"], shown)

    def test_a_simulated_alert_needs_it_too_where_the_rate_would_decide(self):
        rules = (amount_rule(), descriptor_rule(self.customer.descriptor))
        path = f"/v1/rulesets/{self.make_ruleset(*rules)['id']}"
        alert = self.simulated()
        self.assertEqual(
            (alert["status"], alert["attention"]["reason"]), ("ACTION_REQUIRED", RATE_MISSING)
        )
        self.assert_flagged(alert, RATE_MISSING)
        self.api.must(200, "PATCH", path, {"join_operator": "OR"})
        other = {"transaction_statement_descriptor": "NOT OURS"}
        self.assert_flagged(self.simulated(**other), RATE_MISSING)

    def test_where_the_other_rule_decides_nobody_has_to_look(self):
        rules = (amount_rule(), descriptor_rule(self.customer.descriptor))
        path = f"/v1/rulesets/{self.make_ruleset(*rules, join_operator='OR')['id']}"
        decided = self.simulated()
        self.assertEqual(decided["status"], "RESOLVED")
        self.assert_unflagged(decided)
        self.api.must(200, "PATCH", path, {"join_operator": "AND"})
        other = {"transaction_statement_descriptor": "NOT OURS"}
        self.assert_unflagged(self.simulated(**other))

    def decide(self, case: dict) -> str:
        with Api(self.server.base) as network:
            shown = {"Authorization": f"Bearer {TEST_TOKEN}"}
            return network.call("POST", DECISIONS, case, **shown).json()["decision"]

    def test_a_case_of_rdr_that_no_rule_could_compare_needs_attention(self):
        dollars = self.case_of(Sale(self.customer.descriptor))
        self.make_ruleset(amount_rule(), enrolment_id=self.rdr_enrolment_id)
        numbers = itertools.count()
        ask = lambda: self.decide(dollars | {"decisionId": f"ask-{next(numbers)}"})
        self.assertTrue(wait_until(lambda: ask() == "DECLINE", SECONDS_MAX))
        francs = {"amount": "4900", "currency": "XAF"}
        case = self.case_of(Sale(self.customer.descriptor))
        case |= {"caseAmount": francs, "transactionAmount": francs}
        self.assertEqual(self.decide(case), "ACCEPT")
        self.assert_flagged(self.notify(case, "ACCEPTED"), RATE_MISSING)

    def test_where_nothing_has_to_be_converted_nobody_has_to_look(self):
        self.set_rate("ZAR")
        ruleset = self.make_ruleset(amount_rule(1))
        for alert in (self.simulated("USD"), self.simulated("ZAR"),
                      self.simulations.raised(match=True)):  # fmt: skip
            self.assert_unflagged(alert)
        path = f"/v1/rulesets/{ruleset['id']}"
        rule = f"{path}/rules/{ruleset['rules'][0]['id']}"
        self.api.must(200, "PATCH", rule, descriptor_rule("NOBODY"))
        self.assert_unflagged(self.simulated())
        self.assertEqual(self.api.call("DELETE", rule).status, 204)
        self.assert_unflagged(self.simulated())

    def test_rates_are_of_the_real_day_whatever_the_organisations_clock_shows(self):
        self.set_rate("TND")
        self.make_ruleset(amount_rule())
        body = {"organisation_id": self.organisation_id, "advance_seconds": 30 * DAY_SECONDS}
        self.api.must(200, "POST", "/v1/simulate/clock", body)
        alert = self.simulated("TND")
        self.assertEqual(alert["status"], "RESOLVED")
        self.assert_unflagged(alert)

    def test_where_no_ruleset_decides_nobody_has_to_look(self):
        self.assert_unflagged(self.simulated())
        path = f"/v1/rulesets/{self.make_ruleset(amount_rule())['id']}"
        self.assert_unflagged(self.simulated(match=False))
        for status in ("RESOLVED", "INVALID"):
            self.assert_unflagged(self.simulated(status=status))
        self.assertEqual(self.api.call("DELETE", path).status, 204)
        self.assert_unflagged(self.simulated())

    def test_a_ruleset_that_is_switched_off_needs_nobody(self):
        self.make_ruleset(amount_rule(), is_enabled=False)
        self.assert_unflagged(self.simulated())

    def test_a_rate_that_comes_later_takes_no_alert_off_the_list(self):
        self.make_ruleset(amount_rule())
        alert = self.simulated("MAD")
        self.set_rate("MAD")
        decided = self.simulated("MAD")
        self.assertEqual(decided["status"], "RESOLVED")
        self.assert_unflagged(decided)
        self.assert_flagged(alert, RATE_MISSING)


class MissingRateOnPostgresTest(OnPostgres, MissingRateTest):
    pass


class AttentionListTest(AttentionCase):
    def second_refunds(self, count: int) -> list[dict]:
        """Alerts of cases whose sales were refunded before, the oldest first."""
        sales = self.customer.sell(count)
        for one in sales:
            self.tell_of_refund(one)
        return [self.notify(self.case_of(one), "ACCEPTED") for one in sales]

    def page(self, query: str) -> dict:
        path = f"/v1/alerts?organisation_id={self.organisation_id}&{query}"
        return self.api.must(200, "GET", path)

    def assert_list(self, query: str, *alerts: dict):
        found = self.page(query)
        self.assertEqual([one["id"] for one in found["items"]], [one["id"] for one in alerts])
        self.assertEqual(found["count"], len(alerts))

    def test_the_list_is_filtered_and_pages_hold_together(self):
        flagged = self.second_refunds(FLAGGED)[::-1]
        others = [self.simulations.raised() for _ in range(OTHERS)][::-1]
        self.assert_list("needs_attention=true", *flagged)
        self.assert_list("needs_attention=false", *others)
        self.assert_list("sort=-alert_received_at", *others, *flagged)
        for wanted, alerts in (("true", flagged), ("false", others)):
            seen = []
            for offset in range(0, len(alerts) + 3, 3):
                page = self.page(f"needs_attention={wanted}&limit=3&offset={offset}")
                self.assertEqual(page["count"], len(alerts))
                seen += page["items"]
            self.assertEqual([one["id"] for one in seen], [one["id"] for one in alerts])
            for one in seen:
                self.assertEqual("attention" in one, wanted == "true")

    def test_the_filter_goes_with_all_others(self):
        cases = self.second_refunds(2)
        declines = [self.declined(one) for one in self.customer.sell(3)]
        (sale,) = self.customer.sell()
        flagged = self.declined(sale)
        self.tell_of_refund(sale)
        merchant = self.customer.world.merchant_id
        for query, alerts in (
            ("status=RESOLVED", [*cases, flagged]), ("status=INVALID", []),
            (f"merchant_id={merchant}", [*cases, flagged]),
            (f"merchant_id={merchant}&status=ACTION_REQUIRED", []),
            (f"alert_received_at_lte={text_of(time.time() - 60)}", []),
            (f"alert_received_at_gte={text_of(time.time() - 600)}", [*cases, flagged]),
        ):  # fmt: skip
            with self.subTest(query):
                oldest_first = "needs_attention=true&sort=alert_received_at&"
                self.assert_list(oldest_first + query, *alerts)
                self.assert_list("needs_attention=true&" + query, *alerts[::-1])
        self.assert_list("needs_attention=false&status=RESOLVED&sort=alert_received_at", *declines)
        # Cases have no deadline, and come last.
        for sort in ("action_required_deadline", "-action_required_deadline"):
            page = self.page(f"needs_attention=true&sort={sort}")
            self.assertEqual(page["items"][0]["id"], flagged["id"])
            self.assertCountEqual([one["id"] for one in page["items"]],
                                  [one["id"] for one in (flagged, *cases)])  # fmt: skip

    def test_other_words_are_refused(self):
        for word in ("", "maybe", "1", "TRUE", "null", "true,false"):
            with self.subTest(word):
                answer = self.api.get(f"/v1/alerts?needs_attention={word}")
                self.assertEqual((answer.status, answer.code), (400, "INVALID_REQUEST"))

    def test_who_did_not_ask_for_the_event_is_not_told(self):
        (alert,) = self.second_refunds(1)
        self.assert_flagged(alert, REFUNDED_TWICE)
        self.customer.hears("alert.created")
        wanted = {one.type for one in self.receiver.deliveries if one.path == self.path}
        usual = {one.type for one in self.receiver.deliveries if one.path == self.customer.path}
        self.assertEqual(wanted, {NEEDS_ATTENTION})
        self.assertNotIn(NEEDS_ATTENTION, usual)

    def test_what_belongs_to_others_is_neither_listed_nor_cleared(self):
        (alert,) = self.second_refunds(1)
        key = self.server.create_partner("Stranger").api_key
        stranger = self.enterContext(Api(self.server.base, key))
        other = Customer(self.api).world.organisation_id
        words = ["--organisation", other, "--all-abilities"]
        neighbour = self.enterContext(
            Api(self.server.base, self.server.command("key", "create", *words)["api_key"])
        )
        for api in (stranger, neighbour):
            page = api.must(200, "GET", "/v1/alerts?needs_attention=true")
            self.assertEqual((page["items"], page["count"]), ([], 0))
            answer = api.patch(f"/v1/alerts/{alert['id']}", {"needs_attention": False})
            self.assertEqual((answer.status, answer.code), (404, "NOT_FOUND"))
            self.assertEqual(self.ids_seen_by(api), [])
        self.assert_flagged(alert, REFUNDED_TWICE)

    def ids_seen_by(self, api: Api) -> list[str]:
        path = f"/v1/events?type={NEEDS_ATTENTION}"
        return [one["id"] for one in api.must(200, "GET", path)["items"]]

    def test_who_may_only_read_clears_nothing(self):
        (alert,) = self.second_refunds(1)
        words = ["--organisation", self.organisation_id, "--ability", "alerts:read"]
        key = self.server.command("key", "create", *words)["api_key"]
        reader = self.enterContext(Api(self.server.base, key))
        self.assertEqual(self.ids("needs_attention=true", reader), [alert["id"]])
        answer = reader.patch(f"/v1/alerts/{alert['id']}", {"needs_attention": False})
        self.assertEqual(answer.status, 403)
        self.assert_flagged(alert, REFUNDED_TWICE)


class AttentionListOnPostgresTest(OnPostgres, AttentionListTest):
    pass


class ClearedTest(AttentionCase):
    def flagged(self) -> tuple[Sale, dict]:
        """A declined sale that was refunded in part, and its alert."""
        (sale,) = self.customer.sell()
        alert = self.declined(sale)
        self.tell_of_refund(sale, amount_in_cents=100)
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)
        return sale, alert

    def updates(self, alert: dict) -> int:
        path = f"/v1/events?type=alert.updated&object_id={alert['id']}"
        return self.api.must(200, "GET", path)["count"]

    def test_false_takes_an_alert_off_the_list_and_changes_nothing_else(self):
        _, alert = self.flagged()
        before, updates = self.read(alert), self.updates(alert)
        cleared = self.clear(alert)
        self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)
        self.assertEqual(cleared, self.read(alert))
        for shown in (before, cleared):
            shown.pop("updated_at")
        del before["attention"]
        self.assertEqual(cleared, before)
        self.assertEqual(self.updates(alert), updates)
        again = self.read(alert)
        self.assertEqual(self.clear(alert), again, "nothing was left to clear")

    def test_true_is_taken_and_does_nothing(self):
        _, alert = self.flagged()
        plain = self.simulations.raised()
        for one in (alert, plain):
            before = self.read(one)
            path = f"/v1/alerts/{one['id']}"
            self.assertEqual(self.api.must(200, "PATCH", path, {"needs_attention": True}), before)
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)
        self.assert_unflagged(plain)

    def test_other_values_are_refused(self):
        _, alert = self.flagged()
        for value in (None, "false", 0, [], {}):
            with self.subTest(value):
                path = f"/v1/alerts/{alert['id']}"
                answer = self.api.patch(path, {"needs_attention": value})
                self.assertEqual((answer.status, answer.code), (422, "VALIDATION_ERROR"))
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)

    def test_a_note_alone_clears_nothing_and_both_go_together(self):
        _, alert = self.flagged()
        path = f"/v1/alerts/{alert['id']}"
        noted = self.api.must(200, "PATCH", path, {"note": "Looked at"})
        self.assertEqual(noted["attention"]["reason"], REFUNDED_AFTER_DECLINE)
        updates = self.updates(alert)
        cleared = self.clear(alert, note="Done")
        self.assertEqual(cleared["note"], "Done")
        self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)
        self.assertEqual(self.updates(alert), updates + 1)
        event = self.api.must(200, "GET", f"/v1/events?object_id={alert['id']}&limit=1")["items"][0]
        self.assertEqual(event["data"]["previous_attributes"], {"note": "Looked at"})

    def test_an_action_that_is_refused_clears_nothing(self):
        _, alert = self.flagged()
        path = f"/v1/alerts/{alert['id']}"
        answer = self.api.patch(path, {"action": "REFUND", "needs_attention": False})
        self.assertEqual((answer.status, answer.code), (422, "ALERT_NOT_ACTIONABLE"))
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE)

    def test_many_who_clear_at_once_are_all_answered_and_the_next_reason_counts(self):
        sale, alert = self.flagged()
        at_once(*[partial(self.clear, alert, one) for one in self.new_apis(6)])
        self.assert_unflagged(alert, REFUNDED_AFTER_DECLINE)
        self.tell_of_refund(sale, reference_id="another", amount_in_cents=100)
        self.assert_flagged(alert, REFUNDED_AFTER_DECLINE, REFUNDED_AFTER_DECLINE)


class ClearedOnPostgresTest(OnPostgres, ClearedTest):
    pass


class KeptAttentionTest(FolderCase):
    def test_what_needs_attention_does_so_after_a_kill(self):
        server = self.new_server("--rate-limit", "0").start()
        api = self.new_api(server, server.create_partner().api_key)
        customer = Customer(api)
        simulations = Simulations(customer)
        (sale,) = customer.sell()
        alert = customer.act(simulations.about(sale), "ACCEPT_DISPUTE")
        (order,) = api.must(200, "GET", f"/v1/orders?reference_id={sale.reference}")["items"]
        change = {"refunds": [sale.refund(time.time())]}
        api.must(200, "PATCH", f"/v1/orders/{order['id']}", change)
        server.kill()
        server.start()
        api.close()
        shown = simulations.read(alert)
        self.assertEqual(shown["attention"]["reason"], REFUNDED_AFTER_DECLINE)
        path = f"/v1/events?type={NEEDS_ATTENTION}"
        (told,) = api.must(200, "GET", path)["items"]
        self.assertEqual(told["data"]["object"], shown)
        page = api.must(200, "GET", "/v1/alerts?needs_attention=true")
        self.assertEqual([one["id"] for one in page["items"]], [alert["id"]])


class KeptAttentionOnPostgresTest(OnPostgres, KeptAttentionTest):
    pass
