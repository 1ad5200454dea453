"""A month of a busy customer, made in seconds by its test clock: what the pictures of README and docs show."""

import random
import time

from parry_outside.clocks import DAY, HOUR, Clock
from parry_outside.networks import Sale
from parry_outside.simulated import Simulations

from .shop import Goods, Shop
from .stage import Stage

DAYS = 30
SEED = 9
GOODS = Goods("Acme Fitness", "ACMEFIT", "424242", "ACMEFITCAID01")
NOTES = ("Refunded in Stripe.", "Customer confirmed by mail.", "Cancelled before renewal.")


class Exhibition:
    """Sells, is alerted and decides, day by day; what came last still waits."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self.chance = random.Random(SEED)
        self.shop = Shop(stage.api(), GOODS)
        self.clock = Clock(self.shop.api, self.shop.id)
        self.began = time.time()
        self.hours = 0

    @property
    def now(self) -> float:
        """What the organisation's clock shows."""
        return self.began + self.hours * HOUR

    def fill(self):
        self.shop.endpoint(self.stage.receiver.url("/alerts"))
        for _ in range(DAYS - 1):
            self._live_a_day()
        self._leave_some_open()

    def _pass(self, hours: int):
        self.hours += hours
        self.clock.advance(hours * HOUR)

    def _live_a_day(self):
        for _ in range(self.chance.choice((1, 2, 2, 3, 4))):
            self._alert_and_decide()
        self._pass(DAY // HOUR)

    def _alert_and_decide(self):
        kind = self.chance.random()
        if kind < 0.12:
            self.shop.rdr_alert()
        elif kind < 0.2:
            self.shop.strange_alert(self.chance.choice((1_900, 3_300, 8_800)))
        else:
            self._decide(self._alert())

    def _alert(self) -> dict:
        sale = self._sale()
        amount = self.chance.choice((2_900, 4_900, 4_900, 7_900, 12_900, 24_900))
        order = sale.order(self.shop.world)
        self.shop.price(order, amount)
        self.shop.api.must(201, "POST", "/v1/orders", [order])
        simulations = Simulations(self.shop, self.shop.world.enrolment_id)
        return simulations.about(sale, amount_in_cents=amount)

    def _sale(self) -> Sale:
        self.shop.sold += 1
        sold_at = self.now - self.chance.randrange(1, 20) * DAY
        code = f"{self.chance.randrange(10**6):06}"
        last4 = f"{self.chance.randrange(10**4):04}"
        return Sale(GOODS.descriptor, f"AF-{10_000 + self.shop.sold}", sold_at, last4, code)

    def _decide(self, alert: dict):
        kind = self.chance.random()
        if kind < 0.6:
            self._pass(1)
            self.shop.act(alert, "REFUND", note=self.chance.choice(NOTES))
        elif kind < 0.85:
            self.shop.act(alert, "ACCEPT_DISPUTE")

    def _leave_some_open(self):
        """Alerts of the last two days, from hours to two days before their deadline."""
        for hours in (3, 5, 7, 9, 11, 6, 4):
            self._alert()
            self._pass(hours)
        self.shop.strange_alert()
        self.newest = self._alert()
        self.shop.ruleset(self.shop.rdr_enrolment_id, above=5_000)
