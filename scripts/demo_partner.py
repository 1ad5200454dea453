"""The last part of the demo: the partner's own program, from onboarding to the acceptance run."""

from datetime import datetime, timedelta, timezone

from parry_outside.certificates import Certificates
from parry_outside.partner import PartnerProgram
from parry_outside.server import Server

MAPPING = """\
constants:
  order_status: CLOSED_COMPLETE
  transactions.payment_method_type: CARD
  transactions.authorisation_status: SETTLED
columns:
  order: [reference_id, order_number]
  placed: {to: [order_datetime, transactions.authorised_at], as: datetime, zone: UTC}
  currency: [order_currency, transactions.currency]
  total:
    to: [order_subtotal_amount_in_cents, order_total_amount_in_cents, transactions.amount_in_cents]
    as: money
  payment: [transactions.reference_id, transactions.payment_method_reference_id]
  brand: {to: transactions.payment_method_card_brand, words: {vi: VISA, mc: MASTERCARD}}
  last4: transactions.payment_method_card_last_4
  arn: transactions.acquirer_reference_number
"""
ORDERS = """\
order,placed,currency,total,payment,brand,last4,arn
order-30001,{day} 09:59:05,USD,49.00,txn-30001,vi,4242,74027012345678901234567
order-30002,{day} 10:12:44,USD,12.50,txn-30002,mc,4444,
order-30003,{day} 10:40:00,USD,a lot,txn-30003,vi,1111,
"""
HELD = "19 of 19 hold."


class PartnerDemo:
    """Goes on with the server of a demo, with a partner and an endpoint of its own."""

    def __init__(self, demo, certificates: Certificates, first: int):
        self.demo = demo
        self.page = demo.page
        self.certificates = certificates
        self.number = first

    def run(self) -> int:
        server: Server = self.demo.server
        partner = server.create_partner("Another demo partner")
        with PartnerProgram(server.folder, server, partner, self.certificates) as program:
            program.register()
            first = self.number
            self.step("Check the configuration", "Key, mode, clock and secret, and nothing changed.")
            self.say(program, "check")
            self.step("Onboard a customer", "What is missing is made; run again, nothing is.")
            program.onboard()
            self.say(program, "onboard", "onboarding.yaml")
            self.step("Send its orders", "From a CSV file; a bad line gets its number and reason.")
            self.send(program)
            self.step(
                "The acceptance run",
                "The guide's sandbox checklist, item by item, received by the program itself.",
            )
            if HELD not in self.say(program, "acceptance", "--output", "acceptance.md"):
                self.demo.complain(["the acceptance run does not hold"])
            return self.number - first

    def step(self, title: str, says: str):
        self.number += 1
        self.page.heading(f"Step {self.number}: {title}")
        self.page.paragraph(says)

    def send(self, program: PartnerProgram):
        day = (datetime.now(timezone.utc) - timedelta(days=1)).date()
        (program.folder / "mapping.yaml").write_text(MAPPING)
        (program.folder / "orders.csv").write_text(ORDERS.format(day=day))
        said = self.say(
            program, "orders", "send", "--mapping", "mapping.yaml", "orders.csv", codes=(3,)
        )
        if "2  accepted" not in said:
            self.demo.complain(["two orders should have been accepted"])
        rejected = (program.folder / "orders.csv.rejects.jsonl").read_text().strip()
        self.page.block(rejected, 6, "dim")

    def say(self, program: PartnerProgram, *words: str, codes=(0,)) -> str:
        """Shows a command and what it says."""
        self.page.line()
        self.page.line(self.page.paint("$ parry-partner " + " ".join(words), "blue", "bold"), 2)
        done = program.run(*words, seconds_max=90)
        self.page.block(done.stdout.rstrip(), 6)
        if done.returncode not in codes:
            self.demo.complain([f"it ended with {done.returncode}: {done.stderr.strip()}"])
        return done.stdout
