"""Who asks the refund guard at the same moment, in two processes, or before a kill."""

import http.client
import random
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from parry_outside.api import Answer, Api
from parry_outside.cases import FolderCase, OnPostgres, at_once, wait_until
from parry_outside.networks import SECONDS_MAX, Sale
from parry_outside.refunds import GUARD, WHOLE, RefundCase, Refunder
from parry_outside.server import Server

RACERS, ROUNDS, PART = 20, 4, 700
MIXED_STEPS = 12
KILL_SALES, KILL_ANSWERS, KILL_WORKERS, KILLS = 8, 120, 6, 2


class Racing:
    """Many clients of one customer."""

    customer: Refunder
    racers: list[Api]

    def race(self, sale: Sale, amount: int, **changes) -> Counter:
        """The outcomes when everybody asks for so much at once."""
        answers = at_once(*[
            lambda api=api: self.customer.ask(sale, amount, api, **changes) for api in self.racers
        ])  # fmt: skip
        self.assertEqual({one.status for one in answers}, {200})
        return Counter(one.json()["outcome"] for one in answers)

    def sums(self, sale: Sale) -> Counter:
        """Of the sale's intents, by their status."""
        sums: Counter = Counter()
        for one in self.customer.intents(sale):
            sums[one["status"]] += one["amount_in_cents"]
        return sums

    def new_sale(self) -> Sale:
        (sale,) = self.customer.sell()
        return sale

    def assert_one_way(self, intent: dict):
        """Half commit it and half release it: all of one half have their way, and none of the other."""
        half = len(self.racers) // 2
        answers = at_once(
            *[lambda api=api: self.customer.commit(intent, intent["id"], api)
              for api in self.racers[:half]],
            *[lambda api=api: self.customer.release(intent, api) for api in self.racers[half:]],
        )  # fmt: skip
        codes = [one.code for one in answers]
        self.assertEqual((len(set(codes[:half])), len(set(codes[half:]))), (1, 1), codes)
        self.assertEqual({codes[0], codes[-1]}, {None, "REFUND_INTENT_ENDED"})
        status = "RELEASED" if codes[0] else "COMMITTED"
        self.assertEqual(self.customer.read(intent)["status"], status)

    def ask_with_one_key(self, sale: Sale) -> list[Answer]:
        question = self.customer.question(sale, PART)
        key = {"Idempotency_Key": sale.reference}
        return at_once(*[
            lambda api=api: api.call("POST", GUARD, question, **key) for api in self.racers
        ])  # fmt: skip


class RaceTest(Racing, RefundCase):
    def setUp(self):
        super().setUp()
        self.racers = [self.new_api(self.partner.api_key) for _ in range(RACERS)]

    def test_of_those_who_ask_for_all_of_it_one_is_safe(self):
        for _ in range(ROUNDS):
            self.assertEqual(self.race(self.sale, WHOLE), {"SAFE": 1, "IN_FLIGHT": RACERS - 1})
            self.assertEqual(self.sums(self.sale)["RESERVED"], WHOLE)
            (held,) = [
                one for one in self.customer.intents(self.sale) if one["status"] == "RESERVED"
            ]  # fmt: skip
            self.assertEqual(self.customer.release(held).status, 200)

    def test_of_those_who_ask_for_a_part_as_many_are_safe_as_there_are_parts(self):
        for _ in range(ROUNDS):
            sale = self.new_sale()
            parts = WHOLE // PART
            self.assertEqual(self.race(sale, PART), {"SAFE": parts, "IN_FLIGHT": RACERS - parts})
            self.assertEqual(self.sums(sale), {"RESERVED": WHOLE})

    def test_when_a_reservation_has_expired_one_of_those_who_wait_has_its_place(self):
        for _ in range(ROUNDS):
            self.assertEqual(self.race(self.sale, WHOLE)["SAFE"], 1)
            self.assertEqual(self.race(self.sale, WHOLE), {"IN_FLIGHT": RACERS})
            self.customer.advance(901)
        self.assertEqual(self.sums(self.sale), {"EXPIRED": ROUNDS * WHOLE})

    def test_of_intents_that_are_committed_with_one_reference_one_is(self):
        intents = [self.customer.reserved(self.sale, 1) for _ in self.racers]
        answers = at_once(*[
            lambda api=api, intent=intent: self.customer.commit(intent, "mine", api)
            for api, intent in zip(self.racers, intents)
        ])  # fmt: skip
        codes = Counter(one.code for one in answers)
        self.assertEqual(codes, {None: 1, "REFUND_REFERENCE_TAKEN": RACERS - 1})
        self.assert_ledger(1, RACERS - 1, "INTENT")

    def test_an_intent_is_committed_or_released_and_never_both(self):
        for _ in range(ROUNDS):
            self.assert_one_way(self.customer.reserved(self.sale, 100))

    def test_one_idempotency_key_reserves_once(self):
        answers = self.ask_with_one_key(self.sale)
        self.assertEqual({one.status for one in answers}, {200})
        self.assertEqual(len({one.body for one in answers}), 1)
        self.assert_ledger(0, PART)

    def test_whatever_many_do_at_once_no_more_than_all_of_it_is_refunded(self):
        def steps(number: int) -> int:
            chance, refunded = random.Random(number), 0
            for step in range(MIXED_STEPS):
                api, amount = self.racers[number], chance.choice((100, PART, 2450))
                answer = self.customer.ask(self.sale, amount, api).json()
                if answer["outcome"] == "SAFE" and chance.random() < 0.4:
                    reference = f"{number}-{step}"
                    answer = self.customer.commit(answer["refund_intent"], reference, api)
                    refunded += answer.json()["amount_in_cents"]
                elif answer["outcome"] == "SAFE":
                    self.customer.release(answer["refund_intent"], api)
            return refunded

        refunded = sum(at_once(*[lambda one=one: steps(one) for one in range(RACERS)]))
        self.assertLessEqual(refunded, WHOLE)
        ledger = self.customer.ledger(self.sale)
        self.assertEqual((ledger["refunded_in_cents"], ledger["in_flight_in_cents"]), (refunded, 0))

    def test_a_case_that_comes_beside_an_action_is_before_it_or_after(self):
        for _ in range(ROUNDS):
            sale = self.new_sale()
            alert = self.customer.simulations.about(sale)
            refund = {"action": "REFUND"}
            _, acted, answer = at_once(
                lambda: self.customer.case(sale),  # noqa: B023
                lambda: self.racers[0].patch(f"/v1/alerts/{alert['id']}", refund),  # noqa: B023
                lambda: self.customer.ask(sale, PART, self.racers[1]),  # noqa: B023
            )
            self.assertIn((acted.status, acted.code), ((200, None), (422, "ALREADY_REFUNDED")))
            in_flight = PART if answer.json()["outcome"] == "SAFE" else 0
            sources = "NETWORK ACTION" if acted.status == 200 else "NETWORK"
            self.assert_ledger(WHOLE * len(sources.split()), in_flight, sources, sale)


class RaceOnPostgresTest(OnPostgres, RaceTest):
    pass


class ProcessCase(Racing, FolderCase):
    """A customer of servers that a test starts itself."""

    def begin(self, servers: list[Server]):
        key = servers[0].create_partner().api_key
        network = self.new_api(servers[0])
        self.customer = Refunder(self.new_api(servers[0], key), network)
        count = RACERS // len(servers)
        self.racers = [self.new_api(server, key) for server in servers for _ in range(count)]


class TwoProcessesTest(OnPostgres, ProcessCase):
    def test_what_one_process_has_reserved_the_other_knows(self):
        self.begin(self.new_servers(2, *RefundCase.options))
        for _ in range(ROUNDS):
            whole, parts = self.new_sale(), self.new_sale()
            self.assertEqual(self.race(whole, WHOLE), {"SAFE": 1, "IN_FLIGHT": RACERS - 1})
            self.assertEqual(self.race(parts, PART)["SAFE"], WHOLE // PART)
            for sale in (whole, parts):
                self.assertEqual(self.sums(sale), {"RESERVED": WHOLE})
            self.assert_one_way(self.customer.intents(whole)[0])
            self.assertEqual(len({one.body for one in self.ask_with_one_key(self.new_sale())}), 1)


class DeadlockTest(OnPostgres, ProcessCase):
    def test_a_case_that_is_accepted_beside_refunds_waits_for_no_deadlock(self):
        self.begin([server := self.new_server(*RefundCase.options).start()])
        for _ in range(ROUNDS):
            self.collide(self.new_sale())
        server.stop()
        [[deadlocks]] = self.database.sql(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        self.assertEqual(int(deadlocks), 0)

    def collide(self, sale: Sale):
        """A declined case is accepted while its order tells of a refund, and an intent is committed."""
        case_id = self.customer.case(sale, "DECLINED")
        intent, order = self.customer.reserved(sale, PART), self.customer.order_of(sale)
        refund = {"refunds": [sale.refund(sale.sold_at, amount_in_cents=100)]}
        _, told, committed = at_once(
            lambda: self.customer.case(sale, "ACCEPTED", case_id),
            lambda: self.racers[0].patch(f"/v1/orders/{order}", refund),
            lambda: self.customer.commit(intent, "mine", self.racers[1]),
        )
        self.assertEqual((told.status, committed.status), (200, 200))
        ledger = self.customer.ledger(sale)
        self.assertEqual(ledger["refunded_in_cents"], WHOLE + PART + 100)


@dataclass
class Asked:
    """What a worker has asked for, under its own Idempotency-Key, and what it was told."""

    question: dict
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    answer: dict | None = None
    wanted: str = "RESERVED"
    told: str = "RESERVED"

    @property
    def intent(self) -> dict | None:
        return self.answer.get("refund_intent") if self.answer else None

    def ask(self, api: Api):
        answer = api.call("POST", GUARD, self.question, Idempotency_Key=self.key)
        assert answer.status == 200, answer.body
        self.answer = answer.json()

    def end(self, api: Api, customer: Refunder, status: str):
        self.wanted = status
        if status == "COMMITTED":
            answer = customer.commit(self.intent, self.key, api)
        else:
            answer = customer.release(self.intent, api)
        self.told = answer.json()["status"]


class KillTest(ProcessCase):
    def work(self, api: Api, sales: list[Sale], seed: int, done: list[Asked]):
        """Asks, commits and releases until the server is gone."""
        chance = random.Random(seed)
        try:
            while True:
                asked = Asked(self.customer.question(chance.choice(sales), PART))
                done.append(asked)
                asked.ask(api)
                if asked.intent and chance.random() < 0.7:
                    asked.end(api, self.customer, chance.choice(("COMMITTED", "RELEASED")))
        except (OSError, http.client.HTTPException):
            api.close()

    def kill_beside(self, server: Server, sales: list[Sale], seed: int) -> list[Asked]:
        done: list[Asked] = []
        with ThreadPoolExecutor(KILL_WORKERS) as threads:
            running = [
                threads.submit(self.work, api, sales, seed + number, done)
                for number, api in enumerate(self.racers[:KILL_WORKERS])
            ]
            wait_until(lambda: len(done) >= KILL_ANSWERS, SECONDS_MAX)
            server.kill()
        self.assertEqual([one.result() for one in running], [None] * KILL_WORKERS)
        return done

    def test_what_was_reserved_committed_and_released_is_so_after_a_kill(self):
        self.begin([server := self.new_server(*RefundCase.options).start()])
        for number in range(KILLS):
            sales = self.customer.sell(KILL_SALES)
            done = self.kill_beside(server, sales, number * KILL_WORKERS)
            self.customer.api.close()
            server.start()
            for one in done:
                if one.answer is None:
                    one.ask(self.customer.api)
            self.assertGreater(Counter(one.told for one in done)["COMMITTED"], 0)
            self.assert_kept(sales, [one for one in done if one.intent])

    def assert_kept(self, sales: list[Sale], safe: list[Asked]):
        found = {one["id"]: one for sale in sales for one in self.customer.intents(sale)}
        self.assertEqual(found.keys(), {one.intent["id"] for one in safe})
        for one in safe:
            self.assertIn(found[one.intent["id"]]["status"], (one.told, one.wanted))
        for sale in sales:
            sums, ledger = self.sums(sale), self.customer.ledger(sale)
            self.assertLessEqual(sums["RESERVED"] + sums["COMMITTED"], WHOLE)
            self.assertEqual(
                (ledger["refunded_in_cents"], ledger["in_flight_in_cents"]),
                (sums["COMMITTED"], sums["RESERVED"]),
            )


class KillOnPostgresTest(OnPostgres, KillTest):
    pass
