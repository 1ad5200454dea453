"""The third part of the demo: nothing is refunded twice, and two days pass in a second."""

from datetime import datetime, timedelta, timezone

from demo_networks import step, text
from parry_outside import flow

TRANSACTION = "txn-20002"
AMOUNT = 1900
SECONDS = 48 * 3_600


class GuardDemo:
    """Goes on with the walk of a demo, with the enrolments that the networks' part made."""

    def __init__(self, demo, first: int):
        self.demo = demo
        self.number = first

    def run(self) -> int:
        sold = datetime.now(timezone.utc) - timedelta(days=2)
        acts = [
            ("Upload another order", self.order(sold)),
            ("The network refunds it", self.case(sold)),
            ("Ask before refunding it again", self.question()),
            ("Another alert about the same sale", self.alert(sold)),
            ("A second refund is refused", self.refused()),
            ("Two days pass in a second", self.clock()),
            ("The deadline has passed", self.ended()),
        ]
        for title, act in acts:
            self.number += 1
            self.demo.show(act, f"Step {self.number}: {title}")
        return len(acts)

    def order(self, sold: datetime) -> flow.Act:
        transaction = {
            "reference_id": TRANSACTION,
            "amount_in_cents": AMOUNT,
            "currency": "USD",
            "payment_method_type": "CARD",
            "authorisation_status": "SETTLED",
            "payment_method_reference_id": "pay_20002",
            "authorised_at": text(sold),
            "payment_method_card_brand": "VISA",
            "payment_method_card_last_4": "9010",
            "payment_method_card_bin": "424242",
            "authorisation_code": "551902",
        }
        order = {
            "type": "COMPLETE",
            "organisation_id": "org_abc123",
            "integration_id": "int_abc123",
            "reference_id": "order-20002",
            "order_datetime": text(sold),
            "order_number": "AG-20002",
            "order_subtotal_amount_in_cents": AMOUNT,
            "order_currency": "USD",
            "order_total_amount_in_cents": AMOUNT,
            "order_status": "CLOSED_COMPLETE",
            "transactions": [transaction],
        }
        return flow.Act(
            step("POST", "/v1/orders/", [order]),
            title="", says="A sale of 19 dollars.", status=201, values={"created": 1},
        )  # fmt: skip

    def case(self, sold: datetime) -> flow.Act:
        return flow.Act(
            self.simulated("enrl_rdr123", sold, "netalrt_case123"),
            title="",
            says="An RDR case about it was accepted: the cardholder has the money back, on Visa's rails. "
            "The partner's gateway still shows the sale as refundable.",
            status=201,
            values={"status": "RESOLVED", "integration_transaction_id": TRANSACTION},
            webhooks=("alert.created",),
        )

    def alert(self, sold: datetime) -> flow.Act:
        return flow.Act(
            self.simulated("enrl_gym123", sold, "netalrt_again123"),
            title="",
            says="Ethoca raises an alert about the sale that Verifi has decided.",
            status=201,
            values={"status": "ACTION_REQUIRED", "integration_transaction_id": TRANSACTION},
            webhooks=("alert.created",),
        )

    def simulated(self, enrolment: str, sold: datetime, name: str):
        body = {
            "organisation_id": "org_abc123",
            "enrolment_id": enrolment,
            "match": True,
            "amount_in_cents": AMOUNT,
            "currency_code": "USD",
            "transaction_authorisation_code": "551902",
            "transaction_card_bin": "424242",
            "transaction_card_last4": "9010",
            "transaction_authorised_at": text(sold),
        }
        return step("POST", "/v1/simulate/alerts", body, {"id": name})

    def question(self) -> flow.Act:
        body = {
            "organisation_id": "org_abc123",
            "integration_id": "int_abc123",
            "transaction_reference_id": TRANSACTION,
            "amount_in_cents": AMOUNT,
            "currency": "USD",
        }
        return flow.Act(
            step("POST", "/v1/refund-intents", body),
            title="",
            says="Who asks before money moves hears that it has moved, how much, and by whom.",
            status=200,
            values={"outcome": "ALREADY_REFUNDED", "remaining_in_cents": 0},
        )

    def refused(self) -> flow.Act:
        return flow.Act(
            step("PATCH", "/v1/alerts/netalrt_again123", {"action": "REFUND"}),
            title="",
            says="Nor is a refund taken by the alert's action, unless it is forced.",
            status=422,
            code="ALREADY_REFUNDED",
        )

    def clock(self) -> flow.Act:
        body = {"organisation_id": "org_abc123", "advance_seconds": SECONDS}
        return flow.Act(
            step("POST", "/v1/simulate/clock", body),
            title="",
            says="Nobody decides. A TEST organisation has a clock of its own, which can be set forward; "
            "what is due by the new time happens before the answer.",
            status=200,
            values={"advanced_seconds": SECONDS},
            webhooks=("alert.updated",),
        )

    def ended(self) -> flow.Act:
        return flow.Act(
            step("GET", "/v1/alerts/netalrt_again123"),
            title="",
            says="The alert ended by itself, not refunded, and the dispute takes its course.",
            status=200,
            values={"status": "RESOLVED", "transaction_refund_outcome": "NOT_REFUNDED"},
        )
