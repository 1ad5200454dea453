"""The refund guard: who asks before it refunds, refunds nothing twice."""

from datetime import datetime, timedelta

from parry_outside.api import Answer
from parry_outside.cases import OnPostgres, wait_until
from parry_outside.contract import AMOUNT_MAX
from parry_outside.networks import SECONDS_MAX, Sale
from parry_outside.refund_model import Walk
from parry_outside.refunds import GUARD, WHOLE, RefundCase, Refunder
from parry_outside.world import make_customer

NOBODY = "rfi_1111111111111111111111"
EUROS = {"amount": "45.00", "currency": "EUR"}
WALKS, WALKS_ON_POSTGRES, WALK_STEPS, SEED = 200, 60, 12, 1


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def later(text: str, seconds: int) -> str:
    return (at(text) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


class AnswerTest(RefundCase):
    def test_a_safe_refund_is_reserved_and_shown_as_it_is_read(self):
        answer = self.customer.asked(self.sale, 1900)
        intent = answer.pop("refund_intent")
        self.assertEqual(answer, {
            "outcome": "SAFE", "currency": "USD", "transaction_amount_in_cents": WHOLE,
            "refunded_in_cents": 0, "in_flight_in_cents": 0, "remaining_in_cents": WHOLE,
            "refunds": [],
        })  # fmt: skip
        self.assert_id("rfi", intent["id"])
        self.assert_shows(self.customer.question(self.sale, 1900), intent)
        self.assertEqual((intent["status"], intent["refund_reference_id"]), ("RESERVED", None))
        self.assertEqual(intent["updated_at"], intent["created_at"])
        self.assertEqual(intent["expires_at"], later(intent["created_at"], 900))
        shown = self.customer.read(intent)
        link = {"rel": "self", "uri": f"{GUARD}/{intent['id']}"}
        self.assertEqual(shown, intent | {"links": [link]})
        self.assertEqual(self.customer.intents(self.sale), [shown])

    def test_each_outcome_has_its_bounds(self):
        self.customer.committed(self.sale, 2000, "first")
        self.customer.reserved(self.sale, 1000)
        for amount, outcome in (
            (1901, "IN_FLIGHT"), (2900, "IN_FLIGHT"), (2901, "EXCEEDS_REMAINING"),
            (AMOUNT_MAX, "EXCEEDS_REMAINING"), (1900, "SAFE"), (1, "IN_FLIGHT"),
        ):  # fmt: skip
            with self.subTest(amount):
                self.assertEqual(self.outcome(amount), outcome)
        self.assert_ledger(2000, 2900, "INTENT")
        self.assertEqual(
            len(self.customer.intents(self.sale)), 3, "what is refused reserves nothing"
        )
        self.customer.tell(self.sale, amount_in_cents=2900)
        self.assertEqual(self.outcome(1), "ALREADY_REFUNDED")
        self.assert_ledger(4900, 2900, "ORDER INTENT")

    def test_a_sale_of_nothing_and_one_of_the_most_have_their_bounds_too(self):
        order = self.customer.world.order("bounds")
        (sold,) = order["transactions"]
        order["transactions"] = [
            sold | {"reference_id": name, "amount_in_cents": cents}
            for name, cents in (("free", 0), ("dear", AMOUNT_MAX))
        ]
        refund = {"amount_in_cents": AMOUNT_MAX, "currency": "USD", "status": "SUCCEEDED"}
        made = self.post_order(order)
        self.assertEqual(self.outcome(1, "free"), "ALREADY_REFUNDED")
        self.assertEqual(self.outcome(AMOUNT_MAX, "dear"), "SAFE")
        self.assertEqual(self.outcome(AMOUNT_MAX, "dear"), "IN_FLIGHT")
        refunds = [refund | {"reference_id": f"r{number}"} for number in range(3)]
        self.api.must(200, "PATCH", f"/v1/orders/{made['id']}", {"refunds": refunds})
        ledger = self.customer.ledger("dear")
        self.assertEqual(ledger["refunded_in_cents"], 3 * AMOUNT_MAX)
        self.assertEqual(ledger["remaining_in_cents"], 0)

    def test_a_partial_transaction_is_judged_once_its_amount_is_known(self):
        feed = self.server.command(
            "integration", "create", "--organisation", self.world.organisation_id,
            "--type", "STRIPE", "--name", "Feed", "--merchant", self.world.merchant_id,
        )["id"]  # fmt: skip
        order = {
            "type": "PARTIAL", "organisation_id": self.world.organisation_id,
            "integration_id": feed, "reference_id": "partial",
            "transactions": [{"payment_method_reference_id": "pi_1"}],
        }  # fmt: skip
        made = self.post_order(order)
        for known in ({}, {"amount_in_cents": 700}, {"amount_in_cents": None, "currency": "USD"}):
            change = {"transactions": [{"payment_method_reference_id": "pi_1"} | known]}
            self.api.must(200, "PATCH", f"/v1/orders/{made['id']}", change)
            answer = self.customer.ask("pi_1", 1, integration_id=feed)
            self.assert_error(answer, 422, "TRANSACTION_AMOUNT_UNKNOWN")
        change["transactions"][0] |= {"amount_in_cents": 700, "currency": "USD"}
        self.api.must(200, "PATCH", f"/v1/orders/{made['id']}", change)
        self.assertEqual(self.customer.asked("pi_1", 700, integration_id=feed)["outcome"], "SAFE")

    def test_lists_are_filtered_and_the_newest_is_first(self):
        (other,) = self.customer.sell()
        made = []
        for number, sale in enumerate((self.sale, other, self.sale)):
            made.append(self.customer.reserved(sale, 100 + number)["id"])
            self.customer.advance(2)
        organisation = f"{GUARD}?organisation_id={self.world.organisation_id}"
        self.assertEqual(self.ids(organisation), made[::-1])
        self.assertEqual([one["id"] for one in self.customer.intents(other)], [made[1]])
        feed = f"integration_id={self.world.integration_id}"
        self.assertEqual(self.ids(f"{organisation}&{feed}"), made[::-1])
        self.assertEqual(self.ids(f"{organisation}&transaction_reference_id=nothing"), [])
        page = self.api.must(200, "GET", f"{organisation}&limit=1&offset=1")
        self.assertEqual((page["count"], page["items"][0]["id"]), (3, made[1]))
        own = self.organisation_api(self.world.organisation_id)
        self.assertEqual(self.ids(GUARD, own), made[::-1])


class AnswerOnPostgresTest(OnPostgres, AnswerTest):
    pass


class LedgerTest(RefundCase):
    def test_what_the_order_tells_counts_by_its_status(self):
        for status, refunded, in_flight, sources in (
            ("PENDING", 0, 2000, ""), ("SUCCEEDED", 2000, 0, "ORDER"),
            ("FAILED", 0, 0, ""), ("SUCCEEDED", 2000, 0, "ORDER"), ("CANCELLED", 0, 0, ""),
        ):  # fmt: skip
            with self.subTest(status):
                self.customer.tell(self.sale, amount_in_cents=2000, status=status)
                self.assert_ledger(refunded, in_flight, sources)

    def test_an_orders_refund_is_shown_with_its_name_and_time(self):
        moment = "2026-02-17T11:20:00Z"
        self.customer.tell(self.sale, amount_in_cents=2000, refund_datetime=moment)
        self.assertEqual(self.customer.ledger(self.sale)["refunds"], [{
            "source": "ORDER", "refund_reference_id": f"refund-{self.sale.reference}",
            "alert_id": None, "amount_in_cents": 2000, "refunded_at": moment,
        }])  # fmt: skip

    def test_of_a_committed_intent_the_order_knows_best_what_became_of_it(self):
        self.customer.committed(self.sale, 2000, "mine")
        self.assert_ledger(2000, 0, "INTENT")
        for status, refunded, in_flight, sources in (
            ("PENDING", 0, 1500, ""), ("SUCCEEDED", 1500, 0, "ORDER"), ("FAILED", 0, 0, ""),
            ("CANCELLED", 0, 0, ""),
        ):  # fmt: skip
            with self.subTest(status):
                changes = {"reference_id": "mine", "amount_in_cents": 1500, "status": status}
                self.customer.tell(self.sale, **changes)
                self.assert_ledger(refunded, in_flight, sources)
        intent = self.customer.reserved(self.sale)
        self.customer.tell(self.sale, reference_id="later", amount_in_cents=WHOLE)
        self.assertEqual(self.customer.commit(intent, "later").status, 200)
        self.assert_ledger(4900, 0, "ORDER")

    def test_a_refund_that_names_no_transaction_counts_for_each_of_its_order(self):
        order = Walk.order(self.customer, Sale(self.customer.descriptor))
        made = self.post_order(order)
        first, second = (one["reference_id"] for one in order["transactions"])
        refund = {"amount_in_cents": 300, "currency": "USD", "status": "SUCCEEDED"}
        named = {"original_transaction_reference_id": second}
        refunds = [refund | {"reference_id": "both"}, refund | {"reference_id": "one"} | named]
        self.api.must(200, "PATCH", f"/v1/orders/{made['id']}", {"refunds": refunds})
        self.assert_ledger(300, 0, "ORDER", first)
        self.assert_ledger(600, 0, "ORDER ORDER", second)
        # An intent is one with a refund of its own transaction only.
        self.customer.committed(first, 50, "one")
        self.customer.committed(first, 60, "both")
        self.assert_ledger(350, 0, "ORDER INTENT", first)

    def test_a_refund_in_another_currency_counts_as_all_of_the_sale(self):
        for status, refunded, in_flight in (("PENDING", 0, WHOLE), ("SUCCEEDED", WHOLE, 0)):
            changes = {"currency": "EUR", "amount_in_cents": 1, "status": status}
            self.customer.tell(self.sale, **changes)
            self.assert_ledger(refunded, in_flight, "ORDER" if refunded else "")
        shown = self.customer.ledger(self.sale)["refunds"]
        self.assertEqual([one["amount_in_cents"] for one in shown], [None])
        self.assertEqual(self.outcome(1), "ALREADY_REFUNDED")

    def test_an_intent_counts_as_all_of_a_sale_whose_currency_has_changed(self):
        self.customer.committed(self.sale, 1000, "dollars")
        change = {"reference_id": self.sale.transaction_id, "currency": "JPY"}
        self.assertEqual(self.customer.patch_order(self.sale, transactions=[change]).status, 200)
        ledger = self.customer.ledger(self.sale, currency="JPY")
        shown = [one["amount_in_cents"] for one in ledger["refunds"]]
        self.assertEqual((shown, ledger["refunded_in_cents"]), ([None], WHOLE))

    def test_references_are_compared_byte_by_byte(self):
        composed, decomposed = "caf\u00e9", "cafe\u0301"
        order = self.world.order("bytes")
        (sold,) = order["transactions"]
        order["transactions"] = [sold | {"reference_id": one} for one in (composed, decomposed)]
        order["refunds"] = [self.sale.refund(0, original_transaction_reference_id=composed)]
        self.post_order(order)
        self.assert_ledger(WHOLE, 0, "ORDER", composed)
        self.assert_ledger(0, 0, "", decomposed)

    def test_a_reference_names_a_sale_of_its_integration_only(self):
        other = make_customer(self.api)
        feed = self.api.must(201, "POST", "/v1/integrations", {
            "organisation_id": self.world.organisation_id, "name": "Second", "status": "ENABLED",
            "type": "CUSTOM_ORDERS", "merchant_ids": [self.world.merchant_id],
        })["id"]  # fmt: skip
        self.customer.tell(self.sale)
        for organisation, integration in (
            (other.organisation_id, other.integration_id), (self.world.organisation_id, feed),
        ):  # fmt: skip
            place = {"organisation_id": organisation, "integration_id": integration}
            self.api.must(201, "POST", "/v1/orders", [self.sale.order(self.world, **place)])
            answer = self.customer.asked(self.sale, WHOLE, **place)
            self.assertEqual((answer["outcome"], answer["refunds"]), ("SAFE", []))
        self.assert_ledger(WHOLE, 0, "ORDER")

    def test_an_order_that_was_erased_has_its_refunds_still(self):
        self.customer.committed(self.sale, 2000, "mine")
        self.customer.tell(self.sale, amount_in_cents=1000)
        self.server.command(
            "order", "erase", "--organisation", self.world.organisation_id,
            "--reference-id", self.sale.reference,
        )  # fmt: skip
        self.assert_ledger(3000, 0, "ORDER INTENT")


class LedgerOnPostgresTest(OnPostgres, LedgerTest):
    pass


class AlertRefundTest(RefundCase):
    """What networks refund, and what is declared by actions."""

    def alert(self, **members) -> dict:
        """One of Ethoca's about the sale, which waits for an action."""
        alert = self.customer.simulations.about(self.sale, **members)
        self.assertEqual(alert["integration_transaction_id"], self.sale.transaction_id)
        self.assertEqual(alert["status"], "ACTION_REQUIRED")
        return alert

    def act(self, alert: dict, **members) -> Answer:
        return self.api.patch(f"/v1/alerts/{alert['id']}", members)

    def raise_rdr(self, **members) -> dict:
        return self.customer.simulations.about(
            self.sale, enrolment_id=self.customer.rdr_id, **members
        )

    def test_an_rdr_case_counts_while_it_is_accepted(self):
        case_id = self.customer.case(self.sale, "DECLINED")
        self.assert_ledger(0)
        for _ in range(2):
            self.customer.case(self.sale, "ACCEPTED", case_id)
            self.assert_ledger(WHOLE, 0, "NETWORK")
        for status in ("DELETED", "ACCEPTED"):
            self.customer.case(self.sale, status, case_id)
            self.assert_ledger(0)

    def test_what_the_network_refunds_comes_on_top_in_whole_or_in_part(self):
        half = {"amount": "20.00", "currency": "USD"}
        self.customer.case(self.sale, caseAmount=half)
        self.customer.committed(self.sale, 1000, "mine")
        self.assert_ledger(3000, 0, "INTENT NETWORK")
        self.customer.case(self.sale, caseAmount=half)
        self.assert_ledger(5000, 0, "INTENT NETWORK NETWORK")

    def test_a_case_in_another_currency_counts_as_all_of_the_sale(self):
        self.customer.case(self.sale, caseAmount=EUROS)
        self.assert_ledger(WHOLE, 0, "NETWORK")
        (shown,) = self.customer.ledger(self.sale)["refunds"]
        self.assertIsNone(shown["amount_in_cents"])

    def test_a_simulated_rdr_alert_counts_as_one_of_the_network(self):
        alert = self.raise_rdr()
        self.assert_ledger(WHOLE, 0, "NETWORK")
        (shown,) = self.customer.ledger(self.sale)["refunds"]
        self.assertEqual((shown["alert_id"], shown["refund_reference_id"]), (alert["id"], None))
        self.assertEqual(shown["refunded_at"], alert["created_at"])

    def test_a_note_does_not_change_when_the_network_refunded(self):
        alert = self.raise_rdr()
        self.customer.advance(3_600)
        self.assertEqual(self.act(alert, note="Seen").status, 200)
        (shown,) = self.customer.ledger(self.sale)["refunds"]
        self.assertEqual(shown["refunded_at"], alert["created_at"])

    def test_a_case_that_comes_before_its_order_counts_once_the_order_is_there(self):
        self.sale = Sale(self.customer.descriptor)
        self.customer.case(self.sale)
        self.api.must(201, "POST", "/v1/orders", [self.sale.order(self.world)])
        wait_until(lambda: self.customer.ledger(self.sale)["refunds"], SECONDS_MAX)
        self.assert_ledger(WHOLE, 0, "NETWORK")

    def test_an_alert_that_is_matched_by_hand_counts_where_it_is(self):
        alert = self.customer.simulations.raised(enrolment_id=self.customer.rdr_id, match=True)
        path = f"/v1/alerts/{alert['id']}/match"
        self.assert_ledger(0)
        sale = {
            "integration_id": self.world.integration_id,
            "integration_transaction_id": self.sale.transaction_id,
        }
        self.api.must(200, "PUT", path, sale)
        ledger = self.customer.ledger(self.sale)
        self.assertEqual([one["source"] for one in ledger["refunds"]], ["NETWORK"])
        self.api.must(200, "PUT", path, {"integration_transaction_id": None})
        self.assert_ledger(0)

    def test_an_action_counts_as_far_as_it_exceeds_what_else_is_told(self):
        self.customer.committed(self.sale, 1000, "mine")
        self.assertEqual(self.act(self.alert(), action="REFUND").status, 200)
        self.assert_ledger(WHOLE, 0, "INTENT ACTION")
        self.customer.tell(self.sale, amount_in_cents=WHOLE)
        self.assert_ledger(5900, 0, "ORDER INTENT ACTION")
        self.raise_rdr()
        self.assert_ledger(10_800, 0, "ORDER INTENT NETWORK ACTION")

    def test_what_is_declined_unmatched_or_invalid_counts_nothing(self):
        self.assertEqual(self.act(self.alert(), action="ACCEPT_DISPUTE").status, 200)
        plain = self.customer.simulations.raised(status="RESOLVED")
        self.assertEqual(plain["transaction_refund_outcome"], "REFUNDED")
        self.customer.simulations.about(self.sale, status="INVALID")
        self.raise_rdr(status="INVALID")
        self.assert_ledger(0)

    def test_after_an_rdr_case_an_alert_is_refunded_by_force_only(self):
        self.server.command(
            "organisation", "settings", self.world.organisation_id, "--set", "cancel_actions=true"
        )
        alert = self.alert()
        self.customer.case(self.sale, caseAmount={"amount": "1.00", "currency": "USD"})
        before = self.customer.simulations.read(alert)
        for action in ("REFUND", "REFUND_AND_CANCEL"):
            for more in ({}, {"force": False}, {"note": "Refunded"}):
                answer = self.act(alert, action=action, **more)
                self.assert_error(answer, 422, "ALREADY_REFUNDED")
        self.assertEqual(self.customer.simulations.read(alert), before)
        events = self.api.must(200, "GET", f"/v1/events?object_id={alert['id']}")
        self.assertEqual([one["type"] for one in events["items"]], ["alert.created"])
        answer = self.act(alert, action="REFUND", force=True)
        self.assertEqual(answer.json()["transaction_refund_outcome"], "REFUNDED")
        again = self.act(alert, action="REFUND", force=True)
        self.assert_error(again, 422, "ALERT_NOT_ACTIONABLE")
        self.assert_error(self.act(alert, action="REFUND"), 422, "ALERT_NOT_ACTIONABLE")
        self.assert_ledger(5000, 0, "NETWORK ACTION")

    def test_other_actions_and_alerts_are_free_after_an_rdr_case(self):
        declined, other = self.alert(), self.customer.simulations.raised()
        self.customer.case(self.sale)
        self.assertEqual(self.act(declined, action="ACCEPT_DISPUTE").status, 200)
        self.assertEqual(self.act(other, action="REFUND").status, 200)
        (self.sale,) = self.customer.sell()
        self.assertEqual(self.act(self.alert(), action="REFUND").status, 200)

    def test_a_case_that_was_declined_or_taken_back_keeps_nobody_from_refunding(self):
        for statuses in (("DECLINED",), ("ACCEPTED", "DELETED")):
            (self.sale,) = self.customer.sell()
            alert, case_id = self.alert(), ""
            for status in statuses:
                case_id = self.customer.case(self.sale, status, case_id)
            self.assertEqual(self.act(alert, action="REFUND").status, 200, statuses)

    def test_what_the_platform_was_told_itself_keeps_nobody_from_an_action(self):
        alert = self.alert()
        self.customer.committed(self.sale, WHOLE, "mine")
        self.assertEqual(self.act(alert, action="REFUND").status, 200)
        self.assert_ledger(WHOLE, 0, "INTENT ACTION")

    def test_force_is_true_or_false_and_nothing_by_itself(self):
        alert = self.alert()
        for odd in ("true", 1, None):
            self.assert_invalid(self.act(alert, action="REFUND", force=odd), "force")
        self.assert_error(self.act(alert, force=True), 422, "VALIDATION_ERROR")
        self.assertEqual(self.act(alert, action="REFUND", force=True).status, 200)


class AlertRefundOnPostgresTest(OnPostgres, AlertRefundTest):
    pass


class LifeTest(RefundCase):
    def test_a_committed_intent_stays_as_it_is(self):
        intent = self.customer.reserved(self.sale)
        self.customer.advance(5)
        first = self.customer.commit(intent, "mine")
        shown = first.json()
        self.assertEqual((first.status, shown["status"]), (200, "COMMITTED"))
        self.assertEqual(shown["refund_reference_id"], "mine")
        self.assertGreater(at(shown["updated_at"]), at(intent["updated_at"]))
        self.assertEqual(self.customer.read(intent), shown)
        self.customer.advance(1_000)
        again = self.customer.commit(intent, "mine")
        self.assertEqual((again.status, again.json()), (200, shown))
        for reference in ("other", "Mine", "mine "):
            self.assert_ended(self.customer.commit(intent, reference))
        self.assert_ended(self.customer.release(intent))
        self.assertEqual(self.customer.read(intent), shown)
        (entry,) = self.customer.ledger(self.sale)["refunds"]
        self.assertEqual(entry["refunded_at"], shown["updated_at"])

    def test_a_released_intent_frees_its_amount_and_stays_as_it_is(self):
        intent = self.customer.reserved(self.sale)
        self.customer.advance(5)
        first, second = self.customer.release(intent), self.customer.release(intent)
        self.assertEqual((first.status, second.status), (200, 200))
        shown = first.json()
        self.assertEqual((shown["status"], shown["refund_reference_id"]), ("RELEASED", None))
        self.assertEqual(second.json(), shown)
        self.assert_ended(self.customer.commit(intent, "mine"))
        self.assert_ledger(0)
        self.assertEqual(self.outcome(WHOLE), "SAFE")

    def test_a_reference_is_taken_once_for_each_sale(self):
        first, second, third = (self.customer.reserved(self.sale, 100) for _ in range(3))
        self.assertEqual(self.customer.commit(first, "mine").status, 200)
        refused = self.customer.commit(second, "mine")
        self.assert_error(refused, 422, "REFUND_REFERENCE_TAKEN")
        self.assertEqual(self.customer.read(second)["status"], "RESERVED")
        self.assertEqual(self.customer.commit(second, "other").status, 200)
        self.assertEqual(self.customer.release(third).status, 200)
        self.assert_ended(self.customer.commit(third, "mine"))
        (other,) = self.customer.sell()
        self.customer.committed(other, 100, "mine")
        self.assert_ledger(200, 0, "INTENT INTENT")

    def test_a_reservation_ends_by_its_organisations_clock(self):
        other = Refunder(self.api, self.customer.network)
        (theirs,) = other.sell()
        kept = other.reserved(theirs)
        intent = self.customer.reserved(self.sale, expires_in_seconds=600)
        self.customer.advance(590)
        self.assertEqual(self.customer.read(intent)["status"], "RESERVED")
        self.assertEqual(self.outcome(WHOLE), "IN_FLIGHT")
        self.customer.advance(11)
        shown = self.customer.read(intent)
        self.assertEqual((shown["status"], shown["refund_reference_id"]), ("EXPIRED", None))
        self.assertEqual(shown["updated_at"], intent["updated_at"])
        self.assertEqual(self.customer.intents(self.sale), [shown])
        self.assertEqual(self.outcome(WHOLE), "SAFE")
        self.assertEqual(other.read(kept)["status"], "RESERVED")
        self.assertEqual(other.asked(theirs)["outcome"], "IN_FLIGHT")

    def test_a_reservation_ends_when_the_clock_shows_its_end(self):
        intent = self.customer.reserved(self.sale, expires_in_seconds=604_800)
        self.assertEqual(intent["expires_at"], later(intent["created_at"], 604_800))
        self.customer.set_clock(set_to=later(intent["expires_at"], -2))
        self.assertEqual(self.customer.read(intent)["status"], "RESERVED")
        clock = self.customer.set_clock(set_to=intent["expires_at"])
        self.assertEqual(clock["now"], intent["expires_at"])
        self.assertEqual(self.customer.read(intent)["status"], "EXPIRED")
        self.assertEqual(self.outcome(WHOLE), "SAFE")

    def test_money_that_moved_late_has_moved(self):
        late, freed = (self.customer.reserved(self.sale, 2000) for _ in range(2))
        self.customer.advance(901)
        intent = self.customer.reserved(self.sale)
        self.assertEqual(self.customer.commit(late, "late").json()["status"], "COMMITTED")
        self.assertEqual(self.customer.release(freed).json()["status"], "RELEASED")
        self.assert_ended(self.customer.commit(freed, "freed"))
        self.assertEqual(self.customer.commit(intent, "mine").status, 200)
        self.assert_ledger(6900, 0, "INTENT INTENT")


class LifeOnPostgresTest(OnPostgres, LifeTest):
    pass


class GateTest(RefundCase):
    def test_what_is_no_question_is_refused_by_its_member(self):
        for member, values in {
            "organisation_id": (None, 7, ""), "integration_id": (None, [], ""),
            "transaction_reference_id": (None, 7, "", "x" * 251),
            "amount_in_cents": (None, 0, -1, 1.5, "1", True, AMOUNT_MAX + 1),
            "currency": (None, "usd", "XYZ", 840),
            "expires_in_seconds": (0, -1, 604_801, "900", 1.5),
        }.items():  # fmt: skip
            for value in values:
                with self.subTest(member, value=value):
                    answer = self.customer.ask(self.sale, **{member: value})
                    self.assert_invalid(answer, member)
        answer = self.customer.ask(self.sale, currency="EUR")
        self.assert_error(answer, 422, "REFUND_CURRENCY_DIFFERS")
        self.assertEqual(self.customer.intents(self.sale), [])
        self.assertEqual(self.customer.ask(self.sale, expires_in_seconds=None).status, 200)

    def test_a_commit_names_its_refund(self):
        intent = self.customer.reserved(self.sale)
        path = f"{GUARD}/{intent['id']}/commit"
        for body in ({}, *({"refund_reference_id": odd} for odd in (None, 7, "", "x" * 251))):
            self.assert_invalid(self.api.post(path, body), "refund_reference_id")
        self.assertEqual(self.api.send("POST", path, b"{").status, 400)
        self.assertEqual(self.customer.commit(intent, "é" * 250).status, 200)

    def test_what_is_not_there_is_404(self):
        other = make_customer(self.api)
        for members in (
            {"organisation_id": "nonsense"}, {"integration_id": "nonsense"},
            {"transaction_reference_id": "nonsense"}, {"integration_id": other.integration_id},
            {"organisation_id": other.organisation_id},
            {"organisation_id": other.organisation_id, "integration_id": other.integration_id},
        ):  # fmt: skip
            with self.subTest(members):
                answer = self.customer.ask(self.sale, **members)
                self.assert_error(answer, 404, "NOT_FOUND")
        for unknown in (NOBODY, "nonsense", self.world.organisation_id):
            self.assert_error(self.api.get(f"{GUARD}/{unknown}"), 404, "NOT_FOUND")
            for answer in (
                self.customer.commit({"id": unknown}, "mine"),
                self.api.send("POST", f"{GUARD}/{unknown}/commit", b"{"),
                self.customer.release({"id": unknown}),
            ):
                self.assert_error(answer, 404, "NOT_FOUND")
        for query in ("organisation_id=nonsense", "integration_id=nonsense"):
            self.assert_error(self.api.get(f"{GUARD}?{query}"), 404, "NOT_FOUND")

    def test_nobody_else_sees_or_changes_an_intent(self):
        intent = self.customer.reserved(self.sale)
        live, _ = self.live_world()
        sibling = make_customer(self.api)
        for api in (
            self.new_api(self.server.create_partner("Other").api_key), live,
            self.organisation_api(sibling.organisation_id),
        ):  # fmt: skip
            self.assertEqual(self.ids(GUARD, api), [])
            for answer in (
                api.get(f"{GUARD}/{intent['id']}"),
                api.get(f"{GUARD}?organisation_id={self.world.organisation_id}"),
                api.get(f"{GUARD}?integration_id={self.world.integration_id}"),
                self.customer.ask(self.sale, api=api),
                self.customer.commit(intent, "mine", api),
                self.customer.release(intent, api),
            ):
                self.assert_error(answer, 404, "NOT_FOUND")
        own = self.organisation_api(self.world.organisation_id)
        self.assertEqual(self.customer.commit(intent, "mine", own).status, 200)
        self.assertEqual(self.customer.ask(self.sale, api=own).json()["refunded_in_cents"], WHOLE)

    def test_each_request_needs_its_ability(self):
        intent = self.customer.reserved(self.sale, 100)
        for words, status in (
            ((), (403, 403, 403, 403)),
            (("--ability", "refunds:read"), (200, 200, 403, 403)),
            (("--ability", "refunds:write"), (403, 403, 200, 200)),
        ):
            group = ("--group", self.partner.group_id)
            api = self.new_api(self.server.command("key", "create", *group, *words)["api_key"])
            answers = (
                api.get(GUARD), api.get(f"{GUARD}/{intent['id']}"),
                self.customer.ask(self.sale, 1, api), self.customer.commit(intent, "mine", api),
            )  # fmt: skip
            self.assertEqual(tuple(one.status for one in answers), status, words)
        nobody = self.new_api(None)
        self.assertEqual(self.customer.ask(self.sale, 1, nobody).status, 401)

    def test_a_live_partner_is_guarded_too(self):
        api, world = self.live_world()
        api.must(201, "POST", "/v1/orders", [self.sale.order(world)])
        question = self.customer.question(
            self.sale, organisation_id=world.organisation_id, integration_id=world.integration_id
        )
        outcomes = [api.must(200, "POST", GUARD, question)["outcome"] for _ in range(2)]
        self.assertEqual(outcomes, ["SAFE", "IN_FLIGHT"])

    def test_with_an_idempotency_key_each_request_is_done_once(self):
        question = self.customer.question(self.sale, 2000)
        key = {"Idempotency_Key": self.sale.reference}
        first, again = (self.api.call("POST", GUARD, question, **key) for _ in range(2))
        self.assertEqual((first.status, again.body), (200, first.body))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assert_ledger(0, 2000)
        reused = self.api.call("POST", GUARD, question | {"amount_in_cents": 1}, **key)
        self.assert_error(reused, 422, "IDEMPOTENCY_KEY_REUSED")
        intent = first.json()["refund_intent"]
        commit, body = f"{GUARD}/{intent['id']}/commit", {"refund_reference_id": "mine"}
        first, again = (self.api.call("POST", commit, body, **key) for _ in range(2))
        self.assertEqual((first.status, again.body), (200, first.body))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = self.customer.reserved(self.sale, 100)
        release = f"{GUARD}/{other['id']}/release"
        first, again = (self.api.call("POST", release, **key) for _ in range(2))
        self.assertEqual((first.status, again.body), (200, first.body))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assert_ledger(2000, 0, "INTENT")


class GateOnPostgresTest(OnPostgres, GateTest):
    pass


class WalkTest(RefundCase):
    walks = WALKS

    def test_on_random_walks_every_answer_is_the_models(self):
        for begin in range(SEED, SEED + self.walks, 100):
            count = min(100, SEED + self.walks - begin)
            sales = [Sale(self.customer.descriptor) for _ in range(count)]
            orders = [Walk.order(self.customer, one) for one in sales]
            made = self.api.must(201, "POST", "/v1/orders", orders)["results"]
            for seed, (sale, order) in enumerate(zip(sales, made), begin):
                Walk(self.customer, sale, order["id"], seed).take(WALK_STEPS)


class WalkOnPostgresTest(OnPostgres, WalkTest):
    walks = WALKS_ON_POSTGRES
