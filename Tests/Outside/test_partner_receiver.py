"""The receiver of `parry-partner serve`: what it takes in, what it refuses, and what comes of it."""

import json
import statistics
import time

from parry_outside.cases import at_once, wait_until
from parry_outside.contract import NOBODY
from parry_outside.daemon import ACCEPT, SECONDS_MAX, Daemon, DaemonCase
from parry_outside.inbound import PATH, Inbound, new_event, signed
from parry_outside.server import temporary_folder

TEN_MINUTES = 600
BODY_MAX = 1_048_576
POSTS, MEDIAN_SECONDS_MAX = 200, 0.05


class ReceiverCase(DaemonCase):
    """A daemon whose endpoint is silent: what it hears, the tests send."""

    daemon: Daemon

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(temporary_folder())
        cls.daemon = cls.enterClassContext(
            Daemon(folder, cls.server, cls.certificates, **{"poll-seconds": "86400"})
        )
        cls.daemon.secret("secret", "whsec_0123456789abcdef0123456789abcdef")
        cls.daemon.serve()

    def setUp(self):
        self.inbound = self.enterContext(Inbound(self.daemon))
        self.customer = self.daemon.customer

    def works_off(self, event: dict) -> dict:
        is_done = lambda: self.daemon.event(event["id"]).get("is_done") == 1  # noqa: E731
        wait_until(is_done, SECONDS_MAX)
        found = self.daemon.event(event["id"])
        self.assertEqual(found.get("is_done"), 1, found)
        return found

    def count(self) -> int:
        return self.daemon.rows("SELECT count(*) FROM inbox_event")[0][0]

    def note(self) -> dict:
        """An event that nothing comes of."""
        return new_event("webhook_endpoint.test", {"id": "whe_outside"})


class SignatureTest(ReceiverCase):
    def refused(self, body: bytes, signature: str | None, *words: str):
        """It is refused with these words, to the sender and in the log, and nothing is kept."""
        before, said = self.count(), len(self.daemon.log_lines("a webhook was refused"))
        answer = self.inbound.send("POST", PATH, body, X_Signature=signature)
        self.assertEqual((answer.status, answer.code), (401, "SIGNATURE_REFUSED"), answer.body)
        for word in words:
            self.assertIn(word, answer.json()["message"])
        self.assertEqual(self.count(), before)
        told = self.daemon.log_lines("a webhook was refused")[said:]
        self.assertEqual(len(told), 1)
        for word in words:
            self.assertIn(word, told[0])

    def test_a_right_one_is_kept_as_it_came(self):
        event = self.note()
        body = json.dumps(event, indent=3).encode()
        answer = self.inbound.deliver(body)
        self.assertEqual((answer.status, answer.body), (204, b""))
        kept = self.works_off(event)
        self.assertEqual((kept["body"], kept["delivery_id"]), (body, "whd_outside"))
        self.assertEqual((kept["type"], kept["copies"]), (event["type"], 0))

    def test_one_without_a_signature_is_refused(self):
        self.refused(json.dumps(self.note()).encode(), None, "no X-Signature")

    def test_what_is_no_signature_is_refused(self):
        body = json.dumps(self.note()).encode()
        right = signed(self.inbound.secret, body)
        time_of, code = right.split(",")
        for wrong in (
            "", "x", "t=,v1=", time_of, code, f"{time_of},v2={code[3:]}", f"t=1e9,{code}",
            f"t=99999999999999999999,{code}", right.replace(",", ";"), f"{time_of},{code[3:]}",
        ):  # fmt: skip
            with self.subTest(wrong):
                self.refused(body, wrong)

    def test_another_secret_is_named(self):
        body = json.dumps(self.note()).encode()
        for secret in ("whsec_of_another", "", self.inbound.secret[:-1]):
            self.refused(body, signed(secret, body), "not of this secret and body")

    def test_a_changed_body_is_refused(self):
        body = json.dumps(self.note()).encode()
        right = signed(self.inbound.secret, body)
        for changed in (body + b" ", body[:-1], body.replace(b"v1", b"v2"), b""):
            self.refused(changed, right, "not of this secret and body")

    def test_a_code_that_is_cut_or_changed_is_refused(self):
        body = json.dumps(self.note()).encode()
        right = signed(self.inbound.secret, body)
        for wrong in (right[:-1], right[:-2], right + "00", right[:-1] + "g", right[:20]):
            self.refused(body, wrong)

    def test_a_clock_that_is_ten_minutes_off_is_named(self):
        body = json.dumps(self.note()).encode()
        for offset, side in ((-TEN_MINUTES, "behind"), (TEN_MINUTES, "ahead of")):
            signature = signed(self.inbound.secret, body, time.time() + offset)
            self.refused(body, signature, side, "check the clocks")

    def test_a_signature_is_good_for_five_minutes(self):
        for offset in (-290, 290):
            answer = self.inbound.deliver(self.note(), at=time.time() + offset)
            self.assertEqual(answer.status, 204)

    def test_of_two_codes_one_has_to_be_right(self):
        event = self.note()
        body = json.dumps(event).encode()
        both = signed(self.inbound.secret, body) + ",v1=" + "ab" * 64
        self.assertEqual(self.inbound.send("POST", PATH, body, X_Signature=both).status, 204)


class BodyTest(ReceiverCase):
    def test_what_is_no_event_is_refused_although_its_signature_is_right(self):
        event = self.note()
        before = self.count()
        for wrong in (
            b"", b"[]", b"null", b"{", b"\xff\xfe", b'"x"', b"{}" * 2, b"[" * 100_000,
            {"id": 7}, {"id": ""}, {"id": "x" * 256}, {"id": None}, {"type": None}, {"type": 7},
            {"data": None}, {"data": []}, {"data": {}},
        ):  # fmt: skip
            with self.subTest(str(wrong)[:40]):
                answer = self.inbound.deliver(wrong if isinstance(wrong, bytes) else event | wrong)
                self.assertEqual((answer.status, answer.code), (400, "NO_EVENT"))
        self.assertEqual(self.count(), before)

    def test_events_of_another_kind_are_kept_and_nothing_comes_of_them(self):
        for event in (
            new_event("planet.discovered", {"id": "planet_1"}), new_event("alert.created", {}),
            new_event("alert.created", {"id": 7}), new_event("alert.updated", {"id": "../events"}),
            new_event("alert.created", {"id": "x\0y?limit=1#z"}), new_event("", {"id": "x"}),
            new_event("enrolment.updated", {"id": ""}), new_event("alert.created", "text"),
            new_event("alert.created", {"id": NOBODY["netalrt"]}, created_at="yesterday"),
            new_event("enrolment.created", {"id": NOBODY["enrl"]}),
        ):  # fmt: skip
            with self.subTest(event=event):
                self.assertEqual(self.inbound.deliver(event).status, 204)
                self.works_off(event)

    def test_a_body_may_have_a_mebibyte_and_not_more(self):
        event = self.note()
        event["data"]["object"]["note"] = ""
        short = len(json.dumps(event))
        for length, status, code in (
            (BODY_MAX, 204, None), (BODY_MAX + 1, 413, "TOO_LARGE"),
            (5 * BODY_MAX, 413, "TOO_LARGE"), (15 * BODY_MAX, 413, "TOO_LARGE"),
        ):  # fmt: skip
            with self.subTest(length=length):
                event["data"]["object"]["note"] = "x" * (length - short)
                with Inbound(self.daemon) as inbound:
                    answer = inbound.deliver(event)
                self.assertEqual((answer.status, answer.code), (status, code))
                self.assertEqual(self.inbound.deliver(self.note()).status, 204)

    def test_other_paths_and_methods_take_nothing(self):
        before = self.count()
        body = json.dumps(self.note()).encode()
        given = {"X_Signature": signed(self.inbound.secret, body)}
        for method, path in (
            ("GET", PATH), ("PUT", PATH), ("DELETE", PATH), ("PATCH", PATH), ("OPTIONS", PATH),
            ("POST", "/"), ("POST", "/health"), ("POST", PATH + "s"), ("POST", PATH + "/more"),
            ("POST", PATH + "%00"), ("POST", "/../etc/passwd"), ("GET", "/metrics"),
            ("POST", "/x/..%2fwebhooks"), ("TRACE", PATH),
        ):  # fmt: skip
            with self.subTest(f"{method} {path}"):
                answer = self.inbound.send(method, path, body, **given)
                self.assertIn(answer.status, (404, 405))
        self.assertEqual(self.count(), before)
        self.assertEqual(self.inbound.get("/health").status, 204)


class RepetitionTest(ReceiverCase):
    def test_an_event_that_comes_twenty_times_at_once_is_worked_off_once(self):
        (sale,) = self.customer.sell()
        alert = self.daemon.dispute(sale, [ACCEPT])
        event = new_event("alert.created", alert)

        def deliver() -> int:
            with Inbound(self.daemon) as inbound:
                return inbound.deliver(event).status

        self.assertEqual(at_once(*[deliver] * 20), [204] * 20)
        self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
        self.assertEqual(self.inbound.deliver(event).status, 204)
        kept = self.works_off(event)
        self.assertEqual((kept["copies"], kept["attempts"]), (20, 0))
        self.assertEqual(len(self.daemon.calls(sale, "decide")), 1)
        self.assertEqual(self.daemon.journal(alert).count("came as ACTION_REQUIRED"), 1)

    def test_events_in_any_order_end_in_what_the_platform_shows(self):
        (sale,) = self.customer.sell()
        alert = self.daemon.dispute(sale, [ACCEPT])
        ended = self.customer.act(alert, "REFUND")
        newer = new_event("alert.updated", ended)
        older = new_event("alert.created", alert, created_at="2026-01-01T00:00:00Z")
        for event in (newer, older, new_event("alert.updated", alert)):
            self.assertEqual(self.inbound.deliver(event).status, 204)
            self.works_off(event)
            case = self.daemon.case(alert)
            self.assertEqual((case["status"], case["step"]), ("RESOLVED", "ENDED"))
        self.assertEqual(self.daemon.calls(sale, "decide"), [])

    def test_an_event_alone_makes_no_enrolment_live(self):
        enrolment_id = self.customer.ask_to_enrol("FORGED FIT")
        shown = self.customer.enrolment(enrolment_id) | {"status": "ENABLED"}
        event = new_event("enrolment.updated", shown, api_version="v2")
        self.assertEqual(self.inbound.deliver(event).status, 204)
        self.works_off(event)
        seen = self.daemon.enrolment(enrolment_id)
        self.assertEqual((seen["status"], seen["live_since"]), ("PENDING", None))
        path = f"/v1/simulate/enrolments/{enrolment_id}"
        self.daemon.api.must(200, "PATCH", path, {"status": "ENABLED"})
        late = new_event("enrolment.created", shown | {"status": "PENDING"}, api_version="v2")
        self.assertEqual(self.inbound.deliver(late).status, 204)
        self.works_off(late)
        seen = self.daemon.enrolment(enrolment_id)
        self.assertEqual((seen["status"], seen["live_by"]), ("ENABLED", late["id"]))

    def test_an_event_alone_decides_nothing(self):
        (sale,) = self.customer.sell()
        alert = self.daemon.dispute(sale, [ACCEPT], status="RESOLVED")
        forged = new_event("alert.created", alert | {"status": "ACTION_REQUIRED"})
        self.assertEqual(self.inbound.deliver(forged).status, 204)
        self.works_off(forged)
        self.assertEqual(self.daemon.reaches(alert, "ENDED")["status"], "RESOLVED")
        self.assertEqual(self.daemon.calls(sale, "decide"), [])

    def test_answers_come_in_milliseconds(self):
        took = []
        for _ in range(POSTS):
            event = new_event("alert.updated", {"id": NOBODY["netalrt"]})
            started = time.perf_counter()
            self.assertEqual(self.inbound.deliver(event).status, 204)
            took.append(time.perf_counter() - started)
        self.assertLess(statistics.median(took), MEDIAN_SECONDS_MAX)
        self.assertLess(max(took), 1)
        self.assertTrue(wait_until(self.daemon.has_worked_off, SECONDS_MAX))
