"""Orders, member by member: what is stored and shown, what is refused, and with which code."""

import itertools

from parry_outside.cases import OnPostgres
from parry_outside.contract import AMOUNT_MAX, CARD_DIGITS, NOBODY, ContractCase
from parry_outside.documents import (
    ADDRESS,
    AMOUNTS,
    COMMUNICATION,
    CURRENCIES,
    CUSTOMER,
    EXEMPT,
    FREE_TEXT,
    NESTED,
    REQUIRED,
    REQUIRED_NESTED,
    TIMES,
    WORDS,
    full_order,
    lone_order,
    plain_order,
    value_at,
    with_member,
    without_member,
)
from parry_outside.rows import open_rows
from parry_outside.world import make_customer

DOCUMENT_BYTES_MAX = 128 * 1024

MISFITS = {
    "customer_email": ("casey", "a b@example.com", 7),
    "customer_ip_address": ("localhost", "1.2.3", "300.1.1.1", "::g", ""),
    "billing_address": ("1 Main Street", [ADDRESS]),
    "items": ({}, "none", 1),
    "items.quantity": ("2", True, -1),
    "items.url": ("example.com", "ftp://example.com/x", "javascript:alert(1)"),
    "items.image_url": ("/a.png",),
    "deliveries.signature_required": ("yes", 1),
    "deliveries.ip_address": ("192.0.2.256",),
    "deliveries.address": ("Main Street",),
    "subscriptions.interval": ("3", -1),
    "subscriptions.successful_payment_count": ("7", -1),
    "subscriptions.cancellation_policy_url": ("no url",),
    "transactions.payment_method_card_last_4": ("123", "12345", "12a4", "", 4242),
    "transactions.payment_method_card_bin": ("42424", "424242424", "42424x", 424242),
    "transactions.reference_id": ("", "x" * 251, 7),
    "refunds.original_transaction_reference_id": ("", 7),
    "communications.body": (7,),
}
"""Values that no reading of CONTRACT 8.3 to 8.5 takes."""


def words() -> list[tuple[str, str]]:
    return [(path, word) for path, line in WORDS.items() for word in line.split()]


def batches(orders: list, size: int = 100):
    rest = iter(orders)
    while batch := list(itertools.islice(rest, size)):
        yield batch


class OrderMemberTest(ContractCase):
    def test_every_member_that_was_sent_is_shown(self):
        sent = full_order(self.world, "full")
        shown = self.post_order(sent)
        for name, value in sent.items():
            with self.subTest(name):
                self.assertEqual(shown[name], value)
        self.assertEqual(self.items("/v1/orders?reference_id=full&" + self.mine), [shown])

    @property
    def mine(self) -> str:
        return f"organisation_id={self.world.organisation_id}"

    def test_a_change_shows_every_member_too(self):
        stored = self.post_order(plain_order(self.world, "later"))
        for name in NESTED:
            self.assertEqual(stored[name], [])
        for name in CUSTOMER:
            self.assertIsNone(stored[name])
        change = {name: [one] for name, one in NESTED.items()} | CUSTOMER
        shown = self.api.must(200, "PATCH", f"/v1/orders/{stored['id']}", change)
        self.assert_shows(change, shown)
        self.assertEqual(self.api.must(200, "GET", f"/v1/orders/{stored['id']}"), shown)

    def test_unknown_members_are_neither_stored_nor_shown(self):
        sent = full_order(self.world, "unknown") | {"surprise": "unknown-1"}
        sent["billing_address"] = ADDRESS | {"surprise": "unknown-2"}
        for name, one in NESTED.items():
            sent[name] = [one | {"surprise": f"unknown-{name}", "x": {"surprise": [1]}}]
        stored = self.post_order(sent)
        change = {"surprise": "unknown-3", "items": [NESTED["items"] | {"surprise": 4}]}
        answer = self.api.call("PATCH", f"/v1/orders/{stored['id']}", change)
        self.assertEqual((answer.status, answer.json()), (200, stored))
        self.assertNotIn("surprise", str(stored))
        self.server_database_lacks(b"unknown-items")

    def server_database_lacks(self, text: bytes):
        for path in self.server.folder.glob("parry.db*"):
            self.assertNotIn(text, path.read_bytes(), path.name)

    def test_absent_members_of_nested_objects_are_shown_as_null(self):
        order = plain_order(self.world, "sparse")
        order["deliveries"] = [{"reference_id": "d", "type": "DIGITAL"}]
        order["disputes"] = [{"reference_id": "d"}]
        order["items"] = [{"reference_id": "i", "name": "n"}]
        order["subscriptions"] = [{"reference_id": "s"}]
        order["communications"] = [{"channel": "SMS"}]
        shown = self.post_order(order)
        for name in ("deliveries", "disputes", "items", "subscriptions", "communications"):
            with self.subTest(name):
                absent = dict.fromkeys(NESTED[name]) | order[name][0]
                self.assertEqual(shown[name], [absent])

    def test_every_word_of_the_enumerations_is_taken(self):
        orders = [
            lone_order(self.world, f"word-{number}", path, word)
            for number, (path, word) in enumerate(words())
        ]
        for batch in batches(orders):
            self.api.must(201, "POST", "/v1/orders", batch)
        page = self.items(f"/v1/orders?{self.mine}&limit=1000&sort=created_at")
        shown = {order["reference_id"]: order for order in page}
        self.assertEqual(len(shown), len(orders))
        for number, (path, word) in enumerate(words()):
            self.assertEqual(value_at(shown[f"word-{number}"], path), word, path)

    def test_other_words_are_refused_with_their_path(self):
        for path, line in WORDS.items():
            good = line.split()[0]
            for bad in (good.lower(), good.title(), f" {good}", f"{good} ", "UNKNOWN", "", 1, True):
                self.assert_refused_at(path, bad)

    def assert_refused_at(self, path: str, value):
        order, told = with_member(plain_order(self.world, "refused"), path, value)
        with self.subTest(path=path, value=value):
            good = plain_order(self.world, "good")
            self.assert_invalid(self.api.post("/v1/orders", [good, order]), f"[1].{told}")

    def test_values_of_another_kind_or_format_are_refused_with_their_path(self):
        for path, values in MISFITS.items():
            for value in values:
                self.assert_refused_at(path, value)
        for path in TIMES:
            for value in ("2026-02-17", "2026-02-17T09:59:05", "now", "", 1771322345, True):
                self.assert_refused_at(path, value)
        for path in CURRENCIES:
            for value in ("usd", "US", "USDX", "XXQ", " USD", "", 840):
                self.assert_refused_at(path, value)
        self.assertEqual(self.items(f"/v1/orders?{self.mine}"), [], "nothing was processed")

    def test_addresses_are_checked_with_their_path(self):
        for country in ("Switzerland", "ch", "C", "CHE", "ZZ", "XX", 41):
            for at in ("billing_address", "shipping_address"):
                with self.subTest(at=at, country=country):
                    order = plain_order(self.world, "address") | {at: {"country": country}}
                    self.assert_invalid(self.api.post("/v1/orders", [order]), f"[0].{at}.country")
            with self.subTest(at="deliveries", country=country):
                delivery = NESTED["deliveries"] | {"address": {"country": country}}
                order = plain_order(self.world, "address") | {"deliveries": [delivery]}
                answer = self.api.post("/v1/orders", [order])
                self.assert_invalid(answer, "[0].deliveries[0].address.country")

    def test_a_list_takes_objects_only(self):
        for name in NESTED:
            for bad in ("x", 1, None, [NESTED[name]]):
                with self.subTest(name=name, bad=bad):
                    order = plain_order(self.world, "list") | {name: [dict(NESTED[name]), bad]}
                    self.assert_invalid(self.api.post("/v1/orders", [order]), f"[0].{name}[1]")

    def test_amounts_go_up_to_2_to_the_53_less_1(self):
        for path in AMOUNTS:
            for amount in (0, AMOUNT_MAX):
                with self.subTest(path, amount=amount):
                    order = lone_order(self.world, f"{path} {amount}", path, amount)
                    self.assertEqual(value_at(self.post_order(order), path), amount)
            for amount in (-1, AMOUNT_MAX + 1, 2**63 - 1, "4900", 49.5, True):
                self.assert_refused_at(path, amount)

    def test_the_type_is_judged_in_the_first_stage(self):
        good = plain_order(self.world, "good")
        absent = {name: value for name, value in good.items() if name != "type"}
        for bad in (absent, good | {"type": None}, good | {"type": "WHOLE"}, good | {"type": 1}):
            with self.subTest(bad.get("type", "absent")):
                self.assert_invalid(self.api.post("/v1/orders", [good, bad]), "[1].type")
        self.assertEqual(self.items(f"/v1/orders?{self.mine}"), [])


class OrderMemberOnPostgresTest(OnPostgres, OrderMemberTest):
    """The same on the other engine."""

    def server_database_lacks(self, text: bytes):
        pass

    # These ask no database.
    test_other_words_are_refused_with_their_path = None
    test_values_of_another_kind_or_format_are_refused_with_their_path = None
    test_addresses_are_checked_with_their_path = None
    test_a_list_takes_objects_only = None


class OrderCodeTest(ContractCase):
    """The codes of CONTRACT 8.6 and 8.7, spelt out, each with the field that it is about."""

    def setUp(self):
        super().setUp()
        self.order = self.world.order("order-1")

    def assert_refused(self, order: dict, code: str, field: str | None):
        error = self.refused_order(order)
        self.assertEqual((error["code"], error["field"]), (code, field), error)

    def processor(self, type: str = "STRIPE") -> str:
        """An integration of a payment processor, which only the operator can make."""
        made = self.server.command(
            "integration", "create", "--organisation", self.world.organisation_id,
            "--type", type, "--name", type, "--merchant", self.world.merchant_id,
        )  # fmt: skip
        return made["id"]

    def partial(self, integration_id: str, reference: str = "partial-1") -> dict:
        return {
            "type": "PARTIAL",
            "organisation_id": self.world.organisation_id,
            "integration_id": integration_id,
            "reference_id": reference,
            "transactions": [{"payment_method_reference_id": f"pi-{reference}"}],
        }

    def test_an_organisation_that_the_key_does_not_see(self):
        foreign = self.other_world()
        for id in (NOBODY["org"], "org_short", "nonsense", foreign.organisation_id):
            with self.subTest(id):
                order = self.order | {"organisation_id": id}
                self.assert_refused(order, "INVALID_ORGANISATION", "organisation_id")
        own = self.organisation_api(self.world.organisation_id)
        other = make_customer(self.api)
        answer = own.must(200, "POST", "/v1/orders", [other.order("not-mine")])
        self.assertEqual(answer["errors"][0]["code"], "INVALID_ORGANISATION")

    def test_an_integration_that_is_unknown_foreign_or_disabled(self):
        foreign, sibling = self.other_world(), make_customer(self.api)
        for id in (NOBODY["int"], "nonsense", foreign.integration_id, sibling.integration_id):
            with self.subTest(id):
                order = self.order | {"integration_id": id}
                self.assert_refused(order, "INVALID_INTEGRATION", "integration_id")
        path = f"/v1/integrations/{self.world.integration_id}"
        self.api.must(200, "PATCH", path, {"status": "DISABLED"})
        self.assert_refused(self.order, "INVALID_INTEGRATION", "integration_id")
        self.api.must(200, "PATCH", path, {"status": "ENABLED"})
        self.post_order(self.order)

    def test_a_type_that_does_not_fit_the_integration(self):
        wrong = self.partial(self.world.integration_id)
        self.assert_refused(wrong, "INVALID_ORDER_TYPE", "type")
        for type in ("STRIPE", "ADYEN", "SHOPIFY"):
            order = self.order | {"integration_id": self.processor(type)}
            self.assert_refused(order, "INVALID_ORDER_TYPE", "type")

    def test_a_field_that_a_complete_order_must_have(self):
        for path in (*REQUIRED, *REQUIRED_NESTED):
            order, told = without_member(plain_order(self.world, "order-1"), path)
            with self.subTest(path, how="absent"):
                self.assert_refused(order, "MISSING_FIELD", told)
            order, told = with_member(plain_order(self.world, "order-1"), path, None)
            with self.subTest(path, how="null"):
                self.assert_refused(order, "MISSING_FIELD", told)
        self.post_order(plain_order(self.world, "order-1"))

    def test_card_members_are_for_cards_only(self):
        for number, type in enumerate(
            ("DIGITAL_WALLET", "BANK_TRANSFER", "BUY_NOW_PAY_LATER", "OTHER")
        ):
            order = self.world.order(f"no-card-{number}")
            transaction = order["transactions"][0] | {"payment_method_type": type}
            for member in ("brand", "last_4", "bin"):
                del transaction[f"payment_method_card_{member}"]
            shown = self.post_order(order | {"transactions": [transaction]})
            self.assertIsNone(shown["transactions"][0]["payment_method_card_brand"])

    def test_what_a_partial_order_must_have(self):
        integration = self.processor()
        good = self.partial(integration)
        for field in ("organisation_id", "integration_id", "reference_id"):
            absent = {name: value for name, value in good.items() if name != field}
            for how, order in (("absent", absent), ("null", good | {field: None})):
                with self.subTest(field, how=how):
                    self.assert_refused(order, "MISSING_FIELD", field)
        for transactions in (None, []):
            with self.subTest(transactions=transactions):
                order = good | {"transactions": transactions}
                self.assert_refused(order, "MISSING_FIELD", "transactions")
        without = {name: value for name, value in good.items() if name != "transactions"}
        self.assert_refused(without, "MISSING_FIELD", "transactions")
        nameless = good | {"transactions": [{"reference_id": "a"}, {"amount_in_cents": 1}]}
        self.assert_refused(nameless, "MISSING_FIELD", "transactions[1].reference_id")

    def test_nested_objects_of_a_partial_order_are_as_complete_as_any(self):
        integration = self.processor()
        for path in REQUIRED_NESTED:
            if path.startswith("transactions."):
                continue
            with self.subTest(path):
                order, told = without_member(self.partial(integration), path)
                self.assert_refused(order, "MISSING_FIELD", told)

    def test_a_partial_order_needs_nothing_else(self):
        order = self.partial(self.processor())
        shown = self.post_order(order)
        self.assertEqual(shown["type"], "PARTIAL")
        for absent in ("order_number", "order_status", "order_currency", "order_datetime"):
            self.assertIsNone(shown[absent])
        self.assertEqual(shown["transactions"][0]["payment_method_reference_id"], "pi-partial-1")

    def test_a_partial_order_is_changed_by_the_processors_reference(self):
        stored = self.post_order(self.partial(self.processor()))
        path = f"/v1/orders/{stored['id']}"
        change = {
            "customer_email": "casey@example.com",
            "transactions": [
                {"payment_method_reference_id": "pi-partial-1", "amount_in_cents": 700},
                {"payment_method_reference_id": "pi-second"},
            ],
            "refunds": [
                {"reference_id": "r", "amount_in_cents": 700, "currency": "USD",
                 "status": "SUCCEEDED", "original_transaction_reference_id": "pi-partial-1"},
            ],
        }  # fmt: skip
        shown = self.api.must(200, "PATCH", path, change)
        amounts = [
            (one["payment_method_reference_id"], one["amount_in_cents"])
            for one in shown["transactions"]
        ]
        self.assertEqual(amounts, [("pi-partial-1", 700), ("pi-second", None)])
        self.assertEqual(shown["customer_email"], "casey@example.com")
        self.assertEqual(shown["refunds"][0]["original_transaction_reference_id"], "pi-partial-1")
        for field in ("order_number", "order_total_amount_in_cents"):
            self.assertIsNone(shown[field], "a PARTIAL order needs no other field afterwards")

    def test_a_transaction_reference_that_the_integration_has(self):
        self.post_order(self.order)
        again = self.world.order("order-2")
        again["transactions"][0]["reference_id"] = "txn-order-1"
        told = "transactions[0].reference_id"
        self.assert_refused(again, "DUPLICATE_TRANSACTION", told)
        twice = self.world.order("order-3")
        twice["transactions"] *= 2
        self.assert_refused(twice, "DUPLICATE_TRANSACTION", "transactions[1].reference_id")
        stored = self.post_order(plain_order(self.world, "order-4"))
        change = {"transactions": again["transactions"]}
        answer = self.api.patch(f"/v1/orders/{stored['id']}", change)
        self.assert_error(answer, 422, "DUPLICATE_TRANSACTION")

    def test_a_nested_reference_that_names_nothing(self):
        for path in (
            "refunds.original_transaction_reference_id",
            "disputes.original_transaction_reference_id",
            "items.delivery_reference_id",
            "items.subscription_reference_id",
            "items.refund_reference_id",
        ):
            with self.subTest(path):
                order = full_order(self.world, "order-1")
                name, _, member = path.partition(".")
                order[name] = [order[name][0] | {member: "nothing"}]
                self.assert_refused(order, "INVALID_REFERENCE", f"{name}[0].{member}")
        stored = self.post_order(self.order)
        refund = NESTED["refunds"] | {"original_transaction_reference_id": "nothing"}
        answer = self.api.patch(f"/v1/orders/{stored['id']}", {"refunds": [refund]})
        self.assert_error(answer, 422, "INVALID_REFERENCE")

    def test_a_card_number_in_free_text(self):
        """Whoever names the field is told its path and nothing of what was in it."""
        for path in FREE_TEXT:
            for text in (CARD_DIGITS, "card 4111-1111-1111-1111!"):
                with self.subTest(path, text=text):
                    order, told = with_member(plain_order(self.world, "order-1"), path, text)
                    self.assert_refused(order, "CARD_NUMBER_REJECTED", told)
        for at in ("billing_address", "shipping_address"):
            order = plain_order(self.world, "order-1") | {at: {"line2": CARD_DIGITS}}
            self.assert_refused(order, "CARD_NUMBER_REJECTED", f"{at}.line2")
        stored = self.post_order(self.order)
        change = {"items": [NESTED["items"] | {"name": CARD_DIGITS}]}
        answer = self.api.patch(f"/v1/orders/{stored['id']}", change)
        self.assert_error(answer, 422, "CARD_NUMBER_REJECTED")
        self.assertNotIn(CARD_DIGITS, self.server.log_text())

    def test_identifiers_may_look_like_card_numbers(self):
        for path in EXEMPT:
            with self.subTest(path):
                order = lone_order(self.world, f"exempt {path}", path, CARD_DIGITS)
                self.assertEqual(value_at(self.post_order(order), path), CARD_DIGITS)

    def test_the_same_order_in_other_words_is_identical(self):
        self.post_order(self.order)
        again = dict(reversed(self.order.items()))
        again |= {"order_datetime": "2026-02-17T04:29:00-05:30", "customer_email": None, "x": 1}
        for other, identical in ((again, True), (again | {"order_number": "other"}, False)):
            error = self.refused_order(other)
            self.assertEqual((error["code"], error["identical"]), ("DUPLICATE_ORDER", identical))

    def test_a_document_that_is_too_large(self):
        chapters = [COMMUNICATION | {"body": "x" * 20_000, "subject": str(n)} for n in range(7)]
        self.assertGreater(sum(len(one["body"]) for one in chapters), DOCUMENT_BYTES_MAX)
        error = self.refused_order(self.order | {"communications": chapters})
        self.assertEqual(error["code"], "ORDER_TOO_LARGE")
        stored = self.post_order(self.order | {"communications": chapters[:6]})
        answer = self.api.patch(f"/v1/orders/{stored['id']}", {"communications": chapters})
        self.assert_error(answer, 422, "ORDER_TOO_LARGE")
        unchanged = self.api.must(200, "GET", f"/v1/orders/{stored['id']}")
        self.assertEqual(unchanged, stored)

    def test_what_names_an_order_cannot_change_but_be_repeated(self):
        stored = self.post_order(self.order)
        path = f"/v1/orders/{stored['id']}"
        others = {
            "type": "PARTIAL",
            "organisation_id": NOBODY["org"],
            "integration_id": NOBODY["int"],
            "reference_id": "ORDER-1",
        }
        for field, other in others.items():
            with self.subTest(field):
                self.assert_error(self.api.patch(path, {field: other}), 422, "IMMUTABLE_FIELD")
                self.assertEqual(self.api.must(200, "PATCH", path, {field: stored[field]}), stored)
        same = {field: stored[field] for field in others} | {"order_number": "new"}
        self.assertEqual(self.api.must(200, "PATCH", path, same)["order_number"], "new")

    def test_the_first_reason_is_told(self):
        """In the order of CONTRACT 8.6, each order has its own fault and all those after it."""
        self.post_order(self.order)
        bad = full_order(self.world, "order-1") | {"customer_first_name": "4111 1111 1111 1111"}
        bad["transactions"][0]["reference_id"] = "txn-order-1"
        bad["refunds"][0]["original_transaction_reference_id"] = "nothing"
        del bad["order_number"]
        bad |= {"organisation_id": NOBODY["org"], "integration_id": NOBODY["int"]}
        steps = [
            ("INVALID_ORGANISATION", {"organisation_id": self.world.organisation_id}),
            ("INVALID_INTEGRATION", {"integration_id": self.processor()}),
            ("INVALID_ORDER_TYPE", {"integration_id": self.world.integration_id}),
            ("MISSING_FIELD", {"order_number": "1"}),
            ("CARD_NUMBER_REJECTED", {"customer_first_name": "Casey"}),
            ("DUPLICATE_ORDER", {"reference_id": "order-2"}),
            ("DUPLICATE_TRANSACTION", {"transactions": [NESTED["transactions"]]}),
            ("INVALID_REFERENCE", {}),
        ]
        for code, repair in steps:
            self.assertEqual(self.refused_order(bad)["code"], code)
            bad |= repair

    def test_the_same_reference_in_another_integration_is_another_order(self):
        body = {
            "organisation_id": self.world.organisation_id,
            "name": "Second feed",
            "type": "CUSTOM_ORDERS",
            "merchant_ids": [self.world.merchant_id],
        }
        second = self.api.must(201, "POST", "/v1/integrations", body)["id"]
        both = [self.order, self.order | {"integration_id": second}]
        answer = self.api.must(201, "POST", "/v1/orders", both)
        self.assertEqual((answer["created"], answer["failed"]), (2, 0), answer)
        path = f"/v1/orders?reference_id=order-1&organisation_id={self.world.organisation_id}"
        page = self.items(path)
        feeds = {order["integration_id"] for order in page}
        self.assertEqual(feeds, {self.world.integration_id, second})
        self.assertEqual(len(self.items(f"{path}&integration_id={second}")), 1)

    def test_orders_raise_no_events(self):
        stored = self.post_order(full_order(self.world, "silent"))
        self.api.must(200, "PATCH", f"/v1/orders/{stored['id']}", {"order_status": "OTHER"})
        with open_rows(self.server.database) as rows:
            self.assertIn(self.world.enrolment_id, rows.events)
            self.assertNotIn(stored["id"], rows.events)
