"""`parry webhook get|update|rotate|deliveries|redeliver|test`, `parry events tail` and `parry retention`."""

import contextlib
import json
import re
import signal
import subprocess
import time
from pathlib import Path

from parry_outside import ageing
from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, SendingCase, wait_until
from parry_outside.plain import PlainReceiver
from parry_outside.receiver import Reply
from parry_outside.sending import DELIVERIES, Sender
from parry_outside.server import Server, free_port, temporary_folder
from parry_outside.world import World, make_customer

EVENTS, REDELIVERIES = "/v1/events", "/v1/webhook-redeliveries"
SECONDS_MAX = 15
REFUSED_SECONDS_MAX = 3
NOBODY = "1" * 22
SECRET = "whsec_given_by_hand"
CURSOR = re.compile(r"^next cursor: (cur_[1-9A-HJ-NP-Za-km-z]{22})$")
MADE_SECRET = re.compile(r"^secret: (whsec_\S+)$")
WITHOUT_TRACE = {"SWIFT_BACKTRACE": "enable=no"}
"""The exit code tells of a crash too, and a trace takes seconds."""


class CommandCase(SendingCase):
    """A server and a receiver for the class; a partner and an endpoint for each test."""

    def setUp(self):
        super().setUp()
        self.partner = self.server.create_partner()
        self.api = self.enterContext(Api(self.server.base, self.partner.api_key))
        self.world = make_customer(self.api)
        self.sender = Sender(self.api, self.world.organisation_id)
        self.path = f"/{self.world.organisation_id}"
        self.endpoint = self.sender.add_endpoint(self.receiver.url(self.path))
        self.receiver.trust(self.endpoint["secret"], self.path)

    def run_command(self, *words: str, **environment: str) -> subprocess.CompletedProcess:
        return self.server.run(*words, environment=WITHOUT_TRACE | environment)

    def command(self, *words: str, **environment: str):
        """The one line of JSON of a command that has nothing else to say."""
        done = self.run_command(*words, **environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        self.assertEqual(done.stdout.count("\n"), 1)
        return json.loads(done.stdout)

    def refused(self, *words: str, **environment: str) -> str:
        """What is said by a command that must not work."""
        done = self.run_command(*words, **environment)
        told = f"parry {' '.join(words)}: {done.returncode} {done.stderr[:500]}"
        self.assertIn(done.returncode, (1, 64), told)
        self.assertEqual(done.stdout, "", told)
        self.assertEqual(done.stderr.count("\n"), 1, told)
        self.assertRegex(done.stderr, r"^parry: \S", told)
        return done.stderr

    def sent(self, number: int):
        def those(all):
            return [one for one in all if one.path == self.path]

        found = those(self.receiver.wait_for(lambda all: len(those(all)) >= number, SECONDS_MAX))
        self.assertEqual(len(found), number)
        self.assertEqual([one.refusal for one in found if one.refusal], [])
        return found

    def fail_some(self, number: int) -> list[str]:
        self.sender.update(self.endpoint, is_paused=True)
        for _ in range(number):
            self.sender.raise_lookup()
        ageing.give_up_all(self.server.database, self.endpoint["id"])
        self.sender.update(self.endpoint, is_paused=False)
        return sorted(one["id"] for one in self.sender.deliveries_to(self.endpoint))


class ChangeCommandTest(CommandCase):
    def test_an_endpoint_is_shown_as_the_api_shows_it(self):
        shown = self.command("webhook", "get", self.endpoint["id"])
        read = self.api.must(200, "GET", f"/v1/webhook-endpoints/{self.endpoint['id']}")
        read.pop("links")
        self.assertEqual(shown, read)

    def test_url_and_event_types_are_changed(self):
        url = self.receiver.url(self.path + "/new")
        changed = self.command(
            "webhook", "update", self.endpoint["id"], "--url", url,
            "--event", "alert.created", "--event", "lookup.created",
        )  # fmt: skip
        self.assertEqual(changed["url"], url)
        self.assertEqual(changed["event_types"], ["alert.created", "lookup.created"])

    def test_a_paused_endpoint_gets_what_waits_when_it_is_resumed(self):
        paused = self.command("webhook", "update", self.endpoint["id"], "--pause")
        self.assertTrue(paused["is_paused"])
        self.sender.raise_lookup()
        resumed = self.command("webhook", "update", self.endpoint["id"], "--resume")
        self.assertFalse(resumed["is_paused"])
        self.sent(1)

    def test_after_a_rotation_both_secrets_sign(self):
        rotated = self.command("webhook", "rotate", self.endpoint["id"], "--overlap-hours", "1")
        self.assertNotEqual(rotated["secret"], self.endpoint["secret"])
        self.sender.raise_lookup()
        header = self.sent(1)[0].headers["x-signature"]
        self.assertEqual(header.count(",v1="), 2)

    def test_what_cannot_be_changed_is_told_in_one_line(self):
        endpoint = self.endpoint["id"]
        for words in (
            ("get", "whe_" + NOBODY),
            ("get", "nonsense"),
            ("update", endpoint),
            ("update", endpoint, "--pause", "--resume"),
            ("update", endpoint, "--url", "http://hooks.example.com"),
            ("update", endpoint, "--event", "nonsense"),
            ("update", "whe_" + NOBODY, "--pause"),
            ("rotate", endpoint, "--overlap-hours", "169"),
            ("rotate", "whe_" + NOBODY),
        ):
            with self.subTest(words):
                self.refused("webhook", *words)


class EnvironmentTest(CommandCase):
    """Every option can come from the environment; the command line wins over it."""

    def test_changes_take_their_options_from_there(self):
        paused = self.command("webhook", "update", self.endpoint["id"], PARRY_PAUSE="true")
        self.assertTrue(paused["is_paused"])
        types = "alert.created,alert.updated"
        changed = self.command("webhook", "update", self.endpoint["id"], PARRY_EVENT=types)
        self.assertEqual(changed["event_types"], types.split(","))
        self.assertTrue(changed["is_paused"])
        limited = self.command("partner", "set-limit", self.partner.id, PARRY_REQUESTS="5000")
        self.assertEqual(limited["requests_per_minute"], 5000)
        limited = self.command("partner", "set-limit", self.partner.id, PARRY_STANDARD="true")
        self.assertIsNone(limited["requests_per_minute"])
        words = ("organisation", "settings", self.world.organisation_id)
        self.assertEqual(
            self.command(*words, PARRY_SET="matching_mode=strict")["matching_mode"], "strict"
        )
        for word in ("false", "", "off"):
            self.refused("webhook", "update", self.endpoint["id"], PARRY_RESUME=word)

    def test_what_a_change_does_not_name_is_left_alone_whatever_the_environment_says(self):
        changed = self.command(
            "webhook", "update", self.endpoint["id"], "--pause",
            PARRY_URL="https://elsewhere.example.com", PARRY_EVENT="alert.created",
        )  # fmt: skip
        self.assertTrue(changed["is_paused"])
        self.assertEqual(changed["url"], self.endpoint["url"])
        self.assertEqual(changed["event_types"], self.endpoint["event_types"])

    def test_the_audit_log_has_what_was_told_wherever_it_was(self):
        self.command("webhook", "update", self.endpoint["id"], "--pause")
        self.command("webhook", "update", self.endpoint["id"], PARRY_RESUME="true")
        self.command("partner", "set-limit", self.partner.id, "--requests=4000",
                     PARRY_PARTNER="not asked for")  # fmt: skip
        sql = "SELECT detail FROM audit WHERE action IN ('webhook.update', 'partner.set-limit')"
        told = [row[0] for row in ageing.ask(self.server.database, sql)]
        for words in ("--pause", "--resume", "--requests 4000"):
            self.assertTrue(any(words in one for one in told), (words, told))
        self.assertNotIn("not asked for", "".join(told))

    def test_of_options_that_exclude_each_other_the_command_line_says_which(self):
        resumed = self.command(
            "webhook", "update", self.endpoint["id"], "--resume", PARRY_PAUSE="true"
        )
        self.assertFalse(resumed["is_paused"])
        partner = {"PARRY_PARTNER": self.partner.id}
        made = self.command(
            "webhook", "create", "--organisation", self.world.organisation_id,
            "--url", self.receiver.url("/made"), "--event", "alert.created", **partner,
        )  # fmt: skip
        shown = self.command("webhook", "get", made["id"])
        self.assertEqual(shown["organisation_id"], self.world.organisation_id)
        words = ("webhook", "deliveries", "--endpoint", made["id"])
        self.assertEqual(self.command(*words, **partner)["count"], 0)
        words = ("key", "create", "--organisation", self.world.organisation_id)
        self.command(*words, PARRY_GROUP=self.partner.group_id)
        told = self.refused("webhook", "deliveries", PARRY_ENDPOINT=made["id"], **partner)
        self.assertIn("--endpoint or --partner", told)


class DeliveriesCommandTest(CommandCase):
    def test_deliveries_are_listed_as_the_api_shows_them(self):
        for _ in range(3):
            self.sender.raise_lookup()
        self.sent(3)
        wait_until(lambda: self.sender.count(self.endpoint, "DELIVERED") == 3, SECONDS_MAX)
        shown = self.sender.deliveries_to(self.endpoint)
        for one in shown:
            del one["links"]
        endpoint = ("--endpoint", self.endpoint["id"])
        partner = ("--partner", self.partner.id)
        everything = {"items": shown, "count": 3}
        self.assertEqual(self.command("webhook", "deliveries", *endpoint), everything)
        self.assertEqual(self.command("webhook", "deliveries", *partner), everything)
        limited = self.command("webhook", "deliveries", *partner, "--limit", "1")
        self.assertEqual(limited, {"items": shown[:1], "count": 3})
        failed = self.command("webhook", "deliveries", *partner, "--state", "FAILED")
        self.assertEqual(failed, {"items": [], "count": 0})
        event = ("--event", shown[1]["event_id"])
        one = self.command("webhook", "deliveries", *partner, *event)
        self.assertEqual(one, {"items": shown[1:2], "count": 1})

    def test_one_delivery_is_shown_with_its_attempts(self):
        self.receiver.reply_next(Reply(500), path=self.path)
        self.sender.raise_lookup()
        delivery = self.sent(1)[0].idempotency_key
        self.sender.attempts_of(delivery)
        shown = self.sender.delivery(delivery)
        del shown["links"]
        for owner in (("--endpoint", self.endpoint["id"]), ("--partner", self.partner.id)):
            self.assertEqual(self.command("webhook", "deliveries", delivery, *owner), shown)

    def test_what_cannot_be_listed_is_told_in_one_line(self):
        other = self.server.create_partner("Other")
        self.sender.raise_lookup()
        delivery = self.sent(1)[0].idempotency_key
        for words in (
            (),
            ("--partner", self.partner.id, "--endpoint", self.endpoint["id"]),
            ("--endpoint", f"whe_{NOBODY}"),
            ("--endpoint", "x"),
            ("--partner", "x"),
            ("--partner", self.partner.id, "--state", "LOST"),
            ("--partner", self.partner.id, "--limit", "0"),
            ("--partner", self.partner.id, "--limit", "1001"),
            ("--partner", self.partner.id, "--limit", "few"),
            ("--partner", self.partner.id, "--event", "x"),
            ("--partner", self.partner.id, "--event", f"evt_{NOBODY}"),
            ("x", "--partner", self.partner.id),
            (f"whd_{NOBODY}", "--partner", self.partner.id),
            (delivery, "--partner", other.id),
        ):
            with self.subTest(words):
                self.refused("webhook", "deliveries", *words)

    def test_a_partner_that_is_not_there_is_told(self):
        self.refused("webhook", "deliveries", "--partner", f"ptnr_{NOBODY}")


class RedeliverCommandTest(CommandCase):
    def test_all_that_failed_is_sent_again(self):
        failed = self.fail_some(4)
        job = self.command("webhook", "redeliver", "--endpoint", self.endpoint["id"])
        self.assertEqual((job["status"], job["redelivered_count"]), ("COMPLETED", 4))
        self.assertEqual((job["requested_by"], job["states"]), ("operator", ["FAILED"]))
        self.assertEqual({one.idempotency_key for one in self.sent(4)}, set(failed))
        shown = self.api.must(200, "GET", f"{REDELIVERIES}/{job['id']}")
        self.assertEqual(shown | job, shown)

    def test_states_and_times_say_which(self):
        old, young = self.fail_some(2)
        old = ageing.age_delivery(self.server.database, old, 2 * ageing.DAY)
        at = self.sender.delivery(old)["created_at"]
        times = ("--from", at, "--to", at.replace("Z", ".999Z"))
        to_endpoint = ("webhook", "redeliver", "--endpoint", self.endpoint["id"])
        self.assertEqual(self.command(*to_endpoint, *times)["redelivered_count"], 1)
        self.assertEqual(self.sent(1)[0].idempotency_key, old)
        wait_until(lambda: self.sender.count(self.endpoint, "DELIVERED") == 1, SECONDS_MAX)
        both = ("--state", "FAILED", "--state", "DELIVERED")
        self.assertEqual(self.command(*to_endpoint, *both)["redelivered_count"], 2)
        self.assertEqual({one.idempotency_key for one in self.sent(3)}, {old, young})

    def test_the_time_that_is_shown_is_included(self):
        delivery = self.fail_some(1)[0]
        at = self.sender.delivery(delivery)["created_at"]
        words = ("--endpoint", self.endpoint["id"], "--from", at, "--to", at)
        self.assertEqual(self.command("webhook", "redeliver", *words)["redelivered_count"], 1)

    def test_one_delivery_is_sent_again(self):
        delivery = self.fail_some(1)[0]
        words = ("webhook", "redeliver", delivery, "--endpoint", self.endpoint["id"])
        self.assertEqual(self.command(*words)["state"], "PENDING")
        self.assertEqual(self.sent(1)[0].idempotency_key, delivery)

    def test_what_cannot_be_sent_again_is_told_in_one_line(self):
        delivery = self.fail_some(1)[0]
        mine = ("--endpoint", self.endpoint["id"])
        foreign = self.server.create_partner("Other")
        theirs = self.server.create_webhook(
            foreign.id, self.receiver.url("/theirs"), ["lookup.created"]
        )
        for words in (
            (),
            ("--endpoint", "x"),
            ("--endpoint", f"whe_{NOBODY}"),
            (delivery,),
            ("x", *mine),
            (f"whd_{NOBODY}", *mine),
            (ageing.id_like(delivery, ageing.now()), *mine),
            (delivery, "--endpoint", theirs["id"]),
            (*mine, "--state", "PENDING"),
            (*mine, "--state", "failed"),
            (*mine, "--from", "yesterday"),
            (*mine, "--to", ""),
            (*mine, "--from", "2020-01-01T00:00:00Z"),
            (*mine, "--from", "2999-01-02T00:00:00Z", "--to", "2999-01-01T00:00:00Z"),
        ):
            with self.subTest(words):
                self.refused("webhook", "redeliver", *words)
        self.assertEqual(self.sender.count(self.endpoint, "FAILED"), 1)

    def test_a_delivery_to_another_endpoint_is_not_sent_again(self):
        delivery = self.fail_some(1)[0]
        other = self.sender.add_endpoint(self.receiver.url("/other"))
        self.refused("webhook", "redeliver", delivery, "--endpoint", other["id"])
        self.assertEqual(self.sender.count(self.endpoint, "FAILED"), 1)


class TestCommandTest(CommandCase):
    def test_a_test_event_is_sent_and_its_outcome_shown(self):
        result = self.command("webhook", "test", self.endpoint["id"], *self.sending)
        self.assertEqual((result["is_success"], result["status_code"]), (True, 200))
        self.assertEqual(self.sent(1)[0].type, "webhook_endpoint.test")
        self.receiver.reply_next(Reply(503), path=self.path)
        result = self.command("webhook", "test", self.endpoint["id"], *self.sending)
        self.assertEqual((result["is_success"], result["status_code"]), (False, 503))

    def test_it_is_sent_only_as_the_server_would_send_it(self):
        result = self.command("webhook", "test", self.endpoint["id"])
        self.assertFalse(result["is_success"])
        self.assertIn("private", result["error"])
        trusting_nobody = "--allow-private-webhook-targets"
        result = self.command("webhook", "test", self.endpoint["id"], trusting_nobody)
        self.assertIn("certificate", result["error"])
        self.sent(0)

    def test_what_cannot_be_tested_is_told_in_one_line(self):
        for words in (
            (),
            ("x",),
            (f"whe_{NOBODY}",),
            (self.endpoint["id"], "--webhook-ca-file", "/nowhere"),
            (self.endpoint["id"], "--webhook-ports", "many"),
            (self.endpoint["id"], "--webhook-proxy", "ftp://x"),
        ):
            with self.subTest(words):
                self.refused("webhook", "test", *words)


class Tail:
    """One `parry events tail` that runs beside the test."""

    def __init__(self, server: Server, *words: str, environment: dict[str, str] | None = None):
        command = [str(server.binary), "events", "tail", "--database", server.database_url, *words]
        self.out = server.folder / f"tail-{time.time_ns()}.out"
        self.err = self.out.with_suffix(".err")
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                command,
                cwd=server.folder,
                env=server._environment(WITHOUT_TRACE | (environment or {})),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def lines(self, count: int = 0) -> list[bytes]:
        """What it printed, once so many lines are there."""
        wait_until(lambda: len(self.out.read_bytes().splitlines()) >= count, SECONDS_MAX)
        return self.out.read_bytes().splitlines()

    def told(self, count: int = 0) -> list[str]:
        wait_until(lambda: len(self.err.read_text().splitlines()) >= count, SECONDS_MAX)
        return self.err.read_text().splitlines()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS_MAX)


class TailCase(CommandCase):
    def tail(self, *words: str) -> Tail:
        return self.enterContext(Tail(self.server, "--partner", self.partner.id, *words))

    def printed(self, *words: str) -> tuple[list[bytes], str]:
        """The lines and the cursor of a tail that ends by itself."""
        done = self.run_command("events", "tail", "--partner", self.partner.id, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = done.stderr.splitlines()
        self.assertEqual(len(told), 1, told)
        self.assertRegex(told[0], CURSOR)
        return done.stdout.encode().splitlines(), CURSOR.match(told[0])[1]


class TailCommandTest(TailCase):
    def test_all_events_are_printed_byte_for_byte_in_the_order_of_the_feed(self):
        for _ in range(3):
            self.sender.raise_lookup()
        lines, cursor = self.printed()
        pushed = {one.event_id: one.body for one in self.sent(3)}
        self.assertEqual({json.loads(one)["id"]: one for one in lines}, pushed)
        page = self.api.must(200, "GET", f"{EVENTS}?after=oldest")
        self.assertEqual(
            [json.loads(one)["id"] for one in lines], [one["id"] for one in page["items"]]
        )
        self.assertEqual(cursor, page["next_cursor"])
        self.assertEqual(self.printed("--after", cursor), ([], cursor))
        self.assertEqual(self.printed("--after", "latest"), ([], cursor))
        self.assertEqual(self.printed("--after", "oldest"), (lines, cursor))

    def test_without_a_server_beside_it_it_prints_what_was_not_numbered_yet(self):
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(temporary_folder()))
            database = type(self).make_database(self.addCleanup)
            server = stack.enter_context(Server(folder, "--rate-limit", "0", database=database))
            server.start()
            partner = server.create_partner()
            with Api(server.base, partner.api_key) as api:
                sender = Sender(api, make_customer(api).organisation_id)
                made = [sender.raise_lookup() for _ in range(5)]
            server.kill()
            done = server.run("events", "tail", "--partner", partner.id)
        self.assertEqual(done.returncode, 0, done.stderr)
        objects = [json.loads(one)["data"]["object"]["id"] for one in done.stdout.splitlines()]
        self.assertEqual(objects, made)

    def test_followed_events_are_printed_as_they_happen(self):
        self.sender.raise_lookup()
        self.sent(1)
        tail = self.tail("--follow")
        time.sleep(1)
        first = self.sender.raise_lookup()
        self.assertIn(first.encode(), b"".join(tail.lines(1)))
        second = self.sender.raise_lookup()
        lines = tail.lines(2)
        self.assertEqual(
            [json.loads(one)["data"]["object"]["id"] for one in lines], [first, second]
        )
        self.assertIn(tail.end(signal.SIGINT), (0, 130, -signal.SIGINT))

    def test_interrupted_it_ends_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                tail = self.tail("--follow", "--after", "oldest")
                self.sender.raise_lookup()
                tail.lines(1)
                self.assertIn(tail.end(number), (0, 128 + number, -number))
                told = tail.told()
                self.assertNotIn("rash", "\n".join(told))
                self.assertEqual([one for one in told if not CURSOR.match(one)], [])


class ForwardingCommandTest(TailCase):
    def test_interrupted_while_forwarding_it_ends_cleanly_too(self):
        plain = self.enterContext(PlainReceiver())
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                tail = self.tail("--follow", "--forward-to", plain.url, "--secret", SECRET)
                time.sleep(0.5)
                self.assertIn(tail.end(number), (0, 128 + number, -number))
                self.assertEqual([one for one in tail.told() if "rror" in one or "rash" in one], [])

    def test_events_are_forwarded_signed_with_the_given_secret(self):
        plain = self.enterContext(PlainReceiver())
        for _ in range(3):
            self.sender.raise_lookup()
        words = ("--forward-to", plain.url, "--secret", SECRET)
        done = self.run_command("events", "tail", "--partner", self.partner.id, *words)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertNotIn(SECRET, done.stderr)
        forwarded = plain.wait_for(3, SECRET, SECONDS_MAX)
        self.assertEqual([one.refusal for one in forwarded], [None] * 3)
        self.assertEqual([one.body for one in forwarded], self.printed()[0])
        self.assertEqual({one.headers["content-type"] for one in forwarded}, {"application/json"})
        self.assertEqual(len({one.idempotency_key for one in forwarded}), 3)
        ids = [json.loads(one.body)["id"] for one in forwarded]
        told = done.stderr.splitlines()
        self.assertEqual(told[:3], [f"{one} lookup.created: 204" for one in ids])
        self.assertRegex(told[3], CURSOR)

    def test_without_a_secret_one_is_made_and_shown(self):
        plain = self.enterContext(PlainReceiver(500))
        tail = self.tail("--follow", "--forward-to", plain.url)
        secret = MADE_SECRET.match(tail.told(1)[0])[1]
        time.sleep(0.5)
        self.sender.raise_lookup()
        self.assertEqual([one.refusal for one in plain.wait_for(1, secret, SECONDS_MAX)], [None])
        self.assertRegex(tail.told(2)[1], r"^evt_\w{22} lookup\.created: 500$")
        self.sender.raise_lookup()
        self.assertEqual(len(plain.wait_for(2, secret, SECONDS_MAX)), 2, "a failure ended it")

    def test_a_secret_of_the_environment_is_not_shown(self):
        plain = self.enterContext(PlainReceiver())
        self.sender.raise_lookup()
        words = ("events", "tail", "--partner", self.partner.id, "--forward-to", plain.url)
        done = self.run_command(*words, PARRY_SECRET=SECRET)
        self.assertNotIn(SECRET, done.stderr)
        self.assertEqual([one.refusal for one in plain.wait_for(1, SECRET, SECONDS_MAX)], [None])

    def test_a_receiver_that_is_not_there_is_told_at_once_and_does_not_end_it(self):
        self.sender.raise_lookup()
        url = f"http://127.0.0.1:{free_port()}/"
        words = ("--after", "oldest", "--forward-to", url, "--secret", SECRET)
        tail = self.tail(*words)
        wait_until(lambda: len(tail.told()) >= 2, REFUSED_SECONDS_MAX)
        told = tail.told()
        self.assertEqual(len(told), 2, "a webhook that is refused is told at once")
        self.assertRegex(told[0], r"^evt_\w{22} lookup\.created: .*refused")


class TailRefusalTest(TailCase):
    def test_a_partner_that_is_not_there_is_told(self):
        self.refused("events", "tail", "--partner", f"ptnr_{NOBODY}")

    def test_what_cannot_be_followed_is_told_in_one_line(self):
        other = self.server.create_partner("Other")
        foreign = self.run_command("events", "tail", "--partner", other.id)
        cursor = CURSOR.match(foreign.stderr.strip())[1]
        mine = ("--partner", self.partner.id)
        for words in (
            (),
            ("--partner", "x"),
            (*mine, "--after", "newest"),
            (*mine, "--after", "cur_" + NOBODY),
            (*mine, "--after", cursor),
            (*mine, "--after", ""),
            (*mine, "--forward-to", "ftp://localhost/", "--secret", SECRET),
            (*mine, "--forward-to", "localhost:8080", "--secret", SECRET),
            (*mine, "--forward-to", "http://", "--secret", SECRET),
            (*mine, "--after", "newest", "--forward-to", "http://127.0.0.1:1/", "--secret", SECRET),
        ):
            with self.subTest(words):
                self.refused("events", "tail", *words)

    def test_a_database_that_is_not_there_is_told_in_one_line_when_forwarding_too(self):
        done = subprocess.run(
            [
                str(self.server.binary), "events", "tail", "--partner", self.partner.id,
                "--database", "sqlite:///nowhere/at/all.db",
                "--forward-to", "http://127.0.0.1:1/", "--secret", SECRET,
            ],
            env=self.server._environment(WITHOUT_TRACE),
            capture_output=True, text=True, timeout=SECONDS_MAX,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr[:500])


class ClosedPipeTest(CommandCase):
    """`| head -1`: who reads ends first."""

    EVENTS_COUNT = 1_500
    """More than a pipe holds."""

    def setUp(self):
        super().setUp()
        self.sender.raise_lookup()
        example = json.loads(self.sent(1)[0].body)["id"]
        ids = [ageing.older(example, number) for number in range(1, self.EVENTS_COUNT)]
        columns = "slot, organisation_id, partner_id, type, object_id"
        ageing.change(
            self.server.database,
            *(
                f"INSERT INTO event (id, {columns}, body, created_at) SELECT '{one}', {columns},"
                f" replace(body, '{example}', '{one}'), created_at FROM event"
                f" WHERE id = '{example}'"
                for one in ids
            ),
        )

    def head(self, count: int, *words: str, before: str = ":") -> subprocess.CompletedProcess:
        """By way of a real shell; SIGPIPE is as a terminal has it."""
        command = [
            str(self.server.binary),
            "events",
            "tail",
            "--database",
            self.server.database_url,
        ]
        command += ["--partner", self.partner.id, *words]
        script = f'{before}; "$@" | head -{count}; exit ${{PIPESTATUS[0]}}'
        return subprocess.run(
            ["bash", "-c", script, "bash", *command],
            env=self.server._environment(WITHOUT_TRACE),
            cwd=self.server.folder, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    def assert_ended_quietly(self, done: subprocess.CompletedProcess, count: int):
        self.assertEqual(len(done.stdout.splitlines()), count)
        self.assertNotRegex(done.stderr, "(?i)fatal|crash|trace|signal 4|illegal")
        self.assertIn(done.returncode, (0, 1, 141), done.stderr[:500])
        self.assertLessEqual(len(done.stderr.splitlines()), 1, done.stderr[:500])

    def test_a_reader_that_ends_early_ends_it_quietly(self):
        self.assert_ended_quietly(self.head(1), 1)

    def test_a_reader_that_ends_early_ends_one_that_follows(self):
        self.assert_ended_quietly(self.head(1, "--follow", "--after", "oldest"), 1)

    def test_where_sigpipe_is_ignored_it_ends_quietly_too(self):
        done = self.head(1, before="trap '' PIPE")
        self.assert_ended_quietly(done, 1)

    def test_everything_passes_through_a_pipe(self):
        done = self.head(self.EVENTS_COUNT + 1)
        self.assertEqual(len(done.stdout.splitlines()), self.EVENTS_COUNT)
        self.assertEqual(done.returncode, 0)


class RetentionDaysTest(CommandCase):
    STANDARD = {
        "orders_days": 540, "events_days": 90, "attempts_days": 30, "network_messages_days": 540,
        "audit_days": 730,
    }  # fmt: skip

    def set_back(self):
        words = (
            "--orders",
            "540",
            "--events",
            "90",
            "--attempts",
            "30",
            "--network-messages",
            "540",
            "--audit",
            "730",
        )
        self.command("retention", "set", *words)

    def test_days_are_shown_and_set(self):
        self.addCleanup(self.set_back)
        self.assertEqual(self.command("retention"), self.STANDARD)
        changed = self.command("retention", "set", "--events", "20", "--orders", "600")
        expected = self.STANDARD | {"events_days": 20, "attempts_days": 20, "orders_days": 600}
        self.assertEqual(changed, expected)
        self.assertEqual(self.command("retention", "show"), expected)
        bounds = self.command("retention", "set", "--events", "3660", "--network-messages", "1")
        self.assertEqual((bounds["events_days"], bounds["attempts_days"]), (3660, 30))
        self.assertEqual(bounds["network_messages_days"], 1)
        from_outside = {"PARRY_EVENTS": "50", "PARRY_AUDIT": "60"}
        named = self.command("retention", "set", "--events", "40", **from_outside)
        self.assertEqual((named["events_days"], named["audit_days"]), (40, 730))
        named = self.command("retention", "set", **from_outside)
        self.assertEqual((named["events_days"], named["audit_days"]), (50, 60))

    def test_days_that_are_not_allowed_are_told_in_one_line_and_change_nothing(self):
        for words in (
            (),
            ("--events", "0"),
            ("--orders", "3661"),
            ("--attempts", "-1"),
            ("--network-messages", "x"),
            ("--audit", "0"),
            ("--events", ""),
            ("--events", "10", "--orders", "0"),
            ("--events", "99999999999999999999"),
            ("--deliveries", "5"),
        ):
            with self.subTest(words):
                self.refused("retention", "set", *words)
        self.refused("retention", "run", "now")
        self.assertEqual(self.command("retention"), self.STANDARD)


class RetentionCommandTest(CommandCase):
    def delivered(self, number: int) -> list[tuple[str, str]]:
        """Events and their deliveries, oldest first; each was tried once."""
        before = len(self.sender.deliveries_to(self.endpoint))
        for _ in range(number):
            self.sender.raise_lookup()
        expected = before + number
        wait_until(lambda: self.sender.count(self.endpoint, "DELIVERED") == expected, SECONDS_MAX)
        shown = self.sender.deliveries_to(self.endpoint)[:number]
        return [(one["event_id"], one["id"]) for one in reversed(shown)]

    def age(self, pair: tuple[str, str], milliseconds: int) -> tuple[str, str]:
        database = self.server.database
        return (
            ageing.age_event(database, pair[0], milliseconds),
            ageing.age_delivery(database, pair[1], milliseconds),
        )

    def statuses(self, pair: tuple[str, str]) -> tuple[int, int]:
        return tuple(
            self.api.get(path).status for path in (f"{EVENTS}/{pair[0]}", f"{DELIVERIES}/{pair[1]}")
        )

    def assert_sound(self):
        report = self.command("database", "verify")
        self.assertTrue(report["is_sound"], report)

    def test_what_is_older_than_its_retention_goes_and_what_is_younger_stays(self):
        pairs = self.delivered(4)
        # The newest first, so that no id is taken for another's.
        ages = (91 * ageing.DAY, 90 * ageing.DAY + 60_000, 90 * ageing.DAY - 60_000, 0)
        old, just_old, just_young, young = (
            self.age(pair, age) for pair, age in zip(pairs, ages, strict=True)
        )
        removed = self.command("retention", "run")
        self.assertEqual((removed["events_removed"], removed["deliveries_removed"]), (2, 2))
        self.assertEqual([self.statuses(one) for one in (old, just_old)], [(404, 404)] * 2)
        self.assertEqual([self.statuses(one) for one in (just_young, young)], [(200, 200)] * 2)
        self.assertEqual(self.sender.delivery(just_young[1])["attempts"], [])
        self.assertEqual(len(self.sender.delivery(young[1])["attempts"]), 1)
        self.assertEqual(self.sender.count(self.endpoint, "DELIVERED"), 2)
        answer = self.api.call("POST", f"{DELIVERIES}/{old[1]}/redeliver")
        self.assertEqual((answer.status, answer.code), (422, "DELIVERY_EXPIRED"))
        again = self.command("retention", "run")
        self.assertEqual(set(again.values()), {0})
        self.assert_sound()

    def test_tries_go_before_their_deliveries(self):
        pairs = self.delivered(2)
        old, young = (
            self.age(pair, days * ageing.DAY) for pair, days in zip(pairs, (31, 29), strict=True)
        )
        removed = self.command("retention", "run")
        self.assertEqual((removed["attempts_removed"], removed["deliveries_removed"]), (1, 0))
        self.assertEqual(self.sender.delivery(old[1])["attempts"], [])
        self.assertEqual(self.sender.delivery(old[1])["attempt_count"], 1)
        self.assertEqual(len(self.sender.delivery(young[1])["attempts"]), 1)

    def test_a_young_try_of_an_old_delivery_stays(self):
        event, delivery = self.delivered(1)[0]
        aged = ageing.age_delivery(self.server.database, delivery, 40 * ageing.DAY)
        self.api.must(200, "POST", f"{DELIVERIES}/{aged}/redeliver")
        self.sender.attempts_of(aged, 2)
        self.assertEqual(self.command("retention", "run")["attempts_removed"], 1)
        self.assertEqual(len(self.sender.delivery(aged)["attempts"]), 1)
        self.assertTrue(event)

    def test_what_waits_stays_with_its_event_however_old_it_is(self):
        self.sender.update(self.endpoint, is_paused=True)
        self.sender.raise_lookup()
        waiting = self.sender.deliveries_to(self.endpoint)[0]
        pair = self.age((waiting["event_id"], waiting["id"]), 200 * ageing.DAY)
        self.command("retention", "run")
        self.assertEqual(self.statuses(pair), (200, 200))
        self.sender.update(self.endpoint, is_paused=False)
        self.assertEqual(self.sent(1)[0].idempotency_key, pair[1])
        wait_until(lambda: self.sender.count(self.endpoint, "DELIVERED") == 1, SECONDS_MAX)
        self.command("retention", "run")
        self.assertEqual(self.statuses(pair), (404, 404))
        self.assert_sound()

    def test_orders_go_with_their_transactions_and_the_counts_stay_right(self):
        orders = [self.world.order(f"order-{number}") for number in range(6)]
        orders[1]["order_status"] = orders[4]["order_status"] = "OPEN_PENDING"
        made = self.api.must(201, "POST", "/v1/orders", orders)["results"]
        ids = [one["id"] for one in made]
        database = self.server.database
        old = [ageing.age_order(database, one, 541 * ageing.DAY) for one in ids[:3]]
        kept = [ageing.age_order(database, ids[3], 539 * ageing.DAY), *ids[4:]]
        self.assertEqual(self.orders()["count"], 6)
        self.assertEqual(self.command("retention", "run")["orders_removed"], 3)
        page = self.orders()
        self.assertEqual((page["count"], len(page["items"])), (3, 3))
        self.assertCountEqual([one["id"] for one in page["items"]], kept)
        for status, count in (("CLOSED_COMPLETE", 2), ("OPEN_PENDING", 1)):
            page = self.orders(f"&order_status={status}")
            self.assertEqual((page["count"], len(page["items"])), (count, count), status)
        for one in old:
            self.assertEqual(self.api.get(f"/v1/orders/{one}").status, 404)
            self.assertEqual(
                ageing.count(database, f"order_transaction WHERE order_id = '{one}'"), 0
            )
        self.assert_taken_again(orders[0])
        self.assert_sound()

    def orders(self, query: str = "") -> dict:
        path = f"/v1/orders?organisation_id={self.world.organisation_id}{query}"
        return self.api.must(200, "GET", path)

    def assert_taken_again(self, order: dict):
        """The reference of an order that is gone is free."""
        answer = self.api.must(201, "POST", "/v1/orders", [order])
        self.assertEqual((answer["created"], answer["failed"]), (1, 0))
        self.assertEqual(self.orders()["count"], 4)

    def test_many_orders_go_in_one_run(self):
        number = 700
        orders = [self.world.order(f"order-{one}") for one in range(number)]
        for at in range(0, number, 100):
            self.api.must(201, "POST", "/v1/orders", orders[at : at + 100])
        rows = ageing.ask(
            self.server.database,
            f"SELECT id FROM \"order\" WHERE organisation_id = '{self.world.organisation_id}'",
        )
        statements = []
        for (identifier,) in rows[1:]:
            aged = ageing.older(identifier, 600 * ageing.DAY)
            statements += [
                f"UPDATE \"order\" SET id = '{aged}' WHERE id = '{identifier}'",
                f"UPDATE order_transaction SET order_id = '{aged}' WHERE order_id = '{identifier}'",
            ]
        ageing.change(self.server.database, *statements)
        self.assertEqual(self.command("retention", "run")["orders_removed"], number - 1)
        self.assertEqual(self.orders()["count"], 1)
        self.assert_sound()


class BackgroundRetentionTest(FolderCase):
    def test_a_server_removes_what_is_old_by_itself(self):
        server = self.new_server("--rate-limit", "0").start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        world: World = make_customer(api)
        sender = Sender(api, world.organisation_id)
        for _ in range(2):
            sender.raise_lookup()
        wait_until(lambda: len(self.feed(api)) == 2, SECONDS_MAX)
        old, young = self.feed(api)
        server.stop()
        old = ageing.age_event(server.database, old, 91 * ageing.DAY)
        server.start()
        again = self.new_api(server, partner.api_key)
        wait_until(lambda: again.get(f"{EVENTS}/{old}").status == 404, SECONDS_MAX)
        self.assertEqual(self.feed(again), [young])

    def feed(self, api: Api) -> list[str]:
        return [one["id"] for one in api.must(200, "GET", f"{EVENTS}?after=oldest")["items"]]


class TailCommandOnPostgresTest(OnPostgres, TailCommandTest):
    """The same on the other engine."""


class RetentionCommandOnPostgresTest(OnPostgres, RetentionCommandTest):
    """The same on the other engine."""
