"""Signing in and out as a person sees it, in a real browser."""

import re
import time

from parry_browser.cases import WindowCase
from parry_browser.database import Sessions
from parry_browser.stage import PASSWORD, Person
from parry_outside.cases import wait_until
from parry_outside.server import temporary_folder

WRONG = "not the right password"
FREE_TRIES = 5
TRIES_MAX = 10
"""A slow machine lets the first short waits pass before the next try."""
WAIT_SECONDS_MAX = 60
MAIL_SECONDS_MAX = 20
LINKS_OF_CLIENT_MAX = 10
UNKNOWN_ACCOUNT = "ptnr_1ChHMUu4BbnvmMiw3cyfd3"


class SignInTest(WindowCase):
    def setUp(self):
        self.person = self.stage.new_operator("Grace Hopper")

    def test_the_right_password_opens_the_accounts(self):
        window = self.window()
        window.open("/dashboard")
        self.assertEqual(window.path.split("?")[0], "/dashboard/sign-in")
        window.give_password(self.person)
        window.page.wait_for_url("**/dashboard")
        self.assertEqual(window.page.locator("h1").inner_text(), "Accounts")
        self.assertIn(self.person.name, window.text)

    def test_a_wrong_password_is_said_to_be_wrong_and_the_address_stays(self):
        window = self.window(path="/dashboard/sign-in")
        window.give_password(self.person, WRONG)
        alert = window.page.get_by_role("alert")
        self.assertEqual(alert.inner_text(), "The e-mail address or the password is wrong.")
        self.assertEqual(window.page.input_value("input[name=email]"), self.person.email)
        self.assertEqual(window.page.input_value("input[name=password]"), "")

    def test_who_nobody_knows_is_told_the_same(self):
        window = self.window(path="/dashboard/sign-in")
        window.give_password(Person("nobody@example.com", "Nobody"))
        alert = window.page.get_by_role("alert")
        self.assertEqual(alert.inner_text(), "The e-mail address or the password is wrong.")

    def test_one_comes_back_to_the_page_that_was_asked_for(self):
        for asked in ("/dashboard/profile", "/dashboard?q=Pay%20%26%20GmbH&more=1"):
            with self.subTest(asked):
                window = self.window()
                window.open(asked)
                self.assertEqual(window.path.split("?")[0], "/dashboard/sign-in")
                window.give_password(self.person)
                window.page.wait_for_url("**" + asked)

    def test_too_many_wrong_passwords_are_slowed_down_and_the_right_one_works_after_the_wait(self):
        window = self.window(path="/dashboard/sign-in")
        alert = window.page.get_by_role("alert")
        tries = 0
        while tries < FREE_TRIES or "Too many tries" not in alert.inner_text():
            tries += 1
            self.assertLess(tries, TRIES_MAX)
            window.give_password(self.person, WRONG)
            window.page.wait_for_load_state()
        told = re.search(r"Try again in (\d+) seconds; the right password", alert.inner_text())
        # Two seconds at first; each wrong one after the free tries doubles them, and the refused one is none.
        self.assertIn(int(told[1]), range(1, 2 ** (tries - FREE_TRIES) + 1))
        self.assertIn("Your operator makes a link", alert.inner_text())
        # The wait is real time and short: the right password is refused like any other until it is over.
        refused = time.monotonic()
        while window.path.startswith("/dashboard/sign-in"):
            self.assertLess(time.monotonic() - refused, WAIT_SECONDS_MAX)
            window.give_password(self.person)
            window.page.wait_for_load_state()
        self.assertEqual(window.page.locator("h1").inner_text(), "Accounts")

    def test_somebody_else_is_not_slowed_down_by_it(self):
        window = self.window(path="/dashboard/sign-in")
        for _ in range(FREE_TRIES):
            window.give_password(self.person, WRONG)
            window.page.get_by_text("password is wrong").wait_for()
        self.window(self.stage.operator)

    def test_signing_out_ends_the_session(self):
        window = self.window(self.person)
        window.page.get_by_role("button", name="Sign out").click()
        window.page.get_by_text("You have signed out.").wait_for()
        window.open("/dashboard/profile")
        self.assertTrue(window.path.startswith("/dashboard/sign-in?next="), window.path)

    def test_a_session_is_seen_and_ended_from_another_browser(self):
        here, there = self.window(self.person), self.window(self.person)
        here.open("/dashboard/profile")
        rows = here.page.locator("section", has_text="Sessions").locator("tbody tr")
        self.assertGreaterEqual(rows.count(), 2)
        self.assertEqual(rows.filter(has_text="this one").count(), 1)
        others = rows.filter(has_not_text="this one")
        while others.count():
            others.first.get_by_role("button", name="End").click()
            here.page.get_by_text("The session has ended.").wait_for()
        there.open("/dashboard/profile?from=there")
        self.assertTrue(there.path.startswith("/dashboard/sign-in?next="), there.path)
        there.give_password(self.person)
        there.page.wait_for_url("**/dashboard/profile?from=there")

    def test_a_form_of_a_session_that_has_ended_changes_nothing_and_says_so(self):
        window = self.window(self.person, "/dashboard/profile")
        Sessions(self.stage).end(self.person)
        for name in ("password", "again"):
            window.page.fill(f"input[name={name}]", "a wholly new password")
        window.page.get_by_role("button", name="Change").click()
        window.page.get_by_text("Your session had ended, so nothing has been changed.").wait_for()
        window.give_password(self.person)
        window.page.wait_for_url("**/dashboard/profile")

    def test_a_new_password_is_set_on_the_profile_and_ends_the_other_sessions(self):
        person = self.stage.new_operator("Barbara Liskov")
        window, other = self.window(person, "/dashboard/profile"), self.window(person)
        for first, again, sentence in (
            ("short", "short", None),
            ("one long password", "another long password", "The two passwords differ."),
            ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "repeats a few characters"),
            ("one long password", "one long password", "Your password has been set."),
        ):
            window.page.fill("input[name=password]", first)
            window.page.fill("input[name=again]", again)
            window.page.get_by_role("button", name="Change").click()
            if sentence:
                window.page.get_by_text(sentence).wait_for()
            else:
                # The browser itself keeps it back.
                field = window.page.locator("input[name=password]")
                self.assertFalse(field.evaluate("field => field.checkValidity()"))
        other.open("/dashboard/profile")
        self.assertTrue(other.path.startswith("/dashboard/sign-in"), other.path)
        self.window(Person(person.email, person.name, password="one long password"))

    def test_the_password_is_asked_for_again_when_it_was_given_long_ago(self):
        window = self.window(self.person, "/dashboard/profile")
        Sessions(self.stage).age_confirmation(self.person)
        for name in ("password", "again"):
            window.page.fill(f"input[name={name}]", "a wholly new password")
        window.page.get_by_role("button", name="Change").click()
        window.page.get_by_role("heading", name="Your password, please").wait_for()
        self.assertIn("Nothing has been changed yet.", window.text)
        window.give_password(self.person, WRONG)
        window.page.get_by_text("password is wrong").wait_for()
        window.give_password(self.person)
        window.page.wait_for_url("**/dashboard/profile")
        self.window(self.person)

    def test_an_invitation_is_used_once(self):
        made = self.stage.server.command("user", "create", "--email", "once@example.com")
        window = self.window(path=made["path"])
        window.page.fill("input[name=password]", PASSWORD)
        window.page.fill("input[name=again]", PASSWORD)
        window.page.click("button.primary")
        window.page.get_by_text("Your password has been set.").wait_for()
        window.open(made["path"], status=404)
        self.assertIn("This link has been used or has ended.", window.text)

    def test_it_works_without_javascript(self):
        window = self.window(javascript=False)
        window.open("/dashboard/profile")
        window.give_password(self.person)
        window.page.wait_for_url("**/dashboard/profile")
        window.page.get_by_role("button", name="Sign out").click()
        window.page.get_by_text("You have signed out.").wait_for()

    def test_an_unknown_page_says_what_may_have_happened(self):
        window = self.window(self.person)
        for path, sentence in (
            ("/dashboard/profile/nonsense", "There is no such page."),
            (f"/dashboard/{UNKNOWN_ACCOUNT}/alerts", "There is no such account in"),
            (f"/dashboard/{self.stage.test.id}/nonsense", "There is no such page."),
        ):
            with self.subTest(path):
                window.open(path, status=404)
                self.assertIn(sentence, window.text)
                self.assertTrue(window.page.get_by_role("link", name="All accounts").is_visible())


class ForgottenTest(WindowCase):
    """With a command that takes mails: it keeps them in a folder, a file each."""

    LINK = re.compile(r"^http://alerts\.example\.com(/dashboard/join/\S{43})$", re.MULTILINE)
    SENTENCE = "If this address signs in here with a password, a mail with a link is on its way"

    @classmethod
    def setUpClass(cls):
        cls.mails = cls.enterClassContext(temporary_folder("parry-mails-"))
        cls.options = (
            "--mail-command", f"cd {cls.mails} && cat > .new$$ && mv .new$$ $$",
            "--mail-from", "Parry <parry@example.com>",
            "--public-url", "http://alerts.example.com", "--trusted-proxy", "127.0.0.1",
        )  # fmt: skip
        super().setUpClass()

    def mail_to(self, person: Person) -> str:
        def found() -> list[str]:
            texts = [one.read_text() for one in self.mails.glob("[0-9]*")]
            return [one for one in texts if f"\nTo: {person.email}\n" in one]

        self.assertTrue(wait_until(found, MAIL_SECONDS_MAX), self.stage.server.log_tail())
        return found()[0]

    def ask(self, email: str):
        window = self.window(path="/dashboard/sign-in")
        window.page.get_by_role("link", name="Forgot your password?").click()
        window.page.fill("input[name=email]", email)
        window.page.get_by_role("button", name="Mail me a link").click()
        window.page.get_by_text(self.SENTENCE).wait_for()
        return window

    def test_a_forgotten_password_is_set_anew_by_a_mail_and_ends_the_other_sessions(self):
        person = self.stage.new_operator("Frida Forgetful")
        other = self.window(person)
        window = self.ask(person.email.upper())
        mail = self.mail_to(person)
        self.assertIn("\nSubject: A new password for Parry\n", mail)
        path = self.LINK.search(mail)[1]
        window.open(path)
        for name in ("password", "again"):
            window.page.fill(f"input[name={name}]", "a wholly new password")
        window.page.click("button.primary")
        window.page.get_by_text("Other sessions of yours have ended.").wait_for()
        other.open("/dashboard/profile")
        self.assertTrue(other.path.startswith("/dashboard/sign-in"), other.path)
        window.open(path, status=404)
        self.window(Person(person.email, person.name, password="a wholly new password"))

    def test_who_is_not_known_is_told_the_same_and_gets_no_mail(self):
        self.ask("stranger@example.com")
        person = self.stage.new_operator("Kurt Known")
        self.ask(person.email)
        # Links are mailed in the order in which they were asked for.
        self.mail_to(person)
        texts = [one.read_text() for one in self.mails.glob("[0-9]*")]
        self.assertFalse([one for one in texts if "stranger" in one])

    def test_one_client_cannot_have_many_mails_sent(self):
        browser = self.stage.plain_browser()
        statuses = [
            browser.send(
                "POST", "/dashboard/forgot", {"email": f"a{number}@example.com"},
                X_Forwarded_For="192.0.2.7",
            ).status
            for number in range(LINKS_OF_CLIENT_MAX + 3)
        ]  # fmt: skip
        self.assertEqual(set(statuses[:LINKS_OF_CLIENT_MAX]), {303})
        self.assertEqual(statuses[-1], 429)


class HTTPSTest(WindowCase):
    is_https = True

    def test_over_https_the_session_is_in_a_cookie_that_no_script_reads(self):
        window = self.window(self.stage.operator, "/dashboard/profile")
        (cookie,) = window.context.cookies()
        self.assertEqual(cookie["name"], "__Host-parry_session")
        self.assertEqual(
            (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]),
            (True, True, "Lax", "/"),
        )
        self.assertEqual(window.page.evaluate("document.cookie"), "")
        self.assertIn("this one", window.text)
