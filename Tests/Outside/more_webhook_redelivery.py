"""Redelivery of many, and test events, at a real HTTPS receiver."""

import json
import time
import uuid
from collections import Counter
from pathlib import Path

from parry_outside import ageing
from parry_outside.api import Answer, Api
from parry_outside.cases import FolderCase, OnPostgres, SendingCase, wait_until
from parry_outside.certificates import make_self_signed
from parry_outside.receiver import Receiver, Reply
from parry_outside.sending import DELIVERIES, ENDPOINTS, Sender
from parry_outside.server import Server, free_port
from parry_outside.world import make_customer

REDELIVERIES, EVENTS = "/v1/webhook-redeliveries", "/v1/events"
JOB_MEMBERS = {
    "id", "webhook_endpoint_id", "status", "states", "created_at_gte", "created_at_lte",
    "requested_by", "redelivered_count", "created_at", "updated_at", "links",
}  # fmt: skip
TEST_MEMBERS = {
    "event_id", "is_success", "started_at", "duration_in_ms", "status_code", "error", "ip_address",
    "response_body",
}  # fmt: skip
SECONDS_MAX = 20
MANY = 4_000
EVENT_COUNT = 5
OLD_ID = "whd_1111111111111111111111"


class RedeliveryCase(SendingCase):
    """One server and one receiver for the class; each test has a customer and an endpoint."""

    def setUp(self):
        super().setUp()
        self.world = make_customer(self.api)
        self.sender = Sender(self.api, self.world.organisation_id)
        self.path = f"/{self.world.organisation_id}"
        self.endpoint = self.sender.add_endpoint(self.receiver.url(self.path))
        self.receiver.trust(self.endpoint["secret"], self.path)

    def other_api(self, key: str) -> Api:
        return self.enterContext(Api(self.server.base, key))

    def arrived(self, number: int, path: str | None = None) -> Counter:
        """How often each delivery came, once so many have come, and no more."""
        path = path or self.path

        def those(all):
            return [one for one in all if one.path == path]

        found = those(self.receiver.wait_for(lambda all: len(those(all)) >= number, SECONDS_MAX))
        self.assertEqual(len(found), number)
        self.assertEqual([one.refusal for one in found if one.refusal], [])
        return Counter(one.idempotency_key for one in found)

    def fail_some(self, number: int = EVENT_COUNT) -> list[str]:
        """Deliveries to the endpoint that were given up before they were sent; it is not paused."""
        self.sender.update(self.endpoint, is_paused=True)
        for _ in range(number):
            self.sender.raise_lookup()
        ageing.give_up_all(self.server.database, self.endpoint["id"])
        self.sender.update(self.endpoint, is_paused=False)
        failed = self.sender.deliveries_to(self.endpoint)
        self.assertEqual({one["state"] for one in failed}, {"FAILED"})
        return sorted(one["id"] for one in failed)

    def start(self, **more) -> dict:
        body = {"webhook_endpoint_id": self.endpoint["id"]} | more
        job = self.api.must(201, "POST", REDELIVERIES, body)
        self.assertEqual(job.keys(), JOB_MEMBERS)
        return job

    def job(self, job: dict, api: Api | None = None) -> dict:
        return (api or self.api).must(200, "GET", f"{REDELIVERIES}/{job['id']}")

    def completed(self, job: dict) -> dict:
        wait_until(lambda: self.job(job)["status"] == "COMPLETED", SECONDS_MAX)
        found = self.job(job)
        self.assertEqual(found["status"], "COMPLETED")
        return found

    def assert_refused(self, answer: Answer, status: int, code: str, field: str | None = None):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])
        if field:
            self.assertEqual([one["field"] for one in answer.json()["errors"]], [field])

    def organisation_key(self, organisation: str) -> Api:
        words = ["--organisation", organisation, "--all-abilities"]
        return self.other_api(self.server.command("key", "create", *words)["api_key"])

    def refuse(self, status: int, code: str, field: str | None = None, **body):
        body = {"webhook_endpoint_id": self.endpoint["id"]} | body
        self.assert_refused(self.api.post(REDELIVERIES, body), status, code, field)


class RedeliveryTest(RedeliveryCase):
    def test_all_that_failed_is_sent_again_and_counted(self):
        failed = self.fail_some()
        job = self.start()
        self.assertEqual((job["status"], job["redelivered_count"]), ("RUNNING", 0))
        self.assertEqual(
            (job["webhook_endpoint_id"], job["states"]), (self.endpoint["id"], ["FAILED"])
        )
        self.assertEqual(job["requested_by"], self.partner_key_id())
        self.assertEqual(self.completed(job)["redelivered_count"], len(failed))
        self.assertEqual(self.arrived(len(failed)), Counter(failed))
        wait_until(
            lambda: self.sender.count(self.endpoint, "DELIVERED") == len(failed), SECONDS_MAX
        )
        self.assertEqual(self.sender.count(self.endpoint, "DELIVERED"), len(failed))
        self.assertEqual(self.api.must(200, "GET", REDELIVERIES)["items"][0], self.job(job))

    def partner_key_id(self) -> str:
        rows = ageing.ask(
            self.server.database,
            f"SELECT id FROM api_key WHERE group_id = '{self.partner.group_id}'",
        )
        self.assertEqual(len(rows), 1)
        return rows[0][0]

    def test_what_was_delivered_is_sent_again_only_when_it_is_named(self):
        failed = self.fail_some(2)
        delivered = self.sender.raise_lookup()
        first = self.arrived(1)
        self.sender.attempts_of(*first)
        nothing = self.completed(self.start(states=["FAILED"], created_at_lte=self.days_ago(70),
                                            created_at_gte=self.days_ago(80)))  # fmt: skip
        self.assertEqual(nothing["redelivered_count"], 0)
        self.assertEqual(self.completed(self.start(states=["DELIVERED"]))["redelivered_count"], 1)
        self.assertEqual(self.arrived(2), Counter({one: 2 for one in first}))
        wait_until(lambda: self.sender.count(self.endpoint, "DELIVERED") == 1, SECONDS_MAX)
        both = self.completed(self.start(states=["FAILED", "DELIVERED"]))
        self.assertEqual(both["redelivered_count"], 3)
        self.assertEqual(
            self.arrived(5), Counter({one: 3 for one in first} | dict.fromkeys(failed, 1))
        )
        self.assertTrue(delivered)

    @staticmethod
    def days_ago(days: int) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86_400))

    def test_only_events_of_the_given_time_are_sent_both_ends_included(self):
        failed = self.fail_some(6)
        moved = [
            ageing.age_delivery(self.server.database, one, day * ageing.DAY)
            for day, one in enumerate(failed)
        ]
        shown = [self.sender.delivery(one)["created_at"] for one in moved]
        job = self.start(created_at_gte=shown[4], created_at_lte=shown[2])
        self.assertEqual((job["created_at_gte"], job["created_at_lte"]), (shown[4], shown[2]))
        self.assertEqual(self.completed(job)["redelivered_count"], 3)
        self.assertEqual(self.arrived(3), Counter(moved[2:5]))

    def test_one_second_is_a_range_too(self):
        failed = self.fail_some(1)[0]
        at = self.sender.delivery(failed)["created_at"]
        job = self.completed(self.start(created_at_gte=at, created_at_lte=at))
        self.assertEqual(job["redelivered_count"], 1, "the list of deliveries includes this second")

    def test_what_waits_anyway_is_not_touched(self):
        self.receiver.reply_next(Reply(500), path=self.path)
        self.sender.raise_lookup()
        waiting = next(iter(self.arrived(1)))
        self.sender.attempts_of(waiting)
        before = self.sender.delivery(waiting)
        self.assertEqual(
            self.completed(self.start(states=["FAILED", "DELIVERED"]))["redelivered_count"], 0
        )
        self.assertEqual(self.sender.delivery(waiting), before)

    def test_to_a_paused_endpoint_they_wait_until_it_is_resumed(self):
        failed = self.fail_some()
        self.sender.update(self.endpoint, is_paused=True)
        self.assertEqual(self.completed(self.start())["redelivered_count"], len(failed))
        waiting = self.sender.deliveries_to(self.endpoint)
        self.assertEqual(
            {(one["state"], one["next_attempt_at"]) for one in waiting}, {("PENDING", None)}
        )
        self.arrived(0)
        self.sender.update(self.endpoint, is_paused=False)
        self.assertEqual(self.arrived(len(failed)), Counter(failed))

    def test_progress_is_shown_and_each_is_due_once(self):
        self.sender.update(self.endpoint, is_paused=True)
        example = self.failed_example()
        ageing.multiply_ended(self.server.database, example, MANY - 1)
        job, counts = self.start(), []
        while (shown := self.job(job))["status"] == "RUNNING":
            counts.append(shown["redelivered_count"])
        self.assertEqual(shown["redelivered_count"], MANY)
        self.assertEqual(counts, sorted(counts))
        self.assertTrue(any(0 < one < MANY for one in counts), counts[:20])
        self.assert_all_due_once()

    def failed_example(self) -> str:
        self.sender.raise_lookup()
        ageing.give_up_all(self.server.database, self.endpoint["id"])
        return self.sender.deliveries_to(self.endpoint)[0]["id"]

    def assert_all_due_once(self):
        database, of_endpoint = self.server.database, f"endpoint_id = '{self.endpoint['id']}'"
        self.assertEqual(ageing.count(database, f"delivery WHERE {of_endpoint}"), MANY)
        self.assertEqual(ageing.count(database, f"delivery_ended WHERE {of_endpoint}"), 0)
        self.assertEqual(
            ageing.count(database, f"delivery WHERE {of_endpoint} AND attempt_count > 0"), 0
        )

    def test_a_job_of_an_endpoint_that_is_deleted_is_404(self):
        job = self.completed(self.start())
        self.assertEqual(self.api.call("DELETE", f"{ENDPOINTS}/{self.endpoint['id']}").status, 204)
        self.assert_refused(self.api.get(f"{REDELIVERIES}/{job['id']}"), 404, "NOT_FOUND")
        listed = self.api.must(200, "GET", f"{REDELIVERIES}?limit=1000")["items"]
        self.assertNotIn(job["id"], [one["id"] for one in listed])

    def test_two_jobs_at_once_are_both_worked_off(self):
        failed = self.fail_some()
        jobs = [self.completed(self.start()) for _ in range(2)]
        self.arrived(len(failed))
        counts = [one["redelivered_count"] for one in jobs]
        self.assertEqual(counts, [len(failed), 0])


class RedeliveryRefusalTest(RedeliveryCase):
    def test_bodies_that_are_refused(self):
        for field, value in (
            ("webhook_endpoint_id", None), ("webhook_endpoint_id", 5), ("states", []),
            ("states", None), ("created_at_gte", "yesterday"), ("created_at_lte", 5),
        ):  # fmt: skip
            with self.subTest(field=field, value=value):
                self.refuse(422, "VALIDATION_ERROR", field, **{field: value})
        for states in (["PENDING"], ["failed"], ["FAILED"] * 3):
            with self.subTest(states=states):
                body = {"webhook_endpoint_id": self.endpoint["id"], "states": states}
                self.assert_refused(self.api.post(REDELIVERIES, body), 422, "VALIDATION_ERROR")
        self.assert_refused(
            self.api.post(REDELIVERIES, {}), 422, "VALIDATION_ERROR", "webhook_endpoint_id"
        )
        backwards = {
            "created_at_gte": "2999-01-02T00:00:00Z",
            "created_at_lte": "2999-01-01T00:00:00Z",
        }
        self.refuse(422, "VALIDATION_ERROR", "created_at_gte", **backwards)

    def test_beyond_what_is_kept_it_is_expired(self):
        self.refuse(422, "DELIVERY_EXPIRED", created_at_gte="2020-01-01T00:00:00Z")
        at_end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 90 * 86_400 - 2))
        self.refuse(422, "DELIVERY_EXPIRED", created_at_gte=at_end)
        within = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 90 * 86_400 + 60))
        self.start(created_at_gte=within)

    def test_a_range_that_ended_before_what_is_kept_is_expired_too(self):
        self.refuse(422, "DELIVERY_EXPIRED", created_at_lte="2020-01-01T00:00:00Z")

    def test_a_state_that_is_named_twice_is_shown_once(self):
        job = self.start(states=["FAILED", "FAILED"])
        self.assertEqual(job["states"], ["FAILED"])

    def test_a_single_delivery_that_is_too_old_is_expired_and_one_of_nobody_is_404(self):
        for identifier, status, code in (
            (OLD_ID, 422, "DELIVERY_EXPIRED"),
            (ageing.id_like(OLD_ID, ageing.now() - 91 * ageing.DAY), 422, "DELIVERY_EXPIRED"),
            (ageing.id_like(OLD_ID, ageing.now() - 89 * ageing.DAY), 404, "NOT_FOUND"),
            (ageing.id_like(OLD_ID, ageing.now()), 404, "NOT_FOUND"),
            ("whd_x", 404, "NOT_FOUND"),
        ):
            with self.subTest(identifier):
                answer = self.api.call("POST", f"{DELIVERIES}/{identifier}/redeliver")
                self.assert_refused(answer, status, code)
                self.assert_refused(self.api.get(f"{DELIVERIES}/{identifier}"), 404, "NOT_FOUND")

    def test_what_is_old_but_still_there_is_sent_again(self):
        delivery = ageing.age_delivery(self.server.database, self.fail_some(1)[0], 100 * ageing.DAY)
        self.api.must(200, "POST", f"{DELIVERIES}/{delivery}/redeliver")
        self.assertEqual(self.arrived(1), Counter([delivery]))

    def test_with_an_idempotency_key_a_job_is_started_once(self):
        self.fail_some(3)
        key, body = str(uuid.uuid4()), {"webhook_endpoint_id": self.endpoint["id"]}
        answers = [self.api.call("POST", REDELIVERIES, body, Idempotency_Key=key) for _ in range(2)]
        self.assertEqual([one.status for one in answers], [201, 201])
        self.assertEqual(answers[0].body, answers[1].body)
        self.assertEqual(answers[1].headers["Idempotency-Replayed"], "true")
        mine = [one for one in self.api.must(200, "GET", REDELIVERIES)["items"]
                if one["webhook_endpoint_id"] == self.endpoint["id"]]  # fmt: skip
        self.assertEqual(len(mine), 1)
        self.arrived(3)
        other = body | {"states": ["DELIVERED"]}
        answer = self.api.call("POST", REDELIVERIES, other, Idempotency_Key=key)
        self.assert_refused(answer, 422, "IDEMPOTENCY_KEY_REUSED")

    def test_abilities_are_asked_for(self):
        job = self.start()
        words = ["--group", self.partner.group_id, "--ability", "webhooks:read"]
        reader = self.other_api(self.server.command("key", "create", *words)["api_key"])
        self.assertEqual(self.job(job, reader)["id"], job["id"])
        for path in (REDELIVERIES, f"{ENDPOINTS}/{self.endpoint['id']}/test"):
            answer = reader.post(path, {"webhook_endpoint_id": self.endpoint["id"]})
            self.assert_refused(answer, 403, "FORBIDDEN")

    def test_the_list_is_newest_first_and_has_pages(self):
        # Of one millisecond, the ids say which comes first.
        jobs = sorted(self.start()["id"] for _ in range(3))
        page = self.api.must(200, "GET", f"{REDELIVERIES}?limit=2")
        self.assertEqual([one["id"] for one in page["items"]], jobs[:0:-1])
        self.assertGreaterEqual(page["count"], 3)
        rest = self.api.must(200, "GET", f"{REDELIVERIES}?limit=1&offset=2")["items"]
        self.assertEqual([one["id"] for one in rest], jobs[:1])


class RedeliveryStrangersTest(RedeliveryCase):
    def test_others_see_no_job_and_start_none(self):
        job = self.start()
        mine = self.organisation_key(self.world.organisation_id)
        self.assertEqual(self.job(job, mine), self.job(job))
        strangers = [
            self.organisation_key(make_customer(self.api).organisation_id),
            self.other_api(self.server.create_partner("Other").api_key),
            self.other_api(self.server.create_partner("Live", "LIVE").api_key),
        ]
        body = {"webhook_endpoint_id": self.endpoint["id"]}
        for api in strangers:
            self.assert_refused(api.get(f"{REDELIVERIES}/{job['id']}"), 404, "NOT_FOUND")
            self.assert_refused(api.post(REDELIVERIES, body), 404, "NOT_FOUND")
            test = f"{ENDPOINTS}/{self.endpoint['id']}/test"
            self.assert_refused(api.call("POST", test), 404, "NOT_FOUND")
            self.assertEqual(api.must(200, "GET", REDELIVERIES)["items"], [])
        self.arrived(0)

    def test_an_organisation_key_does_not_redeliver_for_the_whole_partner(self):
        whole = self.sender.add_endpoint(self.receiver.url("/whole"), organisation_id=None)
        self.addCleanup(self.delete_as_partner, whole)
        mine = self.organisation_key(self.world.organisation_id)
        answer = mine.post(REDELIVERIES, {"webhook_endpoint_id": whole["id"]})
        self.assert_refused(answer, 404, "NOT_FOUND")

    def delete_as_partner(self, endpoint: dict):
        with Api(self.server.base, self.partner.api_key) as api:
            api.call("DELETE", f"{ENDPOINTS}/{endpoint['id']}")


class KilledRedeliveryTest(FolderCase):
    """A job is its own record: whoever starts next goes on with it."""

    def killed_in_the_middle(self):
        """The server that was killed, its partner's key, the endpoint and the path of its job."""
        server = self.new_server("--rate-limit", "0", *self.private_target_options).start()
        partner = server.create_partner()
        api = self.new_api(server, partner.api_key)
        endpoint = self.endpoint_with_failures(api, server.database)
        job = api.must(201, "POST", REDELIVERIES, {"webhook_endpoint_id": endpoint["id"]})
        path = f"{REDELIVERIES}/{job['id']}"
        wait_until(lambda: api.must(200, "GET", path)["redelivered_count"] > 0, SECONDS_MAX)
        server.kill()
        self.assert_in_the_middle(server, endpoint)
        return server, partner.api_key, endpoint, path

    def endpoint_with_failures(self, api: Api, database) -> dict:
        """It is paused, so that what is due stays to be counted."""
        sender = Sender(api, make_customer(api).organisation_id)
        endpoint = sender.add_endpoint(f"https://localhost:{free_port()}/")
        sender.update(endpoint, is_paused=True)
        sender.raise_lookup()
        ageing.give_up_all(database, endpoint["id"])
        example = sender.deliveries_to(endpoint)[0]["id"]
        ageing.multiply_ended(database, example, MANY - 1)
        return endpoint

    def test_a_job_goes_on_where_the_killed_process_was(self):
        server, key, endpoint, path = self.killed_in_the_middle()
        server.start()
        api = self.new_api(server, key)
        wait_until(lambda: api.must(200, "GET", path)["status"] == "COMPLETED", SECONDS_MAX)
        self.assertEqual(api.must(200, "GET", path)["redelivered_count"], MANY)
        self.assertEqual(self.waiting_and_ended(server, endpoint), (MANY, 0))

    def test_a_job_of_an_endpoint_that_is_deleted_leaves_nothing_that_waits_for_ever(self):
        server, _, endpoint, path = self.killed_in_the_middle()
        self.assertEqual(server.run("webhook", "delete", endpoint["id"]).returncode, 0)
        server.start()
        running = f"webhook_redelivery WHERE id = '{path.split('/')[-1]}' AND status = 'RUNNING'"
        wait_until(lambda: ageing.count(server.database, running) == 0, SECONDS_MAX)
        self.assertEqual(ageing.count(server.database, running), 0, "the job goes on for ever")
        wait_until(lambda: self.waiting_and_ended(server, endpoint)[0] == 0, SECONDS_MAX)
        self.assertEqual(self.waiting_and_ended(server, endpoint), (0, MANY))

    def assert_in_the_middle(self, server: Server, endpoint: dict):
        waiting, ended = self.waiting_and_ended(server, endpoint)
        self.assertEqual(waiting + ended, MANY)
        self.assertTrue(0 < waiting < MANY, f"{waiting} were due when it was killed")

    def waiting_and_ended(self, server: Server, endpoint: dict) -> tuple[int, int]:
        rest = f"WHERE endpoint_id = '{endpoint['id']}'"
        return (
            ageing.count(server.database, f"delivery {rest}"),
            ageing.count(server.database, f"delivery_ended {rest}"),
        )


class TestEventTest(RedeliveryCase):
    def send_test(self, endpoint: dict | None = None) -> dict:
        path = f"{ENDPOINTS}/{(endpoint or self.endpoint)['id']}/test"
        result = self.api.must(200, "POST", path)
        self.assertEqual(result.keys(), TEST_MEMBERS)
        self.assertLessEqual(0, result["duration_in_ms"])
        return result

    def test_a_test_event_is_sent_at_once_and_signed_like_any_other(self):
        result = self.send_test()
        self.assertTrue(result["is_success"])
        self.assertEqual((result["status_code"], result["error"]), (200, None))
        self.assertEqual(result["ip_address"], "127.0.0.1")
        self.arrived(1)
        sent = next(one for one in self.receiver.deliveries if one.path == self.path)
        self.assertEqual(sent.event["id"], result["event_id"])
        self.assertEqual((sent.type, sent.event["api_version"]), ("webhook_endpoint.test", "v1"))
        self.assertEqual(sent.event.keys(), {"id", "type", "created_at", "data", "api_version"})
        shown = self.api.must(200, "GET", f"{ENDPOINTS}/{self.endpoint['id']}")
        del shown["links"]
        self.assertEqual(sent.event["data"], {"object": shown})
        self.assertEqual(sent.headers["content-type"].split(";")[0], "application/json")
        self.assertEqual(sent.headers["user-agent"], "parry")
        self.assertRegex(sent.idempotency_key, "^whd_")

    def test_it_is_in_no_list_and_in_no_feed(self):
        before = self.api.must(200, "GET", f"{EVENTS}?limit=1")["count"]
        latest = self.api.must(200, "GET", f"{EVENTS}?after=latest")["next_cursor"]
        event = self.send_test()["event_id"]
        delivery = next(iter(self.arrived(1)))
        self.assertEqual(self.api.must(200, "GET", f"{EVENTS}?limit=1")["count"], before)
        self.assertEqual(self.sender.deliveries_to(self.endpoint), [])
        time.sleep(1.2)
        self.assertEqual(self.api.must(200, "GET", f"{EVENTS}?after={latest}")["items"], [])
        for path in (f"{EVENTS}/{event}", f"{DELIVERIES}/{delivery}"):
            self.assert_refused(self.api.get(path), 404, "NOT_FOUND")

    def test_a_paused_endpoint_gets_it_too(self):
        self.sender.update(self.endpoint, is_paused=True)
        self.assertTrue(self.send_test()["is_success"])
        self.arrived(1)

    def test_a_failure_is_told_and_not_tried_again(self):
        for status in (500, 302, 404, 429, 410):
            with self.subTest(status):
                self.receiver.reply_next(Reply(status), path=self.path)
                result = self.send_test()
                self.assertEqual((result["is_success"], result["status_code"]), (False, status))
        self.receiver.reply_next(Reply(hang_up=True), path=self.path)
        result = self.send_test()
        self.assertEqual((result["is_success"], result["status_code"]), (False, None))
        self.assertTrue(result["error"])
        self.arrived(6)
        self.assertFalse(
            self.api.must(200, "GET", f"{ENDPOINTS}/{self.endpoint['id']}")["is_paused"]
        )

    def test_the_reason_is_told_when_there_is_no_answer(self):
        own = make_self_signed(Path(self.folder) / uuid.uuid4().hex)
        stranger = self.enterContext(Receiver(own))
        cases = (
            (stranger.url(), "certificate"),
            (f"https://localhost:{free_port()}/", "refused"),
            ("https://nobody.invalid/", "name"),
        )
        for url, reason in cases:
            with self.subTest(url):
                result = self.send_test(self.sender.add_endpoint(url))
                self.assertEqual((result["is_success"], result["status_code"]), (False, None))
                self.assertIn(reason, result["error"])
        self.assertEqual(stranger.deliveries, [])

    def test_while_a_rotation_overlaps_both_secrets_sign_it(self):
        rotate = f"{ENDPOINTS}/{self.endpoint['id']}/rotate-secret"
        self.receiver.trust(self.api.must(200, "POST", rotate, {})["secret"], self.path)
        self.send_test()
        sent = next(one for one in self.receiver.deliveries if one.path == self.path)
        self.assertEqual(sent.signature.count("v1="), 2, "an event has both signatures then")

    def test_with_an_idempotency_key_it_is_sent_once(self):
        path = f"{ENDPOINTS}/{self.endpoint['id']}/test"
        key = str(uuid.uuid4())
        answers = [self.api.call("POST", path, Idempotency_Key=key) for _ in range(2)]
        self.assertEqual([one.status for one in answers], [200, 200])
        self.arrived(1)
        self.assertEqual(answers[0].body, answers[1].body)
        self.assertEqual(answers[1].headers["Idempotency-Replayed"], "true")

    def test_a_bad_idempotency_key_is_422(self):
        path = f"{ENDPOINTS}/{self.endpoint['id']}/test"
        answer = self.api.call("POST", path, Idempotency_Key="x" * 256)
        self.assert_refused(answer, 422, "VALIDATION_ERROR", "Idempotency-Key")
        self.arrived(0)

    def test_an_endpoint_that_is_deleted_or_of_nobody_is_404(self):
        self.api.call("DELETE", f"{ENDPOINTS}/{self.endpoint['id']}")
        for identifier in (self.endpoint["id"], "whe_1111111111111111111111", "x"):
            answer = self.api.call("POST", f"{ENDPOINTS}/{identifier}/test")
            self.assert_refused(answer, 404, "NOT_FOUND")

    def test_nothing_that_was_secret_is_shown(self):
        path = f"{ENDPOINTS}/{self.endpoint['id']}/test"
        self.assertNotIn(self.endpoint["secret"], json.dumps(self.api.must(200, "POST", path)))
        self.arrived(1)
        sent = next(one for one in self.receiver.deliveries if one.path == self.path)
        self.assertNotIn(b"whsec_", sent.body)


class RedeliveryOnPostgresTest(OnPostgres, RedeliveryTest):
    """The same on the other engine."""


class KilledRedeliveryOnPostgresTest(OnPostgres, KilledRedeliveryTest):
    """The same on the other engine."""

    def test_two_processes_work_one_job_off_together_each_delivery_once(self):
        servers = self.new_servers(2, "--rate-limit", "0", *self.private_target_options)
        partner = servers[0].create_partner()
        apis = [self.new_api(one, partner.api_key) for one in servers]
        endpoint = self.endpoint_with_failures(apis[0], self.database)
        body = {"webhook_endpoint_id": endpoint["id"]}
        jobs = [api.must(201, "POST", REDELIVERIES, body)["id"] for api in apis]
        paths = [f"{REDELIVERIES}/{one}" for one in jobs]
        wait_until(
            lambda: all(apis[0].must(200, "GET", one)["status"] == "COMPLETED" for one in paths),
            SECONDS_MAX,
        )
        counts = [apis[1].must(200, "GET", one)["redelivered_count"] for one in paths]
        self.assertEqual(sum(counts), MANY, counts)
        self.assertEqual(self.waiting_and_ended(servers[0], endpoint), (MANY, 0))
