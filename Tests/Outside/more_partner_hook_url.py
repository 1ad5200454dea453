"""A decision hook of `parry-partner serve` that is a URL."""

from parry_outside.daemon import DaemonCase
from parry_outside.http_hook import HookReply, HttpHook, said

PAID = said(refunded=True, refund_reference_id="re-1")


class HookUrlTest(DaemonCase):
    def setUp(self):
        self.hook = self.enterContext(HttpHook())
        url = f"{{url: '{self.hook.url}', timeout-seconds: 2}}"
        self.daemon = self.new_daemon(hook=url).serve()

    def disputed(self, *decide: HookReply, refund: tuple[HookReply, ...] = (PAID,)):
        (sale,) = self.daemon.customer.sell()
        self.hook.plan(sale.code, "decide", *decide)
        self.hook.plan(sale.code, "refund", *refund)
        return sale, self.daemon.dispute(sale)

    def test_it_is_posted_the_question_and_not_the_key(self):
        sale, alert = self.disputed(said(decision="refund", note="by url"))
        self.assert_ended(self.daemon, alert, "REFUNDED")
        ((headers, decide),) = self.hook.asked(sale.code, "decide")
        self.assertEqual(headers[":path"], "/hook?shop=1")
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual((decide["step"], decide["alert"]["id"]), ("decide", alert["id"]))
        ((paid_headers, paid),) = self.hook.asked(sale.code, "refund")
        (intent,) = self.daemon.customer.intents(sale)
        self.assertEqual(paid["refund"]["idempotency_key"], intent["id"])
        self.assertEqual((intent["status"], intent["refund_reference_id"]), ("COMMITTED", "re-1"))
        told = f"{headers} {paid_headers} {decide} {paid}"
        self.assertNotIn(self.daemon.partner.api_key, told)
        self.assertNotIn((self.daemon.folder / "secret").read_text().strip(), told)

    def test_what_is_no_answer_is_asked_again(self):
        accept = said(decision="accept")
        replies = (
            HookReply(b"<html>", 502), HookReply(accept.body, 500), HookReply(accept.body, 404),
            HookReply(b"x" * 100_000), HookReply(is_hung_up=True), HookReply(b""),
            HookReply(b"", 302, location=self.hook.url + "&moved=1"), HookReply(b"", 204),
        )  # fmt: skip
        found = [(reply, *self.disputed(reply, accept)) for reply in replies]
        for reply, sale, alert in found:
            with self.subTest(reply=str(reply)[:80]):
                self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
                self.assertEqual(len(self.hook.asked(sale.code, "decide")), 2)

    def test_an_answer_that_stops_in_the_middle_is_asked_for_again(self):
        stalled = HookReply(said(decision="accept").body, is_stalled=True)
        sale, alert = self.disputed(stalled, said(decision="accept"))
        self.assert_ended(self.daemon, alert, "NOT_REFUNDED")
        self.assertEqual(len(self.hook.asked(sale.code, "decide")), 2)

    def test_a_lost_answer_to_a_refund_is_asked_for_with_the_same_key(self):
        lost = (HookReply(is_hung_up=True), HookReply(PAID.body, 500), PAID)
        sale, alert = self.disputed(said(decision="refund"), refund=lost)
        self.assert_ended(self.daemon, alert, "REFUNDED")
        asked = self.hook.asked(sale.code, "refund")
        self.assertGreaterEqual(len(asked), 3)
        self.assertEqual(len({body["refund"]["idempotency_key"] for _, body in asked}), 1)
        self.assert_intents(self.daemon, sale, "COMMITTED")
