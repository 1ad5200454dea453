"""A breaker's probes come half a minute apart: too slow for `make test`, run by `make check`."""

import time

import more_webhook_fairness as fairness
from parry_outside.cases import OnPostgres, wait_until
from parry_outside.scripted import EMPTY_ANSWER, answer

PROBE_SECONDS = 30
PROBE_SECONDS_MAX = 35
HELD_BACK_SECONDS_MAX = 10


class ProbeTest(fairness.BreakerCase):
    def count(self) -> int:
        return len(self.receiver.requests_to("/bad"))

    def test_probes_come_alone_and_the_first_that_succeeds_lets_everything_through(self):
        self.raise_waiting(fairness.BREAKER_EVENTS)
        self.receiver.wait_for(fairness.BREAKER_FAILURES, fairness.SENT_SECONDS_MAX)
        time.sleep(2)
        opened = self.receiver.requests_to("/bad")
        self.assertLess(len(opened), fairness.BREAKER_EVENTS, "the breaker did not open")

        probed = self.receiver.wait_for(len(opened) + 1, PROBE_SECONDS_MAX)
        self.assertEqual(len(probed), len(opened) + 1, "no probe came")
        self.assert_came_after(probed[-2].began_at, probed[-1].began_at)
        time.sleep(3)
        self.assertEqual(self.count(), len(probed), "after a probe that failed more was sent")
        tried = {one.idempotency_key for one in probed}
        self.assertEqual(len(tried), len(probed), "the probe was a retry before its time")

        self.receiver.play("/bad", answer(EMPTY_ANSWER))
        held_back = fairness.BREAKER_EVENTS - len(probed)
        again = self.receiver.wait_for(len(probed) + 1, PROBE_SECONDS_MAX)
        self.assertGreater(len(again), len(probed), "no second probe came")
        self.assert_came_after(probed[-1].began_at, again[len(probed)].began_at)
        self.assertTrue(
            wait_until(lambda: len(self.untried(tried)) == held_back, HELD_BACK_SECONDS_MAX),
            f"{len(self.untried(tried))} of {held_back} held back arrived",
        )
        self.sender.bring_retries_forward(self.endpoint)
        self.assertTrue(wait_until(lambda: not self.sender.count(self.endpoint, "PENDING"), 15))
        deliveries = self.sender.deliveries_to(self.endpoint)
        self.assertEqual(len(deliveries), fairness.BREAKER_EVENTS)
        for one in deliveries:
            expected = ("DELIVERED", 2 if one["id"] in tried else 1)
            self.assertEqual((one["state"], one["attempt_count"]), expected)
        self.assertEqual(self.count(), fairness.BREAKER_EVENTS + len(tried), "a repeat too many")

    def untried(self, tried: set[str]) -> set[str]:
        return {one.idempotency_key for one in self.receiver.requests_to("/bad")} - tried

    def assert_came_after(self, before: float, after: float):
        self.assertGreaterEqual(after - before, PROBE_SECONDS - 0.5)
        self.assertLessEqual(after - before, PROBE_SECONDS_MAX)


class HangingReceiversOnPostgresTest(OnPostgres, fairness.HangingReceiversTest):
    """The same as in `more_webhook_fairness.py` on the other engine."""
