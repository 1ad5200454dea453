"""One database, any number of processes; and what happens when there is no database."""

import contextlib
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from parry_outside import flow, postgres
from parry_outside.api import Answer, Api
from parry_outside.cases import FolderCase, OnPostgres, ThroughPgBouncer, at_once, wait_until
from parry_outside.load import Records, collect, start_load
from parry_outside.postgres import Cluster, Session, new_master_key
from parry_outside.rows import open_rows
from parry_outside.server import Partner, Server
from parry_outside.verify import lost_or_torn
from parry_outside.webhooks import delivery_problems
from parry_outside.world import World, make_customer, make_world

WEBHOOK_SECONDS_MAX = 30
REPEAT_SECONDS = 3
REFUSAL_SECONDS_MAX = 15
ANSWER_SECONDS_MAX = 20
RECOVERY_SECONDS_MAX = 15
REVOKE_SECONDS_MAX = 2
RACES = 30
RATE_LIMIT = 100
LOAD_SECONDS = 2
CROWD_SECONDS = 2


class PostgresCase(OnPostgres, FolderCase):
    def make_partner(self, servers: list[Server]) -> tuple[Partner, World, list[Api]]:
        """A partner with a customer, and a client of each server."""
        partner = servers[0].create_partner()
        apis = [self.new_api(server, partner.api_key) for server in servers]
        return partner, make_world(apis[0]), apis


class DeliveryTest(PostgresCase):
    """Without a fault nothing is sent twice, however many processes look for work."""

    def deliver(self, processes: int, events: int, raising: int):
        """The first `raising` servers take the requests; everyone delivers."""
        receiver = self.new_receiver()
        servers = self.new_servers(processes, "--rate-limit", "0", *self.private_target_options)
        partner, world, _ = self.make_partner(servers)
        endpoint = servers[0].create_webhook(partner.id, receiver.url(), ["alert.created"])
        receiver.trust(endpoint["secret"])
        raised = self.raise_alerts(servers[:raising], partner, world, events)
        receiver.wait_for_events(events, WEBHOOK_SECONDS_MAX)
        time.sleep(REPEAT_SECONDS)
        deliveries = receiver.deliveries
        objects = Counter(one.event["data"]["object"]["id"] for one in deliveries)
        self.assertEqual(objects, Counter(raised))
        self.assertEqual(len({one.idempotency_key for one in deliveries}), events)
        self.assertEqual([delivery_problems(one) for one in deliveries], [[]] * events)
        with open_rows(self.database) as rows:
            self.assertEqual(Counter(rows.delivery_states()), {"DELIVERED": events})
            self.assertEqual(rows.most_attempts(), 1)

    def raise_alerts(self, servers, partner, world, count: int) -> list[str]:
        clients = 4
        part = count // clients

        def some(number: int) -> list[str]:
            with Api(servers[number % len(servers)].base, partner.api_key) as api:
                return [
                    api.must(201, "POST", "/v1/simulate/alerts", world.alert())["id"]
                    for _ in range(part)
                ]

        with ThreadPoolExecutor(clients) as threads:
            return [one for ids in threads.map(some, range(clients)) for one in ids]

    def test_two_processes_deliver_every_event_exactly_once(self):
        self.deliver(processes=2, events=300, raising=2)

    def test_three_processes_deliver_exactly_once_what_one_of_them_raises(self):
        self.deliver(processes=3, events=300, raising=1)


class TogetherTest(PostgresCase):
    """What one process has promised, the others keep."""

    def test_ten_processes_start_at_once_on_an_empty_database(self):
        servers = self.new_servers(10)
        partner, _, apis = self.make_partner(servers)
        made = apis[0].must(201, "POST", "/v1/organisations", {"name": "Everywhere"})
        for api in apis:
            path = f"/v1/organisations/{made['id']}"
            self.assertEqual(api.must(200, "GET", path), made)
            api.close()
        versions = self.database.sql("SELECT version FROM schema_migration")
        self.assertEqual(len(versions), len({version for [version] in versions}))
        for server in servers:
            server.stop()

    def test_the_rate_limit_holds_over_two_processes(self):
        servers = self.new_servers(2, "--rate-limit", str(RATE_LIMIT))
        partner = servers[0].create_partner()
        apis = [self.new_api(server, partner.api_key) for server in servers]
        wait_for_room_in_the_minute(15)
        answers = [
            apis[number % 2].get("/v1/organisations?limit=1") for number in range(RATE_LIMIT + 60)
        ]
        statuses = [answer.status for answer in answers]
        self.assertEqual(Counter(statuses), {200: RATE_LIMIT, 429: 60})
        self.assertEqual(statuses, sorted(statuses), "one was let through after a refusal")
        for answer in answers[RATE_LIMIT:]:
            self.assertEqual(answer.code, "RATE_LIMITED")
            self.assertIn("r=0", answer.headers["RateLimit"].replace(" ", ""))
            self.assertIn(f"q={RATE_LIMIT}", answer.headers["RateLimit-Policy"].replace(" ", ""))
            self.assertTrue(1 <= int(answer.headers["Retry-After"]) <= 120)
        for api in apis:
            self.assertEqual(api.get("/v1/merchants").status, 200)

    def test_the_rate_limit_holds_for_requests_at_the_same_time(self):
        servers = self.new_servers(2, "--rate-limit", str(RATE_LIMIT))
        partner = servers[0].create_partner()

        def twenty(server: Server) -> list[int]:
            with Api(server.base, partner.api_key) as api:
                return [api.get("/v1/organisations?limit=1").status for _ in range(20)]

        wait_for_room_in_the_minute(15)
        parts = at_once(*(lambda server=server: twenty(server) for server in servers * 4))
        statuses = Counter(status for part in parts for status in part)
        self.assertEqual(statuses, {200: RATE_LIMIT, 429: 60})

    def test_a_key_revoked_beside_them_stops_on_every_process(self):
        servers = self.new_servers(2)
        partner = servers[0].create_partner()
        made = servers[0].create_key(partner.group_id)
        apis = [self.new_api(server, made["api_key"]) for server in servers]
        for api in apis:
            self.assertEqual(api.get("/v1/organisations").status, 200)
        servers[1].command("key", "revoke", made["id"])
        stopped = wait_until(
            lambda: all(api.get("/v1/organisations").status == 401 for api in apis),
            REVOKE_SECONDS_MAX,
        )
        self.assertTrue(stopped, f"the key still works after {REVOKE_SECONDS_MAX} s")

    def test_another_master_key_is_refused_while_the_first_process_runs(self):
        self.new_server().start()
        other = self.new_server(name="other", environment={"PARRY_MASTER_KEY": new_master_key()})
        said = refusal_of(self, other)
        self.assertIn("master key", said.lower().replace("_", " "))


def wait_for_room_in_the_minute(seconds: float):
    """The limit counts by the minute; a count that must be exact begins well before its end."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left + 0.1)


def refusal_of(case: FolderCase, server: Server) -> str:
    """The one line that `serve` says when it must not start."""
    process = server.spawn()
    ended = wait_until(lambda: process.poll() is not None, REFUSAL_SECONDS_MAX)
    case.assertTrue(ended, f"still running after {REFUSAL_SECONDS_MAX} s: {server.log_tail()}")
    case.assertGreater(process.returncode, 0, "ended by a signal or with success")
    lines = server.log_text().strip().splitlines()
    case.assertEqual(len(lines), 1, server.log_text())
    case.assertNotIn("Fatal error", lines[0])
    return lines[0]


class RaceTest(PostgresCase):
    """The same thing asked for on two processes in the same moment."""

    def setUp(self):
        super().setUp()
        self.servers = self.new_servers(2, "--rate-limit", "0")
        self.partner, self.world, self.apis = self.make_partner(self.servers)

    def both(self, first, second) -> list[Answer]:
        one, other = self.apis
        return at_once(lambda: first(one), lambda: second(other))

    def new_enrolment(self, round: int) -> str:
        body = self.world.enrolment(f"RACE {round}")
        return self.apis[0].must(201, "POST", "/v2/enrolments", body)["id"]

    def updates(self) -> dict[str, int]:
        """How many updates each object had."""
        with open_rows(self.database) as rows:
            return {
                subject: sum(type.endswith(".updated") for _, type in events)
                for subject, events in rows.events.items()
            }

    def assert_one_winner(self, answers: list[Answer], status: int, loser: int, code: str) -> int:
        """Returns which of the two won."""
        statuses = [answer.status for answer in answers]
        self.assertEqual(sorted(statuses), [status, loser], [answer.body for answer in answers])
        winner = statuses.index(status)
        self.assertEqual(answers[1 - winner].code, code)
        return winner

    def test_an_alert_has_one_winner(self):
        outcomes = ("REFUNDED", "NOT_REFUNDED")
        alerts = []
        for _ in range(RACES):
            alert = self.apis[0].must(201, "POST", "/v1/simulate/alerts", self.world.alert())
            path = f"/v1/alerts/{alert['id']}"
            answers = self.both(
                lambda api: api.patch(path, {"action": "REFUND", "note": "first"}),
                lambda api: api.patch(path, {"action": "ACCEPT_DISPUTE", "note": "second"}),
            )
            winner = self.assert_one_winner(answers, 200, 422, "ALERT_NOT_ACTIONABLE")
            stored = self.apis[winner].must(200, "GET", path)
            self.assertEqual(stored["transaction_refund_outcome"], outcomes[winner])
            self.assertEqual(stored["note"], ("first", "second")[winner])
            alerts.append(alert["id"])
        updates = self.updates()
        self.assertEqual({updates[one] for one in alerts}, {1})

    def test_an_enrolment_enabled_twice_changes_once(self):
        enrolments = [self.new_enrolment(round) for round in range(RACES)]
        for one in enrolments:
            path = f"/v1/simulate/enrolments/{one}"
            enable = {"status": "ENABLED"}
            answers = self.both(
                lambda api: api.patch(path, enable), lambda api: api.patch(path, enable)
            )
            self.assertEqual([answer.status for answer in answers], [200, 200])
            self.assertEqual(answers[0].json(), answers[1].json())
        updates = self.updates()
        self.assertEqual({updates[one] for one in enrolments}, {1})

    def test_an_enrolment_is_either_cancelled_or_enabled(self):
        for round in range(RACES):
            one = self.new_enrolment(round)
            answers = self.both(
                lambda api: api.call("DELETE", f"/v2/enrolments/{one}"),
                lambda api: api.patch(f"/v1/simulate/enrolments/{one}", {"status": "ENABLED"}),
            )
            fine = [answer.status < 300 for answer in answers]
            self.assertEqual(sorted(fine), [False, True], [answer.body for answer in answers])
            refused = answers[fine.index(False)]
            self.assertEqual(refused.status, 422, refused.body)
            stored = self.apis[0].must(200, "GET", f"/v2/enrolments/{one}")["status"]
            self.assertEqual(stored, "CANCELLED" if fine[0] else "ENABLED")

    def test_an_order_is_made_once(self):
        for round in range(RACES):
            orders = [self.world.order(f"race-{round}-{index}") for index in range(3)]
            answers = self.both(
                lambda api: api.post("/v1/orders", orders),
                lambda api: api.post("/v1/orders", orders[::-1]),
            )
            documents = [answer.json() for answer in answers]
            self.assertEqual([answer.status for answer in answers if answer.status >= 300], [])
            made = Counter(
                order["reference_id"] for document in documents for order in document["results"]
            )
            self.assertEqual(made, Counter(order["reference_id"] for order in orders))
            codes = [error["code"] for document in documents for error in document["errors"]]
            self.assertEqual(codes, ["DUPLICATE_ORDER"] * len(orders))

    def test_a_descriptor_of_a_live_partner_is_enrolled_once(self):
        live = self.servers[0].create_partner("Live", mode="LIVE")
        for api in self.apis:
            api.key = live.api_key
        world = make_customer(self.apis[0])
        for round in range(RACES):
            body = world.enrolment(f"TAKEN {round}")
            answers = self.both(
                lambda api: api.post("/v2/enrolments", body),
                lambda api: api.post("/v2/enrolments", body),
            )
            self.assert_one_winner(answers, 201, 422, "ETHOCA_ALERT_ENROLLMENT_ERROR")


class AddressTest(PostgresCase):
    """A database that cannot be used is said at the start, in one line and without the password."""

    PASSWORD = "geheim-4711"

    def test_a_wrong_address_is_refused_in_one_line(self):
        port, name = postgres.port_of(self.database.url), self.database.url.rsplit("/", 1)[1]
        silent = self.enterContext(contextlib.closing(socket.create_server(("127.0.0.1", 0))))
        closed = postgres.free_port()
        user = f"postgres://parry:{self.PASSWORD}"
        for what, url in {
            "password": f"{user}@127.0.0.1:{port}/{name}",
            "user": f"postgres://nobody:{self.PASSWORD}@127.0.0.1:{port}/{name}",
            "database": f"postgres://parry:parry@127.0.0.1:{port}/no_such_database",
            "port": f"{user}@127.0.0.1:{closed}/{name}",
            "silent": f"{user}@127.0.0.1:{silent.getsockname()[1]}/{name}",
            "host": f"{user}@no-such-host.invalid/{name}",
            "unreachable": f"{user}@192.0.2.1/{name}",
            "TLS": f"postgres://parry:parry@127.0.0.1:{port}/{name}?sslmode=require",
            "scheme": f"mysql://parry:{self.PASSWORD}@127.0.0.1:{port}/{name}",
            "option": f"{user}@127.0.0.1:{port}/{name}?no_such_option=1",
            "not a URL": f"postgres:parry:{self.PASSWORD}@127.0.0.1:{port}",
            "read-only": f"{user}@127.0.0.1:{closed}/{name}?target_session_attrs=read-write",
        }.items():
            with self.subTest(what):
                server = self.new_server(database=self.database.at(url), name=what.split()[0])
                said = refusal_of(self, server)
                self.assertNotIn(self.PASSWORD, said)
                self.assertNotIn("parry:parry", said)

    def test_a_command_says_it_too(self):
        url = self.database.url.replace("parry:parry", f"parry:{self.PASSWORD}")
        done = self.new_server(database=self.database.at(url)).run("key", "list")
        self.assertGreater(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertNotIn(self.PASSWORD, done.stderr)

    def test_the_master_key_has_to_be_given(self):
        database = postgres.Database(self.database.url, None)
        said = refusal_of(self, self.new_server(database=database, name="without"))
        self.assertIn("master key", said.lower().replace("_", " "))
        key_file = self.folder / "master"
        key_file.write_text(self.database.master_key + "\n")
        key_file.chmod(0o600)
        server = self.new_server("--master-key-file", str(key_file), database=database)
        server.start().stop()
        self.assertEqual(list(self.folder.glob("*.key")), [], "a key was made on this machine")

    def test_a_newer_schema_is_refused(self):
        self.new_server().start().stop()
        self.database.sql(
            "INSERT INTO schema_migration (version, name, applied_at) VALUES (9999, 'later', 0)"
        )
        said = refusal_of(self, self.new_server(name="older"))
        self.assertIn("9999", said)

    def test_neither_password_nor_secret_stands_in_log_or_database(self):
        server = self.new_server().start()
        partner = server.create_partner()
        endpoint = server.create_webhook(partner.id, "https://localhost:8443/x", ["alert.created"])
        make_world(self.new_api(server, partner.api_key))
        server.stop()
        stored = "\n".join(
            cell
            for [table] in self.database.sql(
                "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'"
            )
            for row in self.database.sql(f"SELECT * FROM {table}")
            for cell in row
        )
        for secret in (partner.api_key, endpoint["secret"]):
            self.assertNotIn(secret, stored)
            self.assertNotIn(secret, server.log_text())
        self.assertNotIn("parry:parry", server.log_text())
        self.assertNotIn(self.database.master_key, stored + server.log_text())


class OutageTest(FolderCase):
    """The database goes away under a running server, and comes back."""

    def setUp(self):
        super().setUp()
        self.cluster = self.enterContext(Cluster()).start()
        self.database = self.cluster.new_database()
        self.receiver = self.new_receiver()
        self.server = self.new_server("--rate-limit", "0", *self.private_target_options).start()
        self.partner = self.server.create_partner()
        endpoint = self.server.create_webhook(
            self.partner.id, self.receiver.url(), ["alert.created"]
        )
        self.receiver.trust(endpoint["secret"])
        self.api = self.new_api(self.server, self.partner.api_key)
        self.world = make_world(self.api)
        self.count = 0

    def write_order(self) -> Answer:
        self.count += 1
        return self.api.post("/v1/orders", [self.world.order(f"outage-{self.count}")])

    def requests(self) -> list[Answer]:
        """One of each kind; every answer comes in time."""
        answers = []
        for ask in (
            self.write_order,
            lambda: self.api.get("/v1/orders"),
            lambda: self.api.get(f"/v2/enrolments/{self.world.enrolment_id}"),
            lambda: self.api.post("/v1/simulate/alerts", self.world.alert()),
        ):
            started = time.monotonic()
            answers.append(ask())
            self.assertLess(time.monotonic() - started, ANSWER_SECONDS_MAX)
        return answers

    def assert_out(self):
        for answer in self.requests():
            self.assertEqual(answer.status, 503, answer.body)
            self.assertTrue((answer.headers["Retry-After"] or "").isdigit())
            self.assertTrue(answer.headers["X-Request-Id"])
            self.assertTrue(answer.code)
        self.assertEqual(self.api.get("/health/ready").status, 503)
        self.assertEqual(self.api.get("/health/live").status, 200)

    def assert_back(self, events: int):
        """By itself, dispatcher included."""
        back = wait_until(
            lambda: {answer.status for answer in self.requests()} <= {200, 201},
            RECOVERY_SECONDS_MAX,
        )
        self.assertTrue(back, "it does not recover: " + self.server.log_tail())
        self.assertEqual(self.api.get("/health/ready").status, 200)
        self.assertGreater(len(self.receiver.wait_for_events(events, WEBHOOK_SECONDS_MAX)), 0)
        arrived = {one.event_id for one in self.receiver.deliveries}
        self.assertGreaterEqual(len(arrived), events)

    def test_it_says_503_while_the_database_is_stopped_and_recovers_by_itself(self):
        kept = self.write_order().json()["results"][0]["id"]
        self.cluster.stop()
        for _ in range(3):
            self.assert_out()
        self.cluster.start()
        self.assert_back(events=1)
        self.assertEqual(self.api.get(f"/v1/orders/{kept}").status, 200)
        self.server.stop()

    def test_it_survives_that_the_database_is_killed_again_and_again(self):
        for round in range(1, 4):
            self.assertEqual(self.write_order().status, 201)
            self.cluster.kill()
            self.assert_out()
            self.cluster.start()
            self.assert_back(events=round)
        for number in range(1, self.count + 1):
            page = self.api.must(200, "GET", f"/v1/orders?reference_id=outage-{number}")
            self.assertLessEqual(page["count"], 1)

    def test_a_server_stops_in_time_while_the_database_is_away(self):
        self.cluster.stop()
        self.assert_out()
        self.server.stop()

    def test_a_quick_restart_of_the_database_costs_a_few_503_at_most(self):
        self.cluster.restart()
        statuses = Counter(self.write_order().status for _ in range(50))
        self.assertLessEqual(set(statuses), {201, 503})
        self.assertGreaterEqual(statuses[201], 40)


class CrowdTest(PostgresCase):
    """More requests than connections: some wait, some are refused, none hangs."""

    CLIENTS = 100

    def test_when_every_connection_waits_the_others_are_refused_in_time(self):
        server = self.new_server("--rate-limit", "0").start()
        partner, world, _ = self.make_partner([server])
        holder = self.enterContext(Session(self.database.url))
        holder.sql("BEGIN")
        holder.sql('LOCK TABLE "order" IN ACCESS EXCLUSIVE MODE')

        def post(number: int) -> tuple[int, bool]:
            with Api(server.base, partner.api_key) as api:
                answer = api.post("/v1/orders", [world.order(f"crowd-{number}")])
                return answer.status, (answer.headers["Retry-After"] or "").isdigit()

        with ThreadPoolExecutor(self.CLIENTS) as threads:
            running = [threads.submit(post, number) for number in range(self.CLIENTS)]
            time.sleep(CROWD_SECONDS)
            with Api(server.base, partner.api_key) as api:
                started = time.monotonic()
                self.assertIn(api.get("/v1/orders?limit=1").status, (200, 503))
                self.assertLess(time.monotonic() - started, ANSWER_SECONDS_MAX)
                self.assertEqual(api.get("/health/live").status, 200)
            holder.sql("ROLLBACK")
            answers = [one.result() for one in running]
        self.assertLessEqual({status for status, _ in answers}, {201, 503})
        self.assertTrue(all(retry for status, retry in answers if status == 503))
        with Api(server.base, partner.api_key) as api:
            for number, (status, _) in enumerate(answers):
                page = api.must(200, "GET", f"/v1/orders?reference_id=crowd-{number}")
                self.assertIn(page["count"], (1,) if status == 201 else (0, 1))
            api.must(201, "POST", "/v1/orders", [world.order("after the crowd")])


class LoadTest(PostgresCase):
    """Everything that two processes acknowledge under load is there."""

    def test_what_two_processes_acknowledge_is_there(self):
        servers = self.new_servers(2, "--rate-limit", "0")
        partner = servers[0].create_partner()
        servers[0].create_webhook(partner.id, "https://192.0.2.1/never", flow.EVENT_TYPES)
        world = make_world(self.new_api(servers[0], partner.api_key))
        workers = [
            worker
            for number, server in enumerate(servers)
            for worker in start_load(server.base, partner.api_key, world, f"s{number}", 1)
        ]
        time.sleep(LOAD_SECONDS)
        records: Records = collect(workers)
        self.assertEqual(records.refusals, [])
        self.assertTrue(records.orders and records.refunds and records.tracked)
        self.assertEqual(lost_or_torn(servers[1], partner.api_key, records), [])


class LoadThroughPgBouncerTest(ThroughPgBouncer, LoadTest):
    """With fewer connections to PostgreSQL than the processes would like to have."""
