"""What Prometheus sees at /metrics, and where it is."""

import json
import re
import urllib.error
import urllib.request

from parry_outside.cases import FolderCase
from parry_outside.receiver import Reply
from parry_outside.sending import Sender
from parry_outside.server import free_port, wait_until
from parry_outside.world import make_customer, make_world

LINE = re.compile(r"^([a-z_]+(?:_total|_bucket|_sum|_count)?)(?:\{(.*)\})? (-?[0-9.e+-]+|\+Inf)$")
LABEL = re.compile(r'^[a-z_]+="(?:[^"\\\\\n]|\\\\[\\\\"n])*"$')

MATCHING_SECONDS_MAX = 5
"""Of two alerts; one unit too many would be far beyond."""


def fetch(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def values_of(text: str) -> dict[str, float]:
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
        for line in text.splitlines()
        if not line.startswith("#")
    }


class MetricsTest(FolderCase):
    def start_with_metrics(self):
        port = free_port()
        options = ["--management-port", str(port), *self.private_target_options]
        server = self.new_server(*options)
        partner = server.create_partner()
        server.start()
        return server, self.new_api(server, partner.api_key), f"http://127.0.0.1:{port}/metrics"

    def values(self, url: str) -> dict[str, float]:
        status, text = fetch(url)
        self.assertEqual(status, 200)
        return values_of(text)

    def test_every_line_is_in_the_exposition_format(self):
        _, api, url = self.start_with_metrics()
        make_customer(api)
        _, text = fetch(url)
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                self.assertRegex(line, r"^# TYPE [a-z_]+ (counter|gauge|histogram)$")
                continue
            found = LINE.match(line)
            self.assertIsNotNone(found, line)
            for label in filter(None, re.split(r',(?=[a-z_]+=")', found[2] or "")):
                self.assertRegex(label, LABEL)

    def test_it_is_not_on_the_public_port_and_nothing_else_is_on_its_own(self):
        server, _, url = self.start_with_metrics()
        self.assertEqual(fetch(f"{server.base}/metrics")[0], 404)
        self.assertEqual(fetch(url.replace("/metrics", "/v1/orders"))[0], 404)

    def test_requests_are_counted_by_route_and_invented_paths_are_one(self):
        server, api, url = self.start_with_metrics()
        api.get("/v1/orders")
        api.get("/v1/orders/ord_nothing")
        for number in range(3):
            fetch(f"{server.base}/invented/{number}")
        values = self.values(url)
        requests = "parry_http_requests_total"
        self.assertEqual(values[requests + '{route="GET /v1/orders",status="200"}'], 1)
        self.assertEqual(values[requests + '{route="GET /v1/orders/{id}",status="404"}'], 1)
        self.assertEqual(values[requests + '{route="-",status="404"}'], 3)
        self.assertNotIn("invented", json.dumps(values))

    def test_webhooks_are_counted_and_the_queue_shows_what_waits(self):
        _, api, url = self.start_with_metrics()
        sender = Sender(api, make_customer(api).organisation_id)
        receiver = self.new_receiver()
        good = sender.add_endpoint(receiver.url("/good"))
        receiver.reply_next(Reply(503), path="/bad")
        bad = sender.add_endpoint(receiver.url("/bad"))
        sender.raise_lookup()
        sender.ended(good)
        sender.ended(bad)

        def is_counted() -> bool:
            return self.values(url)['parry_webhook_sends_total{outcome="retried"}'] == 1

        self.assertTrue(wait_until(is_counted, 5))
        values = self.values(url)
        self.assertEqual(values['parry_webhook_sends_total{outcome="delivered"}'], 1)
        self.assertEqual(values["parry_webhook_send_seconds_count"], 2)
        self.assertEqual(values["parry_webhook_delay_seconds_count"], 2)
        self.assertEqual(values['parry_webhook_queue_deliveries{state="waiting"}'], 1)
        sender.update(bad, is_paused=True)
        values = self.values(url)
        self.assertEqual(values['parry_webhook_queue_deliveries{state="paused"}'], 1)
        self.assertEqual(values['parry_webhook_queue_deliveries{state="waiting"}'], 0)
        oldest = "parry_webhook_queue_oldest_due_seconds"
        self.assertEqual(values[oldest + '{state="paused"}'], 0)
        sender.raise_lookup()
        self.assertTrue(wait_until(lambda: self.values(url)[oldest + '{state="paused"}'] > 0, 5))
        sender.bring_retries_forward(good)
        self.assertTrue(wait_until(lambda: self.values(url)[oldest + '{state="due"}'] == 0, 5))

    def test_the_time_of_matching_is_measured_for_each_alert_that_is_matched(self):
        _, api, url = self.start_with_metrics()
        world = make_world(api)
        api.must(201, "POST", "/v1/orders", [world.order("one")])
        known = {"transaction_acquirer_reference_number":
                 world.order("one")["transactions"][0]["acquirer_reference_number"]}  # fmt: skip
        for more in ({}, known, known | {"match": True}, known | {"match": True}):
            api.must(201, "POST", "/v1/simulate/alerts", world.alert() | more)
        self.assertIn("# TYPE parry_alert_matching_seconds histogram\n", fetch(url)[1])
        values = self.values(url)
        self.assertEqual(values["parry_alert_matching_seconds_count"], 2)
        self.assertEqual(values['parry_alert_matching_seconds_bucket{le="+Inf"}'], 2)
        self.assertGreater(values["parry_alert_matching_seconds_sum"], 0)
        self.assertLess(values["parry_alert_matching_seconds_sum"], MATCHING_SECONDS_MAX)

    def test_a_host_without_a_port_is_refused(self):
        server = self.new_server("--management-host", "127.0.0.1")
        process = server.spawn()
        self.assertNotEqual(process.wait(10), 0)
