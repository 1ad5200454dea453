"""Rulesets: written as a sentence, tried on past alerts beside it, saved, and not lost when somebody else saves."""

import time

from playwright.sync_api import expect

from parry_browser.cases import WindowCase
from parry_browser.examine import problems_of
from parry_browser.shop import Goods, Shop
from parry_browser.window import Window
from parry_outside.networks import text_of

DAY_SECONDS = 86_400


class RulesetTest(WindowCase):
    number = 0

    @classmethod
    def prepare(cls):
        cls.stage.furnish()

    def setUp(self):
        type(self).number += 1
        name = f"RULED{self.number:02}"
        self.api = self.stage.api()
        self.shop = Shop(self.api, Goods(f"Ruled {name}", name, "424242", f"{name}CAID00001"))
        self.person = self.stage.people["administrator"]
        self.path = f"{self.person.home}/rulesets"

    def count(self) -> int:
        path = f"/v1/rulesets?organisation_id={self.shop.id}"
        return self.api.must(200, "GET", path)["count"]

    def rules_of(self, ruleset_id: str) -> list[dict]:
        return self.api.must(200, "GET", f"/v1/rulesets/{ruleset_id}/rules")["items"]

    def write(self, window: Window, amount: str, descriptor: str | None = None):
        """Writes the sentence into the form, whose lines come one by one."""
        page = window.page
        if not page.locator("input.amount").count():
            page.get_by_role("button", name="Add a rule about the amount").click()
        page.fill("input.amount", amount)
        if descriptor:
            if not page.locator("input.text").count():
                page.get_by_role("button", name="Add a rule about the descriptor").click()
            page.locator("input.text").first.fill(descriptor)

    def new(self, window: Window):
        window.open(f"{self.path}/new?organisation={self.shop.id}")
        box = window.page.locator(f"input[name=enrolment][value={self.shop.world.enrolment_id}]")
        box.check()
        window.page.select_option("select[name=outcome]", "ACCEPT_DISPUTE")

    def save(self, window: Window):
        window.page.get_by_role("button", name="Save", exact=True).click()

    def test_a_ruleset_is_written_tried_and_saved(self):
        for amount in (2_000, 15_000, 30_000):
            (sale,) = self.shop.sell(amount=amount)
            self.shop.alert_about(sale)
        window = self.window(self.person)
        self.new(window)
        self.write(window, "100.00", "NOTHING LIKE IT")
        window.page.select_option("select[name=join]", "OR")
        window.page.get_by_role("button", name="Backtest").last.click()
        result = window.page.locator("section", has_text="Backtest")
        expect(result.locator("svg")).to_be_visible()
        self.assertEqual(problems_of(window), [])
        expect(result.locator("table").first).to_contain_text("2")
        # The same as the API says of such a draft.
        self.assertEqual(self.backtested(), 2)
        self.assertEqual(window.page.input_value("input.amount"), "100.00")
        self.assertEqual(self.count(), 0)
        self.save(window)
        window.page.wait_for_url("**/rulesets/rset_*")
        expect(window.page.locator(".sentence")).to_contain_text("greater than 100.00 USD")
        expect(window.page.locator(".sentence")).to_contain_text("NOTHING LIKE IT")
        ruleset = window.path.partition("?")[0].rsplit("/", 1)[1]
        amounts = [one["parameters"] for one in self.rules_of(ruleset) if one["type"] == "AMOUNT"]
        self.assertEqual(
            amounts,
            [{"operator": "GREATER_THAN", "currency_code": "USD", "amount_in_cents": 10_000}],
        )
        # It decides at once.
        (sale,) = self.shop.sell(amount=50_000)
        self.assertEqual(self.shop.alert_about(sale)["transaction_refund_outcome"], "NOT_REFUNDED")

    def backtested(self) -> int:
        """How many alerts the API says that such a draft would have decided."""
        body = {
            "from": text_of(time.time() - DAY_SECONDS), "to": text_of(time.time() + DAY_SECONDS),
            "organisation_id": self.shop.id, "enrolment_ids": [self.shop.world.enrolment_id],
            "outcome": "ACCEPT_DISPUTE", "join_operator": "OR", "rules": [
                {"type": "AMOUNT", "parameters": {"operator": "GREATER_THAN",
                 "currency_code": "USD", "amount_in_cents": 10_000}},
                {"type": "DESCRIPTOR", "parameters": {"descriptors": [
                    {"value": "NOTHING LIKE IT", "match_type": "STARTS_WITH"}]}},
            ],
        }  # fmt: skip
        answer = self.api.must(200, "POST", "/v1/rulesets/backtest", body)
        return answer["outcomes"][0]["alert_count"]

    def test_a_ruleset_is_edited_and_its_versions_are_kept(self):
        ruleset = self.shop.ruleset(self.shop.world.enrolment_id, above=7_500)
        window = self.window(self.person, f"{self.path}/{ruleset}")
        window.page.get_by_role("link", name="Edit").click()
        self.assertEqual(window.page.input_value("input.amount"), "75.00")
        self.write(window, "80.50")
        self.save(window)
        expect(window.page.locator(".sentence")).to_contain_text("80.50 USD")
        self.assertEqual(self.rules_of(ruleset)[0]["parameters"]["amount_in_cents"], 8_050)
        versions = window.page.locator("table", has_text="It said")
        expect(versions).to_contain_text("75.00 USD")
        expect(versions).to_contain_text(self.person.name)

    def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(self):
        window = self.window(self.person)
        self.new(window)
        self.write(window, "a lot", "ACME")
        self.save(window)
        expect(window.page.get_by_role("alert")).to_be_visible()
        self.assertEqual(window.page.input_value("input.amount"), "a lot")
        self.assertEqual(window.page.locator("input.amount").get_attribute("aria-invalid"), "true")
        self.assertEqual(window.page.locator("input.text").first.input_value(), "ACME")
        self.assertEqual(problems_of(window), [])

    def test_somebody_else_saved_meanwhile_and_it_is_said_what_and_who(self):
        ruleset = self.shop.ruleset(self.shop.world.enrolment_id, above=7_500)
        edit = f"{self.path}/{ruleset}/edit"
        mine, theirs = self.window(self.person, edit), self.window(self.stage.operator, edit)
        for window, amount in ((theirs, "90.00"), (mine, "60.00")):
            self.write(window, amount)
            self.save(window)
        alert = mine.page.get_by_role("alert")
        expect(alert).to_contain_text("Somebody saved it meanwhile")
        for words in (self.stage.operator.name, "75.00 USD", "90.00 USD", "60.00 USD"):
            expect(alert).to_contain_text(words)
        self.assertEqual(problems_of(mine), [])
        self.assertEqual(self.rules_of(ruleset)[0]["parameters"]["amount_in_cents"], 9_000)
        mine.page.get_by_role("button", name="Save mine over it").click()
        expect(mine.page.locator(".sentence")).to_contain_text("60.00 USD")
        self.assertEqual(self.rules_of(ruleset)[0]["parameters"]["amount_in_cents"], 6_000)

    def test_it_works_without_javascript(self):
        window = self.window(self.person, javascript=False)
        self.new(window)
        self.write(window, "12.34", "ACME")
        self.save(window)
        window.page.wait_for_url("**/rulesets/rset_*")
        self.assertIn("12.34 USD", window.page.locator(".sentence").inner_text())
        window.page.get_by_role("link", name="Delete").click()
        window.page.get_by_role("button", name="Delete the ruleset").click()
        self.assertEqual(self.count(), 0)

    def test_a_standard_member_reads_and_does_not_write(self):
        person = self.stage.people["standard"]
        window = self.window(person, f"{person.home}/rulesets")
        self.assertEqual(window.page.get_by_role("link", name="New ruleset").count(), 0)
        window.page.locator("td a[href*='/rulesets/rset_']").first.click()
        self.assertEqual(window.page.get_by_role("link", name="Edit").count(), 0)
        window.open(window.path.partition("?")[0] + "/edit", status=403)
