"""`parry report credits`: what the alerts of a month come to, in JSON and for a spreadsheet."""

import csv
import io
import time

from parry_outside.api import Api
from parry_outside.cases import OnPostgres, wait_until
from parry_outside.networks import (
    SECONDS_MAX, TEST_TOKEN, Customer, NetworkCase, Sale, text_of,
)  # fmt: skip
from parry_outside.world import enable_enrolment

NOTIFICATIONS = "/networks/verifi/rdr/notifications"
COLUMNS = """
alert_id alert_network_id network alert_received_at invalid_reason original_alert_id amount_in_cents
currency_code integration_id integration_transaction_id told_at
""".split()
"""Of a credit, in this order."""
DAY_SECONDS = 86_400


class CreditsCase(NetworkCase):
    """A customer with an enrolment that the simulated Ethoca has enabled."""

    def setUp(self):
        super().setUp()
        self.network = self.enterContext(Api(self.server.base))
        self.enrolment_id = self.customer.enrol()

    @property
    def words(self) -> tuple[str, ...]:
        return ("report", "credits", "--organisation", self.customer.world.organisation_id)

    def raised(self, sale: Sale, **changes) -> dict:
        """An alert that the network pushed."""
        alert = sale.alert(**changes)
        self.push(alert)
        return self.customer.alert(alert["alertId"])

    def refunded(self) -> Sale:
        """A sale whose order says that it was refunded yesterday."""
        sale = Sale(self.customer.descriptor)
        refunds = [sale.refund(time.time() - DAY_SECONDS)]
        self.api.must(201, "POST", "/v1/orders", [sale.order(self.customer.world, refunds=refunds)])
        return sale

    def notify(self, caid: str, case_id: str, status: str):
        """What Verifi says of a case that its merchant was never asked about."""
        money = {"amount": "20.00", "currency": "USD"}
        case = {
            "decisionId": case_id, "caseId": case_id, "caseType": "DISPUTE", "status": status,
            "caseDate": text_of(time.time()), "acquirerBin": "424242", "cardAcceptorId": caid,
            "transactionAmount": money, "caseAmount": money,
        }  # fmt: skip
        answer = self.network.call(
            "POST", NOTIFICATIONS, case, Authorization=f"Bearer {TEST_TOKEN}"
        )
        self.assertEqual(answer.status, 200, answer.body)

    def enrol_for_rdr(self) -> str:
        """The acceptor's id that cases name."""
        caid = self.customer.descriptor
        body = self.customer.world.enrolment("") | {
            "type": "VERIFI_RDR", "verifi_rdr": {"bin": "424242", "caid": caid}
        }  # fmt: skip
        del body["ethoca_alert"]
        enable_enrolment(self.api, self.api.must(201, "POST", "/v2/enrolments", body)["id"])
        return caid

    def report(self, month: str) -> dict:
        return self.server.command(*self.words, "--month", month)

    def csv_of(self, month: str) -> str:
        """With the line ends as they are."""
        words = (*self.words, "--month", month, "--format", "csv")
        done = self.server.run(*words, text=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode()

    def assert_same(self, text: str, credits: list[dict]):
        """CSV that says what the JSON says."""
        self.assertTrue(text.endswith("\r\n"))
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        self.assertEqual(header, COLUMNS)
        expected = [
            ["" if one[name] is None else str(one[name]) for name in COLUMNS] for one in credits
        ]
        self.assertEqual(lines, expected)

    def as_credit(self, alert: dict, reason: str, original: dict | None = None) -> dict:
        """What the report has to say of an alert, but for when it was told."""
        same = ("alert_network_id", "integration_id", "integration_transaction_id")
        return {name: alert[name] for name in same} | {
            "alert_id": alert["id"],
            "network": "VERIFI" if alert["enrolment_type"] == "VERIFI_RDR" else "ETHOCA",
            "invalid_reason": reason,
            "original_alert_id": original["id"] if original else None,
            "amount_in_cents": alert["transaction_amount_in_cents"],
            "currency_code": alert["transaction_currency_code"],
        }


class CreditsTest(CreditsCase):
    def make_alerts(self) -> list[dict]:
        """Of each kind one; the credits that have to come of them."""
        (disputed, waiting) = self.customer.sell(2)
        original = self.raised(disputed)
        duplicate = self.raised(disputed)
        before = self.raised(self.refunded())
        self.raised(waiting)
        caid = self.enrol_for_rdr()
        for status in ("ACCEPTED", "DELETED"):
            self.notify(caid, f"case-{caid}", status)
        deleted = self.customer.alert(f"case-{caid}")
        self.notify(caid, f"kept-{caid}", "ACCEPTED")
        self.simulate(disputed)
        self.customer.act(original, "REFUND")
        for one in (original, duplicate, before):
            self.told(one["alert_network_id"])
        return [
            self.as_credit(duplicate, "DUPLICATE", original),
            self.as_credit(before, "ALREADY_REFUNDED"),
            self.as_credit(deleted, "TAKEN_BACK"),
        ]

    def simulate(self, sale: Sale):
        """Invalid ones that no network raised: asked for, and a duplicate."""
        body = {"organisation_id": self.customer.world.organisation_id,
                "enrolment_id": self.enrolment_id}  # fmt: skip
        known = {"match": True, "transaction_authorisation_code": sale.code,
                 "transaction_card_last4": sale.last4, "amount_in_cents": 4900}  # fmt: skip
        for more in ({"status": "INVALID"}, known):
            made = self.api.must(201, "POST", "/v1/simulate/alerts", body | more)
            self.assertEqual(made["status"], "INVALID")

    def test_the_invalid_alerts_of_a_month_are_its_credits(self):
        expected = self.make_alerts()
        stranger = Customer(self.api, self.receiver)
        received = self.customer.alerts()[0]["alert_received_at"]
        month = received[:7]
        # What the network took is written down a moment later.
        wait_until(
            lambda: sum(one["told_at"] is not None for one in self.report(month)["credits"]) == 2,
            SECONDS_MAX,
        )
        report = self.report(month)
        credits = report.pop("credits")
        self.assertEqual(report, {
            "organisation_id": self.customer.world.organisation_id, "month": month,
            "alerts_count": 6, "credits_count": 3,
            "credits_by_reason": [{"invalid_reason": one, "count": 1}
                                  for one in ("ALREADY_REFUNDED", "DUPLICATE", "TAKEN_BACK")],
        })  # fmt: skip
        times = [one["alert_received_at"] for one in credits]
        self.assertEqual(times, sorted(times))
        for one, wanted in zip(credits, expected, strict=True):
            self.assertEqual(list(one), COLUMNS)
            self.assertEqual({name: one[name] for name in wanted}, wanted)
        self.assertIsNone(credits[2]["told_at"], "a case of RDR is told to nobody")
        for one in credits[:2]:
            self.assertGreaterEqual(one["told_at"], one["alert_received_at"])
        self.assert_same(self.csv_of(month), credits)
        words = (*self.words[:3], stranger.world.organisation_id, "--month", month)
        self.assertEqual(self.server.command(*words)["alerts_count"], 0)

    def test_a_month_without_alerts_has_no_credits(self):
        self.raised(self.refunded())
        for month in ("1970-01", "2026-02", "9998-12"):
            with self.subTest(month):
                self.assertEqual(self.report(month), {
                    "organisation_id": self.customer.world.organisation_id, "month": month,
                    "alerts_count": 0, "credits_count": 0, "credits_by_reason": [], "credits": [],
                })  # fmt: skip
                self.assertEqual(self.csv_of(month), ",".join(COLUMNS) + "\r\n")

    def test_a_spreadsheet_reads_whatever_a_transaction_is_called(self):
        names = ["a,b", 'say "1"', "two\r\nlines", " spaced ", '"', "東京;\t|", "'=1",
                 'accent "\u0301, here', "\n"]  # fmt: skip
        for name in names:
            sale = Sale(self.customer.descriptor)
            order = sale.order(self.customer.world, refunds=[sale.refund(
                time.time() - DAY_SECONDS, original_transaction_reference_id=name)])  # fmt: skip
            order["transactions"][0]["reference_id"] = name
            self.api.must(201, "POST", "/v1/orders", [order])
            self.assertEqual(self.raised(sale)["status"], "INVALID", name)
        month = self.customer.alerts()[0]["alert_received_at"][:7]
        credits = self.report(month)["credits"]
        self.assertEqual([one["integration_transaction_id"] for one in credits], names)
        text = self.csv_of(month)
        read = [line[-2] for line in csv.reader(io.StringIO(text, newline=""), strict=True)]
        self.assertEqual(read[1:], names)


class CreditsOnPostgresTest(OnPostgres, CreditsTest):
    pass
