"""The decision hook of `parry-partner serve`: a program or a URL, well or not."""

import json
import sys

from parry_outside.cases import wait_until
from parry_outside.daemon import ACCEPT, HOOK, LEAVE, REFUND, SECONDS_MAX, DaemonCase, OneDaemonCase

FAILS = {"exit": 3, "error": "the shop's database is away\n"}


class FailingHookTest(OneDaemonCase):
    def test_a_hook_that_fails_is_asked_again_and_the_log_says_what_it_did(self):
        failures = {
            "the shop's database is away": FAILS,
            "no JSON object": {"text": "<html>502</html>"},
            "has to be refund, accept or leave": {"answer": {"decision": "REFUND"}},
        }
        found = {
            said: self.daemon.sold_and_disputed([how, ACCEPT]) for said, how in failures.items()
        }
        for said, (sale, alert) in found.items():
            with self.subTest(said):
                self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
                self.assertEqual(len(self.daemon.calls(sale, "decide")), 2)
                self.assertTrue(any(said in one for one in self.daemon.journal(alert)))
                told = self.daemon.log_lines(alert["id"], said)
                self.assertEqual(len(told), 1, "the log does not say that the hook failed")

    def test_answers_of_every_other_kind_are_asked_again_too(self):
        kinds = (
            " ", "[]", "null", "{", '{"decision": null}', '{"decision": ["refund"]}', "\0\0",
            '{"decision": "refund"', '{"decision":"refund"}{"decision":"accept"}', "refund",
            "{" * 50_000, "x" * 70_000,
        )  # fmt: skip
        found = [
            (text[:40], *self.daemon.sold_and_disputed([{"text": text}, ACCEPT])) for text in kinds
        ]
        for text, sale, alert in found:
            with self.subTest(text):
                self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
                self.assert_not_refunded(self.daemon, sale)

    def test_a_refund_whose_answer_is_lost_is_asked_for_with_the_same_key(self):
        for lost in (FAILS, {"text": "{}"}, {"answer": {"refunded": "yes"}}):
            with self.subTest(lost=lost):
                sale, alert = self.daemon.sold_and_disputed([REFUND], [lost, {}])
                self.assert_refunded_once(self.daemon, sale, alert)
                self.assertEqual(len(self.daemon.calls(sale, "refund")), 2)
                self.assert_intents(self.daemon, sale, "COMMITTED")

    def test_a_hook_that_writes_much_to_standard_error_is_heard(self):
        sale, alert = self.daemon.sold_and_disputed([ACCEPT | {"error": "traced\n" * 20_000}])
        self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
        self.assertEqual(len(self.daemon.calls(sale, "decide")), 1)


class HiddenSecretsTest(DaemonCase):
    def test_a_hook_sees_neither_key_nor_secret_of_any_environment(self):
        daemon = self.new_daemon(key="{env: OUTSIDE_KEY}")
        daemon.members["webhook-secret"] = "{env: OUTSIDE_SECRET}"
        daemon.write_configuration()
        path = daemon.folder / "parry-partner.yaml"
        path.write_text(path.read_text() + (
            "  live:\n    mode: LIVE\n    url: https://parry.example\n    database: live.sqlite\n"
            "    key: {env: OUTSIDE_LIVE_KEY}\n    webhook-secret: {env: OUTSIDE_LIVE_SECRET}\n"
        ))  # fmt: skip
        daemon.environment = {
            "OUTSIDE_KEY": daemon.partner.api_key, "OUTSIDE_LIVE_KEY": "cbs_of_live",
            "OUTSIDE_SECRET": (daemon.folder / "secret").read_text().strip(),
            "OUTSIDE_LIVE_SECRET": "whsec_of_live", "OUTSIDE_SHOP": "kept",
        }  # fmt: skip
        daemon.serve("--env", "test")
        _, alert = daemon.sold_and_disputed(
            [REFUND | {"environment": "decide.json"}], [{"environment": "refund.json"}]
        )
        self.assert_ended(daemon, alert, "REFUNDED")
        for step in ("decide", "refund"):
            with self.subTest(step):
                seen = json.loads((daemon.folder / f"{step}.json").read_text())
                named = {name for name in seen if name.startswith("OUTSIDE_")}
                self.assertEqual(named, {"OUTSIDE_SHOP"})
                self.assertFalse(set(seen.values()) & {
                    value for name, value in daemon.environment.items() if name != "OUTSIDE_SHOP"
                })  # fmt: skip
        for secret in ("OUTSIDE_KEY", "OUTSIDE_SECRET"):
            self.assertNotIn(daemon.environment[secret], daemon.log_text())


class ProgramTest(DaemonCase):
    def test_a_program_that_is_not_there_is_named_and_tried_again(self):
        daemon = self.new_daemon(hook="{command: [./decide-alerts]}").serve()
        sale, alert = daemon.sold_and_disputed()
        told = daemon.hears(alert["id"], "decide-alerts", seconds_max=8)
        path = daemon.folder / "decide-alerts"
        path.write_text(f"#!/bin/sh\nexec {sys.executable} -S {HOOK} .\n")
        path.chmod(0o755)
        daemon.plan(sale, [ACCEPT])
        self.assert_ended(daemon, alert, "NOT_REFUNDED")
        self.assertTrue(told, "the log does not say that the hook is not there")

    def test_a_program_that_does_not_read_its_question_ends_nothing(self):
        accept = """{command: [sh, -c, 'exec <&-; echo "{\\"decision\\":\\"accept\\"}"']}"""
        daemon = self.new_daemon(hook=accept).serve()
        alerts = [daemon.sold_and_disputed()[1] for _ in range(10)]
        for alert in alerts:
            wait_until(
                lambda: daemon.process.poll() is not None  # noqa: B023
                or daemon.case(alert).get("step") == "ENDED",  # noqa: B023
                SECONDS_MAX,
            )
            self.assertIsNone(daemon.process.poll(), "the daemon crashed")
            self.assert_ended(daemon, alert, "NOT_REFUNDED")

    def test_a_program_that_ends_at_once_ends_nothing(self):
        daemon = self.new_daemon(hook="{command: ['false']}").serve()
        alerts = [daemon.sold_and_disputed()[1] for _ in range(10)]
        for alert in alerts:
            wait_until(
                lambda: daemon.process.poll() is not None  # noqa: B023
                or daemon.case(alert).get("attempts", 0) >= 2,  # noqa: B023
                SECONDS_MAX,
            )
            self.assertIsNone(daemon.process.poll(), "the daemon crashed")
            self.assertEqual(daemon.case(alert)["status"], "ACTION_REQUIRED")


class TimeTest(DaemonCase):
    hook = f"{{command: [{sys.executable}, -S, {HOOK}, .], timeout-seconds: 2}}"

    def test_a_hook_that_takes_too_long_is_ended_and_asked_again(self):
        daemon = self.new_daemon(hook=self.hook).serve()
        sale, alert = daemon.sold_and_disputed([{"hold": True}, ACCEPT])
        self.assert_ended(daemon, alert, "NOT_REFUNDED")
        self.assertEqual(len(daemon.calls(sale, "decide")), 2)
        self.assertIn("the hook took longer than 2 s", daemon.journal(alert))
        self.assertTrue(daemon.log_lines(alert["id"], "longer than 2 s"), "the log is silent")

    def test_what_a_hook_leaves_running_does_not_hold_it_up(self):
        daemon = self.new_daemon(hook=self.hook).serve()
        _, alert = daemon.sold_and_disputed([{"child": 20}, ACCEPT])
        _, other = daemon.sold_and_disputed([ACCEPT])
        for one in (other, alert):
            self.assertEqual(daemon.reaches(one, "ENDED", 10)["status"], "RESOLVED")

    def test_a_hook_that_hangs_with_one_alert_does_not_hold_up_the_others(self):
        daemon = self.new_daemon().serve()
        slow, alert = daemon.sold_and_disputed([{"hold": True} | ACCEPT])
        self.assertTrue(daemon.is_held(slow))
        _, other = daemon.sold_and_disputed([ACCEPT])
        ended = wait_until(lambda: daemon.case(other).get("step") == "ENDED", 8)
        daemon.let_go(slow)
        self.assert_ended(daemon, alert, "NOT_REFUNDED")
        self.assertTrue(ended, "one hook that hangs stops all decisions")
