"""A partner's single sign-on: the page's own example program leads a member in, and nothing else does."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time

from parry_browser.cases import WindowCase
from parry_browser.examine import problems_of
from parry_browser.window import Window

MINUTE_SECONDS = 60


def encoded(document) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=")


def token(key: str, claims: dict, algorithm: str = "HS256", digest=hashlib.sha256) -> str:
    """A JWT of our own making, good or bad."""
    signed = encoded({"alg": algorithm, "typ": "JWT"}) + b"." + encoded(claims)
    code = hmac.new(key.encode(), signed, digest).digest()
    return (signed + b"." + base64.urlsafe_b64encode(code).rstrip(b"=")).decode()


class SignOnTest(WindowCase):
    @classmethod
    def prepare(cls):
        cls.stage.furnish()
        cls.member = "visitor@example.com"
        cls.stage.api().must(
            201, "POST", "/v1/memberships",
            {"organisation_id": cls.stage.shop.id, "first_name": "Vera", "last_name": "Visitor",
             "email": cls.member, "role": "STANDARD"},
        )  # fmt: skip

    def setUp(self):
        self.person = self.stage.people["administrator"]
        self.page = f"{self.person.home}/sign-on"
        self.path = f"/dashboard/sso/{self.stage.test.id}"

    def make_key(self, window: Window) -> str:
        window.open(self.page + "/key")
        window.page.get_by_role("button", name="Make the key").click()
        key = window.page.locator("#secret").inner_text()
        self.assertTrue(key.startswith("sso_"), key[:4])
        self.assertEqual(problems_of(window), [])
        return key

    def test_the_example_on_the_page_leads_a_member_in(self):
        window = self.window(self.person)
        key = self.make_key(window)
        window.open(self.page)
        example = window.page.locator("#example").inner_text()
        done = subprocess.run(
            [sys.executable, "-c", example, self.member], capture_output=True, text=True,
            env=os.environ | {"PARRY_SSO_KEY": key}, timeout=30,
        )  # fmt: skip
        self.assertEqual(done.stderr, "")
        visitor = self.window()
        visitor.open(done.stdout.strip().removeprefix(self.stage.base))
        self.assertTrue(visitor.path.startswith(f"/dashboard/{self.stage.shop.id}"), visitor.path)
        visitor.open(f"/dashboard/{self.stage.shop.id}/alerts")
        self.assertIn("Vera Visitor", visitor.text)
        visitor.open(f"/dashboard/{self.stage.neighbour.id}/alerts", status=404)
        # Another key ends what came by the former one.
        self.make_key(window)
        visitor.open("/dashboard/profile")
        self.assertTrue(visitor.path.startswith("/dashboard/sign-in"), visitor.path)

    def test_a_token_that_is_not_good_opens_nothing(self):
        key = self.make_key(self.window(self.person))
        now = int(time.time())
        good = {"iat": now, "user_email": self.member}
        bad = {
            "another key": token("sso_" + "A" * 43, good),
            "no signature": encoded({"alg": "none"}).decode() + "." + encoded(good).decode() + ".",
            "another algorithm": token(key, good, "HS512", hashlib.sha512),
            "too old": token(key, good | {"iat": now - 16 * MINUTE_SECONDS}),
            "not yet": token(key, good | {"iat": now + 5 * MINUTE_SECONDS}),
            "no time": token(key, {"user_email": self.member}),
            "no address": token(key, {"iat": now}),
            "no member": token(key, good | {"user_email": "nobody@example.com"}),
            "an administrator": token(key, good | {"user_email": self.person.email}),
            "an operator": token(key, good | {"user_email": self.stage.operator.email}),
            "nothing": "",
            "nonsense": "a.b.c",
        }
        for name, text in bad.items():
            with self.subTest(name):
                browser = self.stage.plain_browser()
                page = browser.get(f"{self.path}?token={text}")
                self.assertEqual((page.status, page.cookies), (403, []), page.words[:200])
        self.assertEqual(
            self.stage.plain_browser().get(f"{self.path}?token={token(key, good)}").status, 303
        )
        live = f"/dashboard/sso/{self.stage.live.id}?token={token(key, good)}"
        self.assertEqual(self.stage.plain_browser().get(live).status, 403)

    def test_who_has_no_password_is_asked_for_none(self):
        key = self.make_key(self.window(self.person))
        window = self.window()
        window.open(
            f"{self.path}?token={token(key, {'iat': int(time.time()), 'user_email': self.member})}"
        )
        window.open("/dashboard/confirm", status=403)
        self.assertIn("sign in from there again", window.text)
        window.open("/dashboard/profile")
        self.assertEqual(window.page.locator("input[type=password]").count(), 0)
