"""What stands before every endpoint: order of checks, rate limits, Idempotency-Key, request ids."""

import http.client
import json
import threading
import time

from parry_outside import postgres
from parry_outside.api import Answer, Api
from parry_outside.breaker import Breaker
from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.contract import NOBODY, ContractCase
from parry_outside.documents import plain_order
from parry_outside.rows import open_rows
from parry_outside.server import Server
from parry_outside.tamper import age_stored_answers
from parry_outside.world import World, make_world

LIMIT = 3
LIMIT_SECONDS_MAX = 2
FAILURES_MIN = 100
KILLS = 3
COMMIT_ROUNDS = 3
WRITERS = 4
PROCESS_ROUNDS = 10
SWEEP_REQUESTS_MAX = 2_000
DAY_SECONDS = 24 * 3_600
NO_JSON = b'{"name": '


def post_bodies(world: World, enrolment_id: str) -> dict:
    """A good body for every POST but those of rulesets."""
    own = {"organisation_id": world.organisation_id}
    member = {"first_name": "Kim", "last_name": "Lee", "email": "kim@example.com", "role": "ADMIN"}
    v1 = world.enrolment("V1") | {"merchant_id": world.merchant_id}
    del v1["merchant_ids"]
    return {
        "/v1/organisations": {"name": "Once"},
        "/v1/merchants": own | {"name": "Once", "type": "GENERIC"},
        "/v1/memberships": own | member,
        "/v1/integrations": own
        | {"name": "Once", "type": "CUSTOM_ORDERS", "merchant_ids": [world.merchant_id]},
        "/v2/enrolments": world.enrolment("ONCE"),
        "/v1/enrolments": v1,
        "/v1/orders": [plain_order(world, "once")],
        "/v1/simulate/alerts": world.alert(),
        "/v1/simulate/lookups": own,
        "/v1/simulate/scheme-notices": own,
        "/v1/rulesets": own
        | {"enrolment_ids": [enrolment_id], "outcome": "REFUND", "join_operator": "OR"},
    }


class CheckOrderTest(ContractCase):
    """Amendment 15: a request with several faults hears of the first one."""

    def test_what_the_path_names_comes_before_the_body(self):
        rset = self.ruleset()
        for method, path in (
            ("PATCH", f"/v1/organisations/{NOBODY['org']}"),
            ("PATCH", f"/v1/merchants/{NOBODY['mrch']}"),
            ("PATCH", f"/v1/memberships/{NOBODY['mem']}"),
            ("PATCH", f"/v1/integrations/{NOBODY['int']}"),
            ("PATCH", f"/v1/orders/{NOBODY['ord']}"),
            ("PATCH", f"/v1/alerts/{NOBODY['netalrt']}"),
            ("PATCH", f"/v1/simulate/enrolments/{NOBODY['enrl']}"),
            ("PATCH", f"/v1/rulesets/{NOBODY['rset']}"),
            ("POST", f"/v1/rulesets/{NOBODY['rset']}/rules"),
            ("PATCH", f"/v1/rulesets/{NOBODY['rset']}/rules/{NOBODY['resrule']}"),
            ("PATCH", f"/v1/rulesets/{rset}/rules/{NOBODY['resrule']}"),
        ):
            for body in (NO_JSON, b"[]", b'{"name": 7}', b""):
                with self.subTest(method, path=path, body=body):
                    answer = self.api.send(method, path, body)
                    self.assert_error(answer, 404, "NOT_FOUND")
                    stranger = self.new_api("cbs_nobody").send(method, path, body)
                    self.assert_error(stranger, 401, "UNAUTHORISED")

    def ruleset(self) -> str:
        body = post_bodies(self.world, self.world.enrolment_id)["/v1/rulesets"]
        return self.api.must(201, "POST", "/v1/rulesets", body)["id"]

    def test_the_body_as_json_comes_before_the_schema(self):
        for path in post_bodies(self.world, NOBODY["enrl"]):
            with self.subTest(path):
                self.assert_error(self.api.send("POST", path, NO_JSON), 400, "INVALID_REQUEST")

    def test_the_schema_comes_before_what_the_body_names(self):
        nobody = {"organisation_id": NOBODY["org"]}
        member = {"first_name": "", "last_name": "Lee", "email": "k@example.com", "role": "ADMIN"}
        for path, body, field in (
            ("/v1/merchants", nobody | {"name": "", "type": "GENERIC"}, "name"),
            ("/v1/memberships", nobody | member, "first_name"),
            ("/v1/integrations", nobody | {"name": "", "type": "X", "merchant_ids": ["x"]}, "name"),
            ("/v2/enrolments", {"merchant_ids": [NOBODY["mrch"]], "type": "X"}, "type"),
            ("/v1/simulate/alerts",
             nobody | {"enrolment_id": "x", "amount_in_cents": -1}, "amount_in_cents"),
            ("/v1/simulate/lookups", nobody | {"type": "X"}, "type"),
            ("/v1/simulate/scheme-notices", nobody | {"scheme_notice_type": "X"},
             "scheme_notice_type"),
            ("/v1/rulesets", nobody | {"enrolment_ids": ["x"], "outcome": "REFUND",
                                       "join_operator": "X"}, "join_operator"),
        ):  # fmt: skip
            with self.subTest(path):
                self.assert_invalid(self.api.post(path, body), field)

    def test_what_the_body_names_comes_before_business_rules(self):
        """Each body breaks a rule of the business too."""
        own = {"organisation_id": self.world.organisation_id}
        twice = [{"type": "AMOUNT", "parameters": {}}] * 2
        rules = {"outcome": "CANCEL", "join_operator": "OR", "rules": twice}
        for path, body in (
            ("/v1/integrations", own | {"name": "X", "type": "STRIPE",
                                        "merchant_ids": [NOBODY["mrch"]] * 2}),
            ("/v1/integrations", {"organisation_id": NOBODY["org"], "name": "X", "type": "STRIPE",
                                  "merchant_ids": [self.world.merchant_id] * 2}),
            ("/v2/enrolments", {"merchant_ids": [NOBODY["mrch"]] * 2, "type": "ETHOCA_ALERT"}),
            ("/v2/enrolments", {"merchant_ids": [NOBODY["mrch"]], "type": "VERIFI_RDR",
                                "verifi_rdr": {"bin": "1"}}),
            ("/v1/simulate/alerts", own | {"enrolment_id": NOBODY["enrl"]}),
            ("/v1/rulesets", own | rules | {"enrolment_ids": [NOBODY["enrl"]] * 2}),
            ("/v1/rulesets", rules | {"organisation_id": NOBODY["org"],
                                      "enrolment_ids": [self.world.enrolment_id] * 2}),
        ):  # fmt: skip
            with self.subTest(path, body=body):
                self.assert_error(self.api.post(path, body), 404, "NOT_FOUND")
        api, world = self.live_world()
        body = {"organisation_id": world.organisation_id, "enrolment_id": NOBODY["enrl"]}
        self.assert_error(api.post("/v1/simulate/alerts", body), 404, "NOT_FOUND")

    def test_level_comes_before_ability(self):
        words = ("--organisation", self.world.organisation_id, "--ability", "orders:read")
        key = self.new_api(self.server.command("key", "create", *words)["api_key"])
        self.assert_error(key.get("/v1/merchants"), 401, "UNAUTHORISED")
        self.assert_error(key.get("/v1/alerts"), 403, "FORBIDDEN")
        self.assertEqual(key.get("/v1/orders").status, 200)

    def test_ability_comes_before_what_the_path_names_and_the_body(self):
        words = ("--group", self.partner.group_id, "--ability", "orders:read")
        key = self.new_api(self.server.command("key", "create", *words)["api_key"])
        for path in (f"/v1/orders/{NOBODY['ord']}", f"/v1/merchants/{NOBODY['mrch']}"):
            self.assert_error(key.send("PATCH", path, NO_JSON), 403, "FORBIDDEN")
        self.assert_error(key.send("POST", "/v1/orders", NO_JSON), 403, "FORBIDDEN")


class KeyDefaultsTest(ContractCase):
    """What a key gets without being asked for (CONTRACT 2.3)."""

    def new_key(self, *words: str) -> Api:
        group = self.partner.group_id
        made = self.server.command("key", "create", "--group", group, *words)
        return self.new_api(made["api_key"])

    def test_a_key_that_asks_for_nothing_can_work_with_orders(self):
        api = self.new_key()
        self.assertEqual(api.get("/v1/orders").status, 200)
        self.assertEqual(api.post("/v1/orders", [self.world.order("default")]).status, 201)
        self.assertEqual(api.get("/v1/integrations").status, 200)
        for path in ("/v1/alerts", "/v1/organisations", "/v2/enrolments", "/v1/enrolments"):
            self.assertEqual(api.get(path).status, 403, path)

    def test_all_abilities_leave_out_the_deprecated_ones(self):
        api = self.new_key("--all-abilities")
        self.assertEqual(api.get("/v2/enrolments").status, 200)
        self.assertEqual(api.get("/v1/enrolments").status, 403)
        api = self.new_key("--all-abilities", "--ability", "enrolments:read")
        self.assertEqual(api.get("/v1/enrolments").status, 200)


class RequestIdTest(ContractCase):
    def test_the_log_line_of_a_request_has_the_id_of_its_answer(self):
        answers = {
            "good": self.api.get("/v1/orders"),
            "created": self.api.post("/v1/organisations", {"name": "Logged"}),
            "refused": self.api.post("/v1/organisations", {"name": ""}),
            "unknown": self.api.get(f"/v1/orders/{NOBODY['ord']}"),
            "no route": self.api.get("/v1/nothing"),
            "stranger": self.new_api("cbs_nobody").get("/v1/orders"),
        }
        for what, answer in answers.items():
            with self.subTest(what):
                id = answer.headers["X-Request-Id"]
                lines = [line for line in self.server.log_text().splitlines() if id in line]
                self.assertEqual(len(lines), 1, lines)
                logged = json.loads(lines[0])
                self.assertEqual((logged["request_id"], logged["status"]), (id, answer.status))

    def test_the_id_is_the_servers_own(self):
        for sent in ("mine", "x" * 5_000, "a b"):
            answer = self.api.call("GET", "/v1/orders", X_Request_Id=sent)
            self.assertNotEqual(answer.headers["X-Request-Id"], sent)


class SharedPoolTest(FolderCase):
    """With a limit of a few requests."""

    def setUp(self):
        super().setUp()
        self.server = self.new_server("--rate-limit", str(LIMIT)).start()
        self.partner = self.server.create_partner()
        self.api = self.new_api(self.server, self.partner.api_key)

    def key(self, *words: str) -> Api:
        made = self.server.command("key", "create", *words)
        return self.new_api(self.server, made["api_key"])

    def exhaust(self, api: Api, path: str):
        statuses = [api.get(path).status for _ in range(LIMIT + 1)]
        self.assertEqual(statuses, [200] * LIMIT + [429])

    def test_all_keys_of_an_owner_share_one_pool(self):
        second = self.key("--group", self.partner.group_id, "--all-abilities")
        passed = [api.get("/v1/orders").status for api in (self.api, second, self.api)]
        self.assertEqual(passed, [200] * LIMIT)
        for api in (self.api, second):
            self.assertEqual(api.get("/v1/orders").code, "RATE_LIMITED")
        self.assertEqual(second.get("/v1/alerts").status, 200, "each endpoint has its own pool")
        made = self.api.must(201, "POST", "/v1/organisations", {"name": "Own"})["id"]
        organisation = self.key("--organisation", made, "--all-abilities")
        self.exhaust(organisation, "/v1/orders")
        twin = self.key("--organisation", made, "--all-abilities")
        self.assertEqual(twin.get("/v1/orders").code, "RATE_LIMITED")
        group = self.server.command(
            "group", "create", "--partner", self.partner.id, "--name", "Few", "--organisation", made
        )
        self.exhaust(self.key("--group", group["id"], "--all-abilities"), "/v1/orders")

    def test_the_rate_limit_comes_after_key_and_level_and_before_the_rest(self):
        weak = self.key("--group", self.partner.group_id, "--ability", "alerts:read")
        made = self.api.must(201, "POST", "/v1/organisations", {"name": "Own"})["id"]
        organisation = self.key("--organisation", made, "--all-abilities")
        self.exhaust(self.api, "/v1/merchants")
        path = f"/v1/merchants/{NOBODY['mrch']}"
        self.assertEqual([self.api.get(path).status for _ in range(LIMIT)], [404] * LIMIT)
        for method, at, body in (("GET", "/v1/merchants", None), ("GET", path, None)):
            with self.subTest(method, path=at):
                self.assertEqual(weak.send(method, at, body).status, 429, "before the ability")
                self.assertEqual(organisation.send(method, at, body).status, 401, "after the level")
                stranger = self.new_api(self.server, "cbs_nobody")
                self.assertEqual(stranger.send(method, at, body).status, 401, "after the key")

    def test_failed_authentications_have_at_least_100_a_minute(self):
        stranger = self.new_api(self.server, "cbs_nobody")
        statuses = []
        while 429 not in statuses and len(statuses) < FAILURES_MIN + 10:
            statuses.append(stranger.get("/v1/orders").status)
        self.assertEqual(set(statuses), {401, 429})
        self.assertGreaterEqual(statuses.count(401), FAILURES_MIN)
        self.assertEqual(self.api.get("/v1/orders").status, 200)

    def test_a_rate_limited_answer_is_not_kept_for_its_idempotency_key(self):
        for number in range(LIMIT):
            self.api.must(201, "POST", "/v1/organisations", {"name": str(number)})

        def again() -> Answer:
            body = {"name": "Limited"}
            return self.api.call("POST", "/v1/organisations", body, Idempotency_Key="limited")

        self.assertEqual(again().code, "RATE_LIMITED")
        self.server.command("partner", "set-limit", self.partner.id, "--requests", "1000")
        answers: list[Answer] = []

        def is_let_in() -> bool:
            answers.append(again())
            return answers[-1].status != 429

        self.assertTrue(wait_until(is_let_in, LIMIT_SECONDS_MAX), answers[-1].body)
        self.assertEqual(answers[-1].status, 201)
        self.assertIsNone(answers[-1].headers["Idempotency-Replayed"])
        self.assertEqual(again().headers["Idempotency-Replayed"], "true")


class IdempotencyKeyTest(ContractCase):
    def post(self, path: str, body, key: str, api: Api | None = None) -> Answer:
        return (api or self.api).call("POST", path, body, Idempotency_Key=key)

    def assert_replayed(self, answer: Answer, again: Answer):
        self.assertEqual((again.status, again.body), (answer.status, answer.body))
        self.assertIsNone(answer.headers["Idempotency-Replayed"])
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertNotEqual(again.headers["X-Request-Id"], answer.headers["X-Request-Id"])

    def counts(self) -> dict:
        lists = (
            "organisations", "merchants", "memberships", "integrations", "enrolments", "orders",
            "alerts", "lookups", "scheme-notices", "rulesets",
        )  # fmt: skip
        return {name: self.api.must(200, "GET", f"/v1/{name}")["count"] for name in lists}

    def test_every_post_does_its_work_once(self):
        free = self.ethoca_enrolment(self.world)
        for path, body in post_bodies(self.world, free).items():
            with self.subTest(path):
                key = f"every {path}".replace(" ", "-")
                before = self.counts()
                answer = self.post(path, body, key)
                self.assertEqual(answer.status, 201, answer.body)
                after = self.counts()
                self.assertEqual(sum(after.values()), sum(before.values()) + 1)
                self.assert_replayed(answer, self.post(path, body, key))
                self.assert_replayed(answer, self.post(path + "/", body, key))
                self.assertEqual(self.counts(), after)
                if isinstance(body, dict):
                    reused = self.post(path, body | {"unknown": 1}, key)
                    self.assert_error(reused, 422, "IDEMPOTENCY_KEY_REUSED")

    def test_a_rule_is_added_once_to_each_ruleset(self):
        parameters = {"operator": "EQUAL", "currency_code": "USD", "amount_in_cents": 1}
        rule = {"type": "AMOUNT", "parameters": parameters}
        for number in range(2):
            body = post_bodies(self.world, self.ethoca_enrolment(self.world))["/v1/rulesets"]
            made = self.api.must(201, "POST", "/v1/rulesets", body)["id"]
            path = f"/v1/rulesets/{made}/rules"
            answer = self.post(path, rule, "rule")
            self.assertEqual(answer.status, 201, answer.body)
            self.assert_replayed(answer, self.post(path, rule, "rule"))
            self.assertEqual(self.api.must(200, "GET", path)["count"], 1)

    def test_refusals_that_may_pass_are_not_kept(self):
        body = {"name": "Later"}
        weak = self.server.command(
            "key", "create", "--group", self.partner.group_id, "--ability", "orders:read"
        )
        path = "/v1/organisations"
        for what, refusal, status in (
            ("401", lambda key: self.post(path, body, key, self.new_api("cbs_nobody")), 401),
            ("403", lambda key: self.post(path, body, key, self.new_api(weak["api_key"])), 403),
            ("400", lambda key: self.api.send("POST", path, NO_JSON, Idempotency_Key=key), 400),
            ("415", lambda key: self.api.send("POST", path, b"{}", Idempotency_Key=key,
                                              Content_Type="text/plain"), 415),
        ):  # fmt: skip
            with self.subTest(what):
                key = f"later-{what}"
                self.assertEqual(refusal(key).status, status)
                answer = self.post(path, body, key)
                self.assertEqual(answer.status, 201, answer.body)
                self.assert_replayed(answer, self.post(path, body, key))

    def test_a_restricted_groups_refusal_is_not_kept(self):
        group = self.server.command(
            "group", "create", "--partner", self.partner.id, "--name", "Few"
        )
        few = self.new_api(self.server.create_key(group["id"])["api_key"])
        for _ in range(2):
            answer = self.post("/v1/organisations", {"name": "No"}, "few", few)
            self.assert_error(answer, 403, "FORBIDDEN")
            self.assertIsNone(answer.headers["Idempotency-Replayed"])

    def test_a_key_without_the_ability_gets_no_stored_answer(self):
        body = {"name": "Secret"}
        self.assertEqual(self.post("/v1/organisations", body, "guarded").status, 201)
        weak = self.server.command(
            "key", "create", "--group", self.partner.group_id, "--ability", "orders:read"
        )
        answer = self.post("/v1/organisations", body, "guarded", self.new_api(weak["api_key"]))
        self.assert_error(answer, 403, "FORBIDDEN")

    def test_keys_belong_to_their_owner(self):
        body = {"organisation_id": self.world.organisation_id}
        path = "/v1/simulate/lookups"
        own = self.organisation_api(self.world.organisation_id)
        first, second = self.post(path, body, "owned"), self.post(path, body, "owned", own)
        self.assertEqual((first.status, second.status), (201, 201))
        self.assertNotEqual(first.json()["id"], second.json()["id"])

    def test_other_methods_ignore_the_key(self):
        path = f"/v1/merchants/{self.world.merchant_id}"
        for name in ("One", "Two"):
            answer = self.api.call("PATCH", path, {"name": name}, Idempotency_Key="patch")
            self.assertEqual((answer.status, answer.json()["name"]), (200, name))


class IdempotencyKeyOnPostgresTest(OnPostgres, IdempotencyKeyTest):
    """The same on the other engine."""


class TwoProcessesTest(OnPostgres, FolderCase):
    def test_of_twins_in_two_processes_one_does_the_work(self):
        servers = self.new_servers(2, "--rate-limit", "0")
        partner = servers[0].create_partner()
        apis = [self.new_api(server, partner.api_key) for server in servers * 2]
        for number in range(PROCESS_ROUNDS):
            body, key = {"name": f"Twin {number}"}, f"twin-{number}"
            answers = at_once(*[
                lambda api=api: api.call("POST", "/v1/organisations", body, Idempotency_Key=key)
                for api in apis
            ])  # fmt: skip
            self.assertEqual({answer.status for answer in answers}, {201})
            self.assertEqual(len({answer.body for answer in answers}), 1)
            fresh = [one for one in answers if one.headers["Idempotency-Replayed"] is None]
            self.assertEqual(len(fresh), 1)
        count = apis[0].must(200, "GET", "/v1/organisations")["count"]
        self.assertEqual(count, PROCESS_ROUNDS)


class LostCommitTest(OnPostgres, FolderCase):
    def test_after_a_lost_commit_the_key_gives_the_answer_of_the_one_work(self):
        port = postgres.port_of(self.database.url)
        with Breaker(port) as breaker:
            url = self.database.url.replace(f":{port}/", f":{breaker.port}/")
            place = self.database.at(url + "?sslmode=disable")
            server = self.new_server("--rate-limit", "0", database=place).start()
            api = self.new_api(server, server.create_partner().api_key)
            own = {"organisation_id": make_world(api).organisation_id, "type": "GENERIC"}
            for breaks in ("break_after", "break_before"):
                for number in range(COMMIT_ROUNDS):
                    name = f"{breaks}-{number}"
                    with self.subTest(name):
                        getattr(breaker, breaks)(name)
                        first, second = [
                            api.call("POST", "/v1/merchants", own | {"name": name},
                                     Idempotency_Key=f"key-{name}")
                            for _ in range(2)
                        ]  # fmt: skip
                        self.assertEqual((first.status, second.status), (201, 201), first.body)
                        self.assertEqual(first.body, second.body)
                        self.assertEqual(second.headers["Idempotency-Replayed"], "true")
                        page = api.must(200, "GET", f"/v1/merchants?name={name}")
                        self.assertEqual(page["count"], 1)
            self.assertEqual(breaker.breaks, 2 * COMMIT_ROUNDS)


class AfterKillTest(FolderCase):
    def test_after_a_kill_the_key_says_what_became_of_the_request(self):
        server = self.new_server("--rate-limit", "0").start()
        partner = server.create_partner()
        with self.new_api(server, partner.api_key) as api:
            world = make_world(api)
        sent: list[list[str]] = [[] for _ in range(WRITERS)]
        for _ in range(KILLS):
            writers = [
                threading.Thread(target=self.write, args=(server, partner, world, number, keys))
                for number, keys in enumerate(sent)
            ]
            before = sum(map(len, sent))
            for writer in writers:
                writer.start()
            wait_until(lambda: sum(map(len, sent)) > before + 10 * WRITERS, LIMIT_SECONDS_MAX)
            server.kill()
            for writer in writers:
                writer.join()
            server.start()
            self.assert_settled(server, partner, world, [keys[-1] for keys in sent])
        everything = {key for keys in sent for key in keys}
        with self.new_api(server, partner.api_key) as api:
            page = api.must(200, "GET", "/v1/merchants?name=once&limit=1000")
            names = [item["name"] for item in page["items"]]
        self.assertEqual(len(names), len(everything))
        self.assertEqual(set(names), everything)

    def body(self, world: World, key: str) -> dict:
        return {"organisation_id": world.organisation_id, "name": key, "type": "GENERIC"}

    def write(self, server, partner, world, number: int, keys: list[str]):
        """One merchant after another, until the server is gone."""
        with Api(server.base, partner.api_key) as api:
            while True:
                keys.append(f"once-{number}-{len(keys)}")
                try:
                    body = self.body(world, keys[-1])
                    api.call("POST", "/v1/merchants", body, Idempotency_Key=keys[-1])
                except (OSError, http.client.HTTPException):
                    return

    def assert_settled(self, server, partner, world, keys: list[str]):
        with Api(server.base, partner.api_key) as api:
            for key in keys:
                first, second = [
                    api.call("POST", "/v1/merchants", self.body(world, key), Idempotency_Key=key)
                    for _ in range(2)
                ]
                self.assertEqual((first.status, second.status), (201, 201))
                self.assertEqual(first.body, second.body)
                self.assertEqual(second.headers["Idempotency-Replayed"], "true")


class SweepTest(FolderCase):
    def test_stored_answers_older_than_a_day_are_swept(self):
        server = self.new_server("--rate-limit", "0").start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        made = api.call("POST", "/v1/organisations", {"name": "Old"}, Idempotency_Key="old")
        with open_rows(server.database) as rows:
            self.assertEqual(rows.stored_answers(), 1)
        self.pass_a_day(server, api)
        again = api.call("POST", "/v1/organisations", {"name": "Old"}, Idempotency_Key="old")
        self.assertEqual(again.status, 201)
        self.assertNotEqual(again.json()["id"], made.json()["id"], "after a day it is a new key")
        self.pass_a_day(server, api)
        body = {"name": ""}
        for number in range(SWEEP_REQUESTS_MAX):
            api.call("POST", "/v1/organisations", body, Idempotency_Key=f"new-{number}")
            if number % 20 == 0 and self.oldest_is_gone(server):
                return
        self.fail("the old answer is still there")

    def pass_a_day(self, server: Server, api: Api):
        api.close()
        server.stop()
        age_stored_answers(server.database, DAY_SECONDS * 1_000 + 1)
        server.start()

    def oldest_is_gone(self, server) -> bool:
        with open_rows(server.database) as rows:
            return rows.stored_answers(older_than=time.time() - DAY_SECONDS) == 0
