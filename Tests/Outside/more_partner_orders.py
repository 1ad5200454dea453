"""`parry-partner orders send` and `validate`: what the feed says is what the platform stores."""

import json
import unittest

from parry_outside.partner_cases import PartnerCase
from parry_outside.partner_feeds import ARN, HEADER, MAPPING, paid, refunded, row, sold

CARD_NUMBER = "4111111111111111"


class OrdersCase(PartnerCase):
    is_onboarded = True

    def send(self, name: str, *records, words: tuple[str, ...] = ()) -> dict:
        """Writes and sends a file of JSON lines; the report."""
        if records:
            self.write_lines(name, *records)
        return self.program.send(name, *words)

    def known_ids(self) -> dict[str, str]:
        return {
            "organisation_id": self.ids["customer acme"],
            "integration_id": self.ids["feed acme/orders"],
        }

    def upload(self, *orders: dict):
        """What somebody else sends for the same feed."""
        documents = [{"type": "COMPLETE"} | order | self.known_ids() for order in orders]
        made = self.api.must(201, "POST", "/v1/orders", documents)
        self.assertEqual(made["created"], len(orders), made)

    def assert_stored(self, *orders: dict):
        """The feed has these orders and no others."""
        stored = self.orders()
        self.assertEqual(sorted(stored), sorted(one["reference_id"] for one in orders))
        for order in orders:
            self.assert_shows(order, stored[order["reference_id"]], order["reference_id"])

    def assert_sends_nothing(self, name: str, **counts: int):
        self.middle.forget()
        self.assert_report(self.send(name), **counts)
        self.assertEqual(self.middle.writes, [])


class ContentTest(OrdersCase):
    def test_the_platform_stores_what_json_lines_say(self):
        full = sold(
            "full", 12_345,
            transactions=[paid("full-1", 10_000), paid("full-2", 2_345, authorisation_code=None)],
            refunds=[refunded("full") | {"original_transaction_reference_id": "t-full-1"}],
            items=[{"reference_id": "i", "name": "Größe 42 😀 \"so\""}],
        )  # fmt: skip
        mine = sold("ids") | self.known_ids() | {"type": "COMPLETE"}
        orders = [full, mine, sold("zero", 0), sold("most", 9_007_199_254_740_991)]
        lines = [json.dumps(one, ensure_ascii=number % 2 == 0) for number, one in enumerate(orders)]
        text = "\ufeff" + "\r\n".join(lines[:2]) + "\r\n\n" + "\n".join(lines[2:])
        self.write("orders.jsonl", text)
        self.assert_report(self.send("orders.jsonl"), accepted=4)
        self.assert_stored(*orders)
        self.assertEqual(self.rejected("orders.jsonl"), [])
        self.assert_sends_nothing("orders.jsonl", known=4)

    def test_the_platform_stores_what_csv_says_by_its_mapping(self):
        rows = [
            HEADER, row("plain"),
            row("yen", currency="JPY", net="1.234", total="1.234", paid="1.234"),
            row("dinar", currency="KWD", net="1.234,567", total="1.234,567", paid="1.234,567"),
            row("words", state="open", brand="mc", number='"quoted ""N""; and\na line"'),
            row("two", payment="t-a", paid="40,00"),
            row("two", payment="t-b", paid="9,00", code=""),
        ]  # fmt: skip
        self.write("mapping.yaml", MAPPING)
        self.write("orders.csv", "\r\n".join(rows) + "\r\n")
        words = ("--mapping", "mapping.yaml")
        self.assert_report(self.program.send("orders.csv", *words), accepted=5)

        def meant(name, cents=4900, currency="EUR", **more):
            transaction = {
                "reference_id": f"t-{name}", "amount_in_cents": cents, "currency": currency,
                "payment_method_type": "CARD", "authorisation_status": "SETTLED",
                "payment_method_reference_id": f"p-{name}",
                "authorised_at": "2026-02-17T09:59:05Z", "payment_method_card_brand": "VISA",
                "payment_method_card_last_4": "4242", "payment_method_card_bin": "424242",
                "authorisation_code": "A1B2C3", "acquirer_reference_number": ARN,
            }  # fmt: skip
            return {
                "type": "COMPLETE", "reference_id": name, "order_number": f"N-{name}",
                "order_datetime": "2026-02-17T09:59:00Z", "order_status": "CLOSED_COMPLETE",
                "order_currency": currency, "order_subtotal_amount_in_cents": cents,
                "order_total_amount_in_cents": cents, "transactions": [transaction],
            } | more  # fmt: skip

        two, mastercard = meant("two"), meant("words", order_status="OPEN_PENDING")
        (one,) = two["transactions"]
        two["transactions"] = [
            one | {"reference_id": "t-a", "amount_in_cents": 4000},
            one | {"reference_id": "t-b", "amount_in_cents": 900, "authorisation_code": None},
        ]
        mastercard["transactions"][0]["payment_method_card_brand"] = "MASTERCARD"
        mastercard["order_number"] = 'quoted "N"; and\na line'
        yen, dinar = meant("yen", 1_234, "JPY"), meant("dinar", 1_234_567, "KWD")
        self.assert_stored(meant("plain"), yen, dinar, mastercard, two)
        self.middle.forget()
        self.assert_report(self.program.send("orders.csv", *words), known=5)
        self.assertEqual(self.middle.writes, [])

    def test_standard_input_is_a_file_too(self):
        text = "".join(json.dumps(sold(number)) + "\n" for number in range(3)) + "[]\n"
        done = self.program.run("orders", "send", "-", "--json", stdin=None, input=text)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assert_report(json.loads(done.stdout), accepted=3, invalid=1)
        self.assert_stored(*(sold(number) for number in range(3)))
        (refusal,) = self.rejected("stdin")
        self.assertEqual(refusal["line"], 4)

    def test_what_the_transactions_lack_is_counted(self):
        lacking = ["acquirer_reference_number", "authorisation_code", "payment_method_card_bin"]
        orders = [sold("all")]
        for number, names in enumerate((lacking[:1], lacking[:2], lacking)):
            orders.append(sold(number, transactions=[paid(number, **dict.fromkeys(names))]))
        both = [paid("x"), paid("y", acquirer_reference_number=None)]
        orders.append(sold("both", transactions=both))
        report = self.send("orders.jsonl", *orders)
        self.assert_report(report, accepted=5)
        counted = [report[f"lacks_{name}"] for name in ("arn", "authorisation_code", "bin")]
        self.assertEqual(counted, [4, 2, 1])
        totals = self.rows("SELECT accepted, lacks_arn, lacks_bin FROM feed_total")
        self.assertEqual(totals, [(5, 4, 1)])
        table = self.program.run("orders", "validate", "orders.jsonl").stdout
        self.assertRegex(table, r"(?m)^ +4  accepted without an ARN$")


class VerdictTest(OrdersCase):
    def test_each_bad_line_is_in_the_reject_file_with_its_number_and_reasons(self):
        lacking = sold("lacking")
        del lacking["order_number"]
        records = [
            sold(1), "not json", lacking, sold("money", 49.5), "", sold(2), '["a list"]',
            sold("word", order_status="SOLD"), sold("x" * 251), sold(3) | {"reference_id": None},
            sold("other") | {"integration_id": "int_1ChH4Kink1dDwjyVHEbU84"},
            sold("tail"),
        ]  # fmt: skip
        report = self.send("orders.jsonl", *records)
        self.assert_report(report, accepted=3, invalid=8)
        found = {
            one["line"]: (one["reference_id"], [(e["field"], e["code"]) for e in one["errors"]])
            for one in self.rejected("orders.jsonl")
        }
        self.assertEqual(sorted(found), [2, 3, 4, 7, 8, 9, 10, 11])
        self.assertEqual(found[3], ("o-lacking", [("order_number", "MISSING_FIELD")]))
        self.assertEqual(found[11][1], [("integration_id", "INVALID_INTEGRATION")])
        for line, field in ((4, "order_total_amount_in_cents"), (8, "order_status"),
                            (9, "reference_id"), (10, "reference_id")):  # fmt: skip
            self.assertIn(field, [name for name, _ in found[line][1]])
        for one in self.rejected("orders.jsonl"):
            self.assertIn("record", one)
            self.assertTrue(all(error["message"] for error in one["errors"]), one)
        self.assert_stored(sold(1), sold(2), sold("tail"))
        mode = (self.partner_folder / "orders.jsonl.rejects.jsonl").stat().st_mode
        self.assertEqual(mode & 0o077, 0, "others can read what was refused")

    def test_each_bad_row_names_its_column(self):
        rows = [HEADER, row("good"), row("money", total="49.00"), row("date", placed="yesterday"),
                row("short").rsplit(";", 3)[0], row("last", last4="42"), row("negative", paid="-1"),
                row("fine"), 'open;"never closed']  # fmt: skip
        self.write("mapping.yaml", MAPPING)
        self.write("orders.csv", "\n".join(rows) + "\n")
        report = self.program.send("orders.csv", "--mapping", "mapping.yaml")
        self.assert_report(report, accepted=2, invalid=6)
        found = {one["line"]: one["errors"][0] for one in self.rejected("orders.csv")}
        columns = {line: error.get("column") for line, error in found.items()}
        self.assertEqual(
            columns, {3: "total", 4: "placed", 5: None, 6: "last4", 7: "paid", 9: None}
        )
        self.assertIn("line 9", found[9]["message"])
        self.assertEqual(sorted(self.orders()), ["fine", "good"])

    def test_what_the_platform_refuses_is_in_the_reject_file_too(self):
        taken = sold("second", transactions=[paid("first")])
        report = self.send("orders.jsonl", sold("first"), taken, sold("third"))
        self.assert_report(report, accepted=2, refused=1)
        (refusal,) = self.rejected("orders.jsonl")
        self.assertEqual((refusal["line"], refusal["reference_id"]), (2, "o-second"))
        self.assertEqual(refusal["errors"][0]["code"], "DUPLICATE_TRANSACTION")
        mended = sold("second", transactions=[paid("second")])
        again = self.send("orders.jsonl", sold("first"), mended, sold("third"))
        self.assert_report(again, accepted=1, known=2)
        self.assertEqual(self.rejected("orders.jsonl"), [], "it begins anew with each run")

    def test_a_full_card_number_is_nowhere(self):
        lines = [
            sold("a", customer_first_name=CARD_NUMBER), sold("b", order_datetime=CARD_NUMBER),
            sold("c", transactions=[paid("c", descriptor="card 4111 1111 1111 1111")]),
            sold("d", order_number=None, customer_last_name="4111-1111-1111-1111"),
            sold("e", order_number=None) | {"unknown": CARD_NUMBER, CARD_NUMBER: 1},
            sold("dropped") | {CARD_NUMBER: 1, "unknown": "4111 1111 1111 1111"},
            "not json " + CARD_NUMBER, sold("good"),
        ]  # fmt: skip
        self.write_lines("orders.jsonl", *lines)
        self.write("mapping.yaml", MAPPING)
        rows = [HEADER, row("unmapped", note=CARD_NUMBER), row("f", last4=CARD_NUMBER),
                row("g", total=CARD_NUMBER + ",001"), row("h", code=CARD_NUMBER),
                row("i", number="", note=CARD_NUMBER)]  # fmt: skip
        self.write("orders.csv", "\n".join(rows) + "\n")
        shown = ""
        for command in ("validate", "send"):
            for words in (("orders.jsonl",), ("orders.csv", "--mapping", "mapping.yaml")):
                done = self.program.run("orders", command, *words)
                self.assertEqual(done.returncode, 3, done.stderr)
                shown += done.stdout + done.stderr
                rejects = self.partner_folder / f"{words[0]}.rejects.jsonl"
                shown += rejects.read_text()
        shown += json.dumps([str(one) for one in self.rows("SELECT * FROM feed_order")])
        shown += "".join(f"{one.path} {one.body!r} {one.headers}" for one in self.middle.requests)
        for part in (CARD_NUMBER, "4111 1111 1111 1111", "4111-1111-1111-1111"):
            self.assertNotIn(part, shown)
        self.assertEqual(sorted(self.orders()), ["o-dropped", "o-good", "unmapped"])
        for name, lines in (("orders.jsonl", [1, 2, 3, 4, 5, 7]), ("orders.csv", [3, 4, 5, 6])):
            refusals = self.rejected(name)
            self.assertEqual([one["line"] for one in refusals], lines)
            for one in refusals:
                self.assertIsNone(one["record"])
                self.assertIn("card number", one["record_omitted"])

    def test_validation_needs_no_configuration_and_no_platform(self):
        for name in ("parry-partner.yaml", "key", "partner.sqlite"):
            (self.partner_folder / name).unlink()
        self.write_lines("orders.jsonl", sold(1), "{}", sold(2))
        done = self.program.run("orders", "validate", "orders.jsonl", "--json")
        self.assertEqual((done.returncode, done.stderr), (3, ""))
        self.assert_report(json.loads(done.stdout), accepted=2, invalid=1)
        self.assertEqual([one["line"] for one in self.rejected("orders.jsonl")], [2])
        self.write_lines("orders.jsonl", sold(1))
        done = self.program.run("orders", "validate", "orders.jsonl")
        self.assertEqual((done.returncode, self.rejected("orders.jsonl")), (0, []))
        self.assertEqual(self.middle.requests, [])


class AgainTest(OrdersCase):
    def test_a_changed_line_becomes_a_change_and_the_others_send_nothing(self):
        orders = [sold(number) for number in range(5)]
        self.send("orders.jsonl", *orders)
        orders[1] = orders[1] | {"refunds": [refunded(1)]}
        orders[3] = orders[3] | {"order_status": "OPEN_PENDING"}
        self.middle.forget()
        report = self.send("orders.jsonl", *orders)
        self.assert_report(report, changed=2, known=3)
        self.assertEqual([method for method, _ in self.middle.writes], ["PATCH", "PATCH"])
        self.assert_stored(*orders)
        self.assert_sends_nothing("orders.jsonl", known=5)

    def test_spelling_is_no_change(self):
        self.send("orders.jsonl", sold(1), sold(2))
        text = "".join(
            json.dumps(dict(reversed(sold(number).items())), indent=None, separators=(" , ", " : "))
            + "\n" for number in (2, 1)
        )  # fmt: skip
        self.write("orders.jsonl", text)
        self.assert_sends_nothing("orders.jsonl", known=2)

    def test_what_somebody_else_sent_is_reconciled(self):
        self.upload(sold("same"), sold("other", 100))
        records = [sold("same"), sold("other", 200), sold("new")]
        report = self.send("orders.jsonl", *records)
        self.assert_report(report, accepted=1, changed=1, duplicates=1)
        self.assert_stored(*records)
        self.assertEqual(self.rejected("orders.jsonl"), [])
        self.assert_sends_nothing("orders.jsonl", known=3)

    def test_the_same_line_twice_is_one_order(self):
        first = [sold(number) for number in range(150)]
        report = self.send("orders.jsonl", *first, first[0], first[149], first[149])
        self.assert_report(report, accepted=150, repeated=3)
        self.assert_stored(*first)
        self.assert_sends_nothing("orders.jsonl", known=153)

    def test_of_two_versions_in_one_file_the_last_one_stays(self):
        """However often the file is sent, and wherever the two lines stand in it."""
        for distance in (0, 150):
            with self.subTest(f"{distance} lines between"):
                self.account()
                old, new = sold("x", 100), sold("x", 200)
                between = [sold(number) for number in range(distance)]
                self.write_lines("orders.jsonl", old, *between, new, sold("end"))
                for _ in range(3):
                    self.middle.forget()
                    self.send("orders.jsonl")
                    stored = self.orders()["o-x"]["order_total_amount_in_cents"]
                    self.assertEqual(stored, 200)
                self.assertEqual(len(self.middle.asked("POST")), 0, "nothing new was there")

    def test_the_order_of_changes_is_the_files(self):
        """The third version is not sent beside the second, nor is it left out."""
        filler = [sold(number) for number in range(150)]
        self.send("orders.jsonl", sold("x", 100), *filler)
        for last in (100, 300):
            with self.subTest(last):
                self.send("orders.jsonl", sold("x", 200), *filler, sold("x", last))
                stored = self.orders()["o-x"]["order_total_amount_in_cents"]
                self.assertEqual(stored, last)


class RefusalTest(OrdersCase):
    def run_orders(self, *words: str):
        return self.program.run("orders", *words)

    def test_what_cannot_be_used_is_told_in_one_line_and_nothing_is_sent(self):
        self.write_lines("orders.jsonl", sold(1))
        self.write("orders.csv", HEADER + "\n" + row("a") + "\n")
        self.write("good.yaml", MAPPING)
        for words, told in (
            (("send", "nowhere.jsonl"), ("nowhere.jsonl",)),
            (("validate", "nowhere.jsonl"), ("nowhere.jsonl",)),
            (("send", "."), ()),
            (("send", "orders.jsonl", "--feed", "acme/other"), ("acme/other", "acme/orders")),
            (("send", "orders.csv", "--mapping", "nowhere.yaml"), ("nowhere.yaml",)),
            (("send", "orders.jsonl", "--rate-limit", "-1"), ()),
            (("send", "orders.jsonl", "--config", "nowhere.yaml"), ("nowhere.yaml",)),
            (("send", "orders.jsonl", "--env", "live"), ("test",)),
        ):
            with self.subTest(words):
                code = 64 if "-1" in words else 1
                self.assert_one_line(self.run_orders(*words), *told, code=code)
        self.assertEqual(self.middle.requests, [])

    def test_a_mapping_that_is_wrong_says_where_and_what_is_meant(self):
        self.write("orders.csv", HEADER + "\n" + row("a") + "\n")
        for before, after, told in (
            ("arn: transactions.acquirer_reference_number", "arn: transactions.acquirer_reference",
             ("line 21", "Did you mean transactions.acquirer_reference_number")),
            ("separator", "separater", ("line 1", "Did you mean separator")),
            ("as: datetime", "az: datetime", ("line 8", "Did you mean as")),
            ("as: datetime", "as: money", ("line 8", "placed")),
            ("code: trans", "codex: trans", ("line 20", "codex", "code, arn, note")),
            ("columns:", "columns: [", ("mapping.yaml",)),
            ("  id: reference_id\n", "", ("reference_id",)),
        ):  # fmt: skip
            with self.subTest(after):
                self.assertIn(before, MAPPING)
                self.write("mapping.yaml", MAPPING.replace(before, after))
                done = self.run_orders("send", "orders.csv", "--mapping", "mapping.yaml")
                self.assert_one_line(done, "mapping.yaml", *told)
        self.assertEqual(self.middle.requests, [])

    def test_a_key_of_another_account_is_one_line_and_no_file_of_refusals(self):
        """Everything would be refused for the same reason, which is none of the orders'."""
        self.write_lines("orders.jsonl", *(sold(number) for number in range(250)))
        self.program.secret("key", self.server.create_partner(mode="LIVE").api_key)
        self.assert_one_line(self.run_orders("send", "orders.jsonl"), "key")
        self.assertLess(len(self.middle.writes), 5)
        self.program.secret("key", self.partner.api_key)
        self.assert_verdicts(self.send("orders.jsonl"), 250)
        self.assertEqual(len(self.orders()), 250)

    def test_a_key_that_may_not_write_orders_is_one_line(self):
        self.write_lines("orders.jsonl", *(sold(number) for number in range(250)))
        words = ("key", "create", "--group", self.partner.group_id, "--ability", "orders:read")
        for key, told in ((self.server.command(*words)["api_key"], "orders:write"),
                          ("cbs_nobody", "401")):  # fmt: skip
            self.program.secret("key", key)
            self.assert_one_line(self.run_orders("send", "orders.jsonl"), told)
        self.program.secret("key", self.partner.api_key)
        self.assert_verdicts(self.send("orders.jsonl"), 250)
        self.assertEqual(len(self.orders()), 250)

    def test_before_onboarding_there_is_no_feed(self):
        self.is_onboarded = False
        self.account()
        self.write_lines("orders.jsonl", sold(1))
        self.assert_one_line(self.run_orders("send", "orders.jsonl"), "onboard")

    def test_a_reject_file_that_cannot_be_written_is_told_before_anything_is_sent(self):
        self.write_lines("orders.jsonl", *(sold(number) for number in range(150)), "bad")
        done = self.run_orders("send", "orders.jsonl", "--rejects", "nowhere/rejects.jsonl")
        self.assert_one_line(done, "nowhere/rejects.jsonl", "No such file")
        self.assertEqual(self.middle.writes, [])

    def test_what_rejects_leads_to_is_not_taken_away(self):
        """It could be /dev/null, and the program root's."""
        link = self.partner_folder / "nowhere"
        link.symlink_to("/dev/null")
        self.write_lines("orders.jsonl", sold(1), "bad")
        for command in ("validate", "send"):
            self.run_orders(command, "orders.jsonl", "--rejects", "nowhere")
            self.assertTrue(link.is_symlink(), command)

    def test_the_reject_file_is_never_the_feed_itself(self):
        path = self.write_lines("orders.jsonl", sold(1), "bad")
        text = path.read_text()
        done = self.run_orders("send", "orders.jsonl", "--rejects", "./orders.jsonl")
        self.assert_one_line(done, "orders.jsonl")
        self.assertEqual(path.read_text(), text)


if __name__ == "__main__":
    unittest.main()
