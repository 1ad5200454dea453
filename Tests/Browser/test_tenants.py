"""Nobody sees or changes what belongs to somebody else, and what people write stays text. Over plain sockets."""

import re

from parry_browser.cases import StageCase
from parry_browser.crawl import ID, Place
from parry_browser.invitations import Inviter
from parry_browser.plain import PlainBrowser
from parry_browser.shop import Goods, Shop
from parry_browser.stage import Person, new_email
from parry_browser.survey import Survey, survey

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{chrome.formToken}}"
SECRETS = {
    "an API key": re.compile(r"cbs_[A-Za-z0-9]{20,}"),
    "a webhook secret": re.compile(r"whsec_[A-Za-z0-9_-]{20,}"),
    "a key of single sign-on": re.compile(r"sso_[A-Za-z0-9_-]{20,}"),
    "a hashed password": re.compile(r"scrypt|\$s0\$", re.IGNORECASE),
}


def starts(account: str) -> list[str]:
    return [f"/dashboard/{account}", f"/dashboard/{account}/alerts"]


class TenantTest(StageCase):
    @classmethod
    def prepare(cls):
        cls.stage.furnish()
        rival = cls.stage.server.create_partner("Rival AG", "TEST")
        cls.rival = rival
        shop = Shop(
            cls.stage.api(rival.api_key), Goods("Rival Gym", "RIVALGYM", "454545", "RIVALCAID0001")
        )
        shop.furnish(cls.stage.receiver)
        cls.rival_shop = shop
        cls.operator = cls.stage.plain_browser(cls.stage.operator)
        cls.theirs = survey(cls.operator, starts(rival.id), {rival.id}).within_accounts()

    def ids_of(self, found: Survey) -> set[str]:
        """Of everything that addresses name."""
        parts = {part for place in found.pages for part in place.path.split("/")}
        parts |= {part for form in found.actions for part in form.action.split("/")}
        return {part for part in parts if ID.match(part)}

    def test_the_survey_has_seen_every_kind_of_thing(self):
        kinds = {one.partition("_")[0] for one in self.ids_of(self.theirs)}
        wanted = {"ptnr", "grp", "org", "mrch", "int", "enrl", "ord", "netalrt", "rset", "whe",
                  "whd", "evt", "key"}  # fmt: skip
        self.assertEqual(wanted - kinds, set())
        self.assertEqual(self.theirs.broken, [])

    def browsers(self) -> dict[str, tuple[Person, PlainBrowser]]:
        people = self.stage.people
        return {role: (person, self.stage.plain_browser(person)) for role, person in people.items()}

    def test_another_partners_account_is_not_there_for_anybody_else(self):
        for role, (_, browser) in self.browsers().items():
            for place in self.theirs.pages:
                with self.subTest(role=role, path=place.address):
                    self.assert_not_here(browser.get(place.address))

    def test_the_installation_is_the_operators_alone(self):
        places = [one for one in survey(self.operator, ["/dashboard/installation"], set()).pages
                  if "/installation" in one.path]  # fmt: skip
        self.assertGreaterEqual(len(places), 4)
        for role, (_, browser) in self.browsers().items():
            for place in places:
                with self.subTest(role=role, path=place.address):
                    page = browser.get(place.address)
                    self.assertEqual(page.status, 403)
                    self.assertNotIn("Rival", page.text)

    def test_another_partners_things_are_not_in_ones_own_account(self):
        for role, (person, browser) in self.browsers().items():
            self.assert_not_reached(role, person, browser, self.theirs, self.rival.id)

    def assert_not_reached(self, role: str, person: Person, browser, found: Survey, account: str):
        own = f"/dashboard/{person.account}/"
        for place in found.pages:
            inner = place.path.removeprefix(f"/dashboard/{account}/")
            if any(ID.match(part) for part in inner.split("/")):
                with self.subTest(role=role, path=own + inner):
                    self.assert_not_here(browser.get(own + inner), or_forbidden=True)

    def assert_not_here(self, page, or_forbidden: bool = False):
        allowed = (404, 403) if or_forbidden else (404,)
        self.assertIn(page.status, allowed, page.words[:300])
        self.assertNotIn("Rival", page.text.replace(self.rival.id, ""))

    def test_no_form_reaches_another_partners_things(self):
        before = self.state()
        for role, (person, browser) in self.browsers().items():
            token = self.token(browser)
            for form in self.theirs.actions:
                if f"/{self.rival.id}/" not in form.action:
                    continue
                inner = form.action.removeprefix(f"/dashboard/{self.rival.id}/")
                fields = [one for one in form.fields if one[0] != "_token"] + [("_token", token)]
                for action in (form.action, f"/dashboard/{person.account}/{inner}"):
                    if action != form.action and not any(map(ID.match, inner.split("/"))):
                        continue
                    with self.subTest(role=role, action=action):
                        page = browser.send("POST", action, fields)
                        self.assertIn(page.status, (404, 403), page.words[:300])
        self.assertEqual(self.state(), before)

    def token(self, browser) -> str:
        return dict(browser.open("/dashboard/profile").form("/sign-out").fields)["_token"]

    def state(self) -> dict[str, str]:
        """What the rival sees of its own, as the files of its lists."""
        return {
            place.address: page.text
            for place in self.theirs.pages
            if place.is_file and "audit" not in place.path and "deliveries" not in place.path
            and "events" not in place.path and "keys" not in place.path
            for page in [self.operator.get(place.address)]
        }  # fmt: skip

    def test_another_partners_ids_in_a_form_or_filter_find_nothing(self):
        person = self.stage.people["administrator"]
        browser = self.stage.plain_browser(person)
        token = self.token(browser)
        alert = self.rival_shop.waiting()[0]
        shown = browser.send("POST", f"{person.home}/alerts/confirm",
                             {"_token": token, "id": alert, "action": "REFUND"})  # fmt: skip
        self.assertNotIn(alert[-8:], shown.words)
        acted = browser.send("POST", f"{person.home}/alerts/act",
                             {"_token": token, "id": alert, "action": "REFUND"})  # fmt: skip
        self.assertNotIn("RIVALGYM", acted.text)
        self.assertEqual(self.rival_shop.alert(alert)["status"], "ACTION_REQUIRED")
        for page in ("alerts", "orders", "rulesets", "merchants", "enrolments", "integrations"):
            for name in ("organisation", "merchant"):
                value = (self.rival_shop.id if name == "organisation"
                         else self.rival_shop.world.merchant_id)  # fmt: skip
                with self.subTest(page=page, name=name):
                    answer = browser.get(f"{person.home}/{page}?view=all&{name}={value}")
                    self.assertIn(answer.status, (200, 404))
                    self.assertNotIn("RIVALGYM", answer.text)
                    self.assertNotIn("Rival Gym", answer.text)

    def test_a_neighbour_in_the_same_partner_is_as_far_away(self):
        """The restricted group and the first shop's people do not see the second shop."""
        test, neighbour = self.stage.test.id, self.stage.neighbour
        found = survey(self.operator, starts(neighbour.id), {neighbour.id}).within_accounts()
        for role in ("member", "admin", "standard"):
            person = self.stage.people[role]
            browser = self.stage.plain_browser(person)
            for place in found.pages:
                with self.subTest(role=role, path=place.path):
                    self.assertEqual(browser.get(place.address).status, 404)
            for other in (f"/dashboard/{test}/alerts", f"/dashboard/{self.stage.live.id}/alerts"):
                self.assertEqual(browser.get(other).status, 404)
            self.assert_not_reached(role, person, browser, found, neighbour.id)
            home = browser.open(f"{person.home}/alerts?view=all")
            self.assertNotIn("NORTHWIND", home.text)
            self.assertIn("ACMEFIT", home.text)

    def test_an_account_that_was_taken_away_is_gone_at_once(self):
        inviter_name = "Fritz Former"
        inviter = Inviter(self.stage.plain_browser(self.stage.operator))
        group = self.stage.group_id
        person = Person(new_email(inviter_name), inviter_name, group)
        self.stage.join(
            inviter.to_group(self.stage.test.id, group, person.name, person.email), person
        )
        browser = self.stage.plain_browser(person)
        self.assertEqual(browser.get(f"/dashboard/{group}/alerts").status, 200)
        page = inviter.browser.open(f"/dashboard/{self.stage.test.id}/people/groups/{group}")
        links = re.findall(r'href="([^"]+)">Take out…<span class="hidden"> Fritz', page.text)
        self.assertEqual(len(links), 1)
        self.assertEqual(inviter.browser.submit(links[0], "/remove").status, 303)
        self.assertEqual(browser.get(f"/dashboard/{group}/alerts").status, 404)

    def test_no_secret_is_on_any_page_or_in_any_file(self):
        tests = survey(self.operator, ["/dashboard", *starts(self.stage.test.id)],
                       {self.stage.test.id})  # fmt: skip
        for found in (self.theirs, tests):
            for place, page in found.pages.items():
                for name, pattern in SECRETS.items():
                    with self.subTest(path=place.address, secret=name):
                        self.assertIsNone(pattern.search(page.text))
                self.assertNotIn(self.operator.cookies["parry_session"], page.text)


class HostileTest(StageCase):
    """What people and networks write is text, wherever it is shown."""

    @classmethod
    def prepare(cls):
        goods = Goods(HOSTILE, "HOSTILE", "464646", "HOSTILECAID01")
        cls.shop = Shop(cls.stage.api(), goods)
        cls.shop.furnish(cls.stage.receiver)
        cls.shop.endpoint(cls.stage.receiver.url("/x?%3Cscript%3E'&y=%22"))
        (alert, _) = cls.shop.open_alerts(2)
        cls.shop.act(alert, "REFUND", note=HOSTILE)
        hostile = cls.shop.strange_alert()
        cls.stage.api().must(200, "PATCH", f"/v1/alerts/{hostile['id']}", {"note": HOSTILE})
        cls.shop.sell(customer={"first_name": HOSTILE, "last_name": HOSTILE})
        cls.browser = cls.stage.plain_browser(cls.stage.operator)
        cls.group = cls.invite()

    @classmethod
    def invite(cls) -> str:
        inviter = Inviter(cls.browser)
        group = inviter.new_group(cls.stage.test.id, HOSTILE, [cls.shop.id])
        inviter.to_group(cls.stage.test.id, group, HOSTILE, "hostile@example.com")
        inviter.to_organisation(
            cls.shop.id, f"{HOSTILE} {HOSTILE}", "hostile2@example.com", "ADMIN"
        )
        return group

    def test_no_page_takes_it_for_its_own(self):
        test = self.stage.test.id
        shown = 0
        for accounts in ({test}, {self.shop.id}, {self.group}):
            (account,) = accounts
            found = survey(self.browser, ["/dashboard", *starts(account)], accounts)
            for place, page in found.pages.items():
                if not place.is_file:
                    with self.subTest(place.address):
                        self.assert_text(place, page)
                shown += page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;")
        self.assertGreater(shown, 50, "the hostile text was to be seen")

    def test_what_is_searched_for_is_shown_as_text(self):
        for page in ("alerts?q=", "orders?reference_id=", "audit?actor=", "keys?owner=", "keys?state=",
                     "merchants?q=", "organisations?q=", "webhooks/events?event_id=",
                     "alerts?merchant=", "alerts?view=", "rulesets?organisation="):  # fmt: skip
            path = f"/dashboard/{self.stage.test.id}/{page}"
            with self.subTest(page):
                answer = self.browser.get(path + "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22'")
                self.assertIn(answer.status, (200, 404))
                self.assert_text(Place(path), answer)

    def assert_text(self, place: Place, page):
        self.assertNotIn("<script>alert", page.text)
        self.assertNotIn("<img src=x", page.text)
        for tag, given in page.read.tags:
            hooks = [name for name in given if name.startswith("on")]
            self.assertEqual(hooks, [], f"{place.address}: {tag}")
            self.assertFalse(tag == "script" and "src" not in given, place.address)
            self.assertFalse((given.get("href") or "").startswith("javascript:"), place.address)
        token = dict(page.form("/sign-out").fields)["_token"]
        # Nor is it a template: the token stands in forms alone.
        self.assertEqual(page.text.count(token), page.text.count(f'value="{token}"'))
