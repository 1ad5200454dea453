"""What a ruleset would have done to past alerts, held against a model of the documentation."""

import json
import random
import time
from fractions import Fraction

from parry_outside.ageing import time_of
from parry_outside.api import Api
from parry_outside.backtests import SETTINGS, Drafts, Model, Rates, Seen
from parry_outside.cases import OnPostgres, at_once
from parry_outside.contract import NOBODY, ContractCase
from parry_outside.networks import TEST_TOKEN, rows, text_of
from parry_outside.verifi import BIN, above, new_caid, starting_with
from parry_outside.world import World, make_world

NOTIFICATIONS = "/networks/verifi/rdr/notifications"
DRAFTS = "/v1/rulesets/backtest"
ALWAYS = {"from": "0001-01-01T00:00:00Z", "to": "9999-12-31T23:59:59Z"}
DAY = 86_400
STEPS = (0, 1, 4, 8)
"""By how many days the clock goes on before each quarter of the alerts."""
QUARTER, TRIED = 80, 120
FLIPS_MAX, FLIPPED = 100, 115
ETHOCA = ["REFUND", "CANCEL", "REFUND_AND_CANCEL", "ACCEPT_DISPUTE"]
RDR = ["REFUND", "REFUND_AND_CANCEL", "ACCEPT_DISPUTE"]
CURRENCIES = ("USD", "USD", "EUR", "JPY", "KWD", "SEK", "GBP", "XAF")
AMOUNTS = (0, 1, 99, 100, 4_900, 5_000, 12_345, 10_000_000)
DESCRIPTORS = ["ACMEFIT MONTHLY", "ACMEFIT YEARLY", "  acmefit monthly  ", "OTHER"]
CARD_TEXT = "card 4111 1111 1111 1111"


def known_rates(today: int) -> Rates:
    """Some are of each day, of one day alone, of too long ago, or of days that are still to come."""
    days = range(today - 1, today + 20)
    return Rates({
        "EUR": {day: Fraction(1_000 + 7 * (day % 30), 1_000) for day in days},
        "JPY": {today: Fraction("0.0066")}, "KWD": {today + 4: Fraction("3.255")},
        "GBP": {today - 11: Fraction("1.25")}, "SEK": {today + 5: Fraction("0.095")},
    })  # fmt: skip


class BacktestCase(ContractCase):
    options = ("--rate-limit", "0", "--test-network-token", TEST_TOKEN)

    def setUp(self):
        super().setUp()
        self.organisation = self.world.organisation_id
        self.mine = f"organisation_id={self.organisation}"

    def simulated(self, enrolment: str = "", **members) -> dict:
        body = {
            "organisation_id": self.organisation,
            "enrolment_id": enrolment or self.world.enrolment_id,
        }
        return self.api.must(201, "POST", "/v1/simulate/alerts", body | members)

    def draft(self, *rules: dict, **other) -> dict:
        return {
            "organisation_id": self.organisation, "enrolment_ids": [self.world.enrolment_id],
            "outcome": "ACCEPT_DISPUTE", "join_operator": "AND", "rules": list(rules),
        } | other  # fmt: skip

    def tried(self, draft: dict, **times) -> dict:
        return self.api.must(200, "POST", DRAFTS, draft | ALWAYS | times)

    def stored(self, draft: dict) -> dict:
        return self.api.must(201, "POST", "/v1/rulesets", draft)

    def tried_stored(self, ruleset: dict, **times) -> dict:
        return self.api.must(200, "POST", self.path(ruleset), ALWAYS | times)

    def path(self, ruleset: dict) -> str:
        return f"/v1/rulesets/{ruleset['id']}/backtest"

    def alerts(self) -> list[dict]:
        found = []
        while page := self.items(f"/v1/alerts?{self.mine}&limit=100&offset={len(found)}"):
            found += page
        return found

    def import_rates(self, rates: Rates):
        path = self.server.folder / "rates.csv"
        path.write_text(rates.lines())
        self.server.command("rates", "import", str(path))

    def advance(self, days: int):
        body = {"organisation_id": self.organisation, "advance_seconds": days * DAY}
        self.api.must(200, "POST", "/v1/simulate/clock", body)

    def notify(self, caid: str, status: str, **changes):
        """An RDR case as Verifi tells of it."""
        notice = {
            "caseId": f"C{random.getrandbits(60)}", "caseType": "DISPUTE", "status": status,
            "caseDate": text_of(time.time()), "acquirerBin": BIN, "cardAcceptorId": caid,
            "paymentDescriptor": DESCRIPTORS[0],
            "caseAmount": {"amount": "49.00", "currency": "USD"},
        }  # fmt: skip
        with Api(self.server.base) as network:
            shown = f"Bearer {TEST_TOKEN}"
            answer = network.call(
                "POST", NOTIFICATIONS, notice | changes, Authorization=shown
            )  # fmt: skip
        self.assertEqual(answer.status, 200, answer.body)

    def counts(self, answer: dict) -> tuple:
        """Of a ruleset with one rule: alerts, those that it decided, and where it could not look."""
        (rule,) = answer["rules"]
        decided = answer["outcomes"][0]["alert_count"]
        return answer["alert_count"], decided, rule["blocked_count"]


class ModelTest(BacktestCase):
    """Hundreds of alerts by chance, and rulesets by chance."""

    def setUp(self):
        super().setUp()
        self.chance = random.Random(7)
        self.rates = known_rates(int(time.time()) // DAY)
        self.import_rates(self.rates)
        self.ethoca = [self.world.enrolment_id, *map(self.enrolled, ("SECOND", "THIRD"))]
        self.caid = new_caid()
        self.rdr = [self.rdr_enrolment(self.world, bin=BIN, caid=one)
                    for one in (self.caid, new_caid())]  # fmt: skip
        self.untold = set()

    def enrolled(self, descriptor: str) -> str:
        made = self.ethoca_enrolment(self.world, descriptor)
        path = f"/v1/simulate/enrolments/{made}"
        return self.api.must(200, "PATCH", path, {"status": "ENABLED"})["id"]

    def raise_some(self):
        chance = self.chance
        for _ in range(QUARTER):
            members = {"amount_in_cents": chance.choice(AMOUNTS),
                       "currency_code": chance.choice(CURRENCIES)}  # fmt: skip
            if chance.random() < 0.9:
                members["transaction_statement_descriptor"] = chance.choice(DESCRIPTORS)
            if chance.random() < 0.25:
                self.raise_rdr(members)
            else:
                self.raise_ethoca(members)
        for status in ("ACCEPTED", "DECLINED"):
            self.notify(self.caid, status)

    def raise_rdr(self, members: dict):
        status = self.chance.choice(("RESOLVED", "RESOLVED", "INVALID"))
        self.simulated(self.chance.choice(self.rdr), status=status, **members)

    def raise_ethoca(self, members: dict):
        chance, enrolment = self.chance, self.chance.choice(self.ethoca)
        if chance.random() < 0.4:
            for name in ("amount_in_cents", "currency_code"):
                if chance.random() < 0.1:
                    del members[name]
            alert = self.simulated(enrolment, match=True, **members)
            if not {"amount_in_cents", "currency_code"} <= set(members):
                self.untold.add(alert["id"])
        else:
            status = chance.choice(("ACTION_REQUIRED", "ACTION_REQUIRED", "RESOLVED", "INVALID"))
            alert = self.simulated(enrolment, status=status, **members)
        if alert["status"] == "ACTION_REQUIRED" and chance.random() < 0.7:
            action = {"action": chance.choice(("REFUND", "ACCEPT_DISPUTE"))}
            self.api.must(200, "PATCH", f"/v1/alerts/{alert['id']}", action)

    def seen(self) -> list[Seen]:
        return [Seen(one, one["id"] not in self.untold) for one in self.alerts()]

    def assert_agrees(self, ruleset: dict, answer: dict, seen: list[Seen], times: dict):
        expected = Model(ruleset, self.rates).answer(seen, times["from"], times["to"])
        shown = sorted(answer["flips"], key=lambda one: one["alert_id"])
        if expected["flip_count"] > FLIPS_MAX:
            self.assertEqual(len(shown), FLIPS_MAX)
            self.assertLessEqual({one["alert_id"] for one in shown},
                                 {one["alert_id"] for one in expected["flips"]})  # fmt: skip
            shown = expected["flips"]
        self.assertEqual(answer | {"flips": shown}, expected, ruleset)

    def test_every_count_is_as_the_model_says(self):
        for days in STEPS:
            self.advance(days)
            self.raise_some()
        seen = self.seen()
        self.assertGreater(len(seen), len(STEPS) * QUARTER)
        drafts = self.drafts(seen)
        for _ in range(TRIED):
            is_rdr = self.chance.random() < 0.3
            enrolments, outcomes = (self.rdr, RDR) if is_rdr else (self.ethoca, ETHOCA)
            draft = drafts.draft(self.organisation, enrolments, outcomes)
            times = self.times(seen)
            self.assert_agrees(draft, self.tried(draft, **times), seen, times)
        for enrolments in (self.ethoca, self.rdr):
            ruleset = self.stored(drafts.draft(self.organisation, enrolments, RDR))
            times = self.times(seen)
            self.assert_agrees(ruleset, self.tried_stored(ruleset, **times), seen, times)
            draft = {name: ruleset[name] for name in (*SETTINGS, "rules")}
            draft["rules"] = [{name: one[name] for name in ("type", "parameters")}
                              for one in ruleset["rules"]]  # fmt: skip
            self.assert_agrees(draft, self.tried(draft, **times), seen, times)

    def drafts(self, seen: list[Seen]) -> Drafts:
        today = int(time.time()) // DAY
        cents = [self.rates.cents(amount, currency, today + 4)
                 for currency, amount in {one.money for one in seen}]  # fmt: skip
        known = sorted(one for one in cents if one is not None)
        return Drafts(self.chance, known, DESCRIPTORS)

    def times(self, seen: list[Seen]) -> dict:
        """From one alert to another, or all; to the end of the last second that is meant."""
        if self.chance.random() < 0.3:
            return dict(ALWAYS)
        both = sorted(one.alert["alert_received_at"] for one in self.chance.sample(seen, 2))
        return {"from": both[0], "to": both[1].replace("Z", ".999Z")}


class ModelOnPostgresTest(OnPostgres, ModelTest):
    pass


class TimeTest(BacktestCase):
    def test_both_ends_are_included_as_they_are_shown(self):
        alert = self.simulated()
        at = alert["alert_received_at"]
        answer = self.tried(self.draft(above(0)), **{"from": at, "to": at})
        self.assertEqual((answer["from"], answer["to"]), (at, at))
        listed = self.items(
            f"/v1/alerts?{self.mine}&alert_received_at_gte={at}&alert_received_at_lte={at}"
        )
        self.assertEqual([one["id"] for one in listed], [alert["id"]])
        self.assertEqual(answer["alert_count"], 1)

    def test_times_of_other_zones_are_the_same_times(self):
        self.simulated()
        self.advance(1)
        self.simulated()
        for hours, count in ((1, 1), (25, 2)):
            at = time.time() + hours * 3_600
            end, local = text_of(at), text_of(at + 7_200)[:-1]
            answer = self.tried(self.draft(above(0)), to=f"{local}+02:00")
            self.assertEqual((answer["to"], answer["alert_count"]), (end, count))

    def test_times_that_are_none_or_in_the_wrong_order_are_refused(self):
        ruleset = self.stored(self.draft(above(0)))
        for path, body in ((self.path(ruleset), {}), (DRAFTS, self.draft(above(0)))):
            for name in ("from", "to"):
                for value in (None, "yesterday", "2026-11-21", 7, "2026-11-21T10:00:00", "",
                              "2026-13-01T00:00:00Z", ["2026-11-21T10:00:00Z"]):  # fmt: skip
                    with self.subTest(path, name=name, value=value):
                        answer = self.api.post(path, body | ALWAYS | {name: value})
                        self.assert_invalid(answer, name)
                missing = body | ALWAYS
                del missing[name]
                self.assert_invalid(self.api.post(path, missing), name)
            times = {"from": "2026-11-21T10:00:00.001Z", "to": "2026-11-21T10:00:00Z"}
            self.assertEqual(self.api.post(path, body | times).code, "VALIDATION_ERROR")
            same = {"from": "2026-11-21T12:00:00+02:00", "to": "2026-11-21T10:00:00Z"}
            self.assertEqual(self.api.post(path, body | same).status, 200)
            for odd in ("[]", 7, None):
                self.assertIn(self.api.post(path, odd).status, (400, 422))

    def test_rates_are_those_of_the_alerts_own_days(self):
        today = int(time.time()) // DAY
        self.import_rates(Rates({"NOK": {today - 40: Fraction("0.1"), today: Fraction("10")}}))
        caid = new_caid()
        enrolment = self.rdr_enrolment(self.world, bin=BIN, caid=caid)
        told = {"amount": "50.00", "currency": "NOK"}
        for days in (35, 0):
            self.notify(caid, "ACCEPTED", caseDate=text_of(time.time() - days * DAY),
                        caseAmount=told)  # fmt: skip
        draft = self.draft(above(499), enrolment_ids=[enrolment])
        self.assertEqual(self.counts(self.tried(draft)), (2, 2, 0))
        draft = self.draft(above(501), enrolment_ids=[enrolment])
        self.assertEqual(self.counts(self.tried(draft)), (2, 1, 0))
        now = {"from": text_of(time.time() - DAY), "to": text_of(time.time() + DAY)}
        self.assertEqual(self.counts(self.tried(draft, **now)), (2, 1, 0))

    def test_the_amount_of_a_case_is_what_is_disputed(self):
        caid = new_caid()
        enrolment = self.rdr_enrolment(self.world, bin=BIN, caid=caid)
        self.notify(caid, "DECLINED", transactionAmount={"amount": "90.00", "currency": "USD"},
                    caseAmount={"amount": "30.00", "currency": "USD"})  # fmt: skip
        draft = self.draft(above(3_000), enrolment_ids=[enrolment])
        answer = self.tried(draft)
        (flip,) = answer["flips"]
        self.assertEqual((flip["was"], flip["would_be"], flip["outcome"]),
                         ("NOT_REFUNDED", "REFUNDED", None))  # fmt: skip
        self.assertEqual((flip["amount_in_cents"], flip["currency"]), (3_000, "USD"))


class TimeOnPostgresTest(OnPostgres, TimeTest):
    pass


class FlipTest(BacktestCase):
    def flips(self, draft: dict) -> dict[str, tuple]:
        answer = self.tried(draft)
        self.assertEqual(answer["flip_count"], len(answer["flips"]))
        return {
            one["alert_id"]: (one["outcome"], one["was"], one["would_be"])
            for one in answer["flips"]
        }

    def test_an_alert_flips_when_it_would_have_ended_otherwise(self):
        refunded, declined, _ = (self.simulated()["id"] for _ in range(3))
        self.simulated(status="INVALID")
        for one, action in ((refunded, "REFUND"), (declined, "ACCEPT_DISPUTE")):
            self.api.must(200, "PATCH", f"/v1/alerts/{one}", {"action": action})
        for outcome in ("REFUND", "REFUND_AND_CANCEL"):
            flip = (outcome, "NOT_REFUNDED", "REFUNDED")
            self.assertEqual(self.flips(self.draft(above(0), outcome=outcome)), {declined: flip})
        for outcome in ("CANCEL", "ACCEPT_DISPUTE"):
            flip = (outcome, "REFUNDED", "NOT_REFUNDED")
            self.assertEqual(self.flips(self.draft(above(0), outcome=outcome)), {refunded: flip})
        for draft in (
            self.draft(above(10_000)), self.draft(), self.draft(above(0), is_enabled=False),
        ):  # fmt: skip
            answer = self.tried(draft)
            self.assertEqual((answer["flip_count"], answer["alert_count"]), (0, 3))
            self.assertEqual([one["alert_count"] for one in answer["outcomes"]], [0, 3])

    def test_a_rule_that_holds_is_counted_also_where_the_ruleset_decides_nothing(self):
        self.simulated()
        both = (above(0), starting_with("NOBODY"))
        for rules, other, wanted in (
            (both, {}, ([0, 1], [1, 0])), (both, {"join_operator": "OR"}, ([1, 0], [1, 0])),
            (both[:1], {"is_enabled": False}, ([0, 1], [1])), ((), {}, ([0, 1], [])),
        ):  # fmt: skip
            answer = self.tried(self.draft(*rules, **other))
            counted = [one["alert_count"] for one in answer["outcomes"]]
            held = [one["held_count"] for one in answer["rules"]]
            self.assertEqual((counted, held), wanted)

    def test_a_case_that_no_rule_decides_would_have_been_refunded(self):
        caid = new_caid()
        enrolment = self.rdr_enrolment(self.world, bin=BIN, caid=caid)
        for status in ("ACCEPTED", "DECLINED", "DELETED"):
            self.notify(caid, status)
        found = {one["transaction_refund_outcome"]: one["id"] for one in self.alerts()
                 if one["status"] == "RESOLVED"}  # fmt: skip
        draft = self.draft(above(1_000_000), enrolment_ids=[enrolment])
        flip = (None, "NOT_REFUNDED", "REFUNDED")
        self.assertEqual(self.flips(draft), {found["NOT_REFUNDED"]: flip})
        flip = ("ACCEPT_DISPUTE", "REFUNDED", "NOT_REFUNDED")
        draft = self.draft(above(0), enrolment_ids=[enrolment])
        self.assertEqual(self.flips(draft), {found["REFUNDED"]: flip})
        self.assertEqual(self.tried(draft)["invalid_count"], 1)

    def test_the_oldest_flips_are_named_and_all_are_counted(self):
        made = [self.simulated(status="RESOLVED")["id"] for _ in range(FLIPPED)]
        answer = self.tried(self.draft(above(0)))
        self.assertEqual((answer["alert_count"], answer["flip_count"]), (FLIPPED, FLIPPED))
        # Those of the same millisecond may change places.
        named = [one["alert_id"] for one in answer["flips"]]
        self.assertEqual(len(set(named)), FLIPS_MAX)
        self.assertEqual(
            [time_of(one) for one in named], [time_of(one) for one in made[:FLIPS_MAX]]
        )

    def test_alerts_of_an_enrolment_that_has_ended_count_and_those_of_others_do_not(self):
        self.simulated()
        other = self.ethoca_enrolment(self.world, "OTHER")
        path = f"/v1/simulate/enrolments/{other}"
        self.api.must(200, "PATCH", path, {"status": "ENABLED"})
        self.simulated(other)
        self.simulated(other)
        self.api.must(200, "PATCH", path, {"status": "UNENROLLED"})
        first = self.world.enrolment_id
        for enrolments, count in (([first], 1), ([other], 2), ([first, other], 3)):
            answer = self.tried(self.draft(above(0), enrolment_ids=enrolments))
            self.assertEqual(answer["alert_count"], count)

    def test_what_a_ruleset_decided_is_what_it_would_have_decided(self):
        rules = [above(4_900), starting_with("ACME")]
        ruleset = self.stored(self.draft(*rules, join_operator="OR"))
        chance = random.Random(7)
        for _ in range(40):
            members = {"amount_in_cents": chance.choice((4_900, 4_901)),
                       "currency_code": chance.choice(("USD", "XAF")),
                       "transaction_statement_descriptor": chance.choice(("ACMEFIT", "OTHER"))}  # fmt: skip
            for name in list(members):
                if chance.random() < 0.2:
                    del members[name]
            self.simulated(match=True, **members)
        decisions = [self.api.must(200, "GET", f"/v1/alerts/{one['id']}/match")["decision"]
                     for one in self.alerts()]  # fmt: skip
        found = [[one["holds"], one["obstacle"]] for each in decisions for one in each["rules"]]
        answer = self.tried_stored(ruleset)
        decided = sum(one["outcome"] is not None for one in decisions)
        self.assertEqual([one["alert_count"] for one in answer["outcomes"]],
                         [decided, len(decisions) - decided])  # fmt: skip
        self.assertEqual(sum(one["held_count"] for one in answer["rules"]),
                         sum(holds for holds, _ in found))  # fmt: skip
        self.assertEqual(sum(one["blocked_count"] for one in answer["rules"]),
                         sum(obstacle is not None for _, obstacle in found))  # fmt: skip
        self.assertEqual(answer["flip_count"], 0)


class FlipOnPostgresTest(OnPostgres, FlipTest):
    pass


class RefusalTest(BacktestCase):
    def bodies(self) -> list[dict]:
        """What `POST /v1/rulesets` refuses, each for another reason."""
        rdr = self.rdr_enrolment(self.world, bin=BIN, caid=new_caid())
        arns = self.rdr_enrolment(self.world, arns=["74027012345678901234567"])
        mine, elsewhere = self.world.enrolment_id, self.sibling().enrolment_id
        stranger = self.other_world()
        euros = above(1)
        euros["parameters"]["currency_code"] = "EUR"
        return [
            self.draft(enrolment_ids=[mine, mine]), self.draft(enrolment_ids=[mine, rdr]),
            self.draft(enrolment_ids=[arns]), self.draft(enrolment_ids=[rdr], outcome="CANCEL"),
            self.draft(enrolment_ids=[elsewhere]), self.draft(enrolment_ids=[mine, elsewhere]),
            self.draft(enrolment_ids=[stranger.enrolment_id]),
            self.draft(enrolment_ids=[NOBODY["enrl"]]), self.draft(enrolment_ids=["nonsense"]),
            self.draft(enrolment_ids=[]), self.draft(enrolment_ids=None),
            self.draft(organisation_id=stranger.organisation_id),
            self.draft(organisation_id=NOBODY["org"]), self.draft(organisation_id=None),
            self.draft(outcome="DECLINE"), self.draft(outcome=None),
            self.draft(join_operator="XOR"), self.draft(is_enabled="true"),
            self.draft(above(1), above(2)), self.draft(euros), self.draft(starting_with(CARD_TEXT)),
            self.draft({"type": "COUNTRY", "parameters": {}}), self.draft({"type": "AMOUNT"}),
            self.draft({"type": "AMOUNT", "parameters": {}}), self.draft(above(-1)),
            self.draft(above(2**53)), self.draft(starting_with("")), self.draft(starting_with()),
            self.draft(rules="none"), self.draft(rules=[7]),
        ]  # fmt: skip

    def sibling(self) -> World:
        """Another customer of the same partner."""
        return make_world(self.api)

    def test_a_draft_is_refused_as_a_ruleset_is(self):
        for body in self.bodies():
            with self.subTest({name: body[name] for name in body if name != "organisation_id"}):
                made = self.api.post("/v1/rulesets", body)
                tried = self.api.post(DRAFTS, body | ALWAYS)
                self.assertGreaterEqual(made.status, 400)
                self.assertEqual((tried.status, tried.json()), (made.status, made.json()))
        self.assertEqual(self.items(f"/v1/rulesets?{self.mine}"), [])

    def test_a_draft_may_name_enrolments_that_another_ruleset_decides_for(self):
        self.simulated(status="RESOLVED")
        self.stored(self.draft(above(1_000_000)))
        self.assertEqual(self.tried(self.draft(above(0)))["flip_count"], 1)

    def test_a_ruleset_of_nobody_of_a_stranger_or_a_deleted_one_is_not_found(self):
        stranger = self.new_api(self.server.create_partner("Other").api_key)
        ruleset = self.stored(self.draft(above(0)))
        sibling = self.organisation_api(self.sibling().organisation_id)
        for api, path in (
            (stranger, self.path(ruleset)), (sibling, self.path(ruleset)),
            (self.api, self.path({"id": NOBODY["rset"]})), (self.api, self.path({"id": "x"})),
        ):  # fmt: skip
            for body in (ALWAYS, {}):
                self.assertEqual(api.post(path, body).status, 404)
        own = self.organisation_api(self.organisation)
        self.assertEqual(own.post(self.path(ruleset), ALWAYS).status, 200)
        self.assertEqual(self.api.call("DELETE", f"/v1/rulesets/{ruleset['id']}").status, 204)
        self.assertEqual(self.api.post(self.path(ruleset), ALWAYS).status, 404)

    def test_a_stranger_learns_nothing_by_a_draft(self):
        self.simulated()
        stranger = self.new_api(self.server.create_partner("Other").api_key)
        theirs = make_world(stranger)
        body = self.draft(above(0), organisation_id=theirs.organisation_id)
        self.assertEqual(stranger.post(DRAFTS, body | ALWAYS).status, 404)
        body = self.draft(above(0), enrolment_ids=[theirs.enrolment_id])
        self.assertEqual(stranger.post(DRAFTS, body | ALWAYS).status, 404)
        body["organisation_id"] = theirs.organisation_id
        answer = stranger.must(200, "POST", DRAFTS, body | ALWAYS)
        self.assertEqual((answer["alert_count"], answer["invalid_count"]), (0, 0))

    def test_whoever_may_read_rulesets_may_try_them_and_nobody_else(self):
        ruleset = self.stored(self.draft(above(0)))
        for abilities, status in (
            (("rulesets:read",), 200), (("rulesets:write", "alerts:read"), 403),
        ):  # fmt: skip
            words = [word for one in abilities for word in ("--ability", one)]
            made = self.server.command("key", "create", "--group", self.partner.group_id, *words)
            with Api(self.server.base, made["api_key"]) as api:
                self.assertEqual(api.post(self.path(ruleset), ALWAYS).status, status)
                draft = self.draft(above(0)) | ALWAYS
                self.assertEqual(api.post(DRAFTS, draft).status, status)
                self.assertEqual(api.post("/v1/rulesets", self.draft()).status, 403
                                 if status == 200 else 422)  # fmt: skip
        with Api(self.server.base) as api:
            self.assertEqual(api.post(self.path(ruleset), ALWAYS).status, 401)

    def test_no_other_method_is_there(self):
        ruleset = self.stored(self.draft(above(0)))
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            for path in (self.path(ruleset), DRAFTS):
                body = None if method in ("GET", "DELETE") else {}
                self.assertIn(self.api.call(method, path, body).status, (404, 405))
        self.assertEqual(self.api.get(f"/v1/rulesets/{ruleset['id']}").status, 200)


class UntouchedTest(BacktestCase):
    def everything(self) -> str:
        """All that this customer can read."""
        paths = [
            f"/v1/{one}?{self.mine}&limit=100" for one in ("alerts", "rulesets", "orders", "events")
        ] + [f"/v2/enrolments?{self.mine}", f"/v1/simulate/clock?{self.mine}"]  # fmt: skip
        shown = [self.api.must(200, "GET", path) for path in paths]
        shown[-1].pop("now")
        shown += [self.api.must(200, "GET", f"/v1/alerts/{one['id']}/match")
                  for one in shown[0]["items"]]  # fmt: skip
        return json.dumps(shown, indent=1)

    def test_nothing_is_written(self):
        for status in ("RESOLVED", "ACTION_REQUIRED", "INVALID"):
            self.simulated(status=status)
        ruleset = self.stored(self.draft(above(0)))
        self.simulated(match=True, amount_in_cents=1, currency_code="XAF")
        before, stored = self.everything(), self.rows_written()
        for _ in range(3):
            self.assertEqual(self.tried_stored(ruleset), self.tried_stored(ruleset))
            self.tried(self.draft(above(0), outcome="REFUND"))
            self.assertEqual(self.api.post(DRAFTS, self.draft(outcome="X") | ALWAYS).status, 422)
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.rows_written(), stored)

    def rows_written(self) -> list[list]:
        tables = ("ruleset", "ruleset_version", "ruleset_publication", "alert", "alert_case", "event",
                  "network_request", "idempotency")  # fmt: skip
        return [rows(self.server.database, f"SELECT count(*) FROM {one}") for one in tables]

    def test_while_alerts_come_each_answer_is_of_one_moment(self):
        ruleset = self.stored(self.draft(above(0)))
        apis = [self.new_api(self.partner.api_key) for _ in range(4)]
        body = {"organisation_id": self.organisation, "enrolment_id": self.world.enrolment_id}

        def raise_some(api: Api) -> list[int]:
            for _ in range(40):
                api.must(201, "POST", "/v1/simulate/alerts", body | {"match": True})
            return []

        def look(api: Api) -> list[int]:
            seen = []
            for _ in range(20):
                answer = api.must(200, "POST", self.path(ruleset), ALWAYS)
                counts = [one["alert_count"] for one in answer["outcomes"]]
                self.assertEqual(sum(counts), answer["alert_count"])
                self.assertEqual(self.counts(answer), (sum(counts), 0, sum(counts)))
                seen.append(answer["alert_count"])
            return seen

        _, _, *seen = at_once(*[
            lambda work=work, api=api: work(api)
            for work, api in zip((raise_some, raise_some, look, look), apis, strict=True)
        ])  # fmt: skip
        for counts in seen:
            self.assertEqual(counts, sorted(counts))
        self.assertEqual(self.tried_stored(ruleset)["alert_count"], 80)


class UntouchedOnPostgresTest(OnPostgres, UntouchedTest):
    pass
