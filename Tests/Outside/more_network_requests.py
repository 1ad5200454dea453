"""What networks refuse is listed and sent once more by command; what was asked for before there was a
network reaches it later.
"""

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.networks import (
    SECONDS_MAX,
    TEST_TOKEN,
    Customer,
    NetworkCase,
    Simulator,
    push_to,
)


class ParkedRequestTest(NetworkCase):
    def parked(self) -> list[dict]:
        return self.server.command("network", "requests")["items"]

    def refusal(self, request_id: str) -> str:
        ran = self.server.run("network", "retry", request_id)
        self.assertNotEqual(ran.returncode, 0)
        self.assertEqual(ran.stdout, "")
        return ran.stderr.strip()

    def test_what_the_network_refused_is_listed_and_sent_once_more_on_demand(self):
        self.customer.enrol()
        sale = self.customer.sell()[0]
        told = sale.alert()
        self.push(told)
        alert = self.customer.alert(told["alertId"])
        self.simulator.misbehave(outcomes={"final": 1})
        self.customer.act(alert, "REFUND")
        self.assertTrue(wait_until(self.parked, SECONDS_MAX), "nothing was parked")
        [request] = self.parked()
        self.assertEqual((request["subject_id"], request["kind"]), (alert["id"], "OUTCOME"))
        self.assertEqual((request["state"], request["mode"]), ("PARKED", "TEST"))
        self.simulator.misbehave()
        retried = self.server.command("network", "retry", request["id"])
        self.assertEqual((retried["id"], retried["state"]), (request["id"], "WAITING"))
        words = [one[:2] for one in self.told(alert["alert_network_id"], 2)]
        self.assertEqual(words[-1], ("RESOLVED", "REFUNDED"))
        done = lambda: self.shown(alert)["network_requests"][0]["state"] == "DONE"  # noqa: E731
        self.assertTrue(wait_until(done, SECONDS_MAX), self.shown(alert))
        self.assertEqual(self.parked(), [])
        self.assertIn("is DONE; only a PARKED one", self.refusal(request["id"]))

    def test_what_cannot_be_sent_once_more_is_told_as_a_sentence(self):
        self.assertRegex(self.refusal("netreq_" + "1" * 22), r"^parry: there is no such request")
        self.assertRegex(self.refusal("nonsense"), r"^parry: \S")
        for words in (("--state", "LOST"), ("--limit", "0"), ("--limit", "1001")):
            ran = self.server.run("network", "requests", *words)
            self.assertNotEqual(ran.returncode, 0)
            self.assertRegex(ran.stderr, r"^parry: --\S+ \S")


class ParkedRequestOnPostgresTest(OnPostgres, ParkedRequestTest):
    pass


class LateConnectionTest(FolderCase):
    def test_enrolments_made_before_the_network_was_connected_reach_it_at_the_next_start(self):
        simulator = self.enterContext(Simulator(self.folder))
        server = self.new_server("--rate-limit", "0").start()
        key = server.create_partner().api_key
        with Api(server.base, key) as api:
            customer = Customer(api)
            enrolment = customer.ask_to_enrol()
            self.assertEqual(customer.enrolment(enrolment)["status"], "PENDING")
        server.stop()
        server.options += simulator.platform_options
        server.start()
        simulator.start_before(server.base)
        with Api(server.base, key) as api:
            customer.api = api
            customer.becomes(enrolment, "ENABLED")


class WrongTokenTest(FolderCase):
    LIMIT = 100

    def test_wrong_tokens_are_not_tried_without_end_and_the_right_one_still_counts(self):
        server = self.new_server("--test-network-token", TEST_TOKEN).start()
        with Api(server.base) as network:
            for number in range(self.LIMIT):
                self.assertEqual(push_to(network, token=f"guess-{number}").status, 401)
            refused = push_to(network, token="one-guess-more")
            self.assertEqual((refused.status, refused.code), (429, "RATE_LIMITED"))
            self.assertGreaterEqual(int(refused.headers["Retry-After"]), 1)
            self.assertEqual(push_to(network).status, 200)
