"""What a hostile page, a thief or a neighbour can do to the dashboard: nothing. Over plain sockets."""

import re
import urllib.parse

from parry_browser.cases import StageCase
from parry_browser.database import Sessions, everything_stored
from parry_browser.plain import Form, Page
from parry_browser.stage import PASSWORD, Stage

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
ELSEWHERE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "https:evil.example", "javascript:alert(1)", "/%2f/evil.example", "%2f%2fevil.example",
    "/dashboard.evil.example", "/dashboardevil", "/dashboard\\evil", "/dashboard\r\nX-Evil: 1",
    "/dashboard\t/x", "/dashboard/é", " /dashboard", "/", "/v1/organisations",
    "/dashboard/" + "x" * 2_000, "http://127.0.0.1/dashboard",
)  # fmt: skip
"""Where `next` must not lead."""
SESSION = "parry_session"
LONG_SECONDS = 9 * 86_400
FREE_TRIES, TRIES_MAX = 5, 12
LONG_GUESSES = 12
"""So many wrong passwords make a wait that no machine is too slow for."""
LONGEST_WAIT_SECONDS = 300


class HeaderTest(StageCase):
    def test_every_answer_has_the_headers_that_keep_a_page_to_itself(self):
        browser = self.stage.plain_browser(self.stage.operator)
        for path in (
            "/dashboard",
            "/dashboard/sign-in",
            "/dashboard/profile",
            "/dashboard/nonsense",
        ):
            answer = browser.get(path)
            for name, value in FIXED.items():
                with self.subTest(path=path, header=name):
                    self.assertEqual(answer.headers.get_all(name), [value])

    def test_a_redirect_has_them_too(self):
        answer = self.stage.plain_browser().get("/dashboard")
        self.assertEqual(answer.status, 303)
        for name, value in FIXED.items():
            self.assertEqual(answer.headers.get_all(name), [value], name)

    def test_only_style_script_and_icon_are_kept_and_under_names_that_change_with_them(self):
        browser = self.stage.plain_browser()
        page = browser.open("/dashboard/sign-in")
        assets = set(re.findall(r'(?:href|src)="(/dashboard/assets/[^"]+)"', page.text))
        self.assertEqual(len(assets), 3, assets)
        for path in assets:
            answer = browser.get(path)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["Cache-Control"], "public, max-age=31536000, immutable")
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(browser.get("/dashboard/assets/style.css").status, 404)
        self.assertEqual(browser.get("/dashboard/assets/..%2f..%2fparry.db").status, 404)

    def test_no_page_has_a_script_or_style_of_its_own(self):
        browser = self.stage.plain_browser(self.stage.operator)
        for path in ("/dashboard", "/dashboard/profile", "/dashboard/sign-in"):
            for tag, given in browser.open(path).read.tags:
                self.assertNotIn("style", given, f"{path}: {tag}")
                self.assertFalse([one for one in given if one.startswith("on")], f"{path}: {tag}")
                self.assertFalse(tag == "style" or (tag == "script" and "src" not in given), path)


class FormTest(StageCase):
    """A form counts only when a page of this session was its sender."""

    def setUp(self):
        self.person = self.stage.new_operator("Mallory Target")
        self.browser = self.stage.plain_browser(self.person)
        self.form = self.browser.open("/dashboard/profile").form("/profile/password").filled(
            password="a wholly new password", again="a wholly new password"
        )  # fmt: skip

    def assert_refused(self, page: Page):
        self.assertEqual(page.status, 403, page.words[:300])
        self.assertIn("nothing has been changed", page.words)
        self.assertIn("FORM_EXPIRED", page.words)
        self.assertEqual(page.cookies, [])
        # The password is what it was.
        self.assertEqual(
            self.stage.plain_browser().sign_in(self.person.email, PASSWORD).status, 303
        )

    def test_it_needs_the_token_of_its_own_session(self):
        other = self.stage.plain_browser(self.stage.operator)
        foreign = dict(other.open("/dashboard/profile").form("/profile/password").fields)["_token"]
        for token in (None, "", "x", foreign, [foreign, dict(self.form.fields)["_token"]]):
            with self.subTest(token=token):
                self.assert_refused(self.browser.post(self.form.filled(_token=token)))

    def test_a_token_in_the_address_is_none(self):
        token = dict(self.form.fields)["_token"]
        form = self.form.filled(_token=None)
        form.action += "?" + urllib.parse.urlencode({"_token": token})
        self.assert_refused(self.browser.post(form))

    def test_it_must_not_come_from_another_site(self):
        for origin in (
            "https://evil.example", "null", f"https://{self.browser.host}.evil.example",
            f"http://evil.example/{self.browser.host}x", "http://127.0.0.1", "http://localhost",
        ):  # fmt: skip
            with self.subTest(origin=origin):
                self.assert_refused(self.browser.post(self.form, Origin=origin))

    def test_a_browser_that_tells_of_another_site_is_believed(self):
        for site in ("cross-site", "same-site"):
            with self.subTest(site=site):
                page = self.browser.post(self.form, Sec_Fetch_Site=site, Origin=None)
                self.assert_refused(page)

    def test_without_a_session_it_leads_to_signing_in(self):
        page = self.stage.plain_browser().post(self.form)
        self.assertEqual(page.status, 303)
        self.assertTrue(page.location.startswith("/dashboard/sign-in?"), page.location)

    def test_every_form_of_every_page_has_the_token(self):
        for path in ("/dashboard", "/dashboard/profile", "/dashboard/confirm"):
            page = self.browser.open(path)
            for form in page.read.forms:
                if form.method == "post":
                    self.assertIn("_token", form.names, f"{path}: {form.action}")
                else:
                    self.assertNotIn("_token", form.names, f"{path}: {form.action}")

    def test_a_change_cannot_be_asked_for_with_get(self):
        for path in ("/dashboard/sign-out", "/dashboard/profile/password"):
            with self.subTest(path):
                self.assertIn(self.browser.get(path).status, (404, 405))
        self.assertEqual(self.browser.get("/dashboard/profile").status, 200)

    def test_a_form_that_is_too_large_is_refused(self):
        page = self.browser.post(self.form.filled(again="x" * (1 << 20)))
        self.assertEqual(page.status, 413)
        self.assertIn("The form is too large", page.words)

    def test_a_form_that_cannot_be_read_is_answered(self):
        token = dict(self.form.fields)["_token"]
        for body in (b"\xff\xfe%zz=%", b"=&&=;", b"{}", b"", b"a" * 100_000):
            with self.subTest(body=body[:10]):
                answer = self.browser.send(
                    "POST", self.form.action, [("_token", token), ("x", body)]
                )
                self.assertEqual(answer.status, 422)


class SessionTest(StageCase):
    def setUp(self):
        self.person = self.stage.new_operator("Alan Session")
        self.browser = self.stage.plain_browser()
        self.answer = self.browser.sign_in(self.person.email, PASSWORD)

    def is_open(self, browser=None) -> bool:
        return (browser or self.browser).get("/dashboard/profile").status == 200

    def test_over_plain_http_the_cookie_is_for_this_machine_and_has_no_prefix(self):
        (cookie,) = self.answer.cookies
        self.assertRegex(
            cookie, rf"^{SESSION}=[A-Za-z0-9_-]{{43}}; Path=/; HttpOnly; SameSite=Lax$"
        )

    def test_each_sign_in_has_a_session_of_its_own(self):
        tokens = {
            self.stage.plain_browser(self.person).cookies[SESSION] for _ in range(3)
        } | {self.browser.cookies[SESSION]}  # fmt: skip
        self.assertEqual(len(tokens), 4)

    def test_a_session_that_somebody_else_chose_is_not_taken(self):
        chosen = "A" * 43
        for cookies in ({SESSION: chosen}, dict(self.browser.cookies)):
            victim = self.stage.plain_browser()
            victim.cookies = dict(cookies)
            victim.sign_in(self.person.email, PASSWORD)
            self.assertNotEqual(victim.cookies[SESSION], cookies[SESSION])
        attacker = self.stage.plain_browser()
        attacker.cookies = {SESSION: chosen}
        self.assertFalse(self.is_open(attacker))

    def test_after_signing_out_a_stolen_token_is_dead(self):
        thief = self.browser.copy()
        self.assertTrue(self.is_open(thief))
        page = self.browser.submit("/dashboard/profile", "/sign-out")
        self.assertRegex(page.cookies[0], rf"^{SESSION}=; .*Max-Age=0")
        self.assertFalse(self.is_open(thief))

    def test_after_the_password_was_given_again_the_former_token_is_dead(self):
        thief = self.browser.copy()
        page = self.browser.submit("/dashboard/confirm", "/confirm", password=PASSWORD)
        self.assertEqual(page.status, 303)
        self.assertEqual(len(page.cookies), 1)
        self.assertTrue(self.is_open())
        self.assertFalse(self.is_open(thief))

    def test_another_password_ends_every_other_session(self):
        thief = self.browser.copy()
        thief.cookies = dict(self.stage.plain_browser(self.person).cookies)
        words = "a wholly new password"
        page = self.browser.submit(
            "/dashboard/profile", "/profile/password", password=words, again=words
        )
        self.assertEqual(page.status, 303)
        self.assertTrue(self.is_open())
        self.assertFalse(self.is_open(thief))
        self.assertEqual(
            self.stage.plain_browser().sign_in(self.person.email, PASSWORD).status, 422
        )

    def test_nobody_ends_the_session_of_somebody_else(self):
        path = self.browser.open("/dashboard/profile").form("/end").action
        other = self.stage.plain_browser(self.stage.operator)
        token = dict(other.open("/dashboard/profile").form("/end").fields)["_token"]
        self.assertEqual(other.send("POST", path, {"_token": token}).status, 404)
        self.assertTrue(self.is_open())

    def test_who_was_taken_out_is_out_at_once(self):
        self.stage.server.command("user", "end", "--email", self.person.email)
        self.assertFalse(self.is_open())
        self.assertEqual(
            self.stage.plain_browser().sign_in(self.person.email, PASSWORD).status, 422
        )

    def test_a_session_that_was_not_used_for_long_has_ended(self):
        Sessions(self.stage).age(self.person, LONG_SECONDS)
        page = self.browser.get("/dashboard/profile")
        self.assertEqual(page.location, "/dashboard/sign-in?next=%2Fdashboard%2Fprofile")

    def test_tokens_are_not_in_the_database_or_the_log(self):
        token = self.browser.cookies[SESSION]
        server = self.stage.server
        stored = everything_stored(self.stage)
        self.assertNotIn(token.encode(), stored)
        self.assertNotIn(token, server.log_text())
        self.assertNotIn(PASSWORD, server.log_text())
        self.assertNotIn(PASSWORD.encode(), stored)

    def test_a_stranger_cookie_is_no_session(self):
        for value in ("", "x", "A" * 43, "A" * 5_000, "'; DROP TABLE person; --", "%00"):
            browser = self.stage.plain_browser()
            browser.cookies = {SESSION: value}
            self.assertFalse(self.is_open(browser))


class RedirectTest(StageCase):
    """No link that somebody gets by mail has the dashboard lead elsewhere."""

    def test_signing_in_leads_nowhere_else(self):
        person = self.stage.new_operator("Olga Redirect")
        for next in ELSEWHERE:
            with self.subTest(next=next[:60]):
                browser = self.stage.plain_browser()
                form = Form("/dashboard/sign-in", "post")
                page = browser.post(form.filled(email=person.email, password=PASSWORD, next=next))
                self.assertEqual((page.status, page.location), (303, "/dashboard"))
                shown = browser.get("/dashboard/sign-in?" + urllib.parse.urlencode({"next": next}))
                self.assertEqual(dict(shown.form("/sign-in").fields)["next"], "")
                self.assertNotIn("X-Evil", page.headers)

    def test_giving_the_password_again_leads_nowhere_else(self):
        browser = self.stage.plain_browser(self.stage.new_operator("Otto Redirect"))
        for next in ELSEWHERE[:5]:
            page = browser.submit("/dashboard/confirm", "/confirm", next=next, password=PASSWORD)
            self.assertEqual((page.status, page.location), (303, "/dashboard"), next)

    def test_where_somebody_came_from_leads_nowhere_else(self):
        form = Form("/dashboard/profile/password", "post", [("password", "x")])
        for referrer in (
            "https://evil.example/x", "https://evil.example//evil.example", "evil", "///",
            "https://evil.example/\\evil", "javascript:alert(1)",
        ):  # fmt: skip
            page = self.stage.plain_browser().post(form, Referer=referrer)
            query = urllib.parse.parse_qs(page.location.partition("?")[2], keep_blank_values=True)
            self.assertEqual(query, {"next": [""], "notice": ["expired"]}, referrer)

    def test_a_page_that_is_not_there_links_to_no_other_site(self):
        browser = self.stage.plain_browser(self.stage.operator)
        page = browser.get("/dashboard/nonsense", Referer="https://evil.example/dashboard/x")
        self.assertNotIn("evil.example", page.text)


class GuessingTest(StageCase):
    def setUp(self):
        self.person = self.stage.new_operator("Gus Guessed")

    def guess(self, email: str, password: str = "one more guess") -> Page:
        return self.stage.plain_browser().sign_in(email, password)

    def guess_until_refused(self, email: str) -> list[int]:
        """The status of each guess; a slow machine lets the first short waits pass."""
        answers = []
        while len(answers) < FREE_TRIES or answers[-1] != 429:
            self.assertLess(len(answers), TRIES_MAX)
            answers.append(self.guess(email).status)
        return answers

    def test_guesses_are_slowed_down_by_address_and_the_person_gets_in_afterwards(self):
        answers = self.guess_until_refused(self.person.email)
        self.assertEqual(set(answers[:FREE_TRIES]), {422})
        Sessions(self.stage).guess_just_now(self.person.email, LONG_GUESSES)
        page = self.guess(self.person.email, PASSWORD)
        self.assertEqual((page.status, page.cookies), (429, []))
        self.assertRegex(page.words, r"Try again in \d+ seconds; the right password will work then")
        self.assertEqual(self.guess(self.person.email.upper(), PASSWORD).status, 429)
        Sessions(self.stage).let_guess_again(self.person.email)
        self.assertEqual(self.guess(self.person.email, PASSWORD).status, 303)
        # What was wrong before is forgiven.
        self.assertEqual(self.guess(self.person.email).status, 422)
        self.assertEqual(self.guess(self.person.email, PASSWORD).status, 303)

    def test_the_wait_grows_and_has_an_end(self):
        self.guess_until_refused(self.person.email)
        waits = []
        for guesses in (7, 9, 11, 40):
            Sessions(self.stage).guess_just_now(self.person.email, guesses)
            page = self.guess(self.person.email, PASSWORD)
            self.assertEqual(page.status, 429)
            waits.append(int(re.search(r"Try again in (\d+) seconds", page.words)[1]))
        self.assertEqual(waits, sorted(set(waits)), waits)
        self.assertLessEqual(waits[-1], LONGEST_WAIT_SECONDS)

    def test_an_address_that_nobody_has_is_treated_the_same(self):
        answers = self.guess_until_refused("nobody-here@example.com")
        self.assertEqual(set(answers[:FREE_TRIES]), {422})


class HTTPSTest(StageCase):
    is_https = True

    def test_the_cookie_is_for_this_host_alone_and_never_without_tls(self):
        browser = self.stage.plain_browser()
        (cookie,) = browser.sign_in(self.stage.operator.email, PASSWORD).cookies
        self.assertRegex(
            cookie,
            r"^__Host-parry_session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure$",
        )
        self.assertEqual(browser.open("/dashboard/profile").status, 200)

    def test_a_cookie_without_the_prefix_is_none(self):
        browser = self.stage.plain_browser(self.stage.operator)
        browser.cookies = {SESSION: browser.cookies["__Host-parry_session"]}
        self.assertEqual(browser.get("/dashboard/profile").status, 303)


class PublicHostTest(StageCase):
    """Plain HTTP to more than this machine."""

    options = ("--host", "0.0.0.0")

    @classmethod
    def setUpClass(cls):
        """No operator can join here, so the stage is bare."""
        cls.stage = cls.shared("public", lambda: BareStage("--host", "0.0.0.0"))

    def test_nobody_signs_in(self):
        browser = self.stage.plain_browser()
        page = browser.open("/dashboard/sign-in")
        self.assertIn("Nobody can sign in over plain HTTP", page.words)
        self.assertEqual(page.read.forms, [])
        form = Form("/dashboard/sign-in", "post").filled(email="x@example.com", password=PASSWORD)
        answer = browser.post(form)
        self.assertEqual(answer.status, 403)
        self.assertIn("HTTPS_REQUIRED", answer.words)

    def test_no_invitation_is_taken(self):
        made = self.stage.server.command("user", "create", "--email", "x@example.com")
        form = Form(made["path"], "post").filled(password=PASSWORD, again=PASSWORD)
        answer = self.stage.plain_browser().post(form)
        self.assertEqual((answer.status, answer.cookies), (403, []))
        listed = self.stage.server.command("user", "list")["items"]
        self.assertFalse(listed[0]["has_password"])

    def test_no_single_sign_on_either(self):
        path = f"/dashboard/sso/{self.stage.test.id}?token=x"
        self.assertEqual(self.stage.plain_browser().get(path).status, 403)


class BareStage(Stage):
    def new_operator(self, name: str = ""):
        return None
