"""What needs more than requests: deadlines that passed, a damaged row, a locked file, webhooks."""

from parry_outside import flow
from parry_outside.cases import FolderCase
from parry_outside.contract import BASE_58
from parry_outside.documents import full_order
from parry_outside.tamper import bring_deadline_closer, damage_alert, write_lock
from parry_outside.webhooks import delivery_problems
from parry_outside.world import make_world

DEADLINE_MILLISECONDS = 48 * 3_600_000
WEBHOOK_SECONDS_MAX = 10


class StoppedServerTest(FolderCase):
    """The server is stopped, its file is changed, and it starts again."""

    def setUp(self):
        super().setUp()
        self.server = self.new_server().start()
        self.api = self.new_api(self.server, self.server.create_partner().api_key)
        self.world = make_world(self.api)
        self.alert = self.new_alert()

    def new_alert(self) -> dict:
        return self.api.must(201, "POST", "/v1/simulate/alerts", self.world.alert())

    @property
    def path(self) -> str:
        return f"/v1/alerts/{self.alert['id']}"

    def change_stored(self, change, *values):
        self.api.close()
        self.server.stop()
        change(self.server.database, self.alert["id"], *values)
        self.server.start()

    def test_after_its_deadline_an_alert_takes_a_note_and_no_action(self):
        open_still = self.new_alert()
        self.change_stored(bring_deadline_closer, DEADLINE_MILLISECONDS)
        before = self.api.must(200, "GET", self.path)
        for action in ("REFUND", "ACCEPT_DISPUTE"):
            answer = self.api.patch(self.path, {"action": action, "note": "Too late"})
            self.assertEqual((answer.status, answer.code), (422, "ALERT_DEADLINE_PASSED"))
            self.assertTrue(answer.json()["message"])
        self.assertEqual(self.api.must(200, "GET", self.path), before)
        noted = self.api.must(200, "PATCH", self.path, {"note": "Was on holiday"})
        self.assertEqual(noted["note"], "Was on holiday")
        other = f"/v1/alerts/{open_still['id']}"
        self.api.must(200, "PATCH", other, {"action": "REFUND"})

    def test_a_minute_before_its_deadline_an_alert_takes_an_action(self):
        self.change_stored(bring_deadline_closer, DEADLINE_MILLISECONDS - 60_000)
        shown = self.api.must(200, "PATCH", self.path, {"action": "ACCEPT_DISPUTE"})
        self.assertEqual(shown["transaction_refund_outcome"], "NOT_REFUNDED")

    def test_a_damaged_row_is_500_and_the_rest_is_served(self):
        self.change_stored(damage_alert)
        answer = self.api.get(self.path)
        self.assertEqual((answer.status, answer.code), (500, "INTERNAL_ERROR"), answer.body)
        self.assertEqual(answer.json().keys(), {"code", "message"})
        id = answer.headers["X-Request-Id"]
        logged = [line for line in self.server.log_text().splitlines() if id in line]
        self.assertEqual(len(logged), 1)
        self.assertIn('"level":"error"', logged[0])
        self.assertNotIn(b"NONSENSE", answer.body, "what is wrong inside is for the log alone")
        self.assertEqual(self.api.get(f"/v1/alerts/{self.new_alert()['id']}").status, 200)


class UnavailableTest(FolderCase):
    def test_a_write_that_the_database_cannot_take_is_503_and_can_be_sent_again(self):
        """Another process holds the write lock for longer than the server waits, 5 seconds."""
        server = self.new_server().start()
        api = self.new_api(server, server.create_partner().api_key)
        made = api.must(201, "POST", "/v1/organisations", {"name": "First"})
        with write_lock(server.database):
            body = {"name": "Second"}
            answer = api.call("POST", "/v1/organisations", body, Idempotency_Key="second")
            self.assertEqual((answer.status, answer.code), (503, "UNAVAILABLE"), answer.body)
            self.assertTrue(answer.json()["message"])
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
            self.assertTrue(answer.headers["X-Request-Id"])
            page = api.must(200, "GET", "/v1/organisations")
            self.assertEqual([item["id"] for item in page["items"]], [made["id"]])
        answer = api.call("POST", "/v1/organisations", body, Idempotency_Key="second")
        self.assertEqual(answer.status, 201, "a 5xx is not kept for its Idempotency-Key")
        self.assertIsNone(answer.headers["Idempotency-Replayed"])
        self.assertEqual(api.must(200, "GET", "/v1/organisations")["count"], 2)


class EventTest(FolderCase):
    def test_notices_and_lookups_raise_events_and_orders_none(self):
        receiver = self.new_receiver()
        server = self.new_server(*self.private_target_options).start()
        partner = server.create_partner()
        types = ["scheme_notice.created", "scheme_notice.updated", "lookup.created",
                 "lookup.updated", *flow.EVENT_TYPES]  # fmt: skip
        endpoint = server.create_webhook(partner.id, receiver.url(), types)
        self.assertRegex(endpoint["id"], f"^whe_{BASE_58}$")
        receiver.trust(endpoint["secret"])
        api = self.new_api(server, partner.api_key)
        world = make_world(api)
        order = api.must(201, "POST", "/v1/orders", [full_order(world, "silent")])["results"][0]
        api.must(200, "PATCH", f"/v1/orders/{order['id']}", {"order_status": "OTHER"})
        own = {"organisation_id": world.organisation_id}
        notice = api.must(201, "POST", "/v1/simulate/scheme-notices", own)
        lookup = api.must(201, "POST", "/v1/simulate/lookups", own)
        deliveries = receiver.wait_for_events(4, WEBHOOK_SECONDS_MAX)
        for delivery in deliveries:
            self.assertEqual(delivery_problems(delivery), [])
            self.assertRegex(delivery.idempotency_key, f"^whd_{BASE_58}$")
        events = {one.event_id: (one.type, one.event["data"]["object"]) for one in deliveries}
        by_type = dict(events.values())
        wanted = ["enrolment.created", "enrolment.updated", "lookup.created",
                  "scheme_notice.created"]  # fmt: skip
        self.assertEqual(sorted(type for type, _ in events.values()), wanted)
        self.assertEqual(by_type["scheme_notice.created"], notice)
        self.assertEqual(by_type["lookup.created"], lookup)
