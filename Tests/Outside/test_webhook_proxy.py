"""Webhooks through an outbound proxy: it alone is connected to, and it sees nothing but names."""

from parry_outside.cases import FolderCase, wait_until
from parry_outside.certificates import make_certificates, resigned
from parry_outside.proxy import ConnectProxy, refused
from parry_outside.scripted import ScriptedReceiver, answer, response
from parry_outside.sending import ENDPOINTS, LOOKUP, SENT_SECONDS_MAX, Sender
from parry_outside.server import free_port
from parry_outside.world import make_customer

PROXY = "the outbound proxy did not let the connection through"
CLOSED = "the outbound proxy, or the receiver behind it, did not answer or closed the connection"
UNTRUSTED = "the certificate is not trusted, or not for this host"
NAME = "hooks.invalid"
"""A name that only the proxy knows."""
USER, PASSWORD = "parry", "pass:w0rd-of-proxy"


class ProxyCase(FolderCase):
    def setUp(self):
        super().setUp()
        certificates = resigned(self.certificates, f"DNS:{NAME}")
        self.receiver = self.enterContext(ScriptedReceiver(certificates, NAME))

    def new_proxy(self, *credentials: str, port: int | None = None) -> ConnectProxy:
        return self.enterContext(ConnectProxy(port or self.receiver.port, *credentials))

    def start(self, proxy_url: str, *options: str, **settings) -> Sender:
        """A server without leave to send to private addresses: the proxy judges them."""
        self.server = self.new_server(
            "--rate-limit", "0", "--webhook-ca-file", str(self.certificates.ca),
            "--webhook-proxy", proxy_url, *options, **settings,
        ).start()  # fmt: skip
        api = self.new_api(self.server, self.server.create_partner().api_key)
        return Sender(api, make_customer(api).organisation_id)

    def attempt(self, sender: Sender, url: str | None = None) -> dict:
        """The first try for this URL or else the receiver's, with the delivery's state."""
        endpoint = sender.add_endpoint(url or self.receiver.url("/hook"))
        sender.raise_lookup()
        delivery = sender.ended(endpoint)
        self.assertIsNone(delivery["attempts"][0]["ip_address"])
        sender.api.call("DELETE", f"{ENDPOINTS}/{endpoint['id']}")
        return delivery["attempts"][0] | {"state": delivery["state"]}

    def assert_sent(self, attempt: dict, status: int = 200):
        self.assertEqual((attempt["status_code"], attempt["error"]), (status, None))

    def assert_failed(self, attempt: dict, error: str = PROXY):
        self.assertEqual((attempt["status_code"], attempt["error"]), (None, error))
        self.assertEqual((attempt["state"], attempt["response_body"]), ("PENDING", None))


class ThroughProxyTest(ProxyCase):
    def test_webhooks_go_through_the_proxy_and_it_can_read_nothing(self):
        proxy = self.new_proxy()
        sender = self.start(proxy.url())
        self.receiver.play("/hook", answer(response(200, b"through")))
        attempt = self.attempt(sender)
        self.assert_sent(attempt)
        self.assertEqual((attempt["state"], attempt["response_body"]), ("DELIVERED", "through"))
        self.assertEqual(proxy.asked, [f"{NAME}:{self.receiver.port}"])
        self.assertEqual(self.receiver.connections, proxy.tunnels)
        sent = self.receiver.requests_to("/hook")[0]
        self.assertEqual(sent.headers["host"], f"{NAME}:{self.receiver.port}")
        for secret in (b"POST", b"/hook", b"lookup.created", sent.idempotency_key.encode()):
            self.assertNotIn(secret, bytes(proxy.carried))
        self.assertNotIn("proxy-authorization", sent.headers)
        self.assertNotIn(b"authorization", proxy.heads[0].lower())

    def test_one_tunnel_serves_several_webhooks(self):
        proxy = self.new_proxy()
        sender = self.start(proxy.url())
        sender.add_endpoint(self.receiver.url("/hook"))
        for number in range(1, 6):
            sender.raise_lookup()
            self.receiver.wait_for(number, SENT_SECONDS_MAX)
        self.assertEqual(len(self.receiver.requests_to("/hook")), 5)
        self.assertEqual(self.receiver.connections, proxy.tunnels)
        self.assertLess(proxy.tunnels, 5)

    def test_credentials_are_sent_to_the_proxy_and_told_to_nobody_else(self):
        proxy = self.new_proxy(USER, PASSWORD)
        url = proxy.url(f"{USER}:{PASSWORD}")
        sender = self.start(url)
        self.assert_sent(self.attempt(sender))
        self.assertNotIn("proxy-authorization", self.receiver.requests_to("/hook")[0].headers)
        self.assertNotIn(PASSWORD, self.server.log_text())

    def test_the_environment_names_the_proxy_too(self):
        proxy = self.new_proxy()
        server = self.new_server(
            "--rate-limit", "0", "--webhook-ca-file", str(self.certificates.ca),
            environment={"PARRY_WEBHOOK_PROXY": proxy.url()},
        ).start()  # fmt: skip
        api = self.new_api(server, server.create_partner().api_key)
        self.assert_sent(self.attempt(Sender(api, make_customer(api).organisation_id)))

    def test_the_certificate_is_checked_behind_the_proxy(self):
        certificates = resigned(make_certificates(self.folder / "other"), f"DNS:{NAME}")
        stranger = self.enterContext(ScriptedReceiver(certificates, NAME))
        proxy = self.new_proxy(port=stranger.port)
        self.assert_failed(self.attempt(self.start(proxy.url()), stranger.url("/")), UNTRUSTED)
        self.assertEqual(proxy.tunnels, 1)
        self.assertEqual(stranger.requests_to(), [])

    def test_the_host_of_the_certificate_is_that_of_the_url(self):
        sender = self.start(self.new_proxy().url())
        other = f"https://elsewhere.invalid:{self.receiver.port}/"
        self.assert_failed(self.attempt(sender, other), UNTRUSTED)
        self.assertEqual(self.receiver.requests_to(), [])

    def test_an_answer_through_the_proxy_counts_as_it_does_without(self):
        self.receiver.play("/hook", answer(response(407, b"a receiver's own 407")))
        attempt = self.attempt(self.start(self.new_proxy().url()))
        self.assert_sent(attempt, 407)
        self.assertEqual(attempt["state"], "PENDING")

    def test_private_literal_addresses_are_refused_with_a_proxy_too(self):
        proxy = self.new_proxy()
        sender = self.start(proxy.url())
        for host in ("127.0.0.1", "0x7f.1", "[::1]", "169.254.169.254"):
            body = {"url": f"https://{host}:{self.receiver.port}/", "event_types": [LOOKUP]}
            self.assertEqual(sender.api.post(ENDPOINTS, body).status, 422)
        self.assertEqual(proxy.connections, 0)


class RefusingProxyTest(ProxyCase):
    """Whatever the proxy does, the receiver is never connected to directly."""

    def assert_all_refused(self, *refusals: bytes, error: str = PROXY):
        """The receiver's name is one that this machine knows: without a proxy it would be found."""
        proxy = self.new_proxy()
        sender = self.start(proxy.url(), "--allow-private-webhook-targets")
        for proxy.refusal in refusals:
            with self.subTest(proxy.refusal[:40]):
                self.assert_failed(self.attempt(sender, self.receiver_here), error)
        self.assertEqual(proxy.asked, [f"localhost:{self.receiver.port}"] * len(refusals))
        self.assertEqual(self.receiver.connections, 0, "it was connected to directly")

    @property
    def receiver_here(self) -> str:
        return f"https://localhost:{self.receiver.port}/hook"

    def test_a_proxy_that_refuses(self):
        statuses = (400, 403, 404, 407, 429, 500, 502, 503)
        page = response(403, b"<html>" + b"no " * 1_000)
        self.assert_all_refused(*map(refused, statuses), page)

    def test_a_proxy_that_hangs_up(self):
        self.assert_all_refused(b"", error=CLOSED)

    def test_a_proxy_that_speaks_something_else(self):
        self.assert_all_refused(b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200", b"\x05\x00\r\n\r\n", error=CLOSED)

    def test_a_proxy_that_wants_credentials(self):
        for credentials in ("", f"{USER}:wrong"):
            with self.subTest(credentials):
                proxy = self.new_proxy(USER, PASSWORD)
                sender = self.start(proxy.url(credentials), "--allow-private-webhook-targets")
                self.assert_failed(self.attempt(sender, self.receiver_here))
                self.assertEqual((proxy.tunnels, self.receiver.connections), (0, 0))

    def test_a_proxy_that_is_not_there(self):
        sender = self.start(f"http://127.0.0.1:{free_port()}", "--allow-private-webhook-targets")
        attempt = self.attempt(sender, self.receiver_here)
        self.assert_failed(attempt, attempt["error"])
        self.assertEqual(attempt["error"], CLOSED)
        self.assertEqual(self.receiver.connections, 0, "it was connected to directly")

    def test_a_proxy_that_lets_through_again_is_used_again(self):
        proxy = self.new_proxy()
        proxy.refusal = refused(503)
        sender = self.start(proxy.url())
        endpoint = sender.add_endpoint(self.receiver.url("/hook"))
        sender.raise_lookup()
        self.assertEqual(sender.ended(endpoint)["attempts"][0]["error"], PROXY)
        proxy.refusal = None
        sender.bring_retries_forward(endpoint)
        again = sender.ended(endpoint, 2)
        self.assertEqual((again["state"], again["attempt_count"]), ("DELIVERED", 2))

    def test_a_proxy_that_cannot_be_read_is_refused_at_the_start(self):
        for url in (
            "proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "http://proxy",
            "http://proxy:0", "http://proxy:65536", "http://proxy:x", "http://user@proxy:3128",
            "http://:3128", "http://a:b@c:d@proxy:3128", "http://",
        ):  # fmt: skip
            with self.subTest(url):
                server = self.new_server("--webhook-proxy", url)
                process = server.spawn()
                ended = wait_until(lambda: process.poll() is not None, SENT_SECONDS_MAX / 3)
                self.assertTrue(ended, "it serves with a proxy that it cannot use")
                self.assertGreater(process.returncode, 0)
                self.assertIn("--webhook-proxy", server.log_text())

    def test_what_is_wrong_with_a_proxy_is_said_without_its_password(self):
        server = self.new_server("--webhook-proxy", f"http://{USER}:{PASSWORD}@proxy")
        process = server.spawn()
        self.assertTrue(wait_until(lambda: process.poll() is not None, SENT_SECONDS_MAX))
        self.assertNotIn(PASSWORD, server.log_text())
