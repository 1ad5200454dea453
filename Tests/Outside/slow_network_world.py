"""A whole generated world, sold, disputed and told late: what the platform makes of it is held
against the truth, on both engines.

What is counted is defined in `parry_outside/generated.py`. `parry evaluate-matching`, on the same
world, is the floor: between it and the platform's answer lie the order feed, the ingress, the
routing and the reviews, none of which may lose a match or invent one.

A *look-alike* is the truth's `chance-look-alike`: its sale was never uploaded while another looks
the same. Only these may be surely wrong, since nothing in the data could tell.
"""

import json
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

from parry_outside.api import Api
from parry_outside.cases import FolderCase, OnPostgres, wait_until
from parry_outside.generated import (
    LOOK_ALIKE,
    PAIR,
    STRANGER,
    TWINS,
    GeneratedWorld,
    Seen,
    figures,
    open_shop,
    tally,
)
from parry_outside.networks import SECONDS_MAX, Simulator, rows, text_of
from parry_outside.rows import open_rows
from parry_outside.world import World, make_customer

SEED, ORGANISATIONS = 47, 3
SIZE = ("--transactions", "10000", "--alerts", "1000", "--look-alikes", "0.003")
AT = text_of(time.time())
"""The world's end: its alerts are of the last 24 hours, so that each still waits for an action.
Both engines get the same world."""
CONNECTIONS, ORDERS, PUSH = 4, 100, 50
REVIEW_SECONDS_MAX = 60
RECALL_MIN = 0.95
"""After late data, whatever `evaluate-matching` says: worlds of other days reach 97 to 99 %."""

OUTCOMES = {
    None: (("RESOLVED", "REFUNDED"), ("STOPPED", "REFUNDED")),
    "ALREADY_REFUNDED": (
        ("RESOLVED_PREVIOUSLY_REFUNDED", "REFUNDED"), ("PREVIOUSLY_CANCELLED", "REFUNDED")),
    "ALREADY_DISPUTED": (
        ("UNRESOLVED_DISPUTE", "NOT_REFUNDED"), ("MISSED", "NOT_REFUNDED")),
    "WRONG_MERCHANT": (("NOT_FOUND", "NOT_REFUNDED"),) * 2,
}  # fmt: skip
"""What Ethoca is told of a dispute and of a fraud, by why the alert is invalid; what is valid the
partner refunds."""

CASES = "SELECT alert_id, invalid_reason, original_alert_id, verdict FROM alert_case"
MESSAGES = """
SELECT network_id, fate, subject_id FROM network_message WHERE kind IN ('ALERT', 'NOTIFICATION')
"""
REVIEWS_DUE = "UPDATE alert_review SET due_at = 0 WHERE due_at > 0 RETURNING alert_id"
REVIEWS = "SELECT count(*) FROM alert_review"

_results: dict[str, list] = {}
"""What the engine that came first made of the world."""


class WorldTest(FolderCase):
    def setUp(self):
        super().setUp()
        self.simulator = self.enterContext(Simulator(self.folder))
        self.server = self.new_server("--rate-limit", "0", *self.simulator.platform_options).start()
        self.simulator.start_before(self.server.base)
        key = self.server.create_partner().api_key
        self.apis = [self.new_api(self.server, key) for _ in range(CONNECTIONS)]
        self.api = self.apis[0]
        self.shops = [make_customer(self.api) for _ in range(ORGANISATIONS)]
        self.made = GeneratedWorld(self.folder / "world", self.shops, *SIZE, "--at", AT, seed=SEED)
        self.server.command("rates", "import", str(self.made.folder / "rates.csv"))
        self.open_shops()
        self.order_ids: dict[str, str] = {}

    def open_shops(self):
        """As the world plans them; both networks enable all their enrolments."""
        (manifest,) = self.made.lines("world.json")
        self.assertEqual(len(manifest["organisations"]), len(self.shops))
        plans = zip(self.shops, manifest["organisations"])
        asked = [one for shop, plan in plans for one in open_shop(self.api, shop, plan)]

        def statuses() -> set[str]:
            return {self.api.must(200, "GET", f"/v2/enrolments/{i}")["status"] for i in asked}

        wait_until(lambda: statuses() == {"ENABLED"}, SECONDS_MAX)
        self.assertEqual(statuses(), {"ENABLED"})

    def spread(self, call, items: list) -> list:
        """Calls for each item, over all connections at once."""

        def work(api: Api, share: list) -> list:
            return [call(api, one) for one in share]

        shares = [items[start::CONNECTIONS] for start in range(CONNECTIONS)]
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            return [one for part in threads.map(work, self.apis, shares) for one in part]

    def upload(self, name: str):
        orders = self.made.lines(name)
        batches = [orders[start : start + ORDERS] for start in range(0, len(orders), ORDERS)]
        answers = self.spread(
            lambda api, batch: api.must(201, "POST", "/v1/orders", batch), batches
        )
        self.assertEqual([one["failed"] for one in answers], [0] * len(batches))
        for one in answers:
            self.order_ids |= {order["reference_id"]: order["id"] for order in one["results"]}

    def patch(self, api: Api, line: dict):
        path = f"/v1/orders/{self.order_ids[line['reference_id']]}"
        api.must(200, "PATCH", path, line["body"])

    def raise_alerts(self):
        """The networks push all, and the platform acknowledges all."""
        self.simulator.feed(self.made.feed(), rate=0, batch=PUSH)
        ethoca = sum(one["network"] == "ethoca" for one in self.made.truths.values())

        def acknowledged() -> tuple[int, int]:
            summary = self.simulator.summary()
            notices = summary["counts"].get("NOTIFICATION_ACKNOWLEDGED", 0)
            return summary["alerts"]["acknowledged"], notices

        wanted = (ethoca, len(self.made.truths) - ethoca)
        wait_until(lambda: acknowledged() == wanted, SECONDS_MAX)
        self.assertEqual(acknowledged(), wanted)

    def tell_late(self):
        """ARNs and refunds, then late orders, then what is told of these."""
        late = {order["reference_id"] for order in self.made.lines("late-orders.jsonl")}
        patches = self.made.lines("patches.jsonl")
        self.spread(self.patch, [one for one in patches if one["reference_id"] not in late])
        self.await_reviews()
        self.upload("late-orders.jsonl")
        self.spread(self.patch, [one for one in patches if one["reference_id"] in late])
        self.await_reviews()

    def await_reviews(self):
        """What late data brings back, and all without a match as if half a minute had passed."""
        rows(self.server.database, REVIEWS_DUE)
        reviewed = wait_until(lambda: not self.reviews(), REVIEW_SECONDS_MAX)
        self.assertTrue(reviewed, f"{self.reviews()} alerts wait to be reviewed")

    def reviews(self) -> int:
        return int(rows(self.server.database, REVIEWS)[0][0])

    def alerts_of(self, shop: World) -> list[dict]:
        path = f"/v1/alerts?organisation_id={shop.organisation_id}&sort=alert_received_at&limit=100"
        count = self.api.must(200, "GET", path)["count"]
        pages = [f"{path}&offset={start}" for start in range(0, count, 100)]
        found = [one for page in pages for one in self.api.must(200, "GET", page)["items"]]
        self.assertEqual(len(found), count)
        return found

    def look(self) -> dict[str, Seen]:
        """Every alert by its id at the network."""
        cases = {case[0]: case[1:] for case in rows(self.server.database, CASES)}
        found: dict[str, Seen] = {}
        for shop in self.shops:
            for alert in self.alerts_of(shop):
                reason, original, verdict = cases[alert["id"]]
                network_id = alert["alert_network_id"]
                truth = self.made.truths[network_id]
                self.assertNotIn(network_id, found, "stored twice")
                self.assertEqual(truth["organisation_id"], shop.organisation_id)
                self.assertIn(alert["integration_id"], (None, shop.integration_id))
                found[network_id] = Seen(
                    truth, alert, reason or None, original or None, json.loads(verdict)
                )
        return found

    def outcomes(self) -> Counter:
        """What the network was told, by alert: each with what it made of it."""
        told: Counter = Counter()
        after = 0
        with Api(self.simulator.base) as api:
            while after is not None:
                path = f"/ledger?kind=OUTCOME_RECEIVED&after={after}&limit=1000"
                page = api.must(200, "GET", path)
                for one in page["entries"]:
                    body = one["body"]
                    words = (body["outcome"], body["refundStatus"])
                    told[(one["subject"], words, one["word"])] += 1
                after = page["next"]
        return told

    def test_what_became_of_each_alert_is_what_is_true_of_it_before_and_after_late_data(self):
        began = time.monotonic()
        self.upload("orders.jsonl")
        self.raise_alerts()
        before = self.look()
        self.assert_each_is_kept_once(before)
        self.assert_matched(before, self.made.evaluation())
        self.assert_judged(before, lambda sale: sale in self.made.refunded_late)
        self.tell_late()
        after = self.look()
        self.assert_each_is_kept_once(after)
        self.assert_matched(after, self.made.evaluation("--late"))
        self.assert_judged(after, lambda _: False)
        self.assert_recall(after)
        self.assert_told_of(before, after)
        self.refund(after)
        self.assert_network_was_told(after)
        self.assert_same_on_the_other_engine(before, after)
        print(f"{figures(before, after)}; {time.monotonic() - began:.0f} s")

    def assert_each_is_kept_once(self, seen: dict[str, Seen]):
        """As an alert of its own, or, for nobody's, as a message alone."""
        fates = rows(self.server.database, MESSAGES)
        kept = Counter((one[0].split(" ")[0], one[1], one[2] or None) for one in fates)
        strangers = [i for i, one in self.made.truths.items() if one["reason"] == STRANGER]
        expected = [(i, "APPLIED", one.alert["id"]) for i, one in seen.items()]
        expected += [(i, "UNROUTED", None) for i in strangers]
        self.assertEqual(kept, Counter(expected))
        self.assertEqual(seen.keys() | set(strangers), self.made.truths.keys())

    def assert_matched(self, seen: dict[str, Seen], evaluation: dict[str, dict]):
        """No worse than where nothing comes in between, and never surely wrong without need."""
        all = seen.values()
        spared = [one for one in all if one.truth["reason"] == LOOK_ALIKE and not one.is_decidable]
        sure = [one for one in all if one.is_wrong and one.is_sure and one not in spared]
        self.assertEqual([one.name for one in sure], [], "surely wrong")
        twins = [one for one in all if one.truth["reason"] == TWINS and not one.is_decidable]
        chosen = [one.name for one in twins if one.match]
        self.assertEqual(chosen, [], "one of two twins that nothing separates")
        counts = tally(one for one in seen.values() if one.is_ethoca)
        self.assertEqual(counts.keys(), evaluation.keys() - {STRANGER})
        for scenario, counted in counts.items():
            with self.subTest(scenario):
                told = evaluation[scenario]
                self.assertGreaterEqual(counted["found"], told["found"])
                self.assertLessEqual(counted["wrong"], told["wrong"])
                self.assertEqual(counted["decidable"], told["decidable"])

    def assert_recall(self, seen: dict[str, Seen]):
        for network in ("ethoca", "verifi"):
            counts = tally(one for one in seen.values() if one.truth["network"] == network)["all"]
            self.assertGreater(counts["found"], RECALL_MIN * counts["decidable"], network)

    def assert_judged(self, seen: dict[str, Seen], is_secret):
        """Whose sale was found is judged as is true of it, as far as the seller has told."""
        pairs = defaultdict(list)
        for one in seen.values():
            reason, sale = one.truth["validity"], one.truth["transaction_reference_id"]
            self.assertEqual(one.alert["status"], one.status_due, one.name)
            if one.truth["reason"] == PAIR and one.is_right:
                pairs[sale].append(one)
            elif one.is_ethoca and one.is_right:
                is_known = reason != "VALID" and not is_secret(sale)
                self.assertEqual(one.invalid_reason, reason if is_known else None, one.name)
            elif not one.is_wrong:
                self.assertIsNone(one.invalid_reason, one.name)
        for pair in pairs.values():
            self.assert_one_repeats_the_other(pair)
        self.assertGreater(len(pairs), 0)

    def assert_one_repeats_the_other(self, pair: list[Seen]):
        """Whichever came first is the original; where one alone was found, nothing is repeated."""
        repeats = [one for one in pair if one.invalid_reason]
        self.assertEqual([one.invalid_reason for one in repeats], ["DUPLICATE"] * (len(pair) - 1))
        originals = [one.alert["id"] for one in pair if not one.invalid_reason]
        self.assertEqual(len(originals), 1)
        self.assertEqual([one.original_id for one in repeats], originals * len(repeats))

    def assert_told_of(self, before: dict[str, Seen], after: dict[str, Seen]):
        """One alert.created each; alert.updated for those that late data changed and no other, and
        alert.needs_attention once for those that somebody has to look at."""
        with open_rows(self.server.database) as found:
            kinds = {i: Counter(kind for _, kind in found.events[one.alert["id"]])
                     for i, one in after.items()}  # fmt: skip
            self.assertEqual(found.damage(), [])
        self.assertEqual({one["alert.created"] for one in kinds.values()}, {1})
        self.assertLessEqual({kind for one in kinds.values() for kind in one},
                             {"alert.created", "alert.updated", "alert.needs_attention", "alert.deadline_approaching"})  # fmt: skip
        flagged = {i for i, one in after.items() if one.alert.get("attention")}
        self.assertEqual({i for i, one in kinds.items() if one["alert.needs_attention"]}, flagged)
        self.assertLessEqual({one["alert.needs_attention"] for one in kinds.values()}, {0, 1})
        changed = {i for i, one in after.items() if one.shown != before[i].shown}
        self.assertEqual({i for i, one in kinds.items() if one["alert.updated"]}, changed)

    def refund(self, seen: dict[str, Seen]):
        """The partner refunds whatever waits for it."""
        waiting = [one.alert for one in seen.values() if one.alert["status"] == "ACTION_REQUIRED"]
        action = {"action": "REFUND"}
        self.spread(
            lambda api, alert: api.must(200, "PATCH", f"/v1/alerts/{alert['id']}", action), waiting
        )

    def assert_network_was_told(self, seen: dict[str, Seen]):
        """Of each Ethoca alert once, and what belongs to it: of a repeated one what its original is
        told."""
        by_id = {one.alert["id"]: one for one in seen.values()}
        expected: Counter = Counter()
        for network_id, truth in self.made.truths.items():
            if truth["network"] == "ethoca":
                one = seen.get(network_id)
                reason = "WRONG_MERCHANT" if one is None else one.invalid_reason
                if reason == "DUPLICATE":
                    reason = by_id[one.original_id].invalid_reason
                is_fraud = self.made.messages[network_id]["alertType"] == "CONFIRMEDFRAUD"
                expected[(network_id, OUTCOMES[reason][is_fraud], "COUNTED")] = 1
        wait_until(lambda: self.outcomes() == expected, SECONDS_MAX)
        told = self.outcomes()
        self.assertEqual((told - expected, expected - told), (Counter(), Counter()))
        self.assertEqual(self.simulator.summary()["faults"], [])

    def assert_same_on_the_other_engine(self, before: dict[str, Seen], after: dict[str, Seen]):
        """Whichever engine comes second has to agree with the first. Margin and confidence are
        compared before late data alone: later they hang on which of two changes a review saw."""
        mine = [(i, one.result, one.certainty) for i, one in sorted(before.items())]
        mine += [(i, one.result, None) for i, one in sorted(after.items())]
        other = _results.setdefault(AT, mine)
        self.assertEqual([pair for pair in zip(mine, other) if pair[0] != pair[1]], [])
        self.assertEqual(len(mine), len(other))


class WorldOnPostgresTest(OnPostgres, WorldTest):
    pass
