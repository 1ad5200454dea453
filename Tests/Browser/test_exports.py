"""A list as a file holds exactly what is filtered, in both forms, and what the API says. Over plain sockets."""

import csv
import io

from parry_browser.cases import StageCase
from parry_browser.crawl import Place
from parry_browser.shop import Goods, Shop
from parry_browser.survey import survey

FORMULA = '=HYPERLINK("https://evil.example")'
AS_IN_THE_API = {
    "organisations": "/v1/organisations", "merchants": "/v1/merchants",
    "integrations": "/v1/integrations", "enrolments": "/v2/enrolments", "orders": "/v1/orders",
    "alerts": "/v1/alerts", "rulesets": "/v1/rulesets", "webhooks": "/v1/webhook-endpoints",
    "webhooks/events": "/v1/events",
}  # fmt: skip
"""Lists of an account, by the part of their address."""


class ExportTest(StageCase):
    @classmethod
    def prepare(cls):
        cls.stage.furnish()
        cls.browser = cls.stage.plain_browser(cls.stage.operator)
        cls.home = f"/dashboard/{cls.stage.test.id}"
        cls.found = survey(cls.browser, [cls.home, f"{cls.home}/alerts"], {cls.stage.test.id})

    def rows(self, path: str, query: str = "") -> tuple[list[dict], list[dict]]:
        """A list as CSV and as JSON."""
        table = self.browser.get(f"{path}/export.csv{query}")
        objects = self.browser.get(f"{path}/export.json{query}")
        self.assertEqual((table.status, objects.status), (200, 200))
        self.assertEqual(table.headers["Content-Type"], "text/csv; charset=utf-8")
        return list(csv.DictReader(io.StringIO(table.text, newline=""))), objects.json

    def test_both_files_of_every_list_say_the_same(self):
        tables = [place for place in self.found.pages if place.path.endswith("/export.csv")]
        self.assertGreaterEqual(len(tables), 12, tables)
        for place in tables:
            with self.subTest(place.address):
                path = place.path.removesuffix("/export.csv")
                query = "?" + place.query if place.query else ""
                table, objects = self.rows(path, query)
                self.assertEqual(
                    table,
                    [{name: self.cell(value) for name, value in one.items()} for one in objects],
                )
                self.assertTrue(
                    table or query or "redeliveries" in path, "an empty list shows little"
                )

    @staticmethod
    def cell(value) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        text = "" if value is None else str(value)
        return "'" + text if text[:1] in ("=", "+", "-", "@") and isinstance(value, str) else text

    def test_the_files_hold_what_the_api_lists(self):
        for part, path in AS_IN_THE_API.items():
            with self.subTest(part):
                query = "?view=all" if part == "alerts" else ""
                _, objects = self.rows(f"{self.home}/{part}", query)
                listed = self.stage.api().must(200, "GET", path + "?limit=1000")["items"]
                self.assertEqual({one["id"] for one in objects}, {one["id"] for one in listed})
                self.assertEqual(len(objects), len(listed))
                self.assert_same_words(objects, {one["id"]: one for one in listed})

    def assert_same_words(self, objects: list[dict], listed: dict[str, dict]):
        """A column that is called as a member of the API says what that says."""
        for one in objects:
            for name, value in one.items():
                other = listed[one["id"]].get(name)
                if isinstance(other, str | int | bool):
                    self.assertEqual(value, other, name)

    def test_filters_of_other_lists_reach_the_files_too(self):
        shop = self.stage.shop.id
        for part in ("merchants", "enrolments", "orders", "rulesets", "alerts"):
            query = f"?organisation={shop}" + ("&view=all" if part == "alerts" else "")
            with self.subTest(part):
                page = self.browser.open(f"{self.home}/{part}{query}")
                links = [one for one in page.read.links if "/export." in one]
                self.assertEqual(len(links), 2)
                for link in links:
                    self.assertIn(f"organisation={shop}", link)
                _, objects = self.rows(f"{self.home}/{part}", query)
                path = AS_IN_THE_API[part] + f"?limit=1000&organisation_id={shop}"
                listed = self.stage.api().must(200, "GET", path)["items"]
                self.assertEqual({one["id"] for one in objects}, {one["id"] for one in listed})

    def test_what_a_spreadsheet_would_run_is_text(self):
        Shop(self.stage.api(), Goods("Sheets", "SHEETS", "474747", "SHEETSCAID001"))
        merchant = self.stage.api().must(
            201, "POST", "/v1/merchants",
            {"organisation_id": self.stage.shop.id, "name": FORMULA, "type": "GENERIC"},
        )  # fmt: skip
        table, objects = self.rows(f"{self.home}/merchants")
        names = {one["id"]: one["name"] for one in table}
        self.assertEqual(names[merchant["id"]], "'" + FORMULA)
        self.assertEqual({one["id"]: one["name"] for one in objects}[merchant["id"]], FORMULA)

    def test_the_audit_log_says_who_did_what_and_is_filtered_alike(self):
        place = Place(f"{self.home}/audit")
        _, everything = self.rows(place.path)
        actions = {one["action"] for one in everything}
        self.assertIn("alert.update", actions)
        action = sorted(actions)[0]
        _, some = self.rows(place.path, f"?action={action}")
        self.assertEqual(some, [one for one in everything if one["action"] == action])
