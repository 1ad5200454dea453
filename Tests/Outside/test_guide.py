"""The guide's TEST flow with its own curl commands, and the webhooks that it causes."""

from collections import Counter
from datetime import datetime

from parry_outside import flow, guide
from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, ThroughPgBouncer
from parry_outside.shapes import differences
from parry_outside.webhooks import delivery_problems
from parry_outside.world import enable_enrolment, make_world

WEBHOOK_SECONDS_MAX = 10
TEXT = guide.GUIDE.read_text()


class GuideTest(FolderCase):
    def setUp(self):
        super().setUp()
        self.receiver = self.new_receiver()
        self.server = self.new_server(*self.private_target_options).start()
        self.partner = self.server.create_partner()
        endpoint = self.server.create_webhook(
            self.partner.id, self.receiver.url(), flow.EVENT_TYPES
        )
        self.receiver.trust(endpoint["secret"])

    def walk(self) -> tuple[guide.Walk, list[guide.Outcome]]:
        """The whole flow; every deviation fails the test with the step's title."""
        walk = guide.Walk(self.server.base, self.partner.api_key)
        outcomes = []
        for act in flow.plan(guide.read_steps(TEXT)):
            with self.subTest(step=act.title):
                outcome, problems = flow.perform(act, walk)
                outcomes.append(outcome)
                self.assertEqual(problems, [])
        return walk, outcomes

    def test_the_whole_flow_answers_as_the_guide_says_and_sends_its_webhooks(self):
        walk, outcomes = self.walk()
        wanted = Counter(
            event for act in flow.plan(guide.read_steps(TEXT)) for event in act.webhooks
        )
        deliveries = self.receiver.wait_for_events(wanted.total(), WEBHOOK_SECONDS_MAX)
        for delivery in deliveries:
            with self.subTest(webhook=delivery.type, id=delivery.event_id):
                self.assertEqual(delivery_problems(delivery), [])
        types = {delivery.event_id: delivery.type for delivery in deliveries}
        self.assertEqual(Counter(types.values()), wanted)
        self.assert_deadline_is_48_hours_away(walk, outcomes)
        self.assert_order_shows_its_refund(outcomes[-1].document)

    def assert_deadline_is_48_hours_away(self, walk, outcomes):
        alert = next(one for one in outcomes if one.step.path == "/v1/simulate/alerts").document
        with Api(self.server.base, self.partner.api_key) as api:
            stored = api.must(200, "GET", f"/v1/alerts/{alert['id']}")
        received = datetime.fromisoformat(stored["alert_received_at"])
        deadline = datetime.fromisoformat(alert["action_required_deadline"])
        self.assertEqual((deadline - received).total_seconds(), 48 * 3600)

    def assert_order_shows_its_refund(self, order):
        self.assertEqual([one["reference_id"] for one in order["refunds"]], ["refund-10001"])
        self.assertEqual([one["reference_id"] for one in order["transactions"]], ["txn-10001"])

    def test_enabling_an_rdr_enrolment_sends_the_payload_of_the_guide(self):
        walk, outcomes = self.walk()
        created = next(one for one in outcomes if "Verifi RDR" in one.step.title).document
        with Api(self.server.base, self.partner.api_key) as api:
            enable_enrolment(api, created["id"])
        event = self.wait_for_update_of(created["id"])
        example = guide.webhook_example(TEXT)
        walk.placeholders.learn(example, event)
        self.assertEqual(differences(walk.placeholders.fill_document(example), event), [])
        self.assertEqual(event["data"]["previous_attributes"], {"status": "PENDING"})
        self.assertEqual(event.keys(), example.keys())
        self.assertEqual(event["data"]["object"].keys(), example["data"]["object"].keys())

    def wait_for_update_of(self, object_id: str) -> dict:
        """The first `….updated` event about this object."""

        def updates(deliveries) -> list[dict]:
            return [
                one.event
                for one in deliveries
                if one.type.endswith(".updated") and one.event["data"]["object"]["id"] == object_id
            ]

        found = updates(self.receiver.wait_for(updates, WEBHOOK_SECONDS_MAX))
        self.assertEqual(len(found), 1)
        return found[0]

    def test_an_rdr_enrolment_can_name_arns_instead(self):
        with Api(self.server.base, self.partner.api_key) as api:
            world = make_world(api)
            body = guide.request_example(TEXT, "ARN-based example:")
            body["merchant_ids"] = [world.merchant_id]
            answer = api.must(201, "POST", "/v2/enrolments/", body)
        arns = body["verifi_rdr"]["arns"]
        self.assertEqual(answer["verifi_rdr"], {"bin": None, "caid": None, "arns": arns})

    def test_what_was_created_can_be_listed_and_read(self):
        _, outcomes = self.walk()
        with Api(self.server.base, self.partner.api_key) as api:
            for collection, count in LISTS.items():
                with self.subTest(list=collection):
                    page = api.must(200, "GET", collection)
                    self.assertEqual(page["count"], count)
                    self.assertEqual(len(page["items"]), count)
                    for item in page["items"]:
                        self.assertEqual(api.must(200, "GET", item["links"][0]["uri"]), item)
            page = api.must(200, "GET", "/v1/orders/?reference_id=order-10001")
            self.assertEqual(page["count"], 1)
            open_alerts = api.must(200, "GET", "/v1/alerts?status=ACTION_REQUIRED")
            self.assertEqual(open_alerts, {"items": [], "count": 0})

    def test_sending_the_same_order_again_is_a_duplicate_that_says_whether_it_is_identical(self):
        with Api(self.server.base, self.partner.api_key) as api:
            order = make_world(api).order("order-1")
            created = api.must(201, "POST", "/v1/orders/", [order])["results"][0]
            for number, identical in (("AF-order-1", True), ("AF-other", False)):
                order["order_number"] = number
                answer = api.must(200, "POST", "/v1/orders/", [order])
                self.assertEqual((answer["created"], answer["failed"]), (0, 1))
                error = answer["errors"][0]
                self.assertEqual(error["code"], "DUPLICATE_ORDER")
                self.assertEqual(error["order_id"], created["id"])
                self.assertEqual(error["identical"], identical)


class GuideOnPostgresTest(OnPostgres, GuideTest):
    """The same flow on the other engine."""


class GuideThroughPgBouncerTest(ThroughPgBouncer, GuideTest):
    """And once more with every transaction on whichever connection is free."""


LISTS = {
    "/v1/organisations/": 1,
    "/v1/merchants/": 1,
    "/v1/integrations/": 1,
    "/v2/enrolments/": 2,
    "/v1/orders/": 1,
    "/v1/alerts": 2,
}
