"""`parry integration create`, `organisation settings`, `order erase`: output, refusals, effects."""

import json

from parry_outside.cases import OnPostgres
from parry_outside.contract import NOBODY, ContractCase
from parry_outside.documents import CUSTOMER, NESTED, full_order, plain_order
from parry_outside.rows import open_rows
from parry_outside.world import World, make_customer

PROCESSORS = ("STRIPE", "ADYEN", "SHOPIFY")
REQUIRABLE = (*CUSTOMER, *NESTED)
STANDARD = {
    "required_order_fields": [],
    "matching_mode": "soft",
    "cancel_actions": False,
    "alert_window": 48, "deadline_reminders": [24, 4],
}
PERSONAL_IN_DELIVERIES = ("address", "ip_address", "signed_by")
ERASE_PAGE = 500


class CommandCase(ContractCase):
    def assert_fails(self, *words: str):
        """One line on standard error, nothing on standard output, and an exit code that says so."""
        with self.subTest(" ".join(words)[:120]):
            done = self.server.run(*words)
            self.assertIn(done.returncode, (1, 64), done.stdout)
            self.assertEqual(done.stdout, "")
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
            self.assertNotIn("Fatal error", done.stderr)
            self.assertNotIn("SELECT", done.stderr)

    def assert_unreadable(self, *words: str):
        """A command line that cannot be read: 64, whatever is said about it."""
        done = self.server.run(*words)
        self.assertEqual((done.returncode, done.stdout), (64, ""), done.stderr)


class IntegrationCommandTest(CommandCase):
    def words(self, *merchants: str, type: str = "STRIPE", name: str = "Feed") -> list[str]:
        words = ["integration", "create", "--organisation", self.world.organisation_id]
        words += ["--type", type, "--name", name]
        for merchant in merchants or (self.world.merchant_id,):
            words += ["--merchant", merchant]
        return words

    def test_it_makes_what_the_api_shows_and_does_not_change(self):
        second = self.api.must(201, "POST", "/v1/merchants", {
            "organisation_id": self.world.organisation_id, "name": "Second", "type": "STRIPE"
        })["id"]  # fmt: skip
        own = self.organisation_api(self.world.organisation_id)
        for type in PROCESSORS:
            with self.subTest(type):
                name = f"Grüße — {type} 🛒"
                made = self.server.command(
                    *self.words(second, self.world.merchant_id, type=type, name=name)
                )
                self.assertEqual(made.keys(), {"id"})
                self.assert_id("int", made["id"])
                shown = self.api.must(200, "GET", f"/v1/integrations/{made['id']}")
                expected = {
                    "id": made["id"],
                    "organisation_id": self.world.organisation_id,
                    "name": name,
                    "type": type,
                    "status": "ENABLED",
                    "merchant_ids": [second, self.world.merchant_id],
                }
                self.assert_shows(expected, shown)
                self.assertIn(shown, self.items("/v1/integrations?limit=1000"))
                self.assertIn(shown, self.items("/v1/integrations", own))
                for change in ({"name": "X"}, {"status": "DISABLED"}, {}):
                    answer = self.api.patch(f"/v1/integrations/{made['id']}", change)
                    self.assert_error(answer, 422, "UNSUPPORTED_INTEGRATION_TYPE")
                unchanged = self.api.must(200, "GET", f"/v1/integrations/{made['id']}")
                self.assertEqual(unchanged, shown)

    def test_its_integration_takes_partial_orders_at_once(self):
        made = self.server.command(*self.words())
        order = {
            "type": "PARTIAL",
            "organisation_id": self.world.organisation_id,
            "integration_id": made["id"],
            "reference_id": "partial",
            "transactions": [{"payment_method_reference_id": "pi_1"}],
        }
        self.assertEqual(self.post_order(order)["integration_id"], made["id"])

    def test_it_keeps_its_merchants(self):
        merchant = self.api.must(201, "POST", "/v1/merchants", {
            "organisation_id": self.world.organisation_id, "name": "Kept", "type": "ADYEN"
        })["id"]  # fmt: skip
        self.server.command(*self.words(merchant))
        answer = self.api.call("DELETE", f"/v1/merchants/{merchant}")
        self.assert_error(answer, 422, "MERCHANT_DELETION_RESTRICTED")
        answer = self.api.patch(f"/v1/merchants/{merchant}", {"type": "STRIPE"})
        self.assert_error(answer, 422, "MERCHANT_TYPE_CHANGE_RESTRICTED")

    def test_bad_input_is_refused_and_makes_nothing(self):
        before = self.items("/v1/integrations?limit=1000")
        sibling = make_customer(self.api)
        own = self.world.merchant_id
        for type in ("CUSTOM_ORDERS", "stripe", "PAYPAL", ""):
            self.assert_fails(*self.words(type=type))
        for name in ("", "x" * 256):
            self.assert_fails(*self.words(name=name))
        for merchants in ((NOBODY["mrch"],), ("nonsense",), (sibling.merchant_id,), (own, own),
                          (own, sibling.merchant_id), (own, ""),
                          tuple(f"mrch_{number:022}" for number in range(101))):  # fmt: skip
            self.assert_fails(*self.words(*merchants))
        for organisation in (NOBODY["org"], "nonsense", "", own):
            words = self.words()
            words[3] = organisation
            self.assert_fails(*words)
        for left_out in ("--organisation", "--type", "--name", "--merchant"):
            words = self.words()
            at = words.index(left_out)
            self.assert_fails(*words[:at], *words[at + 2 :])
        added = {item["id"] for item in self.items("/v1/integrations?limit=1000")}
        added -= {item["id"] for item in before}
        self.assertEqual(added, {sibling.integration_id})
        self.assert_unreadable(*self.words(), "--colour", "red")
        self.assert_unreadable("integration", "delete", NOBODY["int"])

    def test_an_organisation_that_was_deleted_is_refused(self):
        made = self.api.must(201, "POST", "/v1/organisations", {"name": "Gone"})["id"]
        self.assertEqual(self.api.call("DELETE", f"/v1/organisations/{made}").status, 204)
        words = self.words()
        words[3] = made
        self.assert_fails(*words)
        self.assert_fails("organisation", "settings", made)
        self.assert_fails("order", "erase", "--organisation", made, "--reference-id", "x")


class SettingsCommandTest(CommandCase):
    def settings(self, *sets: str, id: str | None = None) -> dict:
        words = [word for one in sets for word in ("--set", one)]
        answer = self.server.command(
            "organisation", "settings", id or self.world.organisation_id, *words
        )
        self.assertEqual(answer.pop("id"), id or self.world.organisation_id)
        return answer

    def test_what_is_not_set_stays_as_it_is(self):
        self.assertEqual(self.settings(), STANDARD)
        wanted = dict(STANDARD)
        for sets, change in (
            (["alert_window=1"], {"alert_window": 1}),
            (["alert_window=72"], {"alert_window": 72}),
            (["matching_mode=strict"], {"matching_mode": "strict"}),
            (["cancel_actions=true"], {"cancel_actions": True}),
            (["required_order_fields=customer_email,items"],
             {"required_order_fields": ["customer_email", "items"]}),
            (["matching_mode=soft", "alert_window=48"],
             {"matching_mode": "soft", "alert_window": 48, "deadline_reminders": [24, 4]}),
            (["required_order_fields="], {"required_order_fields": []}),
            (["cancel_actions=false"], {"cancel_actions": False}),
        ):  # fmt: skip
            with self.subTest(sets):
                wanted |= change
                self.assertEqual(self.settings(*sets), wanted)
                self.assertEqual(self.settings(), wanted)
        self.assertEqual(wanted, STANDARD)

    def test_bad_values_set_nothing(self):
        settings = ("organisation", "settings", self.world.organisation_id, "--set")
        for bad in ("alert_window=0", "alert_window=73", "alert_window=x", "alert_window=",
                    "alert_window=1.5", "matching_mode=hard", "matching_mode=SOFT",
                    "cancel_actions=yes", "cancel_actions=", "required_order_fields=colour",
                    "required_order_fields=items;refunds", "required_order_fields=Items",
                    "required_order_fields=order_number", "colour=red", "=x", "alert_window", "",
                    "Alert_window=24"):  # fmt: skip
            self.assert_fails(*settings, "alert_window=24", "--set", bad)
        self.assertEqual(self.settings(), STANDARD)
        for id in (NOBODY["org"], "nonsense", self.world.merchant_id, ""):
            self.assert_fails("organisation", "settings", id)
        self.assert_unreadable("organisation", "settings")
        self.assert_unreadable("organisation", "settings", self.world.organisation_id, "--reset")

    def test_each_field_can_be_required(self):
        everything = self.settings("required_order_fields=" + ",".join(REQUIRABLE))
        self.assertEqual(set(everything["required_order_fields"]), set(REQUIRABLE))
        full = full_order(self.world, "full")
        for field in REQUIRABLE:
            lists = ([],) if field in NESTED else ()
            for value in (None, *lists, "absent"):
                with self.subTest(field, value=value):
                    order = dict(full) | {field: value}
                    if value == "absent":
                        del order[field]
                    error = self.refused_order(order)
                    self.assertEqual((error["code"], error["field"]), ("MISSING_FIELD", field))
        self.post_order(full)

    def test_settings_are_the_organisations_own_and_hold_at_once(self):
        other = make_customer(self.api)
        order = plain_order(self.world, "plain")
        self.settings("required_order_fields=customer_email")
        self.assertEqual(self.settings(id=other.organisation_id), STANDARD)
        self.assertEqual(self.refused_order(order)["field"], "customer_email")
        self.post_order(plain_order(other, "plain"))
        self.settings("required_order_fields=")
        self.post_order(order)

    def test_orders_from_before_can_be_changed_without_them(self):
        stored = self.post_order(plain_order(self.world, "before"))
        self.settings("required_order_fields=customer_email,items")
        path = f"/v1/orders/{stored['id']}"
        changed = self.api.must(200, "PATCH", path, {"order_status": "OTHER"})
        self.assertEqual((changed["order_status"], changed["customer_email"]), ("OTHER", None))

    def test_partial_orders_are_not_asked_for_them(self):
        made = self.server.command(
            "integration", "create", "--organisation", self.world.organisation_id,
            "--type", "ADYEN", "--name", "Feed", "--merchant", self.world.merchant_id,
        )  # fmt: skip
        self.settings("required_order_fields=customer_email,items")
        order = {
            "type": "PARTIAL",
            "organisation_id": self.world.organisation_id,
            "integration_id": made["id"],
            "reference_id": "partial",
            "transactions": [{"reference_id": "t"}],
        }
        self.post_order(order)

    def test_cancelling_is_allowed_and_forbidden_at_once(self):
        for allowed in ("true", "false"):
            self.settings(f"cancel_actions={allowed}")
            alert = self.api.must(201, "POST", "/v1/simulate/alerts", self.world.alert())
            answer = self.api.patch(f"/v1/alerts/{alert['id']}", {"action": "CANCEL"})
            if allowed == "true":
                self.assertEqual(answer.json()["subscription_cancel_outcome"], "CANCELLED")
            else:
                self.assert_error(answer, 422, "ACTION_NOT_SUPPORTED")


class EraseCommandTest(CommandCase):
    def erase(self, *words: str, world: World | None = None) -> int:
        organisation = (world or self.world).organisation_id
        answer = self.server.command("order", "erase", "--organisation", organisation, *words)
        self.assertEqual(answer.keys(), {"orders_erased"})
        return answer["orders_erased"]

    def read(self, order: dict) -> dict:
        return self.api.must(200, "GET", f"/v1/orders/{order['id']}")

    def expected(self, order: dict) -> dict:
        """What is left of an order as GET shows it (docs/operations.md)."""
        left = order | dict.fromkeys(CUSTOMER) | {"communications": []}
        gone = dict.fromkeys(PERSONAL_IN_DELIVERIES)
        left["deliveries"] = [delivery | gone for delivery in order["deliveries"]]
        return left

    def assert_erased(self, order: dict):
        shown = self.read(order)
        self.assertEqual(shown, self.expected(order) | {"updated_at": shown["updated_at"]})

    def test_all_that_is_said_about_the_customer_is_gone_and_the_rest_stays(self):
        for words in (("--reference-id", "mine"), ("--customer-email", "Casey.JORDAN@example.com")):
            with self.subTest(words[0]):
                self.world = make_customer(self.api)
                mine = self.post_order(full_order(self.world, "mine"))
                other = full_order(self.world, "other") | {"customer_email": "other@example.com"}
                other["transactions"] = []
                for name in ("refunds", "disputes"):
                    del other[name][0]["original_transaction_reference_id"]
                kept = self.post_order(other)
                self.assertEqual(self.erase(*words), 1)
                self.assert_erased(mine)
                self.assertEqual(self.read(kept), kept)
                self.assertEqual(self.erase(*words), 0, "nothing is left to erase")

    def test_a_reference_is_meant_exactly_in_every_integration(self):
        body = {
            "organisation_id": self.world.organisation_id, "name": "Second",
            "type": "CUSTOM_ORDERS", "merchant_ids": [self.world.merchant_id],
        }  # fmt: skip
        second = self.api.must(201, "POST", "/v1/integrations", body)["id"]
        meant = [full_order(self.world, "mine"),
                 full_order(self.world, "mine") | {"integration_id": second}]  # fmt: skip
        meant = [self.post_order(order) for order in meant]
        others = [
            self.post_order(plain_order(self.world, reference) | {"customer_id": "c"})
            for reference in ("Mine", "mine ", "mine-2")
        ]
        self.assertEqual(self.erase("--reference-id", "mine"), len(meant))
        for order in meant:
            self.assert_erased(order)
        for order in others:
            self.assertEqual(self.read(order), order)

    def test_another_organisation_is_left_alone(self):
        other = make_customer(self.api)
        kept = self.post_order(full_order(other, "mine"))
        self.post_order(full_order(self.world, "mine"))
        self.assertEqual(self.erase("--customer-email", CUSTOMER["customer_email"]), 1)
        self.assertEqual(self.read(kept), kept)
        self.assertEqual(self.erase("--reference-id", "nothing", world=other), 0)

    def test_more_orders_than_one_page(self):
        """One customer's orders lie among those of others, over three pages."""
        count = 2 * ERASE_PAGE + 50
        orders = [
            plain_order(self.world, f"many-{number}")
            | {"customer_email": f"{'a' if number % 3 else 'b'}@example.com", "customer_id": "c"}
            for number in range(count)
        ]
        for at in range(0, count, 100):
            self.api.must(201, "POST", "/v1/orders", orders[at : at + 100])
        erased = sum(order["customer_email"] == "a@example.com" for order in orders)
        self.assertGreater(erased, ERASE_PAGE)
        self.assertEqual(self.erase("--customer-email", "a@example.com"), erased)
        shown = self.everything()
        self.assertEqual(len(shown), count)
        for order in orders:
            stored = shown[order["reference_id"]]
            is_left = order["customer_email"] == "b@example.com"
            self.assertEqual(stored["customer_id"], "c" if is_left else None)
            self.assertEqual(stored["customer_email"], "b@example.com" if is_left else None)
        self.assertEqual(self.erase("--customer-email", "a@example.com"), 0)
        self.assertEqual(self.audited(), erased)

    def everything(self) -> dict:
        path = f"/v1/orders?organisation_id={self.world.organisation_id}&limit=1000"
        found = self.items(path) + self.items(f"{path}&offset=1000")
        return {order["reference_id"]: order for order in found}

    def audited(self) -> int:
        """How many orders the audit rows of the organisation tell of; none says whose they were."""
        with open_rows(self.server.database) as rows:
            all_rows = rows.audit()
        own = [row for row in all_rows if row[0] == self.world.organisation_id]
        for _, _, detail in own:
            self.assertNotIn("example.com", detail)
        erased = [detail for _, action, detail in own if action == "order.erase"]
        return sum(int(detail.split()[0]) for detail in erased)

    def test_an_audit_row_is_written_when_something_was_erased(self):
        self.post_order(full_order(self.world, "mine"))
        self.erase("--reference-id", "other")
        self.assertEqual(self.audited(), 0)
        self.erase("--reference-id", "mine")
        self.assertEqual(self.audited(), 1)

    def test_an_erased_order_can_be_changed_and_erased_again(self):
        stored = self.post_order(full_order(self.world, "mine"))
        self.erase("--reference-id", "mine")
        path = f"/v1/orders/{stored['id']}"
        self.api.must(200, "PATCH", path, {"customer_phone": "1", "order_status": "OTHER"})
        self.assertEqual(self.erase("--reference-id", "mine"), 1)
        shown = self.read(stored)
        self.assertEqual((shown["customer_phone"], shown["order_status"]), (None, "OTHER"))

    def test_bad_input_is_refused(self):
        self.post_order(full_order(self.world, "mine"))
        own = ("order", "erase", "--organisation", self.world.organisation_id)
        self.assert_fails(*own)
        self.assert_fails(*own, "--reference-id", "mine", "--customer-email", "a@example.com")
        self.assert_fails("order", "erase", "--reference-id", "mine")
        for id in (NOBODY["org"], "nonsense", "", self.world.merchant_id):
            self.assert_fails("order", "erase", "--organisation", id, "--reference-id", "mine")
        self.assert_unreadable(*own, "--reference-id")
        self.assert_unreadable(*own, "--phone", "1")
        self.assert_unreadable("order", "show", "mine")
        found = self.items(f"/v1/orders?organisation_id={self.world.organisation_id}")
        self.assertEqual(found[0]["customer_email"], CUSTOMER["customer_email"])


class EraseCommandOnPostgresTest(OnPostgres, EraseCommandTest):
    """The same on the other engine."""


class HelpTest(CommandCase):
    def test_every_command_explains_itself(self):
        for words in (
            ["integration", "create"], ["organisation", "settings"], ["order", "erase"],
        ):  # fmt: skip
            done = self.server.run(*words, "--help")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("--database", done.stdout)

    def test_options_can_come_from_the_environment(self):
        environment = {
            "PARRY_ORGANISATION": self.world.organisation_id,
            "PARRY_TYPE": "SHOPIFY",
            "PARRY_NAME": "From the environment",
            "PARRY_MERCHANT": self.world.merchant_id,
        }
        made = self.server.command("integration", "create", environment=environment)
        shown = self.api.must(200, "GET", f"/v1/integrations/{made['id']}")
        self.assertEqual((shown["type"], shown["name"]), ("SHOPIFY", "From the environment"))

    def test_an_answer_is_one_json_object_on_one_line(self):
        done = self.server.run("organisation", "settings", self.world.organisation_id)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.endswith("\n"))
        self.assertEqual(json.loads(done.stdout)["id"], self.world.organisation_id)
