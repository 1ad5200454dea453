"""The second part of the demo: an alert's way through the simulated card networks.

The platform is started again with the addresses of `parry simulate-networks`. From then on nothing
is simulated inside of it: enrolments and outcomes go out over HTTP, results and alerts come in.
"""

import json
import subprocess
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

from parry_outside import flow, guide
from parry_outside.server import ParryError, Server, clean_environment, free_port, wait_until
from parry_outside.shapes import differences

TOKEN = "a-token-of-the-demo-alone"
START_SECONDS_MAX = 10
LEDGER_SECONDS_MAX = 10
DECISION_SECONDS_MAX = 5
CAID = "ACMEGYMCAID01"
ENROLMENT_MILLISECONDS = 1_000
ALERT = "DEMO5G6H7J8K9L0M1N2P3Q4R5"
TRANSACTION = "txn-20001"
WEBHOOKS = {
    "enrolment": ("enrolment.created", "enrolment.updated", "enrolment.updated"),
    "push": ("alert.created",),
    "refund": ("alert.updated",),
}


class Simulator:
    """One `parry simulate-networks` on a free port."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, server: Server) -> list[str]:
        return [
            "simulate-networks", "--port", str(self.port), "--platform-url", server.base,
            "--token", TOKEN, "--enrolment-delay-milliseconds", str(ENROLMENT_MILLISECONDS),
        ]  # fmt: skip

    def start(self, server: Server):
        log = self.folder / "networks.log"
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(server.binary), *self.command(server)], cwd=self.folder,
                env=clean_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        if not wait_until(self._is_live, START_SECONDS_MAX):
            raise ParryError("the simulated networks did not start:\n" + log.read_text())

    def _is_live(self) -> bool:
        try:
            return self.read("/health")["status"] == "live"
        except (urllib.error.URLError, OSError):
            return False

    def read(self, path: str) -> dict:
        with urllib.request.urlopen(self.base + path, timeout=5) as answer:
            return json.load(answer)


class NetworkDemo:
    """Goes on with the walk of a demo: its page, its server, its ids, its count of problems."""

    STEPS = 9

    def __init__(self, demo, simulator: Simulator, first: int):
        self.demo = demo
        self.page = demo.page
        self.simulator = simulator
        self.network = guide.Walk(simulator.base, "none")
        self.network.placeholders = demo.walk.placeholders
        self.number = first

    def run(self) -> int:
        self.connect()
        now = datetime.now(timezone.utc)
        self.show("Enrol at the network", self.enrolment())
        self.show("Upload an order", self.order(now - timedelta(days=3)))
        self.push(now)
        self.show("Refund it and say so", self.refund())
        self.read_ledger()
        self.show_case()
        self.show("Enrol for RDR", self.rdr_enrolment())
        self.show("Let a ruleset decide", self.ruleset())
        self.decide(now)
        return self.STEPS

    def heading(self, title: str) -> str:
        self.number += 1
        return f"Step {self.number}: {title}"

    def show(self, title: str, act: flow.Act):
        self.demo.show(act, self.heading(title))

    def connect(self):
        """The operator's part: the same platform, connected to networks that are played."""
        page, server = self.page, self.demo.server
        page.heading("The card networks: the operator connects them")
        page.paragraph(
            "So far the platform's own endpoints played the network. Now another process plays "
            "Ethoca and Verifi over HTTP, and the platform is started again with their addresses:"
        )
        page.line()
        command = self.simulator.command(server)
        page.line(f"parry {' '.join(command[:5])} \\", 4)
        page.line(" ".join(command[5:]), 8)
        urls = [
            "--test-ethoca-url", self.simulator.base + "/ethoca",
            "--test-verifi-url", self.simulator.base + "/verifi",
        ]  # fmt: skip
        page.line(f"PARRY_TEST_NETWORK_TOKEN={TOKEN} parry serve … \\", 4)
        page.line(" ".join(urls), 8)
        server.stop()
        server.options += urls
        server.environment["PARRY_TEST_NETWORK_TOKEN"] = TOKEN
        server.start()
        self.simulator.start(server)

    def enrolment(self) -> flow.Act:
        descriptor = {"descriptor": "ACMEGYM", "match_type": "STARTS_WITH"}
        body = {
            "merchant_ids": ["mrch_abc123"],
            "type": "ETHOCA_ALERT",
            "ethoca_alert": {"descriptors": [descriptor]},
        }
        return flow.Act(
            step("POST", "/v2/enrolments/", body, {"id": "enrl_gym123", "status": "PENDING"}),
            title="",
            says="The network is asked at once. It works on the request, and a second later the "
            "descriptor has passed: three webhooks tell of it.",
            status=201,
            webhooks=WEBHOOKS["enrolment"],
        )

    def order(self, sold: datetime) -> flow.Act:
        transaction = {
            "reference_id": TRANSACTION,
            "amount_in_cents": 4900,
            "currency": "USD",
            "payment_method_type": "CARD",
            "authorisation_status": "SETTLED",
            "payment_method_reference_id": "pay_20001",
            "authorised_at": text(sold),
            "descriptor": "ACMEGYM MONTHLY",
            "payment_method_card_brand": "VISA",
            "payment_method_card_last_4": "4242",
            "payment_method_card_bin": "424242",
            "authorisation_code": "774411",
        }
        order = {
            "type": "COMPLETE",
            "organisation_id": "org_abc123",
            "integration_id": "int_abc123",
            "reference_id": "order-20001",
            "order_datetime": text(sold),
            "order_number": "AG-20001",
            "order_subtotal_amount_in_cents": 4900,
            "order_currency": "USD",
            "order_total_amount_in_cents": 4900,
            "order_status": "CLOSED_COMPLETE",
            "transactions": [transaction],
        }
        return flow.Act(
            step("POST", "/v1/orders/", [order]),
            title="",
            says="The sale that will be disputed, three days old.",
            status=201,
            values={"created": 1, "failed": 0},
        )

    def push(self, now: datetime):
        """The cardholder disputes; Ethoca pushes, and the webhook has the sale already."""
        self.page.heading(self.heading("Ethoca pushes an alert"))
        self.page.paragraph(
            "The simulator is told which alert to push, and pushes it as Ethoca would. It has no "
            "ARN, and the descriptor was cut off on the way. Code and last 4 name the sale: the "
            f"webhook has integration_transaction_id {TRANSACTION}."
        )
        alert = {
            "alertId": ALERT,
            "alertType": "CUSTOMERDISPUTE",
            "alertTimestamp": text(now),
            "issuer": "Bank of America",
            "cardBin": "424242",
            "cardLast4": "4242",
            "cardScheme": "VISA",
            "acquirerReferenceNumber": None,
            "authCode": "774411",
            "transactionTimestamp": text(now - timedelta(days=3)),
            "transactionAmount": "49.00",
            "transactionCurrency": "USD",
            "merchantDescriptor": "ACMEGYM MON",
            "merchantId": None,
            "mcc": "7997",
            "transactionType": "ECOMMERCE",
            "is3DSecure": "NO",
            "chargebackReasonCode": "13.1",
        }
        self.ask(step("POST", "/control/push", {"alerts": [alert]}), {"acknowledged": [ALERT]})
        self.demo.show_webhooks(flow.Act(None, "", "", 200, webhooks=WEBHOOKS["push"]))
        self.learn_alert()

    def learn_alert(self):
        """Takes the alert's id from its webhook, as a partner would."""
        events = [one.event for one in self.demo.receiver.deliveries if one.type == "alert.created"]
        told = [event["data"]["object"] for event in events]
        mine = [alert for alert in told if alert["alert_network_id"] == ALERT]
        if not mine:
            raise ParryError("no webhook tells of the alert that was pushed")
        self.alert_id = mine[0]["id"]
        self.demo.walk.placeholders.real["netalrt_gym123"] = self.alert_id
        wanted = {"status": "ACTION_REQUIRED", "integration_transaction_id": TRANSACTION}
        self.demo.complain(differences(wanted, mine[0]))

    def refund(self) -> flow.Act:
        body = {"action": "REFUND", "note": "Refunded today."}
        return flow.Act(
            step("PATCH", "/v1/alerts/netalrt_gym123", body),
            title="",
            says="The partner refunds the sale in its own system, and says so. What Ethoca is told "
            "is written in the same commit.",
            status=200,
            values={"status": "RESOLVED", "transaction_refund_outcome": "REFUNDED"},
            webhooks=WEBHOOKS["refund"],
        )

    def read_ledger(self):
        """What the network knows in the end."""
        self.page.heading(self.heading("Look into the network's books"))
        self.page.paragraph("The outcome has arrived, once, and counts:")
        path = f"/ledger/alerts/{ALERT}"
        wait_until(lambda: self.simulator.read(path)["outcome"], LEDGER_SECONDS_MAX)
        outcome = {"outcome": "RESOLVED", "refundStatus": "REFUNDED", "amount": "49.00"}
        wanted = {"alertId": ALERT, "outcomesReceived": 1, "outcome": outcome}
        self.ask(step("GET", path), wanted, leave_out="entries")
        faults = self.simulator.read("/ledger/summary")["protocolFaults"]
        if faults:
            self.demo.complain([f"the networks found {faults} faults in what they were sent"])

    def show_case(self):
        """Why this sale, as the operator sees it."""
        self.page.heading(self.heading("Ask why it was this sale"))
        self.page.paragraph("The operator sees what spoke for it, and what the network was told:")
        self.page.line()
        self.page.line(f"parry alert show {self.alert_id}", 4)
        # The network has the outcome a moment before the platform has its answer.
        wait_until(self.is_told, LEDGER_SECONDS_MAX)
        shown = self.case()
        match, request = shown["match"], shown["network_requests"][-1]
        winner = (match["candidates"] or [{}])[0]
        kept = {
            "match": {name: match[name] for name in ("outcome", "confidence", "candidate_count")}
            | {"rule": winner.get("rule"), "evidence": winner.get("evidence")},
            "network_request": {name: request[name] for name in ("kind", "state", "attempt_count")},
        }
        self.page.line()
        self.page.block(self.demo.as_json(kept), 6)
        wanted = {"match": {"outcome": "MATCHED", "confidence": "HIGH"}}
        self.demo.complain(differences(wanted, kept))
        self.demo.complain(differences({"state": "DONE"}, request))

    def rdr_enrolment(self) -> flow.Act:
        body = {
            "merchant_ids": ["mrch_abc123"],
            "type": "VERIFI_RDR",
            "verifi_rdr": {"bin": "424242", "caid": CAID},
        }
        return flow.Act(
            step("POST", "/v2/enrolments/", body, {"id": "enrl_rdr123", "status": "PENDING"}),
            title="",
            says="Visa's disputes are decided at the network. The merchant is enrolled by BIN and CAID.",
            status=201,
            webhooks=WEBHOOKS["enrolment"],
        )

    def ruleset(self) -> flow.Act:
        limit = {"operator": "GREATER_THAN", "currency_code": "USD", "amount_in_cents": 3000}
        body = {
            "organisation_id": "org_abc123",
            "enrolment_ids": ["enrl_rdr123"],
            "outcome": "ACCEPT_DISPUTE",
            "join_operator": "AND",
            "rules": [{"type": "AMOUNT", "parameters": limit}],
        }
        return flow.Act(
            step("POST", "/v1/rulesets", body),
            title="",
            says="Cases above 30 dollars are not refunded; all others are, as is usual for RDR.",
            status=201,
        )

    def decide(self, now: datetime):
        """Verifi asks about two cases, and hears two answers."""
        self.page.heading(self.heading("Verifi asks how to decide"))
        self.page.paragraph("A saved ruleset decides within two seconds, on every process:")
        wait_until(lambda: self.decision("49.00", now) == "DECLINE", DECISION_SECONDS_MAX)
        for amount, decision in (("19.00", "ACCEPT"), ("49.00", "DECLINE")):
            asked = step("POST", "/control/decisions", question(amount, now))
            self.ask(asked, {"effective": decision, "source": "PLATFORM", "faults": []})

    def decision(self, amount: str, now: datetime) -> str:
        request = urllib.request.Request(
            self.simulator.base + "/control/decisions", json.dumps(question(amount, now)).encode(),
            {"Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)["effective"]

    def is_told(self) -> bool:
        return all(request["state"] == "DONE" for request in self.case()["network_requests"])

    def case(self) -> dict:
        return self.demo.server.command("alert", "show", self.alert_id)

    def ask(self, wanted_step: guide.Step, wanted: dict, leave_out: str = ""):
        """One request to the simulator, which is no API of the platform's: its values count."""
        self.page.line()
        outcome = self.network.perform(wanted_step)
        self.demo.show_request(outcome)
        document = {name: value for name, value in outcome.document.items() if name != leave_out}
        problems = [] if outcome.status == 200 else [f"expected status 200, got {outcome.status}"]
        self.demo.show_answer(outcome, problems + differences(wanted, document), document)


def step(method: str, path: str, body=None, example=None) -> guide.Step:
    """A command as the guide writes them."""
    lines = [
        f'curl -X {method} "$CBS_API_BASE{path}"',
        '-H "Authorization: Bearer $CBS_API_KEY"',
        '-H "Content-Type: application/json"',
    ]
    if body is not None:
        lines.append(f"-d '{json.dumps(body)}'")
    return guide.Step("", "", " \\\n  ".join(lines), example)


def question(amount: str, now: datetime) -> dict:
    """What Verifi sends to have a case decided."""
    money = {"amount": amount, "currency": "USD"}
    return {
        "decisionId": str(uuid.uuid4()),
        "caseType": "DISPUTE",
        "source": "VMPI",
        "caseDate": text(now),
        "transactionDate": text(now - timedelta(days=3)),
        "paymentDescriptor": "ACMEGYM MONTHLY",
        "paymentDescriptorContact": "8005551234",
        "acquirerBin": "424242",
        "cardAcceptorId": CAID,
        "transactionId": "123456789012345",
        "cardBin": "424242",
        "cardLast4": "4242",
        "paymentType": "VISA",
        "authCode": "774411",
        "arn": "74027012345678901234567",
        "mcc": "7997",
        "transactionAmount": money,
        "caseAmount": money,
        "transactionType": "ECOMMERCE",
        "reasonCode": "13.1",
    }


def text(time_of: datetime) -> str:
    return time_of.strftime("%Y-%m-%dT%H:%M:%SZ")
