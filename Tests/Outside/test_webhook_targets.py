"""Where webhooks are not sent: hostile URLs, private addresses, ports, names that lead there."""

import itertools

from parry_outside import hostile
from parry_outside.api import Answer
from parry_outside.cases import FolderCase, OneServerCase, wait_until
from parry_outside.listener import Canary
from parry_outside.sending import (
    ENDPOINTS,
    ENDPOINTS_MAX,
    LOOKUP,
    SENT_SECONDS_MAX,
    Sender,
)
from parry_outside.world import make_customer

PRIVATE_AT_CONNECTING = "the host's addresses are private; the server does not allow them"
FORMS_MIN = 300
ALLOWED_PORT = 8_443

RULES = {
    "private": "private, local or reserved address",
    "port": "port is not one that this server sends",
    "number": "port must be a number|host must be letters, digits",
    "scheme": "must begin with https://",
    "user": "must not carry a user name",
    "character": "printable ASCII|must not contain the character",
    "host": "host must be letters, digits|port must be a number|must name a host",
    "nobody": "must name a host",
}
"""What the refusal of each kind of hostile URL says."""


def private_hosts() -> set[str]:
    """Every way of writing a private address."""
    four = itertools.chain.from_iterable(map(hostile.ipv4_forms, hostile.PRIVATE_IPV4))
    six = itertools.chain.from_iterable(map(hostile.ipv6_forms, hostile.PRIVATE_IPV6))
    carriers = itertools.chain.from_iterable(map(hostile.carriers_of, hostile.PRIVATE_IPV4))
    return set(four) | {f"[{one}]" for one in itertools.chain(six, carriers)}


def hosts_of_this_machine() -> set[str]:
    """Those of them at which something on this machine could listen."""
    four = itertools.chain.from_iterable(
        map(hostile.ipv4_forms, ("127.0.0.1", "127.255.255.254", "0.0.0.0"))
    )
    six = itertools.chain.from_iterable(map(hostile.ipv6_forms, ("::1", "::")))
    return set(four) | {f"[{one}]" for one in (*six, *hostile.carriers_of("127.0.0.1"))}


class URLTest(OneServerCase):
    """No event is ever raised here: nothing is sent, to public addresses neither."""

    options = ("--rate-limit", "0")

    def add(self, url: str) -> Answer:
        return self.api.post(ENDPOINTS, {"url": url, "event_types": [LOOKUP]})

    def assert_refused(self, answer: Answer, rule: str):
        self.assertEqual((answer.status, answer.code), (422, "VALIDATION_ERROR"), answer.body[:300])
        self.assertEqual([one["field"] for one in answer.json()["errors"]], ["url"])
        self.assertRegex(answer.json()["errors"][0]["message"], RULES[rule])

    def assert_added(self, url: str):
        answer = self.add(url)
        self.assertEqual(answer.status, 201, answer.body[:300])
        self.assertEqual(answer.json()["url"], url)
        self.api.call("DELETE", f"{ENDPOINTS}/{answer.json()['id']}")

    def assert_all_refused(self, urls, rule: str):
        for url in sorted(urls):
            with self.subTest(url):
                self.assert_refused(self.add(url), rule)

    def test_no_writing_of_a_private_address_is_taken(self):
        hosts = private_hosts()
        self.assertGreaterEqual(len(hosts), FORMS_MIN)
        self.assert_all_refused({f"https://{host}:{ALLOWED_PORT}/" for host in hosts}, "private")
        print(f"{len(hosts)} writings of private addresses refused")

    def test_no_writing_of_a_private_address_is_taken_without_a_port_or_path_either(self):
        for end in ("", "/", "?x", ":443", ":0443/", "/a/b?c=https://example.com/"):
            hosts = hosts_of_this_machine()
            self.assert_all_refused({f"https://{host}{end}" for host in hosts}, "private")
        self.assert_all_refused({"HTTPS://127.0.0.1/", "hTTps://[::1]/"}, "private")

    def test_no_url_in_disguise_is_taken(self):
        disguises = hostile.disguises(ALLOWED_PORT)
        for rule, urls in disguises.items():
            self.assert_all_refused(urls, rule)
        print(f"{sum(map(len, disguises.values()))} disguises refused")

    def test_ports_of_system_services_are_not_taken(self):
        for port in hostile.PORTS_NOT_ALLOWED:
            for host in ("example.com", "8.8.8.8", "127.0.0.1", "localhost"):
                with self.subTest(f"{host}:{port}"):
                    self.assert_refused(self.add(f"https://{host}:{port}/"), "port")
        self.assert_all_refused(
            {f"https://example.com:{port}/" for port in hostile.PORTS_THAT_ARE_NONE}, "number"
        )

    def test_a_changed_url_is_judged_as_a_new_one(self):
        made = self.add("https://example.com/").json()
        item = f"{ENDPOINTS}/{made['id']}"
        for host in sorted(hosts_of_this_machine()):
            with self.subTest(host):
                self.assert_refused(self.api.patch(item, {"url": f"https://{host}/"}), "private")
        self.assert_refused(self.api.patch(item, {"url": "https://example.com:22/"}), "port")
        shown = self.api.must(200, "GET", item)
        self.assertEqual((shown["url"], shown["updated_at"]), (made["url"], made["updated_at"]))
        self.api.call("DELETE", item)

    def test_public_addresses_next_to_private_ones_are_taken(self):
        for address in hostile.PUBLIC_IPV4:
            for host in (address, f"[::ffff:{address}]", f"[64:ff9b::{address}]"):
                with self.subTest(host):
                    self.assert_added(f"https://{host}/")
        for address in hostile.PUBLIC_IPV6:
            with self.subTest(address):
                self.assert_added(f"https://[{address}]:1024/")

    def test_names_are_taken_whatever_they_will_resolve_to(self):
        for host in ("hooks.example.com", "localhost", "xn--bcher-kva.example", "a_b.example"):
            for port in ("", ":443", ":1024", ":65535"):
                with self.subTest(host + port):
                    self.assert_added(f"https://{host}{port}/x?y=%20@127.0.0.1")


class ConnectingTest(FolderCase):
    """What is judged when connecting: a canary listens on every address and hears nothing."""

    def setUp(self):
        super().setUp()
        self.canary = self.enterContext(Canary())

    def start(self, *options: str) -> Sender:
        """A server, and a new partner and customer of it."""
        self.server = self.new_server("--rate-limit", "0", *options).start()
        api = self.new_api(self.server, self.server.create_partner().api_key)
        return Sender(api, make_customer(api).organisation_id)

    def url(self, host: str) -> str:
        return f"https://{host}:{self.canary.port}/"

    def add_endpoints(self, sender: Sender, hosts: list[str]) -> list[dict]:
        """With an event for each, in as many organisations as it takes."""
        made = []
        for first in range(0, len(hosts), ENDPOINTS_MAX):
            other = Sender(sender.api, make_customer(sender.api).organisation_id)
            some = hosts[first : first + ENDPOINTS_MAX]
            made += [other.add_endpoint(self.url(host)) for host in some]
            other.raise_lookup()
        return made

    def errors(self, sender: Sender, endpoints: list[dict], attempt: int) -> list[str | None]:
        """What the so-manieth try of each endpoint's newest delivery came to."""
        return [sender.ended(one, attempt)["attempts"][-1]["error"] for one in endpoints]

    def test_names_that_lead_to_this_machine_are_not_connected_to(self):
        sender = self.start()
        hosts = sorted(hostile.resolver_forms())
        endpoints = self.add_endpoints(sender, hosts)
        for host, endpoint in zip(hosts, endpoints):
            with self.subTest(host):
                attempt = sender.ended(endpoint)["attempts"][0]
                self.assertEqual((attempt["status_code"], attempt["ip_address"]), (None, None))
                if hostile.resolves_privately(host):
                    self.assertEqual(attempt["error"], PRIVATE_AT_CONNECTING)
                else:
                    self.assertIsNotNone(attempt["error"])
        self.assertTrue(any(map(hostile.resolves_privately, hosts)), "nothing was proved")
        self.assertEqual(self.canary.connections, 0)

    def test_addresses_that_were_taken_when_they_were_allowed_are_not_connected_to(self):
        sender = self.start("--allow-private-webhook-targets")
        hosts = sorted(hosts_of_this_machine() | hostile.resolver_forms())
        endpoints = self.add_endpoints(sender, hosts)
        self.errors(sender, endpoints, 1)
        heard = self.canary.connections
        self.assertGreater(heard, 50, "the canary is deaf")
        sender.api.close()
        self.server.stop()
        self.server.options.remove("--allow-private-webhook-targets")
        self.server.start()
        for endpoint in endpoints:
            sender.bring_retries_forward(endpoint)
        for host, error in zip(hosts, self.errors(sender, endpoints, 2)):
            with self.subTest(host):
                if host not in hostile.resolver_forms() or hostile.resolves_privately(host):
                    self.assertEqual(error, PRIVATE_AT_CONNECTING)
        self.assertEqual(self.canary.connections, heard)

    def test_what_the_operator_adds_is_judged_when_connecting_too(self):
        self.start()
        partner = self.server.create_partner("Other")
        api = self.new_api(self.server, partner.api_key)
        other = Sender(api, make_customer(api).organisation_id)
        hosts = ("127.0.0.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "localhost")
        made = [self.server.create_webhook(partner.id, self.url(host), [LOOKUP]) for host in hosts]
        other.raise_lookup()
        self.assertEqual(
            self.errors(other, made, 1), [PRIVATE_AT_CONNECTING] * len(hosts)
        )
        self.assertEqual(self.canary.connections, 0)

    def test_private_targets_are_connected_to_when_they_are_allowed(self):
        sender = self.start("--allow-private-webhook-targets")
        for host in ("127.0.0.1", "0x7f.1", "0177.0.0.1", "2130706433", "localhost"):
            with self.subTest(host):
                before = self.canary.connections
                endpoint = sender.add_endpoint(self.url(host))
                sender.raise_lookup()
                attempt = sender.ended(endpoint)["attempts"][0]
                self.assertEqual(attempt["ip_address"], "127.0.0.1")
                self.assertGreater(self.canary.connections, before)
                sender.api.call("DELETE", f"{ENDPOINTS}/{endpoint['id']}")


class PortTest(FolderCase):
    BAD_URL = "the URL is not one that this server sends webhooks to"

    def test_the_operator_says_which_ports_are_allowed(self):
        server = self.new_server("--rate-limit", "0", "--webhook-ports", "22,8000-8010").start()
        api = self.new_api(server, server.create_partner().api_key)
        for port, status in (
            ("", 422), (":443", 422), (":22", 201), (":23", 422), (":7999", 422), (":8000", 201),
            (":8005", 201), (":8010", 201), (":8011", 422),
        ):  # fmt: skip
            with self.subTest(port):
                body = {"url": f"https://example.com{port}/", "event_types": [LOOKUP]}
                answer = api.post(ENDPOINTS, body)
                self.assertEqual(answer.status, status, answer.body[:300])
                if status == 422:
                    self.assertIn("port", answer.json()["errors"][0]["message"])

    def test_a_port_that_is_no_longer_allowed_is_not_connected_to(self):
        canary = self.enterContext(Canary())
        server = self.new_server("--rate-limit", "0", *self.private_target_options)
        server.start()
        api = self.new_api(server, server.create_partner().api_key)
        sender = Sender(api, make_customer(api).organisation_id)
        endpoint = sender.add_endpoint(f"https://localhost:{canary.port}/")
        api.close()
        server.stop()
        server.environment["PARRY_WEBHOOK_PORTS"] = "443"
        server.start()
        sender.raise_lookup()
        attempt = sender.ended(endpoint)["attempts"][0]
        self.assertEqual((attempt["error"], attempt["ip_address"]), (self.BAD_URL, None))
        self.assertEqual(canary.connections, 0)

    def test_ports_that_cannot_be_read_are_refused_at_the_start(self):
        for ports in ("a", "0", "65536", "10-5", "1-", "-1", "1-2-3", "443,", "443,,8443", "4 5"):
            with self.subTest(ports):
                server = self.new_server(f"--webhook-ports={ports}")
                process = server.spawn()
                self.assertTrue(wait_until(lambda: process.poll() is not None, SENT_SECONDS_MAX))
                self.assertGreater(process.returncode, 0)
                self.assertIn("--webhook-ports", server.log_text())
