"""What the tests of the contract share: servers for whole modules, and the documented errors."""

import re
import unittest

from .api import Answer, Api
from .server import Partner, Server, temporary_folder
from .world import World, make_customer, make_world

AMOUNT_MAX = 2**53 - 1
BASE_58 = "[1-9A-HJ-NP-Za-km-z]{22}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
CARD_DIGITS = "4111111111111111"
NOBODY = {
    "org": "org_1111111111111111111111",
    "mrch": "mrch_1111111111111111111111",
    "int": "int_1111111111111111111111",
    "enrl": "enrl_1111111111111111111111",
    "ord": "ord_1111111111111111111111",
    "netalrt": "netalrt_1111111111111111111111",
    "rset": "rset_1111111111111111111111",
    "resrule": "resrule_1111111111111111111111",
    "mem": "mem_1111111111111111111111",
    "schntc": "schntc_1111111111111111111111",
    "lkp": "lkp_1111111111111111111111",
}
"""Ids that are well formed and name nothing."""


class ContractCase(unittest.TestCase):
    """Classes of one module, with the same options and engine, share a server and its partner.

    Each test has a customer of its own, `self.world`, so that none sees what others made as long as
    it asks for its organisation only.
    """

    options: tuple[str, ...] = ("--rate-limit", "0")
    _shared: dict = {}
    server: Server
    partner: Partner

    @classmethod
    def make_database(cls, add_cleanup):
        return None

    @classmethod
    def setUpClass(cls):
        key = (cls.__module__, cls.options, cls.make_database.__func__)
        if key not in cls._shared:
            cls._shared[key] = cls._start()
            unittest.addModuleCleanup(cls._shared.pop, key)
        cls.server, cls.partner = cls._shared[key]

    @classmethod
    def _start(cls) -> tuple[Server, Partner]:
        folder = unittest.enterModuleContext(temporary_folder())
        database = cls.make_database(unittest.addModuleCleanup)
        server = unittest.enterModuleContext(Server(folder, *cls.options, database=database))
        server.start()
        return server, server.create_partner()

    def setUp(self):
        self.api = self.new_api(self.partner.api_key)
        self.world = make_world(self.api)

    def new_api(self, key: str | None) -> Api:
        return self.enterContext(Api(self.server.base, key))

    def organisation_api(self, organisation_id: str) -> Api:
        """A connection with a key of the organisation."""
        words = ["--organisation", organisation_id, "--all-abilities"]
        return self.new_api(self.server.command("key", "create", *words)["api_key"])

    def other_world(self) -> World:
        """A customer of another partner."""
        return make_world(self.new_api(self.server.create_partner("Other").api_key))

    def live_world(self) -> tuple[Api, World]:
        """A LIVE partner and a customer of it."""
        api = self.new_api(self.server.create_partner("Live", "LIVE").api_key)
        return api, make_customer(api)

    def assert_error(self, answer: Answer, status: int, code: str, field: str | None = None):
        """The shape of CONTRACT 1.2; for a schema error the one field that is named."""
        told = answer.body[:300]
        self.assertEqual((answer.status, answer.code), (status, code), told)
        self.assertTrue(answer.headers["X-Request-Id"])
        problem = answer.json()
        self.assertTrue(problem["message"])
        self.assertLessEqual(problem.keys(), {"code", "message", "errors"})
        self.assertEqual("errors" in problem, code == "VALIDATION_ERROR", told)
        if field is not None:
            self.assertEqual([error["field"] for error in problem["errors"]], [field])
        return problem

    def assert_invalid(self, answer: Answer, field: str):
        """A schema error about this field and no other."""
        return self.assert_error(answer, 422, "VALIDATION_ERROR", field)

    def assert_shows(self, sent: dict, shown: dict):
        """Every member that was sent is shown with the value that was sent."""
        self.assertEqual(sent, {name: shown.get(name) for name in sent})

    def assert_id(self, prefix: str, text: str):
        self.assertRegex(text, f"^{prefix}_{BASE_58}$")

    def items(self, path: str, api: Api | None = None) -> list[dict]:
        return (api or self.api).must(200, "GET", path)["items"]

    def ids(self, path: str, api: Api | None = None) -> list[str]:
        return [item["id"] for item in self.items(path, api)]

    def rdr_enrolment(self, world: World, **block) -> str:
        """A Verifi RDR enrolment that is enabled."""
        body = {
            "merchant_ids": [world.merchant_id],
            "type": "VERIFI_RDR",
            "verifi_rdr": block or {"bin": "424242", "caid": "ACMEFITCAID01"},
        }
        made = self.api.must(201, "POST", "/v2/enrolments", body)["id"]
        self.api.must(200, "PATCH", f"/v1/simulate/enrolments/{made}", {"status": "ENABLED"})
        return made

    def ethoca_enrolment(self, world: World, descriptor: str = "ACME") -> str:
        """An Ethoca enrolment that is pending."""
        return self.api.must(201, "POST", "/v2/enrolments", world.enrolment(descriptor))["id"]

    def post_order(self, order: dict) -> dict:
        """Stores the order, which must be possible, and returns it as GET shows it."""
        made = self.api.must(201, "POST", "/v1/orders", [order])["results"][0]
        return self.api.must(200, "GET", f"/v1/orders/{made['id']}")

    def refused_order(self, order: dict) -> dict:
        """The entry of `errors[]` about an order that is refused alone."""
        answer = self.api.must(200, "POST", "/v1/orders", [order])
        self.assertEqual((answer["created"], answer["failed"]), (0, 1), answer)
        self.assertEqual(answer["results"], [])
        error = answer["errors"][0]
        self.assertEqual((error["index"], error["reference_id"]), (0, order.get("reference_id")))
        self.assertTrue(error["message"])
        return error
