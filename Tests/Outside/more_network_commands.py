"""`parry enrolment`, `parry alert`, `parry rates` and `parry generate-world`, and what `parry report`
refuses.
"""

import json
import subprocess
import time
from pathlib import Path

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, SendingCase, wait_until
from parry_outside.networks import (
    SECONDS_MAX,
    TEST_TOKEN,
    WITHOUT_TRACE,
    Customer,
    Simulator,
    push_to,
)
from parry_outside.server import COMMAND_SECONDS_MAX, find_binary, free_port
from parry_outside.webhooks import delivery_problems
from parry_outside.world import enable_enrolment

NOBODY = "1" * 22
LIVES = {
    "PENDING": ("IN_PROGRESS", "ACTION_REQUIRED", "ENABLED", "FAILED", "CANCELLED"),
    "IN_PROGRESS": ("ACTION_REQUIRED", "ENABLED", "FAILED"),
    "ACTION_REQUIRED": ("PENDING", "IN_PROGRESS", "ENABLED", "FAILED", "CANCELLED"),
    "ENABLED": ("PAUSED", "UNENROLLED"),
    "PAUSED": ("ENABLED", "UNENROLLED"),
    "FAILED": (),
    "CANCELLED": (),
    "UNENROLLED": (),
}
"""What may follow by the operator's word (CONTRACT 7.3)."""
WAYS = {"PENDING": (), "PAUSED": ("ENABLED",), "UNENROLLED": ("ENABLED",)}
"""What has to come first for a status; of the others nothing."""
WORLD_FILES = ("orders.jsonl", "late-orders.jsonl", "patches.jsonl", "alerts.jsonl", "rates.csv",
               "truth.jsonl", "world.json")  # fmt: skip


class CommandCase(SendingCase):
    """A server without networks; a partner with a customer for each test."""

    def setUp(self):
        super().setUp()
        self.partner = self.server.create_partner()
        self.api = self.enterContext(Api(self.server.base, self.partner.api_key))
        self.customer = Customer(self.api, self.receiver)

    def refused(self, *words: str) -> str:
        """What is said by a command that must not work."""
        done = self.server.run(*words, environment=WITHOUT_TRACE)
        told = f"parry {' '.join(words)}: {done.returncode} {done.stdout[:500]} {done.stderr[:500]}"
        self.assertIn(done.returncode, (1, 64), told)
        self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1), told)
        self.assertRegex(done.stderr, r"^parry: \S", told)
        return done.stderr

    def as_listed(self, enrolment_id: str) -> dict:
        """An enrolment as the API shows it, without the links that only the API has."""
        shown = self.customer.enrolment(enrolment_id)
        return {name: value for name, value in shown.items() if name != "links"}

    def listed(self, *words: str) -> list[dict]:
        answer = self.server.command("enrolment", "list", "--partner", self.partner.id, *words)
        self.assertEqual(set(answer), {"items", "count"})
        return answer["items"]


class EnrolmentCommandTest(CommandCase):
    def test_enrolments_are_listed_as_the_api_shows_them_the_newest_first(self):
        made = [self.customer.ask_to_enrol(f"ACME {number}") for number in range(3)]
        enable_enrolment(self.api, made[1])
        other = self.server.create_partner("Other")
        with Api(self.server.base, other.api_key) as api:
            Customer(api).ask_to_enrol()
        shown = [self.as_listed(one) for one in made]
        self.assertEqual(self.listed(), shown[::-1])
        self.assertEqual(self.listed("--status", "ENABLED"), [shown[1]])
        self.assertEqual(self.listed("--status", "FAILED"), [])
        limited = self.server.command(
            "enrolment", "list", "--partner", self.partner.id, "--limit", "1"
        )
        self.assertEqual(limited, {"items": [shown[2]], "count": 3})

    def test_the_partner_hears_of_a_status_that_is_set(self):
        enrolment_id = self.customer.ask_to_enrol()
        note = "Ask your bank — “CAID” is missing"
        words = ("enrolment", "set-status", enrolment_id)
        changed = self.server.command(*words, "ACTION_REQUIRED", "--note", note)
        self.assertEqual((changed["status"], changed["note"]), ("ACTION_REQUIRED", note))
        self.assertEqual(changed, self.as_listed(enrolment_id))
        (told,) = self.customer.hears("enrolment.updated")
        self.assertEqual(delivery_problems(told), [])
        self.assertEqual(told.event["data"]["object"], changed)
        self.assertEqual(told.event["data"]["previous_attributes"]["status"], "PENDING")
        enabled = self.server.command(*words, "ENABLED")
        self.assertEqual((enabled["status"], enabled["note"]), ("ENABLED", None))
        statuses = [one["status"] for one in enabled["ethoca_alert"]["descriptors"]]
        self.assertEqual(statuses, ["ENABLED"])
        self.assertEqual(len(self.customer.hears("enrolment.updated", 2)), 2)

    def test_the_same_once_more_tells_nobody(self):
        enrolment_id = self.customer.ask_to_enrol()
        words = ("enrolment", "set-status", enrolment_id, "IN_PROGRESS", "--note", "Wait")
        self.server.command(*words)
        events = self.customer.events_count()
        self.assertEqual(self.server.command(*words)["status"], "IN_PROGRESS")
        self.assertEqual(self.customer.events_count(), events)

    def test_a_live_enrolment_is_worked_by_hand_too(self):
        partner = self.server.create_partner("Live", "LIVE")
        customer = Customer(self.enterContext(Api(self.server.base, partner.api_key)))
        enrolment_id = customer.ask_to_enrol()
        self.server.command("enrolment", "set-status", enrolment_id, "ENABLED")
        self.assertEqual(customer.enrolment(enrolment_id)["status"], "ENABLED")


class EnrolmentCommandOnPostgresTest(OnPostgres, EnrolmentCommandTest):
    pass


class EnrolmentRefusalTest(CommandCase):
    def test_what_cannot_be_listed_is_told_in_one_line(self):
        partner = ("--partner", self.partner.id)
        for words in (
            (), ("--partner", "x"), ("--partner", self.customer.world.organisation_id),
            (*partner, "--status", "enabled"), (*partner, "--status", ""),
            (*partner, "--limit", "0"), (*partner, "--limit", "1001"),
            (*partner, "--limit", "few"), ("--partner", f"ptnr_{NOBODY}"),
        ):  # fmt: skip
            with self.subTest(words):
                self.refused("enrolment", "list", *words)

    def test_a_status_follows_only_what_the_contract_lets_it_follow(self):
        for status, next_ones in LIVES.items():
            with self.subTest(status):
                enrolment_id = self.reach(status)
                before = self.as_listed(enrolment_id)
                for other in LIVES:
                    if other == status or other in next_ones:
                        continue
                    line = self.refused("enrolment", "set-status", enrolment_id, other)
                    self.assertIn(status, line)
                    for one in next_ones:
                        self.assertIn(one, line)
                self.assertEqual(self.as_listed(enrolment_id), before)

    def reach(self, status: str) -> str:
        """The id of an enrolment of this status."""
        enrolment_id = self.customer.ask_to_enrol(f"ACME {status}")
        for step in (*WAYS.get(status, ()), *([status] if status != "PENDING" else [])):
            self.server.command("enrolment", "set-status", enrolment_id, step)
        return enrolment_id

    def test_what_cannot_be_set_is_told_in_one_line(self):
        enrolment_id = self.customer.ask_to_enrol()
        for words in (
            (), (enrolment_id,), (enrolment_id, "enabled"), (enrolment_id, "LIVE"),
            ("x", "ENABLED"), (f"enrl_{NOBODY}", "ENABLED"),
            (self.customer.world.merchant_id, "ENABLED"),
        ):  # fmt: skip
            with self.subTest(words):
                self.refused("enrolment", "set-status", *words)
        self.assertEqual(self.as_listed(enrolment_id)["status"], "PENDING")


class AlertCommandTest(CommandCase):
    def test_a_simulated_alert_was_neither_matched_nor_told(self):
        enrolment_id = self.customer.ask_to_enrol()
        enable_enrolment(self.api, enrolment_id)
        body = {"organisation_id": self.customer.world.organisation_id,
                "enrolment_id": enrolment_id, "status": "ACTION_REQUIRED"}  # fmt: skip
        alert = self.api.must(201, "POST", "/v1/simulate/alerts", body)
        shown = self.server.command("alert", "show", alert["id"])
        read = self.api.must(200, "GET", f"/v1/alerts/{alert['id']}")
        del read["links"]
        self.assertEqual(shown, {
            "alert": read, "invalid_reason": None, "original_alert_id": None, "match": None,
            "network_requests": [],
        })  # fmt: skip

    def test_what_cannot_be_shown_is_told_in_one_line(self):
        for words in ((), ("x",), (f"netalrt_{NOBODY}",), (self.customer.world.merchant_id,)):
            with self.subTest(words):
                self.refused("alert", "show", *words)


class CreditsRefusalTest(CommandCase):
    def test_what_cannot_be_reported_is_told_in_one_line(self):
        organisation = ("--organisation", self.customer.world.organisation_id)
        month = ("--month", "2026-02")
        for words in (
            (), organisation, month, ("--organisation", "x", *month),
            ("--organisation", f"org_{NOBODY}", *month), ("--organisation", "", *month),
            ("--organisation", self.customer.world.merchant_id, *month),
            (*organisation, *month, "--format", "JSON"), (*organisation, *month, "--format", ""),
            (*organisation, *month, "--format", "xml"), (*organisation, *month, "more"),
            *[(*organisation, "--month", one) for one in (
                "", "2026", "2026-2", "2026-13", "2026-00", "26-02", "2026-02-01", "2026/02",
                "202602", " 2026-02", "2026-02 ", "２０２６-02", "0000-01", "1969-12", "9999-12",
                "february", "2026-+2", "+2026-2", "02026-2", "2026-2 ")],
        ):  # fmt: skip
            with self.subTest(words):
                self.refused("report", "credits", *words)


class RatesCase(FolderCase):
    """Rates decide whether amounts in two currencies are the same."""

    def setUp(self):
        super().setUp()
        self.server = self.new_server(
            "--rate-limit", "0", "--test-network-token", TEST_TOKEN
        ).start()
        self.api = self.new_api(self.server, self.server.create_partner().api_key)
        self.network = self.new_api(self.server)
        self.customer = Customer(self.api)
        enable_enrolment(self.api, self.customer.ask_to_enrol())
        self.day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 4 * 86_400))

    def write(self, *lines: str, header: str = "date,currency,usd_per_unit", end="\n") -> str:
        path = self.folder / "rates.csv"
        path.write_bytes(end.join([header, *lines, ""]).encode())
        return str(path)

    def taken(self, path: str) -> dict:
        return self.server.command("rates", "import", path)

    def match_of_euros(self, amount: str) -> str:
        """What a sale of 49 USD and an alert of so many EUR come to, by card and amount alone."""
        (sale,) = self.customer.sell()
        alert = sale.alert(authCode=None, transactionAmount=amount, transactionCurrency="EUR")
        answer = push_to(self.network, alert)
        self.assertEqual(answer.json()["acknowledgements"][0]["status"], "SUCCESS")
        shown = self.server.command("alert", "show", self.customer.alert(alert["alertId"])["id"])
        return shown["match"]["outcome"]


class RatesCommandTest(RatesCase):
    def test_amounts_are_compared_by_the_rates_that_were_taken_in(self):
        self.assertEqual(self.match_of_euros("45.00"), "NONE")
        path = self.write(f"{self.day},EUR,1.089", f"{self.day},JPY,0.0066")
        self.assertEqual(self.taken(path), {"rates": 2})
        self.assertEqual(self.match_of_euros("45.00"), "MATCHED")
        self.assertEqual(self.match_of_euros("38.00"), "NONE")
        self.assertEqual(self.taken(self.write(f"{self.day},EUR,1.29")), {"rates": 1})
        self.assertEqual(self.match_of_euros("45.00"), "NONE")
        self.assertEqual(self.match_of_euros("38.00"), "MATCHED")

    def test_files_of_spreadsheets_are_taken(self):
        header = "\ufeffdate,currency,usd_per_unit"
        lines = (f"{self.day},EUR,1.089", "", f" {self.day} , GBP , 1.25 ", f"{self.day},USD,1.0")
        path = self.write(*lines, header=header, end="\r\n")
        self.assertEqual(self.taken(path), {"rates": 3})
        self.assertEqual(self.match_of_euros("45.00"), "MATCHED")
        self.assertEqual(self.taken(self.write()), {"rates": 0})


class RatesCommandOnPostgresTest(OnPostgres, RatesCommandTest):
    pass


class RatesRefusalTest(RatesCase):
    def test_a_bad_line_is_told_with_its_number_and_nothing_is_taken(self):
        good = f"{self.day},EUR,1.089"
        for line, words in (
            (f"{self.day},JPY", "three columns"),
            (f"{self.day},JPY,0.0066,more", "three columns"),
            ("2026-02-30,JPY,0.0066", "date"),
            ("17.02.2026,JPY,0.0066", "date"),
            (f"{self.day},JPX,0.0066", "currency"),
            (f"{self.day},jpy,0.0066", "currency"),
            (f"{self.day},JPY,0", "positive decimal"),
            (f"{self.day},JPY,-1", "positive decimal"),
            (f"{self.day},JPY,1e3", "positive decimal"),
            (f"{self.day},JPY,", "positive decimal"),
            (f"{self.day},JPY,99999999999999999999", "positive decimal"),
            (f"{self.day},USD,1.1", "USD is worth 1 USD"),
            (good, "twice"),
        ):
            with self.subTest(line):
                told = self.refused(self.write(good, "", line, f"{self.day},GBP,1.25"))
                self.assertIn("rates.csv", told)
                self.assertRegex(told, r"\bline 4\b")
                self.assertIn(words, told)
        self.assertEqual(self.match_of_euros("45.00"), "NONE")

    def test_what_is_no_file_of_rates_is_told_in_one_line(self):
        binary = self.folder / "binary.csv"
        binary.write_bytes(bytes(range(256)))
        empty = self.folder / "empty.csv"
        empty.touch()
        for what, path in {
            "another header": self.write(f"{self.day},EUR,1.1", header="day,currency,rate"),
            "binary": str(binary),
            "empty": str(empty),
            "missing": str(self.folder / "nowhere.csv"),
            "a folder": str(self.folder),
        }.items():
            with self.subTest(what):
                self.assertIn(path, self.refused(path))

    def refused(self, path: str) -> str:
        done = self.server.run("rates", "import", path, environment=WITHOUT_TRACE)
        told = f"{done.returncode} {done.stdout[:500]} {done.stderr[:500]}"
        self.assertEqual(done.returncode, 1, told)
        self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1), told)
        self.assertTrue(done.stderr.startswith("parry: "), told)
        # A sentence for an operator, not a value of the program.
        self.assertNotIn("ParryDomain", done.stderr)
        return done.stderr


class WorldTest(FolderCase):
    """`parry generate-world`, which needs no server."""

    def generate(self, name: str, *words: str) -> tuple[Path, dict]:
        """The folder of a new world, and what was said of it."""
        folder = self.folder / name
        done = self.run_command("--out", str(folder), *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return folder, json.loads(done.stdout)

    def run_command(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(find_binary()), "generate-world", *words], cwd=self.folder, capture_output=True,
            text=True, timeout=COMMAND_SECONDS_MAX, check=False,
        )  # fmt: skip

    def test_the_same_options_write_the_same_bytes(self):
        options = ("--transactions", "2000", "--alerts", "300", "--seed", "7")
        first, said = self.generate("first", *options)
        second, said_again = self.generate("second", *options)
        self.assertEqual(said, said_again)
        self.assertEqual(sorted(one.name for one in first.iterdir()), sorted(WORLD_FILES))
        for name in WORLD_FILES:
            with self.subTest(name):
                self.assertTrue((first / name).stat().st_size)
                self.assertEqual((first / name).read_bytes(), (second / name).read_bytes())
        other, _ = self.generate("other", *options[:-1], "8")
        self.assertNotEqual((first / "alerts.jsonl").read_bytes(),
                            (other / "alerts.jsonl").read_bytes())  # fmt: skip

    def test_a_world_that_is_written_over_another_leaves_nothing_of_it(self):
        self.generate("world", "--transactions", "2000", "--alerts", "300")
        small = ("--transactions", "200", "--alerts", "30")
        over, _ = self.generate("world", *small)
        fresh, _ = self.generate("fresh", *small)
        for name in WORLD_FILES:
            self.assertEqual((over / name).read_bytes(), (fresh / name).read_bytes())

    def test_what_is_said_of_a_world_is_in_its_files(self):
        folder, said = self.generate("world", "--transactions", "2000", "--alerts", "300")
        lines = {
            name: [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
            for name in ("orders", "late-orders", "patches", "alerts", "truth")
        }
        self.assertEqual(said["orders"] + said["late_orders"], 2000)
        for name in ("orders", "late_orders", "patches"):
            self.assertEqual(len(lines[name.replace("_", "-")]), said[name], name)
        # A case of RDR has two messages or more: the question, and what became of it.
        sent = {
            one["message"].get("alertId") or one["message"].get("decisionId")
            for one in lines["alerts"]
        }
        named = {one["decision_id"] or one["alert_id"] for one in lines["truth"]}
        self.assertEqual(sent, named)
        self.assertEqual((said["alerts"], len(lines["truth"]), len(named)), (300, 300, 300))
        decidable = [one for one in lines["truth"] if one["is_decidable"]]
        self.assertEqual(said["decidable"], len(decidable))
        for one in lines["alerts"]:
            if one["network"] == "ethoca":
                self.assertEqual(len(one["message"]["alertId"]), 25)

    def test_the_simulator_can_read_every_line_of_a_worlds_alerts(self):
        folder, _ = self.generate("world", "--transactions", "200", "--alerts", "100")
        lines = (folder / "alerts.jsonl").read_text().splitlines()
        simulator = self.enterContext(Simulator(self.folder))
        simulator.start_before(f"http://127.0.0.1:{free_port()}")
        simulator.feed(folder / "alerts.jsonl", rate=0, batch=25)

        def fed() -> dict:
            return simulator.summary()["feeds"][0]

        wait_until(lambda: fed()["sent"] + fed()["unreadable"] >= len(lines), SECONDS_MAX)
        self.assertEqual((fed()["unreadable"], fed()["sent"]), (0, len(lines)), fed())

    def test_an_alert_is_of_the_day_before_the_world_ends(self):
        folder, _ = self.generate("world", "--transactions", "200", "--alerts", "30", "--at",
                                  "2026-06-02T00:00:00Z")  # fmt: skip
        times = [json.loads(line)["message"].get("alertTimestamp")
                 for line in (folder / "alerts.jsonl").read_text().splitlines()]  # fmt: skip
        self.assertEqual({one[:10] for one in times if one}, {"2026-06-01"})

    def test_what_cannot_be_generated_is_told_in_one_line(self):
        (self.folder / "file").write_text("in the way")
        to = ("--out", str(self.folder / "world"))
        for words in (
            (), (*to, "--alerts", "0"), (*to, "--transactions", "0"),
            (*to, "--transactions", "100", "--alerts", "51"), (*to, "--transactions", "many"),
            (*to, "--seed", "-1"), (*to, "--at", "tomorrow"), (*to, "--organisations", "0"),
            (*to, "--organisation", f"org_{NOBODY}"),
            (*to, "--organisation", "x", "--integration", f"int_{NOBODY}"),
            ("--out", str(self.folder / "file")), ("--out", "/proc/nowhere"), ("--out", ""),
        ):  # fmt: skip
            with self.subTest(words):
                done = self.run_command(*words)
                told = f"{done.returncode} {done.stdout[:300]} {done.stderr[:300]}"
                self.assertIn(done.returncode, (1, 64), told)
                self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1), told)
                self.assertRegex(done.stderr, r"^parry: \S", told)
        self.assertEqual(sorted(one.name for one in self.folder.iterdir()), ["file"])
