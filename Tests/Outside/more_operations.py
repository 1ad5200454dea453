"""What an operator does beside a running platform: certificates, proxies, limits, the database."""

import json
import os
import shlex
import shutil
import signal
import sqlite3
import ssl
import stat
import subprocess
import time
from pathlib import Path

from parry_outside import flow, postgres
from parry_outside.api import Answer, Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.certificates import Certificates, make_certificates
from parry_outside.load import collect, start_load
from parry_outside.rows import open_rows
from parry_outside.server import Partner, Server
from parry_outside.world import make_world

SIGNAL_SECONDS_MAX = 5
LIMIT_SECONDS_MAX = 2
REFUSAL_SECONDS_MAX = 15
DUMP_SECONDS_MAX = 60
LOAD_SECONDS = 1.5
RATE_LIMIT = 100
NEVER = "https://192.0.2.1/never"
ANY_DELIVERY = "SELECT id FROM delivery UNION ALL SELECT id FROM delivery_ended LIMIT 1"


class OperatorCase(FolderCase):
    def assert_one_line(self, done: subprocess.CompletedProcess, *words: str):
        """A command that failed and said why, and nothing else."""
        self.assertGreater(done.returncode, 0, f"success, or a signal: {done.stdout}")
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def refusal_of(self, server: Server) -> str:
        """The one line that `serve` says when it must not start."""
        process = server.spawn()
        ended = wait_until(lambda: process.poll() is not None, REFUSAL_SECONDS_MAX)
        self.assertTrue(ended, "the server started although it must not")
        self.assertGreater(process.returncode, 0, "ended by a signal or with success")
        lines = server.log_text().strip().splitlines()
        self.assertEqual(len(lines), 1, server.log_text())
        return lines[0]


class HangUpTest(OperatorCase):
    """SIGHUP reads the TLS files again."""

    def setUp(self):
        super().setUp()
        self.first = make_certificates(self.folder / "first")
        self.served = Certificates(
            self.first.ca, self.folder / "served.pem", self.folder / "served-key.pem"
        )
        self.put(self.first)

    def put(self, certificates: Certificates):
        shutil.copy(certificates.certificate, self.served.certificate)
        shutil.copy(certificates.key, self.served.key)

    def serve(self) -> Server:
        return self.new_server(
            "--tls-certificate", str(self.served.certificate),
            "--tls-key", str(self.served.key),
            ca_file=self.first.ca,
        ).start()  # fmt: skip

    def hang_up(self, server: Server) -> dict:
        """The one line that the signal writes to the log, requests aside."""
        before = len(self.notes(server))
        server.process.send_signal(signal.SIGHUP)
        noted = wait_until(lambda: len(self.notes(server)) > before, SIGNAL_SECONDS_MAX)
        self.assertTrue(noted, f"SIGHUP wrote nothing: {server.log_tail()}")
        notes = self.notes(server)[before:]
        self.assertEqual(len(notes), 1, notes)
        return notes[0]

    def notes(self, server: Server) -> list[dict]:
        lines = [json.loads(line) for line in server.log_text().splitlines() if line.endswith("}")]
        return [line for line in lines if line["message"] != "request"]

    def is_trusted(self, server: Server, ca: Path) -> bool:
        """Whether a new connection meets a certificate of this authority."""
        try:
            with Api(server.base, None, ca) as api:
                return api.get("/health/live").status == 200
        except ssl.SSLCertVerificationError:
            return False

    def test_new_connections_get_the_new_certificate_and_open_ones_go_on(self):
        server = self.serve()
        partner = server.create_partner()
        # A second connection of this client would fail: it trusts the first authority alone.
        open_before = self.new_api(server, partner.api_key)
        self.assertEqual(open_before.get("/v1/orders").status, 200)
        second = make_certificates(self.folder / "second")
        self.put(second)
        self.assertTrue(self.is_trusted(server, self.first.ca), "read without being asked to")
        self.assertEqual(self.hang_up(server)["level"], "info")
        self.assertTrue(self.is_trusted(server, second.ca))
        self.assertFalse(self.is_trusted(server, self.first.ca))
        self.assertEqual(open_before.get("/v1/orders").status, 200)
        server.stop()

    def test_unusable_files_leave_the_former_ones_with_one_line_in_the_log(self):
        server = self.serve()
        other = make_certificates(self.folder / "other")
        for what, spoil in {
            "no certificate": lambda: self.served.certificate.write_text("nonsense\n"),
            "an empty certificate": lambda: self.served.certificate.write_bytes(b""),
            "a missing certificate": self.served.certificate.unlink,
            "no key": lambda: self.served.key.write_text("nonsense\n"),
            "a missing key": self.served.key.unlink,
            "the key of another certificate": lambda: shutil.copy(other.key, self.served.key),
        }.items():
            with self.subTest(what):
                self.put(self.first)
                spoil()
                note = self.hang_up(server)
                self.assertEqual(note["level"], "error", note)
                self.assertIn("served", note["error"])
                self.assertTrue(self.is_trusted(server, self.first.ca))
        self.put(other)
        self.assertEqual(self.hang_up(server)["level"], "info")
        self.assertTrue(self.is_trusted(server, other.ca))

    def test_many_signals_under_way_disturb_no_connection(self):
        server = self.serve()
        for _ in range(50):
            server.process.send_signal(signal.SIGHUP)
            self.assertTrue(self.is_trusted(server, self.first.ca))
        server.stop()

    def test_without_tls_the_signal_ends_nothing(self):
        server = self.new_server().start()
        self.assertEqual(self.hang_up(server)["level"], "info")
        self.assertTrue(server.is_ready())
        server.stop()


class TrustedProxyTest(OperatorCase):
    """Failed authentications are counted for the client, whom only a trusted proxy may name."""

    ONE, OTHER = "198.51.100.1", "198.51.100.2"

    def serve(self, *proxies: str, **settings) -> Server:
        options = [word for proxy in proxies for word in ("--trusted-proxy", proxy)]
        return self.new_server(*options, **settings).start()

    def fail_from(self, api: Api, forwarded_for: str | None = None) -> int:
        """The status of a request with a bad key."""
        return api.call("GET", "/v1/orders", X_Forwarded_For=forwarded_for).status

    def exhaust(self, api: Api, forwarded_for: str | None = None):
        statuses = []
        while 429 not in statuses and len(statuses) < RATE_LIMIT + 10:
            statuses.append(self.fail_from(api, forwarded_for))
        self.assertEqual(set(statuses), {401, 429})
        self.assertGreaterEqual(statuses.count(401), RATE_LIMIT)
        self.assertLessEqual(statuses.count(401), RATE_LIMIT + 2)

    def test_without_the_option_a_forwarded_address_is_not_believed(self):
        server = self.serve()
        api = self.new_api(server, "cbs_nobody")
        self.exhaust(api, self.ONE)
        self.assertEqual(self.fail_from(api, self.OTHER), 429)
        self.assertEqual(self.fail_from(api), 429)
        good = self.new_api(server, server.create_partner().api_key)
        self.assertEqual(good.get("/v1/orders").status, 200, "a good key is not concerned")

    def test_behind_a_trusted_proxy_each_client_has_a_budget_of_its_own(self):
        api = self.new_api(self.serve("127.0.0.1"), "cbs_nobody")
        self.exhaust(api, self.ONE)
        self.exhaust(api, self.OTHER)
        self.assertEqual(self.fail_from(api), 401, "the proxy itself is one more")
        invented = f"203.0.113.9, {self.ONE}"
        self.assertEqual(self.fail_from(api, invented), 429, "what a client adds counts nothing")

    def test_one_ipv6_network_is_one_client(self):
        api = self.new_api(self.serve("::1", "127.0.0.0/8"), "cbs_nobody")
        self.exhaust(api, "2001:db8::1")
        self.assertEqual(self.fail_from(api, "2001:db8::2"), 429)
        self.assertEqual(self.fail_from(api, "2001:db8:0:1::1"), 401)

    def test_proxies_before_proxies_are_looked_through(self):
        environment = {"PARRY_TRUSTED_PROXY": "127.0.0.1,10.0.0.0/8"}
        api = self.new_api(self.serve(environment=environment), "cbs_nobody")
        self.exhaust(api, f"{self.ONE}, 10.1.2.3, 10.200.0.1")
        self.assertEqual(self.fail_from(api, f"{self.ONE}"), 429)
        self.assertEqual(self.fail_from(api, f"{self.OTHER}, 10.1.2.3"), 401)

    def test_what_is_no_address_is_refused_in_one_line(self):
        for value in ("proxy.example.com", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0",
                      "2001:db8::/129", "10.0.0.1,10.0.0.2", "10.0.0.0/-1", ""):  # fmt: skip
            with self.subTest(value):
                server = self.new_server("--trusted-proxy", value, name="refused")
                server.log.unlink(missing_ok=True)
                self.assertIn("--trusted-proxy", self.refusal_of(server))


class SetLimitTest(OperatorCase):
    """Limits of single partners and organisations, in servers that run already."""

    def setUp(self):
        super().setUp()
        self.server = self.new_server().start()
        self.partner = self.server.create_partner()
        self.api = self.new_api(self.server, self.partner.api_key)

    def set_limit(self, kind: str, id: str, requests: int | None) -> dict:
        words = ["--standard"] if requests is None else ["--requests", str(requests)]
        answer = self.server.command(kind, "set-limit", id, *words)
        self.assertEqual(answer, {"id": id, "requests_per_minute": requests})
        return answer

    def assert_refused_soon(self, api: Api, path: str, limit: int):
        """Within two seconds requests meet this limit."""
        answers: list[Answer] = []

        def is_refused() -> bool:
            answers.append(api.get(path))
            return answers[-1].status == 429 and f"q={limit};" in policy(answers[-1])

        found = wait_until(is_refused, LIMIT_SECONDS_MAX)
        self.assertTrue(found, [(answer.status, policy(answer)) for answer in answers[-3:]])

    def assert_let_in_soon(self, api: Api, path: str):
        found = wait_until(lambda: api.get(path).status == 200, LIMIT_SECONDS_MAX)
        self.assertTrue(found, "the former limit still holds")

    def new_organisation_key(self) -> tuple[str, Api]:
        organisation = self.api.must(201, "POST", "/v1/organisations", {"name": "Acme"})["id"]
        made = self.server.command(
            "key", "create", "--organisation", organisation, "--all-abilities"
        )
        return organisation, self.new_api(self.server, made["api_key"])

    def test_a_partners_limit_holds_soon_and_so_does_the_way_back(self):
        self.assertEqual(self.api.get("/v1/organisations").status, 200)
        self.set_limit("partner", self.partner.id, 3)
        self.assert_refused_soon(self.api, "/v1/organisations", 3)
        self.set_limit("partner", self.partner.id, None)
        self.assert_let_in_soon(self.api, "/v1/organisations")

    def test_a_partner_may_have_more_than_the_server_gives(self):
        self.set_limit("partner", self.partner.id, 3 * RATE_LIMIT)
        statuses = {self.api.get("/v1/merchants").status for _ in range(2 * RATE_LIMIT)}
        self.assertEqual(statuses, {200})

    def test_an_organisations_limit_wins_over_its_partners(self):
        organisation, api = self.new_organisation_key()
        self.set_limit("partner", self.partner.id, 3)
        self.set_limit("organisation", organisation, 5)
        statuses = [api.get("/v1/orders").status for _ in range(8)]
        self.assertEqual(statuses, [200] * 5 + [429] * 3)
        self.set_limit("organisation", organisation, None)
        self.assert_refused_soon(api, "/v1/orders", 3)
        self.set_limit("partner", self.partner.id, None)
        self.assert_let_in_soon(api, "/v1/orders")

    def test_an_organisations_limit_is_its_own_keys_alone(self):
        organisation, api = self.new_organisation_key()
        self.set_limit("organisation", organisation, 1)
        self.assertEqual([api.get("/v1/alerts").status for _ in range(2)], [200, 429])
        self.assertEqual([self.api.get("/v1/alerts").status for _ in range(5)], [200] * 5)

    def test_what_makes_no_sense_is_refused_in_one_line(self):
        organisation, _ = self.new_organisation_key()
        for kind, id in (("partner", self.partner.id), ("organisation", organisation)):
            other = id[:-1] + ("2" if id[-1] != "2" else "3")
            for words in (
                [id], [id, "--requests", "0"], [id, "--requests=-1"], [id, "--requests", "many"],
                [id, "--requests", "1000001"], [id, "--requests", "5", "--standard"],
                [id, "--requests", "99999999999999999999"], ["--requests", "5"],
                ["x", "--requests", "5"], ["key_" + id[-22:], "--requests", "5"],
                [other, "--requests", "5"],
            ):  # fmt: skip
                with self.subTest(kind=kind, words=words):
                    self.assert_one_line(self.server.run(kind, "set-limit", *words))
        self.assertEqual(self.api.get("/v1/organisations").status, 200)


class SetLimitOnPostgresTest(OnPostgres, SetLimitTest):
    """The same on the other engine, and in every process."""

    def test_every_process_knows_a_limit_soon(self):
        other = self.new_server(name="other").start()
        apis = [self.api, self.new_api(other, self.partner.api_key)]
        for api in apis:
            self.assertEqual(api.get("/v1/organisations").status, 200)
        self.set_limit("partner", self.partner.id, 2)
        for api in apis:
            self.assert_refused_soon(api, "/v1/organisations", 2)


def policy(answer: Answer) -> str:
    return (answer.headers["RateLimit-Policy"] or "").replace(" ", "")


class OnEitherEngine:
    """`parry database …` beside a server that works."""

    ENGINE: tuple[str, str]
    NOT_DISTRIBUTED: str
    QUEUE = {"pending", "due", "oldest_due_in_ms"}

    def start_platform(self) -> tuple[Server, Partner]:
        """With an endpoint that takes every event and never answers."""
        server = self.new_server("--rate-limit", "0").start()
        partner = server.create_partner()
        server.create_webhook(partner.id, NEVER, flow.EVENT_TYPES)
        return server, partner

    def start_load(self, server: Server, partner: Partner) -> list:
        world = make_world(self.new_api(server, partner.api_key))
        workers = start_load(server.base, partner.api_key, world, "load", 1)
        time.sleep(LOAD_SECONDS)
        return workers

    def verify(self, server: Server) -> dict:
        """The report; the exit code says the same."""
        done = server.run("database", "verify")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["is_sound"], done.returncode == 0, report)
        self.assertEqual(report["is_sound"], not (report["faults"] or report["damage"]))
        return report

    def assert_whole(self, copy: Server, acknowledged: dict[str, str]):
        """Sound, and with every order that was acknowledged before the copy began."""
        report = self.verify(copy)
        self.assertTrue(report["is_sound"], report)
        self.assertGreater(len(acknowledged), 0, "nothing was proved")
        with open_rows(copy.database) as rows:
            self.assertEqual(set(acknowledged.values()) - rows.order_ids(), set())
            self.assertEqual(rows.half_written_orders(), 0)

    def test_status_tells_engine_schema_and_queue(self):
        server, partner = self.start_platform()
        make_world(self.new_api(server, partner.api_key))
        status = server.command("database", "status")
        engine, version = self.ENGINE
        self.assertEqual(status["engine"], engine)
        self.assertTrue(status["version"].startswith(version), status)
        self.assertGreater(status["size_in_bytes"], 0)
        self.assertEqual(status["schema_version"], status["schema_version_of_program"])
        self.assertIs(status["is_distributed"], False)
        self.assertEqual(status["webhook_queue"].keys(), self.QUEUE)
        with open_rows(server.database) as rows:
            pending = rows.delivery_states().count("PENDING")
        self.assertGreater(pending, 0)
        self.assertEqual(status["webhook_queue"]["pending"], pending)
        self.assertNotIn("parry:parry", json.dumps(status))

    def test_migrate_makes_a_new_database_and_does_nothing_to_a_current_one(self):
        server = self.new_server()
        first = server.command("database", "migrate")
        self.assertEqual(first["from_schema_version"], 0)
        status = server.command("database", "status")
        self.assertEqual(first["schema_version"], status["schema_version_of_program"])
        server.start()
        again = server.command("database", "migrate")
        self.assertEqual(again["from_schema_version"], again["schema_version"])
        self.assertEqual(again["schema_version"], first["schema_version"])

    def test_a_database_beside_a_busy_server_is_sound(self):
        server, partner = self.start_platform()
        workers = self.start_load(server, partner)
        report = self.verify(server)
        records = collect(workers)
        self.assertEqual(records.refusals, [])
        self.assertTrue(report["is_sound"], report)
        self.assertGreater(report["rows"]["order"], 0)
        self.assertGreaterEqual(self.verify(server)["rows"]["order"], len(records.orders))

    def test_there_is_no_citus_to_distribute_over(self):
        server = self.new_server()
        server.command("database", "migrate")
        done = server.run("database", "distribute")
        self.assert_one_line(done)
        self.assertEqual(done.returncode, 1)
        self.assertIn(self.NOT_DISTRIBUTED, done.stderr)
        self.assertTrue(self.verify(server)["is_sound"])
        server.start()


class DatabaseTest(OnEitherEngine, OperatorCase):
    ENGINE = ("sqlite", "3.")
    NOT_DISTRIBUTED = "an SQLite database cannot be distributed"

    def test_a_backup_beside_a_busy_server_is_whole(self):
        server, partner = self.start_platform()
        workers = self.start_load(server, partner)
        acknowledged = {}
        for worker in workers:
            acknowledged |= dict(worker.records.orders)
        copy = self.folder / "copy.db"
        done = server.run("database", "backup", str(copy))
        records = collect(workers)
        self.assertEqual(records.refusals, [])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("master key", done.stderr)
        self.assertEqual(
            json.loads(done.stdout), {"file": str(copy), "size_in_bytes": copy.stat().st_size}
        )
        self.assertEqual(stat.S_IMODE(copy.stat().st_mode), 0o600)
        self.assert_whole(self.new_server(database=copy), acknowledged)

    def test_a_backup_serves_in_place_of_its_original(self):
        server, partner = self.start_platform()
        world = make_world(self.new_api(server, partner.api_key))
        copy = self.folder / "copy.db"
        server.command("database", "backup", str(copy))
        server.stop()
        shutil.copy(self.folder / "parry.db.key", self.folder / "copy.db.key")
        restored = self.new_server(database=copy).start()
        api = self.new_api(restored, partner.api_key)
        self.assertEqual(api.get(f"/v2/enrolments/{world.enrolment_id}").status, 200)

    def test_a_backup_writes_over_nothing(self):
        server = self.new_server().start()
        kept = self.folder / "kept"
        kept.write_text("mine\n")
        self.assert_one_line(server.run("database", "backup", str(kept)), "exists")
        self.assertEqual(kept.read_text(), "mine\n")
        nowhere = self.folder / "no-such-folder" / "copy.db"
        self.assert_one_line(server.run("database", "backup", str(nowhere)))
        self.assert_one_line(server.run("database", "backup", server.database.name), "exists")
        self.assertTrue(self.verify(server)["is_sound"])

    def stopped_copy(self) -> Server:
        """A file that nobody has open, with deliveries in it."""
        server, partner = self.start_platform()
        make_world(self.new_api(server, partner.api_key))
        server.stop()
        copy = self.folder / "copy.db"
        shutil.copy(server.database, copy)
        return self.new_server(database=copy)

    def test_verify_names_a_lost_delivery(self):
        copy = self.stopped_copy()
        self.assertTrue(self.verify(copy)["is_sound"])
        with sqlite3.connect(copy.database) as rows:
            lost = rows.execute(ANY_DELIVERY).fetchone()
            for table in ("delivery", "delivery_ended"):
                rows.execute(f"DELETE FROM {table} WHERE id = ?", lost)
            rows.execute("DELETE FROM delivery_attempt WHERE delivery_id = ?", lost)
        rows.close()
        report = self.verify(copy)
        self.assertFalse(report["is_sound"])
        self.assertEqual(report["faults"], {"events_without_deliveries": 1})

    def test_verify_notices_a_damaged_file(self):
        copy = self.stopped_copy()
        with sqlite3.connect(copy.database) as rows:
            page_size = rows.execute("PRAGMA page_size").fetchone()[0]
            # The key of every row's index: nothing reads it to begin with, so only a check finds it.
            page = rows.execute(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_event_1'"
            ).fetchone()[0]
        rows.close()
        with open(copy.database, "r+b") as file:
            file.seek((page - 1) * page_size + page_size // 2)
            file.write(os.urandom(page_size // 2))
        done = copy.run("database", "verify")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertTrue(done.stderr or json.loads(done.stdout)["damage"])

    def test_a_database_that_is_not_there_is_not_made(self):
        server = self.new_server()
        for words in (["status"], ["verify"], ["backup", "copy.db"], ["distribute"]):
            with self.subTest(words[0]):
                self.assert_one_line(server.run("database", *words), "no database")
        self.assertFalse(server.database.exists())


class DatabaseOnPostgresTest(OnPostgres, OnEitherEngine, OperatorCase):
    ENGINE = ("postgresql", "15")
    NOT_DISTRIBUTED = "Citus is not in this database"

    def dump(self, server: Server, file: Path):
        """Runs the very command that `database backup` says, as an operator would."""
        done = server.run("database", "backup", str(file))
        self.assertEqual(done.returncode, 0, done.stderr)
        password = postgres.URL.match(self.database.url)["password"]
        command = json.loads(done.stdout)["command"]
        self.assertTrue(command.startswith("pg_dump "), command)
        self.assertNotIn(f":{password}", command)
        self.assertNotIn("password", command)
        self.assertIn("master key", done.stderr)
        self.assertFalse(file.exists(), "nothing is made without the command")
        run_shell(command, PGPASSWORD=password)

    def restore(self, file: Path) -> Server:
        """A server on a new database with what is in the file."""
        restored = postgres.new_database()
        self.addCleanup(postgres.drop_database, restored)
        command = ["pg_restore", "--exit-on-error", f"--dbname={restored.url}", str(file)]
        run_shell(shlex.join(command))
        database = postgres.Database(restored.url, self.database.master_key)
        return self.new_server(database=database, name="restored")

    def test_a_dump_beside_a_busy_server_is_whole_and_can_be_restored(self):
        server, partner = self.start_platform()
        workers = self.start_load(server, partner)
        acknowledged = {}
        for worker in workers:
            acknowledged |= dict(worker.records.orders)
        file = self.folder / "it's a dump"
        self.dump(server, file)
        records = collect(workers)
        self.assertEqual(records.refusals, [])
        restored = self.restore(file)
        self.assert_whole(restored, acknowledged)
        restored.start()
        api = self.new_api(restored, partner.api_key)
        reference = next(iter(acknowledged))
        self.assertEqual(api.get(f"/v1/orders?reference_id={reference}").json()["count"], 1)

    def test_verify_names_a_lost_delivery(self):
        server, partner = self.start_platform()
        make_world(self.new_api(server, partner.api_key))
        server.stop()
        self.assertTrue(self.verify(server)["is_sound"])
        self.database.sql(
            f"CREATE TEMP TABLE lost AS {ANY_DELIVERY};"
            "DELETE FROM delivery_attempt WHERE delivery_id IN (SELECT id FROM lost);"
            "DELETE FROM delivery WHERE id IN (SELECT id FROM lost);"
            "DELETE FROM delivery_ended WHERE id IN (SELECT id FROM lost)"
        )
        report = self.verify(server)
        self.assertEqual(report["faults"], {"events_without_deliveries": 1})

    def test_only_what_reads_or_writes_secrets_needs_the_master_key(self):
        self.new_server().command("database", "migrate")
        keyless = postgres.Database(self.database.url, None)
        server = self.new_server(database=keyless, name="keyless")
        for command in ("status", "migrate", "verify"):
            server.command("database", command)
        words = ["partner", "create", "--name", "Acme", "--mode", "TEST"]
        self.assert_one_line(server.run(*words), "PARRY_MASTER_KEY")
        said = self.refusal_of(server)
        self.assertIn("PARRY_MASTER_KEY", said)
        self.assertIn("--master-key-file", said)


def run_shell(command: str, **environment: str):
    """In a shell that finds PostgreSQL's programs."""
    path = f"{Path(postgres.program('pg_dump')).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["sh", "-c", command],
        env=os.environ | {"PATH": path} | environment,
        check=True,
        capture_output=True,
        timeout=DUMP_SECONDS_MAX,
    )
