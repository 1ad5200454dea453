"""How `parry-partner serve` starts, or says in one line why it does not, and how it ends."""

import os
import socket
import time
from pathlib import Path

from parry_outside.api import Api
from parry_outside.cases import wait_until
from parry_outside.daemon import ACCEPT, HOLD, REFUND, SECONDS_MAX, Daemon, DaemonCase

EVERY_SECOND = {"poll-seconds": "1"}
STOP_SECONDS_MAX = 5
CHECK_SECONDS_MAX = 30
IDLE_SECONDS, IDLE_SHARE_MAX = 6, 0.2
NOBODYS_KEY = "cbs_" + "1" * 40


class RefusedStartTest(DaemonCase):
    def refusal(self, daemon: Daemon, *words: str, seconds_max: float = 20) -> str:
        """The one line with which it does not start; it names all these."""
        log = daemon.folder / "refused.log"
        log.unlink(missing_ok=True)
        process = daemon.spawn("serve", log=log)
        ended = wait_until(lambda: process.poll() is not None, seconds_max)
        if not ended:
            process.kill()
            process.wait()
        told = log.read_text()
        self.assertTrue(ended, f"it started although it must not:\n{told}")
        self.assertGreater(process.returncode, 0, told)
        lines = [one for one in told.splitlines() if not one.startswith("{")]
        self.assertEqual(len(lines), 1, told)
        self.assertTrue(lines[0].startswith("parry-partner: "), lines)
        for word in words:
            self.assertIn(word, lines[0])
        self.assertNotIn(daemon.partner.api_key, told)
        return lines[0]

    def test_a_second_one_on_the_same_database(self):
        daemon = self.new_daemon().serve()
        members = daemon.members["receiver"]
        daemon.members["receiver"] = members.replace(str(daemon.port), "0")
        daemon.write_configuration()
        self.refusal(daemon, "another parry-partner serve runs", "partner.sqlite")
        _, alert = daemon.sold_and_disputed([ACCEPT])
        self.assert_ended(daemon, alert, "NOT_REFUNDED")

    def test_no_receiver(self):
        daemon = self.new_daemon()
        del daemon.members["receiver"]
        daemon.write_configuration()
        self.refusal(daemon, "test has no receiver", "certificate: PATH")

    def test_a_certificate_that_is_not_there_or_none(self):
        for name, text in (("missing.pem", None), ("text.pem", "no certificate")):
            with self.subTest(name):
                daemon = self.new_daemon()
                path = daemon.folder / name
                if text:
                    path.write_text(text)
                for kind in ("certificate", "key"):
                    other = getattr(self.certificates, kind)
                    daemon.members["receiver"] = (
                        f"{{host: 127.0.0.1, port: {daemon.port}, "
                        f"certificate: {path if kind == 'certificate' else other}, "
                        f"private-key: {path if kind == 'key' else other}}}"
                    )
                    daemon.write_configuration()
                    self.refusal(daemon, "cannot be read", name)

    def test_a_key_of_another_certificate(self):
        daemon = self.new_daemon()
        ca_key = self.certificates.ca.parent / "ca-key.pem"
        members = daemon.members["receiver"]
        daemon.members["receiver"] = members.replace(str(self.certificates.key), str(ca_key))
        daemon.write_configuration()
        self.refusal(daemon, "private key")

    def test_a_port_that_is_taken(self):
        daemon = self.new_daemon()
        with socket.create_server(("127.0.0.1", daemon.port)):
            self.refusal(daemon, str(daemon.port), "in use")

    def test_no_secret(self):
        daemon = self.new_daemon()
        del daemon.members["webhook-secret"]
        daemon.write_configuration()
        self.refusal(daemon, "webhook-secret")

    def test_a_secret_that_is_missing_empty_or_open_to_others(self):
        daemon = self.new_daemon()
        path = daemon.folder / "secret"
        path.chmod(0o644)
        self.refusal(daemon, "chmod 600", "secret")
        daemon.secret("secret", "")
        self.refusal(daemon, "empty")
        path.unlink()
        self.refusal(daemon, "not there")

    def test_a_database_that_cannot_be_made(self):
        daemon = self.new_daemon(database="key/partner.sqlite")
        self.refusal(daemon, "key/partner.sqlite")

    def test_a_database_that_is_none(self):
        daemon = self.new_daemon()
        (daemon.folder / "partner.sqlite").write_text("no database " * 1_000)
        self.refusal(daemon, "partner.sqlite")


class WrongAccountTest(DaemonCase):
    """The platform answers, and the account is not the one."""

    def assert_told(self, daemon: Daemon, *words: str):
        """`check` and the log of `serve` say so, in one line that has all these."""
        checked = daemon.run("check", seconds_max=60)
        self.assertNotEqual(checked.returncode, 0, checked.stdout)
        for word in words:
            self.assertIn(word, (checked.stdout + checked.stderr).splitlines()[-1])
        daemon.process = daemon.spawn("serve")
        told = daemon.hears(*words)
        self.assertTrue(told, daemon.log_text())

    def test_a_key_that_is_none(self):
        daemon = self.new_daemon(**EVERY_SECOND)
        daemon.secret("key", NOBODYS_KEY)
        self.assert_told(daemon, "401", "API key")
        self.assertNotIn(NOBODYS_KEY, daemon.log_text())

    def test_a_live_key_where_test_is_meant(self):
        live = self.server.create_partner("Live", "LIVE")
        daemon = self.new_daemon(**EVERY_SECOND)
        with Api(self.server.base, live.api_key) as api:
            api.must(201, "POST", "/v1/organisations", {"name": "Live customer"})
        daemon.secret("key", live.api_key)
        self.assert_told(daemon, "LIVE", "TEST")

    def test_a_key_without_the_ability_to_ask_the_guard(self):
        daemon = self.new_daemon(**EVERY_SECOND)
        words = ["key", "create", "--group", daemon.partner.group_id]
        for ability in ("alerts:read", "alerts:write", "organisations:read", "enrolments:read",
                        "enrolments_v2:read"):  # fmt: skip
            words += ["--ability", ability]
        daemon.secret("key", self.server.command(*words)["api_key"])
        daemon.serve()
        sale, alert = daemon.sold_and_disputed([REFUND])
        wait_until(lambda: daemon.case(alert).get("reason"), SECONDS_MAX)
        self.assertIn("ability", daemon.case(alert)["reason"], daemon.told(alert))
        self.assertTrue(daemon.log_lines(alert["id"], "ability"), daemon.log_text())
        self.assert_not_refunded(daemon, sale)

    def test_a_platform_that_cannot_be_reached(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        daemon = self.new_daemon(url=f"http://127.0.0.1:{port}")
        started = time.monotonic()
        checked = daemon.run("check", seconds_max=150)
        self.assertLess(time.monotonic() - started, CHECK_SECONDS_MAX)
        self.assertNotEqual(checked.returncode, 0)
        last = (checked.stdout + checked.stderr).splitlines()[-1]
        self.assertIn("No answer", last)
        self.assertIn("base URL", last)


class EndTest(DaemonCase):
    def stop(self, daemon: Daemon):
        started = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - started, STOP_SECONDS_MAX)

    def hooks_of(self, daemon: Daemon) -> list[str]:
        """The processes that run in the daemon's folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "cwd") == str(daemon.folder):
                    found.append((process / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found

    def test_sigterm_ends_it_within_seconds_while_a_hook_decides_and_nothing_is_forgotten(self):
        daemon = self.new_daemon().serve()
        sale, alert = daemon.sold_and_disputed([HOLD | ACCEPT])
        self.assertTrue(daemon.is_held(sale))
        self.stop(daemon)
        self.assertTrue(wait_until(lambda: not self.hooks_of(daemon), 2), self.hooks_of(daemon))
        daemon.let_go(sale)
        daemon.serve()
        self.assert_ended(daemon, alert, "NOT_REFUNDED")

    def test_sigterm_while_a_hook_refunds_leads_to_one_refund(self):
        daemon = self.new_daemon().serve()
        sale, alert = daemon.sold_and_disputed([REFUND], [HOLD])
        self.assertTrue(daemon.is_held(sale))
        self.stop(daemon)
        self.assertEqual(daemon.case(alert)["step"], "REFUNDING")
        daemon.let_go(sale)
        daemon.serve()
        self.assert_refunded_once(daemon, sale, alert)
        self.assert_intents(daemon, sale, "COMMITTED")

    def test_sigkill_while_a_hook_refunds_leads_to_one_refund(self):
        daemon = self.new_daemon().serve()
        sale, alert = daemon.sold_and_disputed([REFUND], [HOLD])
        self.assertTrue(daemon.is_held(sale))
        daemon.kill()
        # The orphan goes on beside the new daemon, which has to start all the same.
        daemon.serve()
        self.assertTrue(daemon.is_asked(sale, "refund", 2))
        daemon.let_go(sale)
        self.assert_refunded_once(daemon, sale, alert)
        self.assert_intents(daemon, sale, "COMMITTED")

    def test_it_rests_while_nothing_happens(self):
        daemon = self.new_daemon().serve()
        _, alert = daemon.sold_and_disputed([ACCEPT])
        self.assert_ended(daemon, alert, "NOT_REFUNDED")
        began, used = time.monotonic(), self.seconds_used(daemon)
        wait_until(lambda: time.monotonic() > began + IDLE_SECONDS, 2 * IDLE_SECONDS)
        share = (self.seconds_used(daemon) - used) / (time.monotonic() - began)
        self.assertLess(share, IDLE_SHARE_MAX, "it is busy without work")

    def seconds_used(self, daemon: Daemon) -> float:
        """Processor time, of the process alone."""
        fields = Path(f"/proc/{daemon.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_it_starts_and_ends_ten_times_in_a_row(self):
        daemon = self.new_daemon()
        for _ in range(10):
            daemon.serve()
            self.stop(daemon)
        self.assertEqual(daemon.log_lines("error"), [])
