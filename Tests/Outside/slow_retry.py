"""The first webhook retry comes after a minute: too slow for `make test`, run by `make check`."""

from parry_outside import flow
from parry_outside.cases import FolderCase, wait_until
from parry_outside.receiver import Delivery, Reply
from parry_outside.rows import open_rows
from parry_outside.webhooks import delivery_problems
from parry_outside.world import make_world

RESPONSE_SECONDS_MAX = 20
RETRY_SECONDS = 60
RETRY_SECONDS_MAX = 90

FAILURES = {
    "/error": Reply(500),
    "/client-error": Reply(404),
    "/redirect": Reply(302),
    "/hang-up": Reply(hang_up=True),
    "/too-late": Reply(delay_seconds=RESPONSE_SECONDS_MAX + 5),
}
"""Endpoint paths with what their first request meets; the second meets 200."""


class RetryTest(FolderCase):
    def setUp(self):
        super().setUp()
        self.receiver = self.new_receiver()
        self.server = self.new_server(*self.private_target_options).start()
        self.partner = self.server.create_partner()
        self.api = self.new_api(self.server, self.partner.api_key)
        self.world = make_world(self.api)

    def add_endpoint(self, path: str):
        url = self.receiver.url(path)
        endpoint = self.server.create_webhook(self.partner.id, url, flow.EVENT_TYPES)
        self.receiver.trust(endpoint["secret"], path)

    def raise_alert(self):
        self.api.must(201, "POST", "/v1/simulate/alerts", self.world.alert())

    def deliveries_of(self, path: str) -> list[Delivery]:
        return [one for one in self.receiver.deliveries if one.path == path]

    def assert_same_delivery_signed_afresh(self, first: Delivery, second: Delivery):
        self.assertEqual(delivery_problems(first), [])
        self.assertEqual(delivery_problems(second), [])
        self.assertEqual(first.idempotency_key, second.idempotency_key)
        self.assertEqual(first.body, second.body)
        self.assertNotEqual(first.signature, second.signature)

    def test_every_kind_of_failure_is_tried_again_a_minute_later(self):
        for path, reply in FAILURES.items():
            self.add_endpoint(path)
            self.receiver.reply_next(reply, path=path)
        self.raise_alert()
        self.receiver.wait_for(
            lambda all: len(all) >= 2 * len(FAILURES), RESPONSE_SECONDS_MAX + RETRY_SECONDS_MAX
        )
        for path in FAILURES:
            with self.subTest(endpoint=path):
                deliveries = self.deliveries_of(path)
                self.assertEqual(len(deliveries), 2)
                self.assert_same_delivery_signed_afresh(*deliveries)
                waited = deliveries[1].received_at - deliveries[0].received_at
                late = RESPONSE_SECONDS_MAX if path == "/too-late" else 0
                self.assertGreaterEqual(waited, RETRY_SECONDS + late - 1)
                self.assertLess(waited, RETRY_SECONDS_MAX + late)
        keys = {one.idempotency_key for one in self.receiver.deliveries}
        self.assertEqual(len(keys), len(FAILURES), "every endpoint has a delivery of its own")
        self.assertEqual(len({one.event_id for one in self.receiver.deliveries}), 1)

    def test_a_retry_survives_sigkill(self):
        self.add_endpoint("/error")
        self.receiver.reply_next(Reply(500), path="/error")
        self.raise_alert()
        self.assertTrue(wait_until(self.attempt_is_recorded, 10))
        self.server.kill()
        self.server.start()
        deliveries = self.receiver.wait_for(
            lambda all: len(all) >= 2, RETRY_SECONDS_MAX
        )
        self.assertEqual(len(deliveries), 2, "the retry did not come")
        self.assert_same_delivery_signed_afresh(*deliveries)

    def test_a_success_whose_answer_never_ends_counts_and_frees_its_place_in_time(self):
        self.add_endpoint("/stall")
        self.receiver.reply_usually(Reply(stall_seconds=3 * RESPONSE_SECONDS_MAX))
        self.raise_alert()
        self.assertTrue(wait_until(self.attempt_is_recorded, RESPONSE_SECONDS_MAX + 10))
        with open_rows(self.server.database) as rows:
            self.assertEqual(rows.delivery_states(), ["DELIVERED"])
        self.assertEqual(len(self.receiver.deliveries), 1, "it was sent again")

    def attempt_is_recorded(self) -> bool:
        with open_rows(self.server.database) as rows:
            return rows.most_attempts() == 1
