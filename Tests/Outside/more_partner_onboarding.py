"""`parry-partner onboard` and `check`: what is declared is there once, whatever happens."""

import itertools
import unittest

from parry_outside.cases import at_once
from parry_outside.middleman import Trouble
from parry_outside.partner import ONBOARDING
from parry_outside.partner_cases import PartnerCase

RESOURCES = {
    "customer acme": "/v1/organisations", "merchant acme/main": "/v1/merchants",
    "feed acme/orders": "/v1/integrations", "enrolment acme/ethoca": "/v2/enrolments",
    "enrolment acme/rdr": "/v2/enrolments", "ruleset acme/exceptions": "/v1/rulesets",
}  # fmt: skip
"""What ONBOARDING declares, in the order in which it is made, and where the platform has it."""
COUNTS = {"/v1/organisations": 1, "/v1/merchants": 1, "/v1/integrations": 1,
          "/v2/enrolments": 2, "/v1/rulesets": 1}  # fmt: skip
SMALL = """\
customers:
  - key: small
    name: Small Shop
    merchants:
      - {key: main, name: Small Shop Store}
"""
KILL_SECONDS_MAX = 20


class OnboardingCase(PartnerCase):
    def onboard(self, *words: str, declared: str | None = ONBOARDING):
        if declared is not None:
            self.write("onboarding.yaml", declared)
        return self.program.run("onboard", *words, "onboarding.yaml")

    def steps(self, done) -> list[tuple[str, str]]:
        """What was done about each resource."""
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        words = [line.split() for line in done.stdout.splitlines()]
        return [(word, f"{kind} {name}") for word, kind, name, *_ in words]

    def mappings(self) -> dict[str, str | None]:
        found = self.rows("SELECT kind, name, id FROM mapping")
        return {f"{kind} {name}": id for kind, name, id in found}

    def assert_each_is_there_once(self):
        for path, count in COUNTS.items():
            self.assertEqual(len(self.items(path)), count, path)
        shown = {name: self.api.get(f"{path}/{self.mappings()[name]}").status
                 for name, path in RESOURCES.items()}  # fmt: skip
        self.assertEqual(shown, dict.fromkeys(RESOURCES, 200))


class OnboardingTest(OnboardingCase):
    def test_what_is_declared_is_made_as_declared(self):
        self.assertEqual(self.steps(self.onboard()), [("made", one) for one in RESOURCES])
        ids = self.mappings()
        self.assertEqual(list(sorted(ids)), sorted(RESOURCES))
        organisation, merchant, feed, ethoca, rdr, ruleset = (ids[name] for name in RESOURCES)
        for name, expected in (
            ("customer acme", {"name": "[TEST] Acme Fitness", "mode": "TEST"}),
            ("merchant acme/main", {
                "organisation_id": organisation, "name": "Acme Fitness Main Store",
                "type": "GENERIC", "external_id": "mid_123456789",
            }),
            ("feed acme/orders", {
                "organisation_id": organisation, "name": "Acme Fitness Orders API",
                "type": "CUSTOM_ORDERS", "status": "ENABLED", "merchant_ids": [merchant],
            }),
            ("enrolment acme/ethoca", {
                "merchant_ids": [merchant], "type": "ETHOCA_ALERT",
                "ethoca_alert": {
                    "descriptors": [{"descriptor": "ACMEFIT", "match_type": "STARTS_WITH"}]
                },
            }),
            ("enrolment acme/rdr", {
                "merchant_ids": [merchant], "type": "VERIFI_RDR",
                "verifi_rdr": {"bin": "424242", "caid": "ACMEFITCAID01"},
            }),
            ("ruleset acme/exceptions", {
                "organisation_id": organisation, "enrolment_ids": [rdr],
                "outcome": "ACCEPT_DISPUTE", "join_operator": "OR",
                "rules": [{"type": "AMOUNT", "parameters": {
                    "operator": "GREATER_THAN", "currency_code": "USD", "amount_in_cents": 10000,
                }}],
            }),
        ):  # fmt: skip
            shown = self.api.must(200, "GET", f"{RESOURCES[name]}/{ids[name]}")
            self.assert_shows(expected, shown, name)
        self.assertEqual(len({organisation, merchant, feed, ethoca, rdr, ruleset}), 6)

    def test_again_changes_nothing(self):
        self.onboard()
        before = self.rows("SELECT * FROM mapping")
        self.middle.forget()
        self.assertEqual(self.steps(self.onboard()), [("there", one) for one in RESOURCES])
        self.assertEqual(self.middle.writes, [])
        self.assertEqual(self.rows("SELECT * FROM mapping"), before)
        self.assert_each_is_there_once()

    def test_a_dry_run_makes_nothing_and_stores_nothing(self):
        dry = self.onboard("--dry-run")
        self.assertEqual(self.steps(dry), [("missing", one) for one in RESOURCES])
        self.assertEqual((self.middle.writes, self.mappings()), ([], {}))
        self.onboard()
        ruleset = self.mappings()["ruleset acme/exceptions"]
        self.api.call("DELETE", f"/v1/rulesets/{ruleset}")
        self.middle.forget()
        before = self.rows("SELECT * FROM mapping")
        *there, last = self.steps(self.onboard("--dry-run"))
        self.assertEqual(there, [("there", one) for one in list(RESOURCES)[:-1]])
        self.assertEqual(last, ("missing", "ruleset acme/exceptions"))
        self.assertEqual((self.middle.writes, self.rows("SELECT * FROM mapping")), ([], before))

    def test_what_was_made_without_us_is_found(self):
        self.onboard()
        made = self.mappings()
        for path in self.partner_folder.glob("partner.sqlite*"):
            if path.is_file():
                path.unlink()
        self.middle.forget()
        dry = self.steps(self.onboard("--dry-run"))
        self.assertEqual(dry, [("found", one) for one in RESOURCES])
        self.assertEqual(self.mappings(), {})
        self.assertEqual(self.steps(self.onboard()), [("found", one) for one in RESOURCES])
        self.assertEqual((self.middle.writes, self.mappings()), ([], made))
        self.assertEqual(self.steps(self.onboard()), [("there", one) for one in RESOURCES])

    def test_what_was_deleted_is_made_anew(self):
        declared = ONBOARDING + SMALL.split("\n", 1)[1]
        self.onboard(declared=declared)
        before = self.mappings()
        gone = {"ruleset acme/exceptions": "/v1/rulesets", "merchant small/main": "/v1/merchants",
                "customer small": "/v1/organisations"}  # fmt: skip
        for name, path in gone.items():
            self.assertEqual(self.api.call("DELETE", f"{path}/{before[name]}").status, 204)
        made = [name for word, name in self.steps(self.onboard(declared=None)) if word == "made"]
        self.assertEqual(sorted(made), sorted(gone))
        after = self.mappings()
        self.assertEqual({one for one in before if before[one] != after[one]}, set(gone))
        words = {word for word, _ in self.steps(self.onboard(declared=None))}
        self.assertEqual(words, {"there"})

    def test_what_differs_is_told_and_left(self):
        self.onboard()
        self.middle.forget()
        done = self.onboard(declared=ONBOARDING.replace("Main Store", "Other Store"))
        line = next(one for one in done.stdout.splitlines() if " acme/main " in one)
        self.assertIn("differs: name is Acme Fitness Main Store", line)
        self.assertEqual(self.middle.writes, [])

    def test_two_at_once_make_nothing_twice(self):
        """One of them may be told to wait; what is there afterwards is there once."""
        for _ in range(3):
            self.account()
            self.write("onboarding.yaml", ONBOARDING)
            run = lambda: self.program.run("onboard", "onboarding.yaml")  # noqa: E731
            done = at_once(run, run, run)
            self.assert_each_is_there_once()
            for one in done:
                if one.returncode != 0:
                    self.assert_one_line(one, "another", "wait")
            self.assertIn(0, [one.returncode for one in done])

    def test_a_program_killed_behind_any_request_makes_nothing_twice(self):
        """The platform has done the work, and nobody has heard of it."""
        for number in range(1, len(RESOURCES) + 1):
            with self.subTest(f"killed at request {number} of those that make something"):
                self.account()
                self.write("onboarding.yaml", ONBOARDING)
                self.kill_at(number)
                self.middle.script = lambda request: None
                self.middle.forget()
                steps = self.steps(self.onboard(declared=None))
                self.assertEqual([name for _, name in steps], list(RESOURCES))
                self.assertEqual(len(self.middle.writes), len(RESOURCES) - number)
                self.assert_each_is_there_once()

    def kill_at(self, number: int):
        """Kills the program once the platform has answered so many POSTs."""
        posts = itertools.count(1)
        process = []

        def script(request):
            if request.method == "POST" and next(posts) == number:
                return Trouble(run=lambda: process[0].kill(), hang_up=True)
            return None

        self.middle.script = script
        process.append(self.program.spawn("onboard", "onboarding.yaml"))
        self.addCleanup(process[0].kill)
        self.assertEqual(process[0].wait(KILL_SECONDS_MAX), -9, self.program.log_text())


class RefusalTest(OnboardingCase):
    def test_a_key_of_the_other_mode_makes_nothing(self):
        live = self.server.create_partner(mode="LIVE")
        self.program.secret("key", live.api_key)
        self.assert_one_line(self.onboard(), "LIVE", "TEST")
        self.assertEqual(self.mappings().get("customer acme"), None)
        with self.subTest("what the empty account needed to tell its mode was taken back"):
            self.api.key = live.api_key
            for path in COUNTS:
                self.assertEqual(self.items(path), [], path)
        with self.subTest("an account that shows its mode is not touched"):
            self.api.must(201, "POST", "/v1/organisations", {"name": "Their own"})
            self.middle.forget()
            self.assert_one_line(self.onboard(), "LIVE", "TEST")
            self.assertEqual(self.middle.writes, [])
        self.program.secret("key", self.partner.api_key)
        self.assertEqual(self.steps(self.onboard()), [("made", one) for one in RESOURCES])

    def test_a_key_that_cannot_do_it_is_told_in_one_line(self):
        self.ids = self.program.onboard()
        organisation = self.ids["customer acme"]
        commands = {
            "nobody's": None,
            "of an organisation": ("--organisation", organisation, "--all-abilities"),
            "without abilities": ("--group", self.partner.group_id),
        }
        for name, words in commands.items():
            made = words and self.server.command("key", "create", *words)
            self.program.secret("key", made["api_key"] if made else "cbs_nobody")
            with self.subTest(f"a key {name}"):
                self.middle.forget()
                known = {"nobody's": "401", "of an organisation": "401", "without abilities": "403"}
                self.assert_one_line(self.onboard(declared=None), known[name], "key")
                self.assertEqual(self.middle.writes, [])
                check = self.program.run("check")
                self.assertEqual(check.returncode, 1)
                self.assertTrue(check.stdout.splitlines()[-1].startswith("BAD  " + known[name]))

    def test_a_key_that_others_can_read_or_that_is_not_there_is_refused(self):
        (self.partner_folder / "key").chmod(0o640)
        self.assert_one_line(self.onboard(), "parry-partner.yaml, line 5", "chmod 600")
        self.program.secret("key", "")
        self.assert_one_line(self.onboard(), "parry-partner.yaml, line 5", "is empty")
        (self.partner_folder / "key").unlink()
        self.assert_one_line(self.onboard(), "parry-partner.yaml, line 5", "is not there")
        self.assertEqual(self.middle.requests, [])

    def test_a_mistake_in_the_file_is_told_with_file_and_line(self):
        customer = "customers:\n  - key: a\n    name: A\n"
        store = customer + "    merchants:\n      - {key: m, name: M}\n"
        for declared, line, word in (
            ("customers: [\n", 2, "YAML"),
            ("customers:\n  - key: a\n    nam: A\n", 3, "nam"),
            ("customers:\n  - key: a\n    name: A\n    name: B\n", 3, "name"),
            ("customers: {}\n", 1, "list"), ("- a\n", 1, "mapping"),
            ("customers:\n  - key: a b\n    name: A\n", 2, "space"),
            (customer + "  - key: a\n    name: B\n", 1, "twice"),
            (store + "    feeds:\n      - key: f\n        name: F\n        merchants: [x]\n", 7,
             "names x"),
            (store + "    enrolments:\n      - key: e\n        type: OTHER\n", 7, "ETHOCA_ALERT"),
            (store + "    enrolments:\n      - key: e\n        type: VERIFI_RDR\n"
             "        bin: '424242'\n", 7, "caid"),
        ):  # fmt: skip
            with self.subTest(declared):
                done = self.onboard(declared=declared)
                self.assert_one_line(done, "onboarding.yaml", word)
                self.assertRegex(done.stderr, rf"line {line}\b|: {line}:\d+:")
        self.assert_one_line(self.onboard(declared=""), "onboarding.yaml is empty")
        done = self.program.run("onboard", "nowhere.yaml")
        self.assert_one_line(done, "nowhere.yaml")
        self.assertEqual(self.middle.requests, [])

    def test_two_declarations_of_one_thing_are_told_in_words(self):
        """The platform could not tell them apart, so neither can the program."""
        twice = ONBOARDING + ONBOARDING.split("\n", 1)[1].replace("key: acme", "key: other")
        store = "      - {key: two, name: Small Shop Store}\n"
        for declared, word in ((twice, "Acme Fitness"), (SMALL + store, "Small Shop Store")):
            with self.subTest(word):
                self.account()
                done = self.onboard(declared=declared)
                self.assert_one_line(done, word)
                self.assertNotIn("UNIQUE", done.stderr)
                self.assertNotIn("SQLite", done.stderr)


class CheckTest(OnboardingCase):
    def test_a_good_environment_passes_and_nothing_is_changed(self):
        self.program.register()
        self.onboard()
        self.middle.forget()
        done = self.program.run("check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual({line[:5] for line in done.stdout.splitlines()}, {"ok   "})
        for word in ("key", "secret", "clock", "TEST", self.middle.base):
            self.assertIn(word, done.stdout)
        for secret in self.secrets():
            self.assertNotIn(secret, done.stdout)
        self.assertEqual(self.middle.writes, [])

    def test_the_other_modes_account_is_found(self):
        self.onboard()
        self.program.members |= {"mode": "LIVE", "database": "live.sqlite"}
        self.program.write_configuration()
        done = self.program.run("check")
        self.assertEqual(done.returncode, 1)
        last = done.stdout.splitlines()[-1]
        self.assertTrue(last.startswith("BAD  the account is TEST"), done.stdout)

    def test_a_mistyped_address_can_be_corrected(self):
        """A check changes nothing, so it cannot have bound the database to the wrong platform."""
        self.program.secret("secret", "whsec_of_the_endpoint")
        right = self.program.members["url"]
        self.program.members["url"] = right + "/elsewhere"
        self.program.write_configuration()
        self.assertEqual(self.program.run("check").returncode, 1)
        self.program.members["url"] = right
        self.program.write_configuration()
        done = self.program.run("check")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class SeparationTest(OnboardingCase):
    def two(self, **live: str):
        """A configuration of two environments, the second with these members."""
        test = {"mode": "TEST", "url": self.middle.base, "key": "{file: key}",
                "database": "partner.sqlite", "webhook-secret": "{file: secret}"}  # fmt: skip
        other = {"mode": "LIVE", "url": self.middle.base, "key": "{file: live-key}",
                 "database": "live.sqlite", "webhook-secret": "{file: live-secret}"}  # fmt: skip
        lines = ["environments:"]
        for name, members in (("test", test), ("live", other | live)):
            lines += [f"  {name}:", *(f"    {one}: {text}" for one, text in members.items())]
        self.write("parry-partner.yaml", "\n".join(lines) + "\n")
        self.program.secret("live-key", self.live.api_key)
        return self.program.run("check", "--env", "test")

    def setUp(self):
        super().setUp()
        self.live = self.server.create_partner(mode="LIVE")
        self.program.secret("secret", "one")
        self.program.secret("live-secret", "two")

    def test_two_environments_that_share_nothing_work(self):
        self.assertEqual(self.two().returncode, 0)
        self.assertEqual(self.program.run("check", "--env", "live").returncode, 0)
        done = self.program.run("check")
        self.assert_one_line(done, "--env", "test, live")
        self.assert_one_line(self.program.run("check", "--env", "other"), "test, live")

    def test_what_is_shared_is_refused_however_it_is_written(self):
        folder = self.partner_folder
        for name, members in (
            ("key", {"key": "{file: key}"}),
            ("key", {"key": f"{{file: {folder}/key}}"}),
            ("key", {"key": "{file: ./key}"}),
            ("webhook-secret", {"webhook-secret": "{file: secret}"}),
            ("webhook-secret", {"webhook-secret": f"{{file: ../{folder.name}/secret}}"}),
            ("database", {"database": "partner.sqlite"}),
            ("database", {"database": "./partner.sqlite"}),
        ):
            with self.subTest(members):
                self.middle.forget()
                self.assert_one_line(self.two(**members), "test", "live", name)
                self.assertEqual(self.middle.requests, [])

    def test_a_database_of_the_other_mode_is_refused(self):
        self.onboard()
        self.program.members["mode"] = "LIVE"
        self.program.secret("key", self.live.api_key)
        self.program.write_configuration()
        self.middle.forget()
        for words in (("onboard", "onboarding.yaml"), ("orders", "send", "-"), ("check",)):
            self.assert_one_line(self.program.run(*words), "mode TEST", "LIVE")
        self.assertEqual(self.middle.requests, [])


if __name__ == "__main__":
    unittest.main()
