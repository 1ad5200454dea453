"""From an empty installation to the first alert, on the dashboard's pages alone; TEST and LIVE are told apart."""

import re

from playwright.sync_api import expect

from parry_browser.cases import WindowCase
from parry_browser.examine import problems_of
from parry_browser.shop import Shop
from parry_browser.stage import GYM
from parry_browser.window import Window
from parry_outside.api import Api
from parry_outside.networks import Sale, text_of
from parry_outside.world import World


class SetUpTest(WindowCase):
    def id_in(self, window: Window, prefix: str) -> str:
        """The id that the address names."""
        found = re.search(rf"{prefix}_\w+", window.path.rsplit("/", 1)[-1])
        self.assertIsNotNone(found, window.path)
        return found[0]

    def press(self, window: Window, name: str):
        window.page.get_by_role("button", name=name, exact=True).click()

    def walk(self, window: Window) -> tuple[Api, World, str]:
        """What the guide has a partner do first, in its order; a key, what was made, and the account."""
        page = window.page
        window.open("/dashboard/installation/partners/new")
        page.fill("input[name=name]", "New Partner Ltd")
        page.select_option("select[name=mode]", "TEST")
        self.press(window, "Open the partner")
        page.wait_for_url("**/dashboard/ptnr_*")
        account = re.search(r"ptnr_\w+", window.path)[0]
        home = f"/dashboard/{account}"

        window.open(f"{home}/organisations/new")
        page.fill("input[name=name]", "Corner Bakery")
        self.press(window, "Create")
        organisation = self.id_in(window, "org")
        expect(page.locator("h1")).to_have_text("[TEST] Corner Bakery")

        window.open(f"{home}/merchants/new?organisation={organisation}")
        page.select_option("select[name=organisation_id]", organisation)
        page.fill("input[name=name]", "Corner Bakery shop")
        self.press(window, "Create")
        merchant = self.id_in(window, "mrch")

        window.open(f"{home}/integrations/new?organisation={organisation}")
        page.fill("input[name=name]", "Corner Bakery orders")
        page.check(f"input[value={merchant}]")
        self.press(window, "Create")
        feed = self.id_in(window, "int")

        enrolment = self.enrol(window, home, organisation, merchant)
        window.open(f"{home}/keys/new?preset=onboarding")
        self.press(window, "Make the key")
        key = page.locator("#secret").inner_text()
        api = self.enterContext(Api(self.stage.base, key))
        return api, World(organisation, merchant, feed, enrolment), home

    def enrol(self, window: Window, home: str, organisation: str, merchant: str) -> str:
        page = window.page
        window.open(f"{home}/enrolments/new?organisation={organisation}&type=ETHOCA_ALERT")
        box = page.locator(f"input[value={merchant}]")
        box.check()
        page.locator("input[name=descriptor]").first.fill("CORNERBAKERY")
        self.press(window, "Enrol")
        enrolment = self.id_in(window, "enrl")
        self.press(window, "Simulate: enable")
        expect(page.locator(".head .chip")).to_have_text(re.compile("Enabled|Live|Active"))
        return enrolment

    def test_the_guides_first_day_is_walked_without_javascript(self):
        window = self.window(self.stage.operator, javascript=False)
        api, world, home = self.walk(window)
        sale = Sale("CORNERBAKERY")
        api.must(201, "POST", "/v1/orders", [sale.order(world)])
        window.open(f"{home}/orders")
        window.page.get_by_role("link", name=sale.reference).click()
        self.assertIn("49.00 USD", window.text)

        window.open(f"{home}/enrolments/{world.enrolment_id}")
        self.simulate_alert(window, sale)
        window.open(f"{home}/alerts")
        row = window.page.locator("tr[data-id]")
        expect(row).to_have_count(1)
        expect(row).to_contain_text("49.00 USD")
        expect(row).to_contain_text(sale.transaction_id)
        (alert,) = api.must(200, "GET", "/v1/alerts")["items"]
        self.assertEqual(row.get_attribute("data-id"), alert["id"])

    def simulate_alert(self, window: Window, sale: Sale):
        page = window.page
        page.locator("input[name^=amount]").fill("49.00")
        page.check("input[name=match]")
        page.get_by_text("More about the transaction").click()
        for name, value in {
            "transaction_card_bin": "424242", "transaction_card_last4": sale.last4,
            "transaction_authorisation_code": sale.code,
            "transaction_authorised_at": text_of(sale.sold_at),
        }.items():  # fmt: skip
            page.fill(f"input[name={name}]", value)
        self.press(window, "Simulate an alert")

    def test_what_a_form_refuses_is_said_beside_the_field_and_nothing_is_lost(self):
        window = self.window(self.stage.operator)
        home = f"/dashboard/{self.stage.test.id}"
        window.open(f"{home}/organisations/new")
        # Longer than any name may be; the API refuses it in the same words.
        name = "x" * 300
        window.page.fill("input[name=name]", name)
        self.press(window, "Create")
        expect(window.page.locator(".field-error").first).to_be_visible()
        self.assertEqual(window.page.input_value("input[name=name]"), name)
        self.assertEqual(problems_of(window), [])

    def test_a_stale_form_says_what_has_changed(self):
        made = self.stage.api().must(201, "POST", "/v1/organisations", {"name": "Before"})
        home = f"/dashboard/{self.stage.test.id}"
        path = f"{home}/organisations/{made['id']}/edit"
        mine, theirs = (self.window(self.stage.operator, path) for _ in range(2))
        for window, name in ((theirs, "[TEST] Theirs"), (mine, "[TEST] Mine")):
            window.page.fill("input[name=name]", name)
            self.press(window, "Save")
        expect(mine.page.get_by_role("alert").first).to_contain_text("nothing has been saved")
        self.assertIn("[TEST] Theirs", mine.text)
        self.assertEqual(mine.page.input_value("input[name=name]"), "[TEST] Mine")
        self.assertEqual(problems_of(mine), [])
        shown = self.stage.api().must(200, "GET", f"/v1/organisations/{made['id']}")
        self.assertEqual(shown["name"], "[TEST] Theirs")
        self.press(mine, "Save")
        shown = self.stage.api().must(200, "GET", f"/v1/organisations/{made['id']}")
        self.assertEqual(shown["name"], "[TEST] Mine")


class ModeTest(WindowCase):
    def test_test_and_live_cannot_be_confused(self):
        test, live = self.window(self.stage.operator), self.window(self.stage.operator)
        test.open(f"/dashboard/{self.stage.test.id}/alerts")
        live.open(f"/dashboard/{self.stage.live.id}/alerts")
        colours = []
        for window, mode, sentence in (
            (test, "TEST", "Nothing here moves money or reaches a card network."),
            (live, "LIVE", "Real cardholders, real money."),
        ):
            banner = window.page.locator(".mode-banner")
            self.assertTrue(window.page.title().startswith(f"{mode} · "), window.page.title())
            expect(banner).to_have_text(re.compile(f"^{mode} {re.escape(sentence)}$"))
            colours.append(banner.evaluate("one => getComputedStyle(one).backgroundColor"))
        self.assertNotEqual(*colours)

    def test_the_choice_of_accounts_says_the_mode_of_each(self):
        window = self.window(self.stage.operator)
        for partner, mode in ((self.stage.test, "TEST"), (self.stage.live, "LIVE")):
            link = window.page.locator(f"a[href='/dashboard/{partner.id}']")
            expect(link).to_contain_text(mode)

    def test_a_live_account_simulates_nothing(self):
        shop = Shop(self.stage.api(self.stage.live.api_key), GYM, is_live=True)
        window = self.window(
            self.stage.operator,
            f"/dashboard/{self.stage.live.id}/enrolments/{shop.world.enrolment_id}",
        )
        self.assertNotIn("Simulate", window.text)

    def test_times_are_in_the_viewers_zone_with_utc_in_the_title(self):
        window = self.window(self.stage.operator, "/dashboard/profile", zone="Asia/Tokyo")
        time = window.page.locator("tbody time").first
        utc = time.get_attribute("datetime")
        self.assertRegex(utc, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        shown = time.inner_text()
        expected = time.evaluate(
            "one => new Date(one.dateTime).toLocaleString('sv', {timeZone: 'Asia/Tokyo'}).slice(0, 16)"
        )
        self.assertEqual(shown, expected)
        self.assertIn(f"{utc[:10]} {utc[11:19]} UTC", time.get_attribute("title"))
        self.assertIn("Asia/Tokyo", time.get_attribute("title"))
