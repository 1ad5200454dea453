"""Endpoints, events and deliveries over the API, at a real HTTPS receiver: amendment 8."""

import contextlib
import hashlib
import hmac
import json

from parry_outside import tamper
from parry_outside.api import Answer, Api
from parry_outside.cases import OnPostgres, SendingCase, wait_until
from parry_outside.receiver import Delivery, Reply
from parry_outside.sending import ENDPOINTS_MAX
from parry_outside.webhooks import delivery_problems
from parry_outside.world import World, make_customer, make_world

ENDPOINTS, EVENTS, DELIVERIES = "/v1/webhook-endpoints", "/v1/events", "/v1/webhook-deliveries"
ENDPOINT_MEMBERS = {
    "id", "url", "event_types", "organisation_id", "is_paused", "created_at", "updated_at", "links"
}  # fmt: skip
DELIVERY_MEMBERS = {
    "id", "event_id", "webhook_endpoint_id", "state", "attempt_count", "next_attempt_at",
    "created_at", "links",
}  # fmt: skip
ATTEMPT_MEMBERS = {
    "started_at", "duration_in_ms", "status_code", "error", "ip_address", "response_body",
}  # fmt: skip
WEBHOOK_SECONDS_MAX = 10


def codes_of(header: str) -> list[str]:
    """The values of `v1` in X-Signature, in order."""
    return [part[3:] for part in header.split(",") if part.startswith("v1=")]


def signs(secret: str, sent: Delivery) -> bool:
    """Whether one of the `v1` was made with this secret for the bytes that came."""
    time = sent.signature.split(",")[0].removeprefix("t=")
    message = time.encode() + b"." + sent.body
    code = hmac.new(secret.encode(), message, hashlib.sha512).hexdigest()
    return code in codes_of(sent.signature)


class ManagementCase(SendingCase):
    """One server and one receiver for the whole class; each test has a customer of its own."""

    def setUp(self):
        super().setUp()
        self.world = make_world(self.api)

    def path(self, name: str) -> str:
        """A path of the receiver that no other test uses."""
        return f"/{self.world.organisation_id}/{name}"

    def add_endpoint(self, name: str, *types: str, api: Api | None = None, **more) -> dict:
        """An endpoint of the test's organisation; what it gets is checked with its secret."""
        path = self.path(name)
        body = {
            "organisation_id": self.world.organisation_id,
            "url": self.receiver.url(path),
            "event_types": list(types or ("lookup.created",)),
        }
        made = (api or self.api).must(201, "POST", ENDPOINTS, body | more)
        self.receiver.trust(made["secret"], path)
        return made

    def raise_lookup(self, world: World | None = None) -> str:
        body = {"organisation_id": (world or self.world).organisation_id}
        return self.api.must(201, "POST", "/v1/simulate/lookups", body)["id"]

    def sent_to(self, name: str, count: int = 1) -> list[Delivery]:
        """Waits for so many requests to the path, and allows no more than these."""
        path = self.path(name)

        def those(all: list[Delivery]) -> list[Delivery]:
            return [one for one in all if one.path == path]

        found = those(
            self.receiver.wait_for(lambda all: len(those(all)) >= count, WEBHOOK_SECONDS_MAX)
        )
        self.assertEqual(len(found), count, f"requests to {name}")
        return found

    def objects_sent_to(self, name: str, count: int = 1) -> list[str]:
        return [one.event["data"]["object"]["id"] for one in self.sent_to(name, count)]

    def update(self, endpoint: dict, **members) -> dict:
        return self.api.must(200, "PATCH", f"{ENDPOINTS}/{endpoint['id']}", members)

    def rotate(self, endpoint: dict, **members) -> str:
        path = f"{ENDPOINTS}/{endpoint['id']}/rotate-secret"
        rotated = self.api.must(200, "POST", path, members)
        self.assertEqual(rotated.keys(), ENDPOINT_MEMBERS | {"secret"})
        return rotated["secret"]

    def redeliver(self, delivery_id: str) -> dict:
        return self.api.must(200, "POST", f"{DELIVERIES}/{delivery_id}/redeliver")

    def delivery(self, delivery_id: str) -> dict:
        return self.api.must(200, "GET", f"{DELIVERIES}/{delivery_id}")

    def ended(self, delivery_id: str, attempts: int) -> dict:
        """The delivery once so many tries were written down, which is after they were answered."""
        wait_until(
            lambda: len(self.delivery(delivery_id)["attempts"]) >= attempts, WEBHOOK_SECONDS_MAX
        )
        return self.delivery(delivery_id)

    def items(self, path: str, api: Api | None = None) -> list[dict]:
        page = (api or self.api).must(200, "GET", path)
        self.assertEqual(page["count"], len(page["items"]))
        return page["items"]

    def deliveries_to(self, endpoint: dict) -> list[dict]:
        return self.items(f"{DELIVERIES}?webhook_endpoint_id={endpoint['id']}")

    def assert_not_found(self, answer: Answer):
        self.assertEqual((answer.status, answer.code), (404, "NOT_FOUND"), answer.body[:300])

    def outcomes(self, delivery: dict) -> list[int | None]:
        for attempt in delivery["attempts"]:
            self.assertEqual(attempt.keys(), ATTEMPT_MEMBERS)
            self.assertGreaterEqual(attempt["duration_in_ms"], 0)
            self.assertEqual(attempt["error"] is None, attempt["status_code"] is not None, attempt)
        return [attempt["status_code"] for attempt in delivery["attempts"]]


class WebhookEndpointTest(ManagementCase):
    def test_a_new_endpoint_gets_the_next_event_signed_with_the_secret_it_was_shown(self):
        self.raise_lookup()
        made = self.add_endpoint("hook")
        self.assertEqual(made.keys(), ENDPOINT_MEMBERS | {"secret"})
        self.assertRegex(made["secret"], "^whsec_")
        lookup = self.raise_lookup()
        sent = self.sent_to("hook")[0]
        self.assertEqual(sent.event["data"]["object"]["id"], lookup, "that before was sent too")
        self.assertEqual(delivery_problems(sent), [])
        self.assertTrue(signs(made["secret"], sent))
        shown = self.api.must(200, "GET", f"{ENDPOINTS}/{made['id']}")
        self.assertEqual(shown, {name: made[name] for name in ENDPOINT_MEMBERS})
        self.assertNotIn("whsec_", json.dumps(self.items(ENDPOINTS)))

    def test_the_endpoint_of_a_partner_gets_the_events_of_all_its_organisations(self):
        other = make_customer(self.api)
        made = self.add_endpoint("all", "scheme_notice.created", organisation_id=None)
        self.assertIsNone(made["organisation_id"])
        notices = [
            self.api.must(
                201, "POST", "/v1/simulate/scheme-notices", {"organisation_id": organisation}
            )["id"]
            for organisation in (self.world.organisation_id, other.organisation_id)
        ]
        self.assertCountEqual(self.objects_sent_to("all", 2), notices)

    def test_a_changed_url_and_changed_types_count_for_what_comes_then(self):
        made = self.add_endpoint("before")
        self.receiver.trust(made["secret"], self.path("after"))
        first = self.raise_lookup()
        self.assertEqual(self.objects_sent_to("before"), [first])
        changed = self.update(
            made,
            url=self.receiver.url(self.path("after")),
            event_types=["scheme_notice.created", "lookup.created"],
        )
        self.assertEqual(changed["event_types"], ["lookup.created", "scheme_notice.created"])
        second = self.raise_lookup()
        self.assertEqual(self.objects_sent_to("after"), [second])
        self.sent_to("before", 1)

    def test_what_a_paused_endpoint_would_get_waits_until_it_is_resumed(self):
        paused, control = self.add_endpoint("paused"), self.add_endpoint("control")
        self.assertTrue(self.update(paused, is_paused=True)["is_paused"])
        lookups = [self.raise_lookup(), self.raise_lookup()]
        self.assertCountEqual(self.objects_sent_to("control", 2), lookups)
        waiting = self.deliveries_to(paused)
        for one in waiting:
            self.assertEqual((one["state"], one["next_attempt_at"]), ("PENDING", None))
        self.assertEqual(len(waiting), 2)
        self.sent_to("paused", 0)
        self.assertFalse(self.update(paused, is_paused=False)["is_paused"])
        self.assertCountEqual(self.objects_sent_to("paused", 2), lookups)
        keys = {one.idempotency_key for one in self.sent_to("paused", 2)}
        self.assertEqual(keys, {one["id"] for one in waiting})
        self.assertEqual(len(self.deliveries_to(control)), 2)

    def test_a_retry_waits_too_while_its_endpoint_is_paused(self):
        endpoint = self.add_endpoint("hook")
        self.receiver.reply_next(Reply(500), path=self.path("hook"))
        self.raise_lookup()
        delivery = self.sent_to("hook")[0].idempotency_key
        self.assertIsNotNone(self.ended(delivery, 1)["next_attempt_at"])
        self.update(endpoint, is_paused=True)
        self.assertIsNone(self.delivery(delivery)["next_attempt_at"], "it would be tried")
        self.update(endpoint, is_paused=False)
        self.assertEqual({one.idempotency_key for one in self.sent_to("hook", 2)}, {delivery})

    def test_what_is_redelivered_to_a_paused_endpoint_waits(self):
        endpoint, control = self.add_endpoint("hook"), self.add_endpoint("control")
        self.raise_lookup()
        delivery = self.sent_to("hook")[0].idempotency_key
        self.ended(delivery, 1)
        self.update(endpoint, is_paused=True)
        again = self.redeliver(delivery)
        self.assertEqual((again["state"], again["next_attempt_at"]), ("PENDING", None))
        self.redeliver(self.deliveries_to(control)[0]["id"])
        self.sent_to("control", 2)
        self.sent_to("hook", 1)
        self.update(endpoint, is_paused=False)
        self.sent_to("hook", 2)

    def test_an_organisation_has_a_hundred_endpoints_and_so_has_its_partner(self):
        api = self.enterContext(Api(self.server.base, self.server.create_partner().api_key))
        for organisation in (make_world(api).organisation_id, None):
            body = {"organisation_id": organisation, "url": self.receiver.url("/many"),
                    "event_types": ["lookup.created"]}  # fmt: skip
            made = [api.post(ENDPOINTS, body) for _ in range(ENDPOINTS_MAX + 1)]
            statuses = [one.status for one in made]
            self.assertEqual(statuses, [201] * ENDPOINTS_MAX + [422], made[-1].body[:300])
            self.assertEqual(made[-1].code, "TOO_MANY_WEBHOOK_ENDPOINTS")
            first = made[0].json()["id"]
            self.assertEqual(api.call("DELETE", f"{ENDPOINTS}/{first}").status, 204)
            api.must(201, "POST", ENDPOINTS, body)
            self.assertEqual(api.post(ENDPOINTS, body).status, 422)

    def test_a_deleted_endpoint_gets_nothing_and_its_deliveries_are_404(self):
        endpoint, control = self.add_endpoint("hook"), self.add_endpoint("control")
        self.raise_lookup()
        sent = self.sent_to("hook")[0]
        self.ended(sent.idempotency_key, 1)
        item = f"{ENDPOINTS}/{endpoint['id']}"
        self.assertEqual(self.api.call("DELETE", item).status, 204)
        self.raise_lookup()
        self.sent_to("control", 2)
        self.sent_to("hook", 1)
        delivery = f"{DELIVERIES}/{sent.idempotency_key}"
        for method, path in (
            ("GET", item),
            ("DELETE", item),
            ("GET", delivery),
            ("POST", delivery + "/redeliver"),
            ("POST", item + "/rotate-secret"),
            ("GET", f"{DELIVERIES}?webhook_endpoint_id={endpoint['id']}"),
        ):
            with self.subTest(f"{method} {path}"):
                body = {} if path.endswith("rotate-secret") else None
                self.assert_not_found(self.api.call(method, path, body))
        self.assert_not_found(self.api.patch(item, {"is_paused": False}))
        of_event = self.items(f"{DELIVERIES}?event_id={sent.event_id}")
        self.assertEqual([one["webhook_endpoint_id"] for one in of_event], [control["id"]])
        self.api.must(200, "GET", f"{EVENTS}/{sent.event_id}")
        self.sent_to("hook", 1)

    def test_what_waits_for_a_deleted_endpoint_is_given_up(self):
        endpoint, control = self.add_endpoint("hook"), self.add_endpoint("control")
        self.update(endpoint, is_paused=True)
        self.raise_lookup()
        self.sent_to("control")
        self.api.call("DELETE", f"{ENDPOINTS}/{endpoint['id']}")
        self.raise_lookup()
        self.sent_to("control", 2)
        self.sent_to("hook", 0)
        self.assertEqual(len(self.deliveries_to(control)), 2)


class WebhookSecretTest(ManagementCase):
    def next_signed(self, count: int) -> Delivery:
        self.raise_lookup()
        return self.sent_to("hook", count)[-1]

    def test_while_a_rotation_overlaps_both_secrets_verify(self):
        made = self.add_endpoint("hook")
        old = made["secret"]
        new = self.rotate(made, overlap_hours=24)
        self.assertNotEqual(new, old)
        sent = self.next_signed(1)
        self.assertEqual(len(codes_of(sent.signature)), 2)
        self.assertTrue(signs(old, sent))
        self.assertTrue(signs(new, sent))
        self.assertFalse(signs("whsec_another", sent))

    def test_without_hours_a_rotation_overlaps(self):
        made = self.add_endpoint("hook")
        new = self.rotate(made)
        sent = self.next_signed(1)
        self.assertTrue(signs(made["secret"], sent) and signs(new, sent))

    def test_without_an_overlap_the_new_secret_alone_verifies(self):
        made = self.add_endpoint("hook")
        first = self.next_signed(1)
        self.assertEqual(len(codes_of(first.signature)), 1)
        new = self.rotate(made, overlap_hours=0)
        sent = self.next_signed(2)
        self.assertEqual(len(codes_of(sent.signature)), 1)
        self.assertTrue(signs(new, sent))
        self.assertFalse(signs(made["secret"], sent))

    def test_when_the_overlap_is_over_the_old_secret_signs_no_more(self):
        made = self.add_endpoint("hook")
        new = self.rotate(made, overlap_hours=1)
        self.assertTrue(signs(made["secret"], self.next_signed(1)))
        tamper.age_rotation(self.server.database, made["id"], 3_600_000)
        sent = self.next_signed(2)
        self.assertEqual(len(codes_of(sent.signature)), 1)
        self.assertTrue(signs(new, sent))

    def test_a_second_rotation_ends_the_first_secret_and_zero_hours_end_an_overlap(self):
        made = self.add_endpoint("hook")
        second = self.rotate(made, overlap_hours=24)
        third = self.rotate(made, overlap_hours=24)
        sent = self.next_signed(1)
        self.assertEqual(
            [signs(one, sent) for one in (made["secret"], second, third)], [False, True, True]
        )
        fourth = self.rotate(made, overlap_hours=0)
        sent = self.next_signed(2)
        self.assertEqual([signs(one, sent) for one in (third, fourth)], [False, True])

    def test_a_redelivery_is_signed_with_the_secret_of_its_time(self):
        made = self.add_endpoint("hook")
        self.raise_lookup()
        first = self.sent_to("hook")[0]
        self.ended(first.idempotency_key, 1)
        new = self.rotate(made, overlap_hours=0)
        self.redeliver(first.idempotency_key)
        second = self.sent_to("hook", 2)[1]
        self.assertEqual(first.body, second.body)
        self.assertTrue(signs(new, second) and not signs(made["secret"], second))

    def test_the_operator_reveals_the_secret_of_the_last_rotation(self):
        made = self.add_endpoint("hook")
        new = self.rotate(made)
        revealed = self.server.command("webhook", "reveal", made["id"])
        self.assertEqual(revealed["secret"], new)


class WebhookDeliveryTest(ManagementCase):
    def assert_the_same(self, first: Delivery, second: Delivery):
        self.assertEqual(first.idempotency_key, second.idempotency_key)
        self.assertEqual(first.body, second.body)

    def test_what_was_delivered_is_redelivered_and_both_tries_are_listed(self):
        endpoint = self.add_endpoint("hook")
        self.raise_lookup()
        first = self.sent_to("hook")[0]
        delivery = first.idempotency_key
        before = self.ended(delivery, 1)
        self.assertEqual(before.keys(), DELIVERY_MEMBERS | {"attempts"})
        self.assertEqual((before["state"], self.outcomes(before)), ("DELIVERED", [200]))
        self.receiver.reply_next(Reply(204), path=self.path("hook"))
        again = self.redeliver(delivery)
        self.assertEqual(again.keys(), DELIVERY_MEMBERS)
        self.assertEqual((again["id"], again["state"]), (delivery, "PENDING"))
        self.assertEqual(again["webhook_endpoint_id"], endpoint["id"])
        second = self.sent_to("hook", 2)[1]
        self.assert_the_same(first, second)
        self.assertEqual(delivery_problems(second), [])
        after = self.ended(delivery, 2)
        self.assertEqual((after["state"], self.outcomes(after)), ("DELIVERED", [200, 204]))
        self.assertEqual((after["attempt_count"], after["next_attempt_at"]), (1, None))

    def test_what_failed_is_redelivered(self):
        self.add_endpoint("hook")
        self.receiver.reply_next(Reply(503), path=self.path("hook"))
        self.raise_lookup()
        first = self.sent_to("hook")[0]
        delivery = first.idempotency_key
        self.ended(delivery, 1)
        tamper.give_up(self.server.database, delivery)
        failed = self.items(f"{DELIVERIES}?state=FAILED&event_id={first.event_id}")
        self.assertEqual([one["id"] for one in failed], [delivery])
        self.assertIsNone(failed[0]["next_attempt_at"])
        self.redeliver(delivery)
        self.assert_the_same(first, self.sent_to("hook", 2)[1])
        after = self.ended(delivery, 2)
        self.assertEqual((after["state"], self.outcomes(after)), ("DELIVERED", [503, 200]))

    def test_what_waits_for_a_retry_is_sent_at_once_and_the_schedule_begins_anew(self):
        self.add_endpoint("hook")
        self.receiver.reply_next(Reply(500), Reply(hang_up=True), path=self.path("hook"))
        self.raise_lookup()
        first = self.sent_to("hook")[0]
        delivery = first.idempotency_key
        self.ended(delivery, 1)
        self.redeliver(delivery)
        self.assert_the_same(first, self.sent_to("hook", 2)[1])
        waiting = self.ended(delivery, 2)
        self.assertEqual(self.outcomes(waiting), [500, None])
        self.assertEqual((waiting["state"], waiting["attempt_count"]), ("PENDING", 1))
        self.assertIsNotNone(waiting["next_attempt_at"])
        self.redeliver(delivery)
        self.sent_to("hook", 3)
        self.assertEqual(self.outcomes(self.ended(delivery, 3)), [500, None, 200])

    def test_with_an_idempotency_key_a_redelivery_is_asked_for_once(self):
        self.add_endpoint("hook")
        self.raise_lookup()
        delivery = self.sent_to("hook")[0].idempotency_key
        self.ended(delivery, 1)
        path = f"{DELIVERIES}/{delivery}/redeliver"
        answers = [self.api.call("POST", path, Idempotency_Key=delivery) for _ in range(2)]
        self.assertEqual([one.status for one in answers], [200, 200])
        self.assertEqual(answers[1].headers["Idempotency-Replayed"], "true")
        self.ended(delivery, 2)
        self.raise_lookup()
        self.sent_to("hook", 3)
        self.assertEqual(len(self.delivery(delivery)["attempts"]), 2)


class ShownEventTest(ManagementCase):
    def test_an_event_is_shown_byte_for_byte_as_it_was_sent(self):
        self.add_endpoint("hook", "alert.created", "alert.updated")
        alert = self.api.must(201, "POST", "/v1/simulate/alerts", self.world.alert())["id"]
        note = 'Grüße "an" alle: / \\ \u2028 € 🎈'
        self.api.must(200, "PATCH", f"/v1/alerts/{alert}", {"note": note})
        for sent in self.sent_to("hook", 2):
            with self.subTest(sent.type):
                shown = self.api.get(f"{EVENTS}/{sent.event_id}")
                self.assertEqual((shown.status, shown.body), (200, sent.body))
                listed = self.api.get(f"{EVENTS}?object_id={alert}&type={sent.type}")
                self.assertIn(sent.body, listed.body)
                self.assertEqual(listed.json()["count"], 1)

    def test_an_event_that_nobody_was_sent_is_listed_too(self):
        lookup = self.raise_lookup()
        events = self.items(f"{EVENTS}?object_id={lookup}")
        self.assertEqual([one["type"] for one in events], ["lookup.created"])
        self.assertEqual(self.items(f"{DELIVERIES}?event_id={events[0]['id']}"), [])


class WebhookScopeTest(ManagementCase):
    def organisation_api(self, world: World) -> Api:
        words = ["--organisation", world.organisation_id, "--all-abilities"]
        return self.other_api(self.server.command("key", "create", *words)["api_key"])

    def other_api(self, key: str) -> Api:
        return self.enterContext(Api(self.server.base, key))

    def two_deliveries(self) -> tuple[dict, dict]:
        """An endpoint of the organisation and one of the whole partner; both got the same event."""
        own = self.add_endpoint("own", "scheme_notice.created")
        whole = self.add_endpoint("whole", "scheme_notice.created", organisation_id=None)
        body = {"organisation_id": self.world.organisation_id}
        self.api.must(201, "POST", "/v1/simulate/scheme-notices", body)
        self.sent_to("own")
        self.sent_to("whole")
        self.addCleanup(self.api_delete, whole)
        return own, whole

    def api_delete(self, endpoint: dict):
        with contextlib.closing(Api(self.server.base, self.partner.api_key)) as api:
            api.call("DELETE", f"{ENDPOINTS}/{endpoint['id']}")

    def assert_sees_nothing_of(self, api: Api, endpoint: dict):
        """Neither the endpoint nor its deliveries, by any method."""
        item = f"{ENDPOINTS}/{endpoint['id']}"
        delivery = f"{DELIVERIES}/{self.deliveries_to(endpoint)[0]['id']}"
        for method, path, body in (
            ("GET", item, None),
            ("PATCH", item, {"is_paused": True}),
            ("POST", item + "/rotate-secret", {}),
            ("DELETE", item, None),
            ("GET", delivery, None),
            ("POST", delivery + "/redeliver", None),
            ("GET", f"{DELIVERIES}?webhook_endpoint_id={endpoint['id']}", None),
        ):
            with self.subTest(f"{method} {path}"):
                self.assert_not_found(api.call(method, path, body))

    def test_an_organisation_key_sees_its_own_alone(self):
        own, whole = self.two_deliveries()
        mine = self.organisation_api(self.world)
        other = make_customer(self.api)
        theirs = self.organisation_api(other)
        self.assertEqual([one["id"] for one in self.items(ENDPOINTS, mine)], [own["id"]])
        deliveries = self.items(DELIVERIES, mine)
        self.assertEqual([one["webhook_endpoint_id"] for one in deliveries], [own["id"]])
        event = deliveries[0]["event_id"]
        objects = [one["data"]["object"] for one in self.items(EVENTS, mine)]
        organisations = {one["organisation_id"] for one in objects if "organisation_id" in one}
        self.assertEqual(organisations, {self.world.organisation_id})
        self.assertEqual(mine.get(f"{EVENTS}/{event}").status, 200)
        self.assert_sees_nothing_of(mine, whole)
        for path in (ENDPOINTS, EVENTS, DELIVERIES):
            self.assertEqual(self.items(path, theirs), [])
        self.assert_not_found(theirs.get(f"{EVENTS}/{event}"))
        self.assert_not_found(theirs.get(f"{DELIVERIES}?event_id={event}"))
        self.assert_not_found(
            theirs.get(f"{EVENTS}?organisation_id={self.world.organisation_id}")
        )
        self.assert_sees_nothing_of(theirs, own)
        self.assertEqual(len(self.sent_to("own")), 1, "it was redelivered")

    def test_an_organisation_key_makes_endpoints_of_its_organisation_alone(self):
        mine = self.organisation_api(self.world)
        made = self.add_endpoint("mine", api=mine, organisation_id=None)
        self.assertEqual(made["organisation_id"], self.world.organisation_id)
        self.raise_lookup(make_customer(self.api))
        lookup = self.raise_lookup()
        self.assertEqual(self.objects_sent_to("mine"), [lookup])

    def test_a_live_partner_sees_nothing_of_test(self):
        own, whole = self.two_deliveries()
        event = self.deliveries_to(own)[0]["event_id"]
        live = self.other_api(self.server.create_partner("Live", "LIVE").api_key)
        for path in (ENDPOINTS, EVENTS, DELIVERIES):
            self.assertEqual(self.items(path, live), [])
        self.assert_not_found(live.get(f"{EVENTS}/{event}"))
        self.assert_not_found(live.get(f"{DELIVERIES}?event_id={event}"))
        for endpoint in (own, whole):
            self.assert_sees_nothing_of(live, endpoint)
        body = {
            "organisation_id": self.world.organisation_id,
            "url": "https://example.com/x",
            "event_types": ["lookup.created"],
        }
        self.assert_not_found(live.post(ENDPOINTS, body))

    def test_abilities_are_asked_for(self):
        made = self.add_endpoint("hook")
        words = ["--group", self.partner.group_id, "--ability", "webhooks:read"]
        reader = self.other_api(self.server.command("key", "create", *words)["api_key"])
        item = f"{ENDPOINTS}/{made['id']}"
        self.assertEqual(reader.get(item).status, 200)
        for answer in (
            reader.patch(item, {"is_paused": True}),
            reader.call("DELETE", item),
            reader.post(item + "/rotate-secret", {}),
        ):
            self.assertEqual((answer.status, answer.code), (403, "FORBIDDEN"))


class WebhookEndpointOnPostgresTest(OnPostgres, WebhookEndpointTest):
    """The same on the other engine, which claims what is due in another way."""


class WebhookSecretOnPostgresTest(OnPostgres, WebhookSecretTest):
    """The same on the other engine."""


class WebhookDeliveryOnPostgresTest(OnPostgres, WebhookDeliveryTest):
    """The same on the other engine."""
