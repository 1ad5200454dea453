"""Every list: its page size, its order, its sorts, its filters, and who sees what in it."""

import time
from datetime import datetime, timedelta

from parry_outside.api import Api
from parry_outside.cases import OnPostgres
from parry_outside.contract import ContractCase
from parry_outside.documents import plain_order
from parry_outside.world import World, enable_enrolment, make_world

PAGE_DEFAULT = 100
SECOND = timedelta(seconds=1)


def make_organisation(api: Api, world: World, number: int) -> str:
    return api.must(201, "POST", "/v1/organisations", {"name": f"O {number}"})["id"]


def make_merchant(api: Api, world: World, number: int, name: str = "M") -> str:
    body = {"organisation_id": world.organisation_id, "name": name, "type": "GENERIC"}
    return api.must(201, "POST", "/v1/merchants", body)["id"]


def make_membership(api: Api, world: World, number: int) -> str:
    body = {
        "organisation_id": world.organisation_id,
        "first_name": "Kim",
        "last_name": "Lee",
        "email": f"kim{number}@example.com",
        "role": "STANDARD",
    }
    return api.must(201, "POST", "/v1/memberships", body)["id"]


def make_integration(api: Api, world: World, number: int) -> str:
    body = {
        "organisation_id": world.organisation_id,
        "name": "I",
        "type": "CUSTOM_ORDERS",
        "merchant_ids": [world.merchant_id],
    }
    return api.must(201, "POST", "/v1/integrations", body)["id"]


def make_enrolment(api: Api, world: World, number: int) -> str:
    return api.must(201, "POST", "/v2/enrolments", world.enrolment(f"E {number}"))["id"]


def make_order(api: Api, world: World, number: int) -> str:
    order = plain_order(world, f"order {number}")
    return api.must(201, "POST", "/v1/orders", [order])["results"][0]["id"]


def make_alert(api: Api, world: World, number: int) -> str:
    return api.must(201, "POST", "/v1/simulate/alerts", world.alert())["id"]


def make_ruleset(api: Api, world: World, number: int) -> str:
    body = {
        "organisation_id": world.organisation_id,
        "enrolment_ids": [make_enrolment(api, world, number)],
        "outcome": "REFUND",
        "join_operator": "AND",
    }
    return api.must(201, "POST", "/v1/rulesets", body)["id"]


def make_notice(api: Api, world: World, number: int) -> str:
    body = {"organisation_id": world.organisation_id}
    return api.must(201, "POST", "/v1/simulate/scheme-notices", body)["id"]


def make_lookup(api: Api, world: World, number: int) -> str:
    body = {"organisation_id": world.organisation_id}
    return api.must(201, "POST", "/v1/simulate/lookups", body)["id"]


def next_millisecond(make) -> str:
    """What is made now is newer than everything before: the platform's times are milliseconds."""
    time.sleep(0.002)
    return make()


LISTS = {
    "/v1/organisations": make_organisation,
    "/v1/merchants": make_merchant,
    "/v1/memberships": make_membership,
    "/v1/integrations": make_integration,
    "/v2/enrolments": make_enrolment,
    "/v1/enrolments": make_enrolment,
    "/v1/orders": make_order,
    "/v1/alerts": make_alert,
    "/v1/rulesets": make_ruleset,
    "/v1/scheme-notices": make_notice,
    "/v1/lookups": make_lookup,
}
"""Each list, and what adds one to it."""

SORTS = {
    "/v1/merchants": ("name", "type", "created_at", "updated_at"),
    "/v1/orders": ("created_at", "order_datetime"),
    "/v1/alerts": ("alert_received_at", "action_required_deadline"),
    "/v1/rulesets": ("created_at", "updated_at"),
    "/v1/scheme-notices": ("reported_at",),
    "/v1/lookups": ("created_at",),
}
SCOPED = [path for path in LISTS if path not in ("/v1/organisations", "/v1/integrations")]
"""Those with a filter `organisation_id`."""


class PageTest(ContractCase):
    """A partner of its own, whose lists are long; the tests only read."""

    COUNT = PAGE_DEFAULT + 1
    """So many objects each list has at the least."""

    LAST = 3
    """So many of them are made one after another, each in a millisecond of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls.server.create_partner("Pages")
        with Api(cls.server.base, cls.reader.api_key) as api:
            world = make_world(api)
            # Rulesets make enrolments and therefore come first.
            cls.made = {path: cls.fill(api, world, path) for path in reversed(LISTS)}

    @classmethod
    def fill(cls, api: Api, world: World, path: str) -> list[str]:
        """The ids of the objects that were made last, in the order they were made."""
        count = api.must(200, "GET", path)["count"]
        for number in range(count, cls.COUNT):
            LISTS[path](api, world, number)
        return [
            next_millisecond(lambda: LISTS[path](api, world, count + cls.COUNT + number))
            for number in range(cls.LAST)
        ]

    def setUp(self):
        self.api = self.new_api(self.reader.api_key)

    def whole(self, path: str) -> list[dict]:
        page = self.api.must(200, "GET", f"{path}{'&' if '?' in path else '?'}limit=1000")
        self.assertEqual(page["count"], len(page["items"]))
        self.assertGreaterEqual(page["count"], self.COUNT)
        return page["items"]

    def test_a_page_has_100_items_unless_told(self):
        for path in LISTS:
            with self.subTest(path):
                whole = self.whole(path)
                page = self.api.must(200, "GET", path)
                self.assertEqual(page["items"], whole[:PAGE_DEFAULT])
                self.assertEqual(page["count"], len(whole))

    def test_the_newest_comes_first(self):
        for path, made in self.made.items():
            if path == "/v1/enrolments":
                made = self.made["/v2/enrolments"]  # the same ones, and these were made later
            with self.subTest(path):
                whole = self.whole(path)
                self.assertEqual([item["id"] for item in whole[: self.LAST]], made[::-1])
                times = [item["created_at"] for item in whole]
                self.assertEqual(times, sorted(times, reverse=True))

    def test_pages_do_not_overlap_and_leave_nothing_out(self):
        """In every order: what ties in it is told apart by the id."""
        for path in LISTS:
            fields = SORTS.get(path, ())
            for sort in ("", *fields, *(f"-{field}" for field in fields)):
                with self.subTest(path, sort=sort):
                    sorted_path = f"{path}?sort={sort}" if sort else path
                    self.assertEqual(self.paged(sorted_path), self.whole(sorted_path))

    def paged(self, path: str) -> list[dict]:
        """The whole list, page by page."""
        size = self.COUNT // 3
        found, count, join = [], 1, "&" if "?" in path else "?"
        while len(found) < count:
            query = f"{path}{join}limit={size}&offset={len(found)}"
            page = self.api.must(200, "GET", query)
            count = page["count"]
            self.assertEqual(len(page["items"]), min(size, count - len(found)))
            found += page["items"]
        ids = [item["id"] for item in found]
        self.assertEqual(len(set(ids)), len(ids), "a page overlaps another")
        beyond = self.api.must(200, "GET", f"{path}{join}offset={count}")
        self.assertEqual(beyond, {"items": [], "count": count})
        return found


class PageOnPostgresTest(OnPostgres, PageTest):
    """The same on the other engine, with short lists."""

    COUNT = 11
    test_a_page_has_100_items_unless_told = None


class SortTest(ContractCase):
    """Each sort goes by its own field: no two fields put these objects in the same order."""

    @property
    def mine(self) -> str:
        return f"organisation_id={self.world.organisation_id}"

    def assert_sorted(self, path: str, field: str, ascending: list[str]):
        with self.subTest(path, field=field):
            self.assertEqual(self.ids(f"{path}?{self.mine}&sort={field}"), ascending)
            descending = self.ids(f"{path}?{self.mine}&sort=-{field}")
            self.assertEqual(descending, ascending[::-1])

    def test_merchants(self):
        body = {"organisation_id": self.world.organisation_id}
        first = self.world.merchant_id
        b, c, d = (
            self.made("/v1/merchants", body | {"name": name, "type": type})
            for name, type in (("mike", "STRIPE"), ("alpha", "PAYPAL"), ("zulu", "ADYEN"))
        )
        change = {"name": "bravo"}
        next_millisecond(lambda: self.api.must(200, "PATCH", f"/v1/merchants/{first}", change))
        self.assert_sorted("/v1/merchants", "name", [c, first, b, d])
        self.assert_sorted("/v1/merchants", "type", [d, first, c, b])
        self.assert_sorted("/v1/merchants", "created_at", [first, b, c, d])
        self.assert_sorted("/v1/merchants", "updated_at", [b, c, d, first])

    def made(self, path: str, body: dict) -> str:
        return next_millisecond(lambda: self.api.must(201, "POST", path, body)["id"])

    def several(self, path: str, count: int = 3) -> list[str]:
        return [
            next_millisecond(lambda: LISTS[path](self.api, self.world, number))
            for number in range(count)
        ]

    def test_orders(self):
        days = {"a": "2026-02-03", "b": "2026-02-01", "c": "2026-02-02"}
        orders = {}
        for key, day in days.items():
            order = plain_order(self.world, key) | {"order_datetime": f"{day}T00:00:00Z"}
            orders[key] = next_millisecond(lambda: self.post_order(order)["id"])
        self.assert_sorted("/v1/orders", "created_at", list(orders.values()))
        by_day = [orders[key] for key in "bca"]
        self.assert_sorted("/v1/orders", "order_datetime", by_day)

    def test_alerts(self):
        """One that has no deadline comes last, whichever the direction (docs/api.md)."""
        waiting = self.several("/v1/alerts", 2)
        rdr = self.world.alert() | {"enrolment_id": self.rdr_enrolment(self.world), "status": None}
        never = self.made("/v1/simulate/alerts", rdr)
        waiting += self.several("/v1/alerts", 1)
        received = [*waiting[:2], never, waiting[2]]
        self.assert_sorted("/v1/alerts", "alert_received_at", received)
        path = f"/v1/alerts?{self.mine}&sort="
        self.assertEqual(self.ids(f"{path}action_required_deadline"), [*waiting, never])
        self.assertEqual(self.ids(f"{path}-action_required_deadline"), [*waiting[::-1], never])
        self.assertEqual(self.ids(f"/v1/alerts?{self.mine}"), received[::-1])

    def test_rulesets(self):
        made = self.several("/v1/rulesets")
        path, change = f"/v1/rulesets/{made[0]}", {"outcome": "ACCEPT_DISPUTE"}
        next_millisecond(lambda: self.api.must(200, "PATCH", path, change))
        self.assert_sorted("/v1/rulesets", "created_at", made)
        self.assert_sorted("/v1/rulesets", "updated_at", [*made[1:], made[0]])

    def test_scheme_notices_newest_report_first(self):
        made = []
        for day in ("2026-02-02", "2026-02-03", "2026-02-01"):
            body = {
                "organisation_id": self.world.organisation_id,
                "reported_at": f"{day}T00:00:00Z",
            }
            made.append(self.api.must(201, "POST", "/v1/simulate/scheme-notices", body)["id"])
        by_day = [made[2], made[0], made[1]]
        self.assert_sorted("/v1/scheme-notices", "reported_at", by_day)
        self.assertEqual(self.ids(f"/v1/scheme-notices?{self.mine}"), by_day[::-1])

    def test_lookups(self):
        made = self.several("/v1/lookups")
        self.assert_sorted("/v1/lookups", "created_at", made)


class SortOnPostgresTest(OnPostgres, SortTest):
    """The same on the other engine, which compares texts in its own way."""


class FilterTest(ContractCase):
    def test_an_organisation_filter_finds_its_own_alone(self):
        other = make_world(self.api)
        for path in SCOPED:
            with self.subTest(path):
                LISTS[path](self.api, self.world, 1)
                foreign = LISTS[path](self.api, other, 2)
                query = f"{path}?organisation_id={self.world.organisation_id}&limit=1000"
                page = self.api.must(200, "GET", query)
                owners = {item["organisation_id"] for item in page["items"]}
                self.assertEqual(owners, {self.world.organisation_id})
                self.assertEqual(page["count"], len(page["items"]))
                self.assertNotIn(foreign, [item["id"] for item in page["items"]])
                self.assertIn(foreign, self.ids(f"{path}?organisation_id={other.organisation_id}"))

    def test_a_merchant_filter_of_alerts_finds_its_own_alone(self):
        second = make_merchant(self.api, self.world, 2)
        body = self.world.enrolment("SECOND") | {"merchant_ids": [second]}
        enrolment = self.api.must(201, "POST", "/v2/enrolments", body)["id"]
        enable_enrolment(self.api, enrolment)
        first = make_alert(self.api, self.world, 1)
        body = self.world.alert() | {"enrolment_id": enrolment}
        other = self.api.must(201, "POST", "/v1/simulate/alerts", body)["id"]
        for merchant, found in ((self.world.merchant_id, first), (second, other)):
            self.assertEqual(self.ids(f"/v1/alerts?merchant_id={merchant}"), [found])
            both = f"merchant_id={merchant}&organisation_id={self.world.organisation_id}"
            self.assertEqual(self.ids(f"/v1/alerts?{both}"), [found])
            self.assertEqual(self.ids(f"/v1/alerts?{both}&status=RESOLVED"), [])

    def test_a_bound_without_a_fraction_covers_its_second(self):
        """As it is shown: to the second, whatever the moment within it."""
        mine = f"organisation_id={self.world.organisation_id}"
        for path, field in (
            ("/v1/orders", "created_at"),
            ("/v1/alerts", "alert_received_at"),
            ("/v1/lookups", "created_at"),
            ("/v1/scheme-notices", "reported_at"),
        ):
            made = LISTS[path](self.api, self.world, 1)
            shown = self.api.must(200, "GET", f"{path}/{made}")[field]
            at = datetime.fromisoformat(shown)
            before, after = (f"{at + step:%Y-%m-%dT%H:%M:%SZ}" for step in (-SECOND, SECOND))
            for query, is_found in (
                (f"{field}_gte={shown}&{field}_lte={shown}", True),
                (f"{field}_lte={shown}", True),
                (f"{field}_gte={shown}", True),
                (f"{field}_lte={before}", False),
                (f"{field}_gte={after}", False),
                (f"{field}_gte={before}&{field}_lte={after}", True),
            ):
                with self.subTest(path, query=query):
                    found = [made] if is_found else []
                    self.assertEqual(self.ids(f"{path}?{mine}&{query}"), found)

    def test_a_bound_with_a_fraction_is_exact(self):
        body = {
            "organisation_id": self.world.organisation_id,
            "reported_at": "2026-02-17T10:00:00.500Z",
        }
        made = self.api.must(201, "POST", "/v1/simulate/scheme-notices", body)["id"]
        mine = f"organisation_id={self.world.organisation_id}&reported_at"
        for bound, is_found in (
            ("lte=2026-02-17T10:00:00Z", True),
            ("lte=2026-02-17T10:00:00.000Z", False),
            ("lte=2026-02-17T10:00:00.499Z", False),
            ("lte=2026-02-17T10:00:00.5Z", True),
            ("lte=2026-02-17T09:59:59Z", False),
            ("gte=2026-02-17T10:00:00Z", True),
            ("gte=2026-02-17T10:00:00.500Z", True),
            ("gte=2026-02-17T10:00:00.501Z", False),
            ("gte=2026-02-17T10:00:01Z", False),
            ("lte=2026-02-17T11:00:00%2B01:00", True),
        ):
            with self.subTest(bound):
                found = [made] if is_found else []
                self.assertEqual(self.ids(f"/v1/scheme-notices?{mine}_{bound}"), found)

    def test_parameters_that_a_list_does_not_know_are_ignored(self):
        for path in LISTS:
            whole = self.api.must(200, "GET", path)
            self.assertEqual(self.api.must(200, "GET", f"{path}?colour=red&x&=y&&"), whole)

    def test_lists_show_what_the_key_may_see(self):
        partner = self.server.create_partner("Scopes")
        api = self.new_api(partner.api_key)
        seen, unseen = make_world(api), make_world(api)
        restricted = self.restricted_api(partner, seen)
        own = self.organisation_api(seen.organisation_id)
        for path in LISTS:
            if path == "/v1/organisations":
                continue
            with self.subTest(path):
                mine, other = LISTS[path](api, seen, 1), LISTS[path](api, unseen, 2)
                everything = self.ids(f"{path}?limit=1000", api)
                self.assertTrue({mine, other} <= set(everything))
                keys = [restricted] if path in PARTNER_ONLY else [restricted, own]
                for key in keys:
                    page = key.must(200, "GET", f"{path}?limit=1000")
                    owners = {item["organisation_id"] for item in page["items"]}
                    self.assertEqual(owners, {seen.organisation_id})
                    self.assertEqual(page["count"], len(page["items"]))
                    if path in SCOPED:
                        answer = key.get(f"{path}?organisation_id={unseen.organisation_id}")
                        self.assert_error(answer, 404, "NOT_FOUND")
                if path in PARTNER_ONLY:
                    self.assert_error(own.get(path), 401, "UNAUTHORISED")

    def restricted_api(self, partner, world: World) -> Api:
        group = self.server.command(
            "group", "create", "--partner", partner.id, "--name", "Few",
            "--organisation", world.organisation_id,
        )  # fmt: skip
        return self.new_api(self.server.create_key(group["id"])["api_key"])


PARTNER_ONLY = (
    "/v1/organisations", "/v1/merchants", "/v1/memberships", "/v2/enrolments", "/v1/enrolments",
)  # fmt: skip


class FilterOnPostgresTest(OnPostgres, FilterTest):
    """The same on the other engine."""
