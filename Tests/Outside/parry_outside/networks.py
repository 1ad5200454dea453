"""The card networks: the simulator as a process, a network that a test plays itself, and what is
sold and disputed.
"""

import contextlib
import http.server
import itertools
import json
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .api import Answer, Api
from .cases import FolderCase, OneServerCase
from .certificates import NEW_KEY, Certificates, make_certificates
from .postgres import Database, sql_beside
from .receiver import Delivery, Receiver
from .server import Server, temporary_folder, wait_until
from .world import World, make_customer

TEST_TOKEN = "token-of-the-test-network"
LIVE_TOKEN = "token-of-the-live-network"
ALERTS, ENROLMENTS = "/networks/ethoca/alerts", "/networks/ethoca/enrolments"
EVENT_TYPES = ("enrolment.created", "enrolment.updated", "alert.created", "alert.updated")
SECONDS_MAX = 30
"""For everything that has no time of its own: long, since only failures wait for its end."""
REFUSED_SECONDS_MAX = 10
WITHOUT_TRACE = {"SWIFT_BACKTRACE": "enable=no"}
"""The exit code tells of a crash too, and a trace takes seconds."""
ENROLMENT_DELAY_MILLISECONDS = 200
OUTCOMES_PER_REQUEST_MAX = 25
ALERT_PAGE = 1_000

_numbers = itertools.count(1)


def text_of(seconds: float) -> str:
    """A time as the networks write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def new_alert_id() -> str:
    """25 characters, as CONTRACT 9.5 has them."""
    return f"A{next(_numbers):024}"


def new_descriptor() -> str:
    """No other begins like it, and nobody finds it too generic."""
    return f"ACMEFIT{next(_numbers):06}"


@dataclass(frozen=True)
class Sale:
    """One card sale: the order that its merchant uploads and the alert that its issuer raises."""

    descriptor: str
    reference: str = field(default_factory=lambda: f"sale-{next(_numbers)}")
    sold_at: float = field(default_factory=lambda: time.time() - 3 * 86_400)
    last4: str = field(default_factory=lambda: f"{next(_numbers) % 10_000:04}")
    code: str = field(default_factory=lambda: f"{next(_numbers):06}")

    @property
    def transaction_id(self) -> str:
        return f"txn-{self.reference}"

    def order(self, world: World, **changes) -> dict:
        sold_at = text_of(self.sold_at)
        transaction = {
            "reference_id": self.transaction_id,
            "amount_in_cents": 4900,
            "currency": "USD",
            "payment_method_type": "CARD",
            "authorisation_status": "SETTLED",
            "payment_method_reference_id": f"pay-{self.reference}",
            "authorised_at": sold_at,
            "descriptor": f"{self.descriptor} MONTHLY",
            "payment_method_card_brand": "VISA",
            "payment_method_card_last_4": self.last4,
            "payment_method_card_bin": "424242",
            "authorisation_code": self.code,
        }
        return {
            "type": "COMPLETE",
            "organisation_id": world.organisation_id,
            "integration_id": world.integration_id,
            "reference_id": self.reference,
            "order_datetime": sold_at,
            "order_number": self.reference,
            "order_subtotal_amount_in_cents": 4900,
            "order_currency": "USD",
            "order_total_amount_in_cents": 4900,
            "order_status": "CLOSED_COMPLETE",
            "transactions": [transaction],
        } | changes

    def refund(self, refunded_at: float, **changes) -> dict:
        """Of the whole sale, for the member `refunds` of its order."""
        return {
            "reference_id": f"refund-{self.reference}",
            "amount_in_cents": 4900,
            "currency": "USD",
            "status": "SUCCEEDED",
            "original_transaction_reference_id": self.transaction_id,
            "refund_datetime": text_of(refunded_at),
        } | changes

    def alert(self, **changes) -> dict:
        """As Ethoca pushes it (NETWORKS.md), under an id of its own."""
        return {
            "alertId": new_alert_id(),
            "alertType": "CUSTOMERDISPUTE",
            "alertTimestamp": text_of(time.time()),
            "issuer": "Bank of America",
            "cardBin": "424242",
            "cardLast4": self.last4,
            "cardScheme": "VISA",
            "acquirerReferenceNumber": None,
            "authCode": self.code,
            "transactionTimestamp": text_of(self.sold_at),
            "transactionAmount": "49.00",
            "transactionCurrency": "USD",
            "merchantDescriptor": f"{self.descriptor} MONTHLY",
            "merchantId": None,
            "mcc": "7997",
            "transactionType": "ECOMMERCE",
            "is3DSecure": "NO",
            "chargebackReasonCode": "13.1",
        } | changes


class Simulator(Server):
    """One `parry simulate-networks`, started, stopped and killed as a server is.

    Its ledger is a file, so that it goes on where it was when it is started again.
    """

    def __init__(self, folder: Path, *options: str, name: str = "simulator"):
        super().__init__(folder, *options, name=name)
        self.ledger_file = self.folder / f"{name}.jsonl"
        self.platform = ""

    def start_before(self, platform: str) -> "Simulator":
        """Starts it towards the platform with this address."""
        self.platform = platform
        return self.start()

    @property
    def platform_options(self) -> tuple[str, ...]:
        """What `parry serve` needs to work with it."""
        return (
            "--test-ethoca-url", self.base + "/ethoca", "--test-verifi-url", self.base + "/verifi",
            "--test-network-token", TEST_TOKEN,
        )  # fmt: skip

    def serve_command(self) -> list[str]:
        return [
            str(self.binary), "simulate-networks", "--port", str(self.port),
            "--platform-url", self.platform, "--token", TEST_TOKEN,
            "--ledger-file", str(self.ledger_file), "--enrolment-delay-milliseconds",
            str(ENROLMENT_DELAY_MILLISECONDS), *self.options,
        ]  # fmt: skip

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.base + "/health", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _ask(self, method: str, path: str, document=None, status: int = 200) -> dict:
        with Api(self.base) as api:
            return api.must(status, method, path, document)

    def push(self, *alerts: dict, repush: bool = True) -> dict:
        """One push; how the platform took it."""
        return self._ask("POST", "/control/push", {"alerts": list(alerts), "repush": repush})

    def misbehave(self, **how):
        """As a whole: what is not given is off."""
        self._ask("POST", "/control/misbehave", how)

    def feed(self, path: Path, rate: int, batch: int):
        body = {"path": str(path), "rate": rate, "batch": batch}
        self._ask("POST", "/control/feed", body, status=202)

    def summary(self) -> dict:
        return self._ask("GET", "/ledger/summary")

    def fate(self, alert_id: str) -> dict:
        """All that the network knows of an alert."""
        return self._ask("GET", f"/ledger/alerts/{alert_id}")

    def verdicts(self, alert_id: str) -> list[tuple[str, str, str, str | None]]:
        """What the network made of each outcome that came for the alert, in order."""
        return [
            (entry["body"]["outcome"], entry["body"]["refundStatus"], entry["word"],
             entry.get("note"))
            for entry in self.fate(alert_id)["entries"]
            if entry["kind"] == "OUTCOME_RECEIVED"
        ]  # fmt: skip


@dataclass(frozen=True)
class NetworkCall:
    """One request of the platform to the network that a test plays."""

    method: str
    path: str
    headers: dict[str, str]
    document: dict

    @property
    def alert_ids(self) -> list[str]:
        return [one["alertId"] for one in self.document["outcomes"]]


class _PlayedServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A platform that is killed hangs up, which is no stack trace."""


class PlayedNetwork:
    """Ethoca as a test plays it: it takes everything, but holds its answers until it is opened."""

    def __init__(self):
        self._calls: list[NetworkCall] = []
        self._changed = threading.Condition()
        self._gate = threading.Event()
        self._http = _PlayedServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.open()
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def open(self):
        self._gate.set()

    @property
    def calls(self) -> list[NetworkCall]:
        with self._changed:
            return list(self._calls)

    def wait_for(self, is_enough, seconds_max: float = SECONDS_MAX) -> list[NetworkCall]:
        """All calls once there are enough, or after the time whatever came."""
        with self._changed:
            self._changed.wait_for(lambda: is_enough(self._calls), seconds_max)
            return list(self._calls)

    def _take(self, call: NetworkCall) -> bytes:
        with self._changed:
            self._calls.append(call)
            self._changed.notify_all()
        self._gate.wait()
        taken = [
            {"alertId": one, "status": "SUCCESS", "error": None}
            for one in (call.alert_ids if call.path == "/outcomes" else [])
        ]
        return json.dumps({"enrolmentId": "ETHENR1", "outcomes": taken}).encode()

    def _handler(network):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = network._take(
                    NetworkCall(self.command, self.path, headers, json.loads(body))
                )
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        return Handler


class Customer:
    """A customer with an endpoint of its own, who sells and is enrolled."""

    def __init__(self, api: Api, receiver: Receiver | None = None):
        self.api = api
        self.world = make_customer(api)
        self.descriptor = new_descriptor()
        self.receiver = receiver
        self.path = f"/{self.world.organisation_id}"
        if receiver:
            endpoint = api.must(201, "POST", "/v1/webhook-endpoints", {
                "organisation_id": self.world.organisation_id, "url": receiver.url(self.path),
                "event_types": list(EVENT_TYPES),
            })  # fmt: skip
            receiver.trust(endpoint["secret"], self.path)

    def ask_to_enrol(self, *descriptors: str, match_type: str = "STARTS_WITH") -> str:
        """The id of an enrolment that its network has not answered yet."""
        body = self.world.enrolment("")
        body["ethoca_alert"]["descriptors"] = [
            {"descriptor": one, "match_type": match_type}
            for one in descriptors or (self.descriptor,)
        ]
        return self.api.must(201, "POST", "/v2/enrolments", body)["id"]

    def enrolment(self, enrolment_id: str) -> dict:
        return self.api.must(200, "GET", f"/v2/enrolments/{enrolment_id}")

    def becomes(self, enrolment_id: str, status: str) -> dict:
        """The enrolment, once it has this status."""
        wait_until(lambda: self.enrolment(enrolment_id)["status"] == status, SECONDS_MAX)
        found = self.enrolment(enrolment_id)
        assert found["status"] == status, f"not {status}: {found}"
        return found

    def enrol(self) -> str:
        """The id of an enrolment that the network has enabled."""
        enrolment_id = self.ask_to_enrol()
        self.becomes(enrolment_id, "ENABLED")
        return enrolment_id

    def sell(self, count: int = 1, **changes) -> list[Sale]:
        """Sales whose orders are uploaded."""
        sales = [Sale(self.descriptor) for _ in range(count)]
        for begin in range(0, count, 100):
            orders = [one.order(self.world, **changes) for one in sales[begin : begin + 100]]
            self.api.must(201, "POST", "/v1/orders", orders)
        return sales

    def alerts(self) -> list[dict]:
        """All of them, the oldest first."""
        path = f"/v1/alerts?organisation_id={self.world.organisation_id}&sort=alert_received_at"
        found, page = [], {"count": 1}
        while len(found) < page["count"]:
            page = self.api.must(200, "GET", f"{path}&limit=100&offset={len(found)}")
            found += page["items"]
            assert page["items"] or not page["count"], "pages end before the count"
            if not page["items"]:
                break
        return found

    def alert(self, network_id: str) -> dict:
        """The one with this id at the network."""
        found = [one for one in self.alerts() if one["alert_network_id"] == network_id]
        assert len(found) == 1, f"{network_id}: {found}"
        return found[0]

    def act(self, alert: dict, action: str, **more) -> dict:
        return self.api.must(200, "PATCH", f"/v1/alerts/{alert['id']}", {"action": action} | more)

    def events_count(self) -> int:
        path = f"/v1/events?organisation_id={self.world.organisation_id}&limit=1"
        return self.api.must(200, "GET", path)["count"]

    def hears(self, event_type: str, count: int = 1) -> list[Delivery]:
        """The webhooks of this type, each event once, when so many have come."""

        def those(all: list[Delivery]) -> list[Delivery]:
            mine = [one for one in all if one.path == self.path and one.type == event_type]
            return list({one.event_id: one for one in mine}.values())

        return those(self.receiver.wait_for(lambda all: len(those(all)) >= count, SECONDS_MAX))


class NetworkCase(OneServerCase):
    """A server, the simulator and a receiver for the class; a customer for each test."""

    network_options: tuple[str, ...] = ()

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(temporary_folder())
        cls.certificates = make_certificates(folder)
        cls.simulator = cls.enterClassContext(Simulator(folder))
        cls.options = (
            "--rate-limit", "0", "--allow-private-webhook-targets",
            "--webhook-ca-file", str(cls.certificates.ca),
            *cls.simulator.platform_options, *cls.network_options,
        )  # fmt: skip
        super().setUpClass()
        cls.simulator.start_before(cls.server.base)
        cls.receiver = cls.enterClassContext(Receiver(cls.certificates))

    def setUp(self):
        super().setUp()
        self.customer = Customer(self.api, self.receiver)
        self.addCleanup(self.simulator.misbehave)

    def push(self, *alerts: dict) -> dict:
        """A push that the platform acknowledges as a whole."""
        pushed = self.simulator.push(*alerts)
        self.assertEqual(pushed["status"], 200, pushed)
        self.assertEqual((pushed["notAcknowledged"], pushed["faults"]), ([], []))
        self.assertCountEqual(pushed["acknowledged"], [one["alertId"] for one in alerts])
        return pushed

    def told(self, alert_id: str, count: int = 1) -> list[tuple]:
        """What the network was told of the alert, once it was told so often."""
        wait_until(lambda: len(self.simulator.verdicts(alert_id)) >= count, SECONDS_MAX)
        return self.simulator.verdicts(alert_id)

    def shown(self, alert: dict) -> dict:
        """`parry alert show`."""
        return self.server.command("alert", "show", alert["id"])


class RefusalCase(FolderCase):
    """Servers that must not start."""

    def refusal_of(self, server: Server, is_alone: bool = True) -> str:
        """What `serve` says when it must not start: its one line, or else its last."""
        server.environment |= WITHOUT_TRACE
        process = server.spawn()
        ended = wait_until(lambda: process.poll() is not None, REFUSED_SECONDS_MAX)
        self.assertTrue(ended, "the server started although it must not")
        told = server.log_tail()
        self.assertGreater(process.returncode, 0, f"ended by a signal or with success: {told}")
        lines = server.log_text().strip().splitlines()
        if is_alone:
            self.assertEqual(len(lines), 1, told)
        self.assertRegex(lines[-1], r"^parry: \S")
        return lines[-1]


def push_to(api: Api, *alerts: dict, token: str | None = TEST_TOKEN) -> Answer:
    """A push as a network without the simulator sends it."""
    shown = f"Bearer {token}" if token else None
    return api.call("POST", ALERTS, {"alerts": list(alerts)}, Authorization=shown)


def make_client_certificate(made: Certificates) -> Certificates:
    """What a client of the same authority shows."""
    folder = made.ca.parent / "client"
    folder.mkdir(exist_ok=True)
    client = Certificates(made.ca, folder / "client.pem", folder / "client-key.pem")
    request, extensions = folder / "client.csr", folder / "client.ext"
    extensions.write_text("extendedKeyUsage = clientAuth\n")
    subject = ("-subj", "/CN=network")
    for words in (
        ("req", "-new", *NEW_KEY, "-keyout", client.key, "-out", request, *subject),
        ("x509", "-req", "-in", request, "-out", client.certificate, "-days", "2",
         "-CA", made.ca, "-CAkey", made.ca.parent / "ca-key.pem", "-CAcreateserial",
         "-extfile", extensions),
    ):  # fmt: skip
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
    return client


def rows(database: Path | Database, sql: str) -> list[list]:
    """What a statement finds, or changes and returns, beside the running servers."""
    if isinstance(database, Database):
        return sql_beside(database.url, sql)
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        return [list(row) for row in connection.execute(sql).fetchall()]


def make_requests_due(database: Path | Database):
    """As if the time had passed until a network is tried again, or until the lease of a process that
    died has ended."""
    rows(database, "UPDATE network_request SET due_at = 0 WHERE state = 'WAITING' RETURNING id")


def move_deadlines(
    database: Path | Database, where: str, left: float = -1, before: int = 0, due: int | None = None
) -> float:
    """Gives these alerts a deadline in so many seconds, as if they had come 48 hours before it, and
    makes them due so many hours before it, or at that millisecond; returns the deadline."""
    deadline = int((time.time() + left) * 1_000)
    due = deadline - before * 3_600_000 if due is None else due
    rows(
        database,
        f"UPDATE alert SET action_required_deadline = {deadline}, due_at = {due}, "
        f"alert_received_at = {deadline - 48 * 3_600_000} WHERE {where} RETURNING id",
    )
    return deadline / 1_000
