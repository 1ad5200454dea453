"""Webhook endpoints: added on the page, tried with a test event, watched, and repaired."""

import re

from playwright.sync_api import expect

from parry_browser.cases import WindowCase
from parry_browser.database import Sessions
from parry_browser.examine import problems_of
from parry_browser.window import Window
from parry_outside.receiver import Reply

SECONDS_MAX = 20
SECRET = re.compile(r"^whsec_[A-Za-z0-9_-]{20,}$")


class WebhookTest(WindowCase):
    number = 0

    @classmethod
    def prepare(cls):
        cls.stage.furnish()

    def setUp(self):
        type(self).number += 1
        self.person = self.stage.people["admin"]
        self.path = f"/mine-{self.number}"
        self.url = self.stage.receiver.url(self.path)
        self.list = f"{self.person.home}/webhooks"

    def add(self, window: Window) -> str:
        """Adds the endpoint; its page's address."""
        window.open(self.list)
        window.page.get_by_role("link", name="New endpoint").click()
        window.page.fill("input[name=url]", self.url)
        for event in ("alert.created", "alert.updated"):
            window.page.check(f"input[name=event_types][value='{event}']")
        window.page.get_by_role("button", name="Add", exact=True).click()
        window.page.wait_for_url("**/webhooks/whe_*")
        return window.path.partition("?")[0]

    def reveal(self, window: Window) -> str:
        window.page.get_by_role("button", name="Reveal").click()
        secret = window.page.locator("#secret-text").inner_text()
        self.assertRegex(secret, SECRET)
        return secret

    def received(self, count: int = 1):
        def mine(deliveries):
            return [one for one in deliveries if one.path == self.path]

        return mine(self.stage.receiver.wait_for(lambda all: len(mine(all)) >= count, SECONDS_MAX))

    def test_an_endpoint_is_added_and_gets_a_test_event_with_a_good_signature(self):
        window = self.window(self.person)
        page = self.add(window)
        self.assertIn("The endpoint is added.", window.text)
        secret = self.reveal(window)
        self.assertEqual(problems_of(window), [])
        self.stage.receiver.trust(secret, self.path)
        window.page.get_by_role("link", name="Hide").click()
        self.assertNotIn(secret, window.page.content())
        window.page.get_by_role("button", name="Send a test event").click()
        expect(window.page.locator("#test-result")).to_contain_text("200")
        self.assertEqual(problems_of(window), [])
        (delivery,) = self.received()
        self.assertIsNone(delivery.refusal)
        self.assertTrue(delivery.idempotency_key)
        # To reload the page sends nothing more.
        window.open(page)
        self.assertEqual(len(self.received()), 1)

    def test_a_real_event_comes_and_its_delivery_is_in_the_log(self):
        window = self.window(self.person)
        page = self.add(window)
        self.stage.receiver.trust(self.reveal(window), self.path)
        alert = self.stage.shop.strange_alert()
        (delivery,) = self.received()
        self.assertIsNone(delivery.refusal)
        self.assertEqual(delivery.event["data"]["object"]["id"], alert["id"])
        window.open(page)
        window.page.get_by_role("link", name="alert.created").first.click()
        window.page.wait_for_url("**/webhooks/deliveries/whd_*")
        self.assertIn(delivery.idempotency_key, window.text)
        window.page.get_by_role("button", name="Send again now").click()
        again = self.received(2)[1]
        self.assertEqual((again.body, again.idempotency_key, again.refusal),
                         (delivery.body, delivery.idempotency_key, None))  # fmt: skip

    def test_a_failed_test_event_says_what_was_answered(self):
        window = self.window(self.person)
        self.add(window)
        self.stage.receiver.reply_next(Reply(status=418), path=self.path)
        window.page.get_by_role("button", name="Send a test event").click()
        expect(window.page.locator("#test-result")).to_contain_text("418")

    def test_paused_it_is_silent_and_resumed_it_catches_up(self):
        window = self.window(self.person)
        page = self.add(window)
        self.stage.receiver.trust(self.reveal(window), self.path)
        window.open(page)
        window.page.get_by_role("button", name="Pause").click()
        expect(window.page.get_by_role("status").first).to_contain_text("Paused.")
        # Another endpoint hears of the alert; when it does, this one has been passed over.
        other = f"/{self.stage.shop.id}"
        alert = self.stage.shop.strange_alert()
        self.stage.receiver.wait_for(
            lambda all: any(one.path == other and alert["id"].encode() in one.body for one in all),
            SECONDS_MAX,
        )
        self.assertEqual(
            [one for one in self.stage.receiver.deliveries if one.path == self.path], []
        )
        window.page.get_by_role("button", name="Resume").click()
        (delivery,) = self.received()
        self.assertEqual(delivery.event["data"]["object"]["id"], alert["id"])

    def test_a_new_secret_signs_and_the_former_signs_besides(self):
        window = self.window(self.person)
        page = self.add(window)
        former = self.reveal(window)
        window.open(page)
        window.page.get_by_text("Make a new secret").first.click()
        window.page.get_by_role("button", name="Make a new secret").click()
        secret = window.page.locator("#secret-text").inner_text()
        self.assertNotEqual(secret, former)
        self.stage.receiver.trust(former, self.path)
        window.page.get_by_role("button", name="Send a test event").click()
        expect(window.page.locator("#test-result")).to_be_visible()
        (delivery,) = self.received()
        self.assertEqual(delivery.signature.count("v1="), 2)

    def test_the_secret_is_shown_only_soon_after_the_password(self):
        window = self.window(self.person)
        page = self.add(window)
        Sessions(self.stage).age_confirmation(self.person)
        window.page.get_by_role("button", name="Reveal").click()
        expect(window.page.locator("h1")).to_have_text("Your password, please")
        window.give_password(self.person)
        window.page.wait_for_url(f"**{page}*")
        self.reveal(window)
        window.open(f"{self.person.home}/audit")
        self.assertIn(page.rsplit("/", 1)[1], window.text)

    def test_a_bad_url_is_refused_beside_its_field_and_stays(self):
        window = self.window(self.person)
        window.open(f"{self.list}/new")
        window.page.check("input[name=event_types][value='alert.created']")
        window.page.fill("input[name=url]", "http://example.com/hook")
        window.page.get_by_role("button", name="Add", exact=True).click()
        expect(window.page.locator(".field-error").first).to_be_visible()
        self.assertEqual(window.page.input_value("input[name=url]"), "http://example.com/hook")
        self.assertTrue(window.page.is_checked("input[name=event_types][value='alert.created']"))
        self.assertEqual(problems_of(window), [])

    def test_a_stale_form_says_what_the_endpoint_is_now(self):
        mine = self.window(self.person)
        page = self.add(mine)
        mine.open(page)
        theirs = self.window(self.stage.operator, page)
        for window, url in ((theirs, self.url + "/theirs"), (mine, self.url + "/mine")):
            window.page.fill("input[name=url]", url)
            window.page.get_by_role("button", name="Save").click()
        alert = mine.page.get_by_role("alert")
        expect(alert).to_contain_text("Nothing has been saved: somebody changed this endpoint")
        expect(alert).to_contain_text(self.url + "/theirs")
        self.assertEqual(mine.page.input_value("input[name=url]"), self.url + "/mine")
        mine.page.get_by_role("button", name="Save").click()
        expect(mine.page.get_by_role("status").first).to_contain_text("Saved.")

    def test_it_works_without_javascript_and_is_deleted_after_a_question(self):
        window = self.window(self.person, javascript=False)
        page = self.add(window)
        self.stage.receiver.trust(self.reveal(window), self.path)
        window.page.get_by_role("button", name="Send a test event").click()
        self.assertIsNone(self.received()[0].refusal)
        window.open(page)
        window.page.get_by_role("link", name="Delete").click()
        window.page.get_by_role("button", name="Delete").click()
        window.open(page, status=404)
        self.assertIn("There is no such webhook endpoint in this account.", window.text)
