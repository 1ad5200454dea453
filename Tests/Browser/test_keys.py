"""API keys: made on the page, used at once, replaced and revoked; and what is asked before."""

import re
import subprocess

from playwright.sync_api import expect

from parry_browser.cases import WindowCase
from parry_browser.database import Sessions
from parry_browser.examine import problems_of
from parry_browser.window import Window
from parry_outside.api import Api
from parry_outside.cases import wait_until

KEY = re.compile(r"^cbs_[A-Za-z0-9]{20,}$")
REVOKED_SECONDS_MAX = 5


class KeyTest(WindowCase):
    @classmethod
    def prepare(cls):
        cls.stage.furnish()

    def setUp(self):
        self.person = self.stage.people["administrator"]
        self.keys = f"{self.person.home}/keys"

    def new_key(self, window: Window, name: str, preset: str = "", **fields) -> str:
        """Makes a key; what the page shows of it once."""
        window.open(f"{self.keys}/new" + (f"?preset={preset}" if preset else ""))
        window.page.fill("input[name=name]", name)
        for ability in fields.get("abilities", ()):
            window.page.check(f"input[name=ability][value='{ability}']")
        window.page.get_by_role("button", name="Make the key").click()
        secret = window.page.locator("#secret").inner_text()
        self.assertRegex(secret, KEY)
        return secret

    def status(self, key: str, path: str = "/v1/integrations", method: str = "GET") -> int:
        with Api(self.stage.base, key) as api:
            return api.call(method, path).status

    def test_a_key_is_made_on_the_page_and_used_with_curl(self):
        window = self.window(self.person)
        secret = self.new_key(window, "curl, by hand", "onboarding")
        self.assertEqual(problems_of(window), [])
        command = window.page.locator("#command").inner_text()
        self.assertIn(secret, command)
        done = subprocess.run(
            ["bash", "-c", f"{command} -sS -w '\\n%{{http_code}}'"],
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        self.assertEqual(done.stdout.splitlines()[-1], "200", done)
        for path, status in (
            ("/v1/organisations", 200),
            ("/v1/alerts", 200),
            ("/v1/memberships", 403),
        ):
            self.assertEqual(self.status(secret, path), status, path)

    def test_the_copy_button_copies_the_key(self):
        window = self.window(self.person)
        window.context.grant_permissions(["clipboard-read", "clipboard-write"])
        secret = self.new_key(window, "copied", "steady")
        window.page.get_by_role("button", name="Copy", exact=True).click()
        expect(window.page.get_by_role("button", name="Copied")).to_be_visible()
        self.assertEqual(window.page.evaluate("navigator.clipboard.readText()"), secret)

    def test_a_key_is_shown_once(self):
        window = self.window(self.person)
        secret = self.new_key(window, "shown once", "steady")
        count = self.count("shown once")
        # Whoever reloads sends the form again: nothing more is made, and nothing shown.
        window.page.reload()
        self.assertNotIn(secret, window.page.content())
        self.assertEqual(self.count("shown once"), count)
        window.open(self.keys)
        window.page.get_by_role("link", name="shown once").click()
        window.page.wait_for_url("**/keys/key_*")
        self.assertNotIn(secret, window.page.content())

    def count(self, name: str) -> int:
        browser = self.stage.plain_browser(self.person)
        return browser.open(self.keys + "/export.csv").text.count(name)

    def test_what_is_not_chosen_the_key_may_not(self):
        window = self.window(self.person)
        window.open(f"{self.keys}/new")
        for box in window.page.locator("input[name=ability]").all():
            box.set_checked(box.get_attribute("value") == "orders:read")
        window.page.fill("input[name=name]", "reads orders")
        window.page.get_by_role("button", name="Make the key").click()
        secret = window.page.locator("#secret").inner_text()
        self.assertEqual(self.status(secret, "/v1/orders"), 200)
        self.assertEqual(self.status(secret, "/v1/alerts"), 403)

    def test_a_form_without_a_name_keeps_what_was_chosen(self):
        window = self.window(self.person, javascript=False)
        window.open(f"{self.keys}/new")
        window.page.check("input[name=ability][value='refunds:write']")
        # The browser itself would keep it back.
        window.page.fill("input[name=name]", "  ")
        window.page.get_by_role("button", name="Make the key").click()
        self.assertIn("The key has not been made yet", window.text)
        self.assertTrue(window.page.is_checked("input[name=ability][value='refunds:write']"))
        self.assertTrue(window.page.locator(".field-error").first.is_visible())

    def test_a_key_is_rotated_and_the_former_one_ends_at_once_when_asked(self):
        window = self.window(self.person)
        former = self.new_key(window, "to be rotated", "steady")
        window.open(self.keys)
        window.page.get_by_role("link", name="to be rotated").click()
        window.page.get_by_role("link", name="Rotate…").click()
        window.page.select_option("select[name=overlap_hours]", "0")
        window.page.get_by_role("button", name="Make the new key").click()
        secret = window.page.locator("#secret").inner_text()
        self.assertNotEqual(secret, former)
        self.assertEqual(self.status(secret), 200)
        self.assertTrue(wait_until(lambda: self.status(former) == 401, REVOKED_SECONDS_MAX))

    def test_a_key_is_revoked_after_a_question(self):
        window = self.window(self.person)
        secret = self.new_key(window, "to be revoked", "steady")
        self.assertEqual(self.status(secret), 200)
        window.open(self.keys)
        window.page.get_by_role("link", name="to be revoked").click()
        window.page.get_by_role("link", name="Revoke…").click()
        window.page.get_by_role("link", name="Keep it").click()
        self.assertEqual(self.status(secret), 200)
        window.page.get_by_role("link", name="Revoke…").click()
        window.page.get_by_role("button", name="Revoke the key").click()
        expect(window.page.get_by_role("status").first).to_contain_text("The key has ended.")
        self.assertTrue(wait_until(lambda: self.status(secret) == 401, REVOKED_SECONDS_MAX))

    def test_the_password_is_asked_for_when_it_was_given_long_ago(self):
        person = self.stage.people["admin"]
        window = self.window(person)
        Sessions(self.stage).age_confirmation(person)
        window.open(f"{person.home}/keys")
        window.page.get_by_role("link", name="New key").click()
        expect(window.page.locator("h1")).to_have_text("Your password, please")
        self.assertEqual(problems_of(window), [])
        window.give_password(person, "not the right password")
        expect(window.page.get_by_role("alert")).to_contain_text("password is wrong")
        window.give_password(person)
        window.page.wait_for_url(f"**{person.home}/keys/new")
        window.page.fill("input[name=name]", "after the password")
        # It was long ago again before the form was sent.
        Sessions(self.stage).age_confirmation(person)
        window.page.get_by_role("button", name="Make the key").click()
        expect(window.page.locator("h1")).to_have_text("Your password, please")
        browser = self.stage.plain_browser(person)
        self.assertNotIn("after the password", browser.open(f"{person.home}/keys").text)

    def test_an_organisations_key_is_made_without_javascript(self):
        person = self.stage.people["admin"]
        window = self.window(person, f"{person.home}/keys", javascript=False)
        window.page.get_by_role("link", name="New key").click()
        window.page.get_by_role("link", name="Steady state").click()
        window.page.get_by_role("button", name="Make the key").click()
        secret = window.page.locator("#secret").inner_text()
        self.assertEqual(self.status(secret, "/v1/orders"), 200)
        self.assertEqual(self.status(secret, "/v1/organisations"), 401)

    def test_who_may_not_make_keys_is_told_so(self):
        for role in ("member", "standard"):
            person = self.stage.people[role]
            window = self.window(person)
            self.assertEqual(window.page.get_by_role("link", name="API keys").count(), 0)
            window.open(f"{person.home}/keys", status=403)
            self.assertIn("Your role in this account does not include this.", window.text)
            window.open(f"{person.home}/keys/new", status=403)

    def test_what_is_done_is_in_the_audit_log_without_the_secret(self):
        window = self.window(self.person)
        secret = self.new_key(window, "audited", "steady")
        window.open(f"{self.person.home}/audit")
        row = window.page.locator("tr", has_text="audited").first
        expect(row).to_contain_text(self.person.name)
        self.assertNotIn(secret, window.page.content())
