"""Starting, stopping, configuring: what an operator relies on."""

import base64
import http.client
import json
import os
import signal
import socket
import ssl
import stat
import time

from parry_outside import flow
from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.receiver import Reply
from parry_outside.rows import open_rows
from parry_outside.server import STOP_SECONDS_MAX, Server, free_port
from parry_outside.world import make_world

REVOKE_SECONDS_MAX = 2
WEBHOOK_SECONDS_MAX = 10
REFUSAL_SECONDS_MAX = 10


def new_master_key() -> str:
    """As `openssl rand -base64 32` prints it."""
    return base64.b64encode(os.urandom(32)).decode()


class StopTest(FolderCase):
    def test_sigterm_ends_an_idle_server_with_exit_code_0(self):
        server = self.new_server().start()
        self.assertLess(server.stop(), STOP_SECONDS_MAX)

    def test_sigint_does_the_same(self):
        server = self.new_server().start()
        server.process.send_signal(signal.SIGINT)
        self.assertEqual(server.process.wait(STOP_SECONDS_MAX), 0)

    def test_idle_keep_alive_connections_do_not_hold_it_up(self):
        server = self.new_server().start()
        partner = server.create_partner()
        for _ in range(3):
            self.assertEqual(self.new_api(server, partner.api_key).get("/v1/orders").status, 200)
        silent = self.enterContext(socket.create_connection(("127.0.0.1", server.port)))
        self.assertLess(server.stop(), STOP_SECONDS_MAX)
        silent.close()

    def test_half_sent_requests_do_not_hold_it_up(self):
        server = self.new_server().start()
        partner = server.create_partner()
        head = (
            "POST /v1/organisations HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {partner.api_key}\r\n"
        )
        body = "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        for start in (head, head + body):
            half = self.enterContext(socket.create_connection(("127.0.0.1", server.port)))
            half.sendall(start.encode())
        self.assertEqual(self.new_api(server, partner.api_key).get("/v1/orders").status, 200)
        server.stop()

    def test_sends_that_hang_are_given_up_and_sent_again_after_the_restart(self):
        receiver = self.new_receiver()
        server = self.new_server(*self.private_target_options).start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        world = make_world(api)
        for path, host in (("/name", "localhost"), ("/address", "127.0.0.1")):
            url = receiver.url(path).replace("localhost", host)
            receiver.trust(server.create_webhook(partner.id, url, flow.EVENT_TYPES)["secret"], path)
            receiver.reply_next(Reply(delay_seconds=60), path=path)
        api.must(201, "POST", "/v1/simulate/alerts", world.alert())
        hanging = receiver.wait_for(lambda all: len(all) >= 2, WEBHOOK_SECONDS_MAX)
        self.assertEqual(len(hanging), 2)
        server.stop()
        server.start()
        again = receiver.wait_for(lambda all: len(all) >= 4, WEBHOOK_SECONDS_MAX)
        self.assertEqual(len(again), 4, "the leases were not released")
        first = {(one.path, one.idempotency_key, one.body) for one in again[:2]}
        second = {(one.path, one.idempotency_key, one.body) for one in again[2:]}
        self.assertEqual(first, second)

    def test_everything_is_still_there_after_a_restart(self):
        server = self.new_server().start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        world = make_world(api)
        order = api.must(201, "POST", "/v1/orders", [world.order("kept")])["results"][0]
        stored = api.must(200, "GET", f"/v1/orders/{order['id']}")
        api.close()
        server.stop()
        server.start()
        self.assertEqual(api.must(200, "GET", f"/v1/orders/{order['id']}"), stored)


class StopOnPostgresTest(OnPostgres, StopTest):
    """The same on the other engine, whose connections have to end too."""

    test_half_sent_requests_do_not_hold_it_up = None  # it takes long and asks no database


class BesideTest(FolderCase):
    """What the command line does beside a running server works at once."""

    def test_a_new_key_works_at_once_and_a_revoked_one_stops_within_2_seconds(self):
        server = self.new_server("--rate-limit", "0").start()
        partner = server.create_partner()
        made = server.create_key(partner.group_id)
        api = self.new_api(server, made["api_key"])
        self.assertEqual(api.get("/v1/organisations").status, 200)
        server.command("key", "revoke", made["id"])
        stopped = wait_until(
            lambda: api.get("/v1/organisations").status == 401, REVOKE_SECONDS_MAX
        )
        self.assertTrue(stopped, f"the key still works after {REVOKE_SECONDS_MAX} s")
        other = self.new_api(server, partner.api_key)
        self.assertEqual(other.get("/v1/organisations").status, 200)

    def test_a_new_endpoint_gets_the_next_event_and_a_deleted_one_none(self):
        receiver = self.new_receiver()
        server = self.new_server(*self.private_target_options).start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        world = make_world(api)
        endpoint = server.create_webhook(partner.id, receiver.url(), ["alert.created"])
        receiver.trust(endpoint["secret"])
        first = api.must(201, "POST", "/v1/simulate/alerts", world.alert())
        deliveries = receiver.wait_for_events(1, WEBHOOK_SECONDS_MAX)
        self.assertEqual([one.event["data"]["object"]["id"] for one in deliveries], [first["id"]])
        server.command("webhook", "delete", endpoint["id"])
        kept = server.create_webhook(partner.id, receiver.url("/kept"), ["alert.created"])
        receiver.trust(kept["secret"], "/kept")
        api.must(201, "POST", "/v1/simulate/alerts", world.alert())
        receiver.wait_for_events(2, WEBHOOK_SECONDS_MAX)
        self.assertEqual([one.path for one in receiver.deliveries], ["/hook", "/kept"])

    def test_a_restricted_group_sees_only_its_organisations(self):
        server = self.new_server().start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        seen, unseen = make_world(api), make_world(api)
        group = server.command(
            "group", "create", "--partner", partner.id, "--name", "Operations",
            "--organisation", seen.organisation_id,
        )  # fmt: skip
        key = server.create_key(group["id"])["api_key"]
        restricted = self.new_api(server, key)
        page = restricted.must(200, "GET", "/v1/organisations")
        self.assertEqual([one["id"] for one in page["items"]], [seen.organisation_id])
        path = f"/v1/organisations/{unseen.organisation_id}"
        self.assertEqual(restricted.get(path).status, 404)
        answer = restricted.post("/v1/organisations", {"name": "Not allowed"})
        self.assertEqual((answer.status, answer.code), (403, "FORBIDDEN"))

    def test_lists_show_no_secrets(self):
        server = self.new_server().start()
        partner = server.create_partner()
        endpoint = server.create_webhook(
            partner.id, "https://localhost:8443/x", ["alert.created", "alert.updated"]
        )
        keys = server.run("key", "list")
        endpoints = server.run("webhook", "list")
        for done in (keys, endpoints):
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(done.stdout.splitlines()), 1, "one JSON object on one line")
            json.loads(done.stdout)
            self.assertNotIn(partner.api_key, done.stdout + done.stderr)
            self.assertNotIn(endpoint["secret"], done.stdout + done.stderr)
        self.assertIn(endpoint["id"], endpoints.stdout)
        revealed = server.command("webhook", "reveal", endpoint["id"])
        self.assertEqual(revealed["secret"], endpoint["secret"])

    def test_a_command_that_fails_says_so_in_one_line(self):
        server = self.new_server().start()
        partner = server.create_partner()
        for words in (
            ["key", "create", "--group", "pgrp_nobody", "--all-abilities"],
            ["key", "create", "--group", partner.group_id, "--ability", "orders:eat"],
            ["key", "revoke", "key_nobody"],
            ["webhook", "create", "--partner", partner.id, "--url", "http://example.com/x",
             "--event", "alert.created"],
            ["webhook", "create", "--partner", partner.id, "--url", "https://u:p@example.com/x",
             "--event", "alert.created"],
            ["webhook", "create", "--partner", "ptnr_nobody", "--url", "https://example.com/x",
             "--event", "alert.created"],
            ["webhook", "create", "--partner", partner.id, "--url", "https://example.com/x",
             "--event", "alert.exploded"],
            ["webhook", "reveal", "whe_nobody"],
            ["webhook", "delete", "whe_nobody"],
            ["group", "create", "--partner", "ptnr_nobody", "--name", "Nobody"],
        ):  # fmt: skip
            with self.subTest(" ".join(words)):
                done = server.run(*words)
                self.assertNotEqual(done.returncode, 0)
                self.assertGreater(done.returncode, 0, "killed by a signal")
                self.assertEqual(done.stdout, "")
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


class BesideOnPostgresTest(OnPostgres, BesideTest):
    """The same on the other engine."""


class MasterKeyTest(FolderCase):
    def refusal_of(self, server: Server) -> str:
        """What `serve` says when it must not start."""
        done_before = len(server.log_text())
        process = server.spawn()
        self.assertTrue(
            wait_until(lambda: process.poll() is not None, REFUSAL_SECONDS_MAX),
            "the server started although it must not",
        )
        self.assertGreater(process.returncode, 0, "ended by a signal or with success")
        return server.log_text()[done_before:]

    def test_the_key_file_is_made_for_its_owner_alone(self):
        server = self.new_server().start()
        files = [path for path in self.folder.iterdir() if "key" in path.name]
        self.assertEqual(len(files), 1, [path.name for path in self.folder.iterdir()])
        self.assertEqual(stat.S_IMODE(files[0].stat().st_mode), 0o600)
        text = files[0].read_text().strip()
        server.stop()
        self.assertNotIn(text, server.log_text())

    def test_another_master_key_refuses_to_start_with_one_clear_line(self):
        server = self.new_server(environment={"PARRY_MASTER_KEY": new_master_key()}).start()
        server.stop()
        for wrong in (new_master_key(), "short", base64.b64encode(b"x" * 31).decode(), "%" * 44):
            with self.subTest(wrong):
                server.environment["PARRY_MASTER_KEY"] = wrong
                said = self.refusal_of(server)
                lines = said.strip().splitlines()
                self.assertEqual(len(lines), 1, said)
                self.assertIn("master key", lines[0].lower().replace("_", " "))
                self.assertNotIn(wrong, said)

    def test_rotation_keeps_the_secrets_readable(self):
        old, new = new_master_key(), new_master_key()
        server = self.new_server(environment={"PARRY_MASTER_KEY": old}).start()
        partner = server.create_partner()
        endpoint = server.create_webhook(partner.id, "https://localhost:8443/x", ["alert.created"])
        server.stop()
        server.environment |= {"PARRY_MASTER_KEY": new, "PARRY_MASTER_KEY_PREVIOUS": old}
        server.start()
        revealed = server.command("webhook", "reveal", endpoint["id"])
        self.assertEqual(revealed["secret"], endpoint["secret"])
        server.stop()
        del server.environment["PARRY_MASTER_KEY_PREVIOUS"]
        server.start()
        revealed = server.command("webhook", "reveal", endpoint["id"])
        self.assertEqual(revealed["secret"], endpoint["secret"], "the old key can never be dropped")
        server.stop()
        server.environment["PARRY_MASTER_KEY"] = old
        self.refusal_of(server)


class MasterKeyOnPostgresTest(OnPostgres, MasterKeyTest):
    """The same on the other engine, where no key file is ever made."""

    test_the_key_file_is_made_for_its_owner_alone = None


class ConfigurationTest(FolderCase):
    def test_it_speaks_tls_with_a_certificate(self):
        server = self.new_server(
            "--tls-certificate", str(self.certificates.certificate),
            "--tls-key", str(self.certificates.key),
            ca_file=self.certificates.ca,
        ).start()  # fmt: skip
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        created = api.must(201, "POST", "/v1/organisations", {"name": "Over TLS"})
        self.assertEqual(created["name"], "[TEST] Over TLS")
        with self.assertRaises((http.client.HTTPException, OSError)):
            with Api(server.base.replace("https", "http"), partner.api_key) as plain:
                plain.get("/v1/organisations")
        with self.assertRaises(ssl.SSLCertVerificationError):
            with Api(server.base, partner.api_key) as distrustful:
                distrustful.get("/v1/organisations")
        silent = self.enterContext(socket.create_connection(("127.0.0.1", server.port)))
        silent.sendall(b"\x16\x03\x01")
        server.stop()

    def test_every_option_can_come_from_the_environment(self):
        server = self.new_server(address_options=False)
        server.environment = {
            "PARRY_HOST": "127.0.0.1",
            "PARRY_PORT": str(server.port),
            "PARRY_DATABASE": server.database_url,
            "PARRY_RATE_LIMIT": "2",
        }
        server.start()
        self.assert_rate_limit_is_2(server)

    def test_every_option_can_come_from_a_file(self):
        server = self.new_server(address_options=False)
        server.options = ["--config", str(self.write_config(server, server.port))]
        server.start()
        self.assert_rate_limit_is_2(server)

    def test_the_command_line_beats_the_environment_and_that_the_file(self):
        server = self.new_server(address_options=False)
        in_file, in_environment = free_port(), free_port()
        config = self.write_config(server, in_file)
        server.options = ["--config", str(config), "--port", str(server.port)]
        server.environment = {"PARRY_PORT": str(in_environment)}
        server.start()
        server.stop()
        server.options = ["--config", str(config)]
        server.port = in_environment
        server.start()
        server.stop()

    def write_config(self, server: Server, port: int):
        config = self.folder / "parry.json"
        values = {
            "host": "127.0.0.1", "port": port, "database": server.database_url, "rate-limit": 2
        }  # fmt: skip
        config.write_text(json.dumps(values))
        return config

    def assert_rate_limit_is_2(self, server: Server):
        self.assertTrue(server.database.exists(), "the database is not where it was asked for")
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        statuses = [api.get("/v1/organisations").status for _ in range(5)]
        self.assertEqual(statuses[:2], [200, 200])
        self.assertIn(429, statuses)

    def test_a_bad_setting_is_refused_in_words(self):
        for options in (
            ["--port", "eighty"],
            ["--port", "70000"],
            ["--rate-limit", "-1"],
            ["--database", "mysql://localhost/parry"],
            ["--webhook-ca-file", "no-such-file.pem"],
            ["--tls-certificate", str(self.certificates.certificate)],
            ["--config", "no-such-file.json"],
            ["--no-such-option"],
        ):
            with self.subTest(" ".join(options)):
                server = self.new_server(*options, address_options=False)
                server.environment = {"PARRY_HOST": "127.0.0.1", "PARRY_PORT": str(server.port)}
                process = server.spawn()
                ended = wait_until(lambda: process.poll() is not None, REFUSAL_SECONDS_MAX)
                self.assertTrue(ended, "the server started although it must not")
                self.assertGreater(process.returncode, 0)
                self.assertNotIn("Fatal error", server.log_text())

    def test_a_port_that_is_taken_is_said_in_words(self):
        first = self.new_server().start()
        second = self.new_server()
        second.port, second.database = first.port, self.folder / "second.db"
        second.log = self.folder / "second.log"
        process = second.spawn()
        self.assertTrue(wait_until(lambda: process.poll() is not None, REFUSAL_SECONDS_MAX))
        self.assertGreater(process.returncode, 0)
        self.assertIn(str(first.port), second.log_text())
        self.assertNotIn("Fatal error", second.log_text())


class PrivateTargetTest(FolderCase):
    def test_without_the_flag_nothing_is_sent_to_a_private_address(self):
        receiver = self.new_receiver()
        server = self.new_server("--webhook-ca-file", str(self.certificates.ca)).start()
        partner = server.create_partner()
        for url in (receiver.url(), receiver.url().replace("localhost", "127.0.0.1")):
            server.create_webhook(partner.id, url, flow.EVENT_TYPES)
        make_world(self.new_api(server, partner.api_key))
        self.assertTrue(
            wait_until(lambda: self.attempts(server) > 0, WEBHOOK_SECONDS_MAX),
            "nothing was tried",
        )
        self.assertEqual(receiver.connections, 0, "the receiver was connected to")
        self.assertEqual(receiver.deliveries, [])

    def attempts(self, server: Server) -> int:
        with open_rows(server.database) as rows:
            return rows.most_attempts()


class HealthTest(FolderCase):
    def test_live_and_ready_need_no_key(self):
        server = self.new_server().start()
        api = self.new_api(server)
        self.assertEqual(api.get("/health/live").status, 200)
        self.assertEqual(api.get("/health/ready").status, 200)

    def test_it_starts_within_seconds_on_a_database_that_was_killed(self):
        server = self.new_server().start()
        partner = server.create_partner()
        server.kill()
        started = time.monotonic()
        server.start()
        self.assertLess(time.monotonic() - started, 10)
        self.assertEqual(self.new_api(server, partner.api_key).get("/v1/orders").status, 200)
