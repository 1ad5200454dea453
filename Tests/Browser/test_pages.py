"""Every page that somebody can reach by links, looked at with axe, on a narrow screen and in the dark."""

from typing import ClassVar

from parry_browser.cases import WindowCase
from parry_browser.crawl import Crawl, Place
from parry_browser.examine import Examiner
from parry_browser.pictures import Album
from parry_browser.stage import Person

OF_ONE_KIND_MAX = 2
OUTSIDE = {"/v1/docs"}


class PagesTest(WindowCase):
    """Each person looks at every page, so that what a role hides is seen to be hidden well."""

    album: Album
    looked_at: ClassVar[set[str]] = set()

    @classmethod
    def prepare(cls):
        cls.stage.furnish()
        cls.album = cls.shared("album", Album)

    def walk(self, person: Person, starts: list[str], accounts: set[str]) -> list[Place]:
        window = self.window(person)
        examiner = Examiner(window, self.stage.modes)

        def visit(place: Place) -> list[str]:
            if place.is_file:
                self.assert_file(window, place)
                return []
            # In the dark and on a narrow screen each kind of page is looked at once.
            is_first = place.sort_of_query not in self.looked_at
            self.looked_at.add(place.sort_of_query)
            sight = examiner.look(place, is_thorough=is_first)
            with self.subTest(page=place.address, by=person.name):
                self.assertFalse(sight.problems, "\n" + "\n".join(sight.problems))
            if not place.query:
                self.album.take(window.page, place.name)
            return sight.links

        crawl = Crawl(self.stage.base, starts, accounts, OF_ONE_KIND_MAX)
        crawl.run(visit)
        self.assertEqual(crawl.outside - OUTSIDE, set(), "links lead out of the dashboard")
        return crawl.places

    def assert_file(self, window, place: Place):
        with self.subTest(file=place.address):
            answer = window.context.request.get(self.stage.base + place.address)
            self.assertEqual(answer.status, 200)
            self.assertIn("attachment; filename=", answer.headers.get("content-disposition", ""))

    @staticmethod
    def starts(account: str) -> list[str]:
        return [f"/dashboard/{account}", f"/dashboard/{account}/alerts"]

    def kinds(self, places: list[Place]) -> set[str]:
        return {place.kind for place in places}

    def test_the_operator_sees_good_pages(self):
        test = self.stage.test.id
        places = self.walk(
            self.stage.operator, ["/dashboard", *self.starts(test)], {test, self.stage.live.id}
        )
        self.assertIn("/dashboard/{ptnr}/alerts/{netalrt}", self.kinds(places))

    def test_the_administrator_of_a_partner_sees_good_pages(self):
        person = self.stage.people["administrator"]
        places = self.walk(person, self.starts(person.account), {person.account})
        self.assertNotIn("/dashboard/installation", self.kinds(places))

    def test_a_member_of_a_group_sees_good_pages(self):
        person = self.stage.people["member"]
        places = self.walk(person, self.starts(person.account), {person.account})
        self.assertNotIn("/dashboard/{grp}/keys", self.kinds(places))

    def test_an_admin_of_an_organisation_sees_good_pages(self):
        person = self.stage.people["admin"]
        places = self.walk(person, self.starts(person.account), {person.account})
        self.assertIn("/dashboard/{org}/keys", self.kinds(places))

    def test_a_standard_member_of_an_organisation_sees_good_pages(self):
        person = self.stage.people["standard"]
        places = self.walk(person, self.starts(person.account), {person.account})
        for hidden in ("keys", "webhooks", "people", "audit"):
            self.assertNotIn(f"/dashboard/{{org}}/{hidden}", self.kinds(places))

    def test_who_is_not_signed_in_sees_good_pages(self):
        window = self.window()
        examiner = Examiner(window, {})
        made = self.stage.server.command("user", "create", "--email", "join@example.com")
        for path in ("/dashboard/sign-in", "/dashboard/sign-in?notice=signed-out", "/dashboard/forgot",
                     made["path"]):  # fmt: skip
            place = Place(*path.partition("?")[::2])
            with self.subTest(path):
                problems = examiner.look(place).problems
                self.assertFalse(problems, "\n" + "\n".join(problems))
                self.album.take(window.page, place.name)
