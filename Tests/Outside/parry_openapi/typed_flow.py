"""The integration guide's flow with typed clients: what a partner in Python would write."""

import sys
from pathlib import Path

from parry_outside.server import Server

from .clients import Problem, TypedApi, make
from .documents import Document

ORDER = {
    "type": "COMPLETE",
    "reference_id": "order-10001",
    "order_datetime": "2026-02-17T09:59:00Z",
    "order_number": "AF-10001",
    "order_subtotal_amount_in_cents": 4900,
    "order_currency": "USD",
    "order_total_amount_in_cents": 4900,
    "order_status": "CLOSED_COMPLETE",
    "customer_email": "casey.jordan@example.com",
    "transactions": [
        {
            "reference_id": "txn-10001",
            "amount_in_cents": 4900,
            "currency": "USD",
            "payment_method_type": "CARD",
            "authorisation_status": "SETTLED",
            "payment_method_reference_id": "pay_10001",
            "authorised_at": "2026-02-17T09:59:05Z",
            "payment_method_card_brand": "VISA",
            "payment_method_card_last_4": "4242",
            "payment_method_card_bin": "424242",
            "acquirer_reference_number": "74027012345678901234567",
        }
    ],
}
REFUND = {
    "reference_id": "refund-10001",
    "amount_in_cents": 4900,
    "currency": "USD",
    "status": "SUCCEEDED",
    "original_transaction_reference_id": "txn-10001",
    "refund_datetime": "2026-02-17T11:20:00Z",
}
RULES = [
    {
        "type": "AMOUNT",
        "parameters": {
            "operator": "GREATER_THAN",
            "currency_code": "USD",
            "amount_in_cents": 10000,
        },
    },
    {
        "type": "DESCRIPTOR",
        "parameters": {"descriptors": [{"value": "ACMEFIT", "match_type": "STARTS_WITH"}]},
    },
]
DESCRIPTOR = {"descriptor": "ACMEFIT", "match_type": "STARTS_WITH"}


def problems(server: Server, documents: list[Document], folder: Path) -> list[str]:
    """Makes a client of each document and walks the flow once with them."""
    key = server.create_partner("Typed").api_key
    sys.path.insert(0, str(folder))
    try:
        v1, v2 = (TypedApi(one, make(one, folder), server.base, key) for one in documents)
        TypedFlow(v1, v2).walk()
        Refusals(v1, documents[0], folder, server.base).walk()
    except Problem as problem:
        return [str(problem)]
    finally:
        sys.path.remove(str(folder))
    return []


def expect(what: str, found, wanted):
    if found != wanted:
        raise Problem(f"{what}: {found!r} instead of {wanted!r}")


class TypedFlow:
    """Each step leaves behind what the next one needs."""

    def __init__(self, v1: TypedApi, v2: TypedApi):
        self.v1 = v1
        self.v2 = v2

    def walk(self):
        self.open_organisation()
        self.connect_merchant()
        self.enrol()
        self.upload_orders()
        self.action_alert()
        self.set_rules()

    def open_organisation(self):
        empty = self.v1.call("list_organisations", 200, "OrganisationList", limit=10, offset=0)
        expect("organisations of a new partner", (empty.items, empty.count), ([], 0))
        body = self.v1.model("OrganisationCreate", name="Acme Fitness")
        made = self.v1.call("create_organisation", 201, "Organisation", body=body)
        expect("name of a TEST organisation", made.name, "[TEST] Acme Fitness")
        expect("time zone of a time", made.created_at.utcoffset().total_seconds(), 0.0)
        self.organisation_id = made.id

    def connect_merchant(self):
        merchant = self.v1.model(
            "MerchantCreate",
            organisation_id=self.organisation_id,
            name="Acme Fitness Main Store",
            type="GENERIC",
            external_id="mid_123456789",
        )
        made = self.v1.call("create_merchant", 201, "Merchant", body=merchant)
        expect("type of the merchant", made.type_.value, "GENERIC")
        self.merchant_id = made.id
        integration = self.v1.model(
            "IntegrationCreate",
            organisation_id=self.organisation_id,
            name="Acme Fitness Orders API",
            type="CUSTOM_ORDERS",
            status="ENABLED",
            merchant_ids=[made.id],
        )
        made = self.v1.call("create_integration", 201, "Integration", body=integration)
        self.integration_id = made.id

    def enrol(self):
        self.enrolment_id = self.enrol_as(
            "EthocaAlertEnrolmentCreate",
            type="ETHOCA_ALERT",
            ethoca_alert={"descriptors": [DESCRIPTOR]},
        )
        self.rdr_enrolment_id = self.enrol_as(
            "VerifiRDREnrolmentCreate",
            type="VERIFI_RDR",
            verifi_rdr={"bin": "424242", "caid": "ACMEFITCAID01"},
        )
        body = self.v1.model("EnrolmentSimulation", status="ENABLED")
        made = self.v1.call(
            "simulate_enrolment", 200, "Enrolment", enrolment_id=self.enrolment_id, body=body
        )
        statuses = [one.status.value for one in made.ethoca_alert.descriptors]
        expect("descriptors of an enabled enrolment", statuses, ["ENABLED"])

    def enrol_as(self, model: str, **values) -> str:
        body = self.v2.model(model, merchant_ids=[self.merchant_id], **values)
        made = self.v2.call("create_enrolment", 201, "Enrolment", body=body)
        expect("status of a new enrolment", made.status.value, "PENDING")
        read = self.v2.call("get_enrolment", 200, "Enrolment", enrolment_id=made.id)
        expect("the enrolment once more", read, made)
        return made.id

    def upload_orders(self):
        ids = {"organisation_id": self.organisation_id, "integration_id": self.integration_id}
        orders = [self.v1.model("OrderCreate", **ORDER, **ids)]
        batch = self.v1.call("create_orders", 201, "OrderBatchResult", body=orders)
        expect("orders that were stored", (batch.created, batch.failed), (1, 0))
        again = self.v1.call("create_orders", 200, "OrderBatchResult", body=orders)
        expect("the same orders again", again.errors[0].code.value, "DUPLICATE_ORDER")
        found = self.v1.call("list_orders", 200, "OrderList", reference_id="order-10001")
        expect("order in the list", [one.id for one in found.items], [batch.results[0].id])
        update = self.v1.model("OrderUpdate", refunds=[REFUND])
        order = self.v1.call("update_order", 200, "Order", order_id=found.items[0].id, body=update)
        refunds = [one.reference_id for one in order.refunds]
        expect("refunds of the order", refunds, ["refund-10001"])

    def action_alert(self):
        simulation = self.v1.model(
            "AlertSimulation",
            organisation_id=self.organisation_id,
            enrolment_id=self.enrolment_id,
            status="ACTION_REQUIRED",
            card_scheme="VISA",
            amount_in_cents=4900,
            currency_code="USD",
        )
        alert = self.v1.call("simulate_alert", 201, "Alert", body=simulation)
        expect("status of the alert", alert.status.value, "ACTION_REQUIRED")
        waiting = self.v1.call("list_alerts", 200, "AlertList", merchant_id=self.merchant_id)
        expect("alerts in the list", [one.id for one in waiting.items], [alert.id])
        body = self.v1.model("AlertUpdate", action="REFUND", note="Refunded before actioning.")
        done = self.v1.call("update_alert", 200, "Alert", alert_id=alert.id, body=body)
        expect("outcome of the alert", done.transaction_refund_outcome.value, "REFUNDED")
        refused = self.v1.call("update_alert", 422, "Error", alert_id=alert.id, body=body)
        expect("a second action", refused.code, "ALERT_NOT_ACTIONABLE")

    def set_rules(self):
        body = self.v1.model(
            "RulesetCreate",
            organisation_id=self.organisation_id,
            enrolment_ids=[self.rdr_enrolment_id],
            outcome="ACCEPT_DISPUTE",
            join_operator="OR",
            rules=RULES,
        )
        made = self.v1.call("create_ruleset", 201, "Ruleset", body=body)
        models = [type(one.parameters).__name__ for one in made.rules]
        expect("parameters of the rules", models, ["AmountParameters", "DescriptorParameters"])
        read = self.v1.call("get_ruleset", 200, "Ruleset", ruleset_id=made.id)
        expect("the ruleset once more", read, made)
        self.v1.call("delete_ruleset", 204, None, ruleset_id=made.id)
        self.v1.call("get_ruleset", 404, "Error", ruleset_id=made.id)


class Refusals:
    """Errors come as the client's model too."""

    def __init__(self, v1: TypedApi, document: Document, folder: Path, base: str):
        self.v1 = v1
        self.stranger = TypedApi(document, f"parry_{document.version}_client", base, "cbs_wrong")

    def walk(self):
        refused = self.stranger.call("list_merchants", 401, "Error")
        expect("code without a key", refused.code, "UNAUTHORISED")
        refused = self.v1.call("get_merchant", 404, "Error", merchant_id="mrch_none")
        expect("code of what does not exist", refused.code, "NOT_FOUND")
        body = self.v1.model("OrganisationCreate", name="")
        refused = self.v1.call("create_organisation", 422, "Error", body=body)
        expect("fields that are wrong", [one.field for one in refused.errors], ["name"])
