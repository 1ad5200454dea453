"""RDR cases are asked about without a pause while their ruleset changes: every answer is that of
one of its states, whole, and so is everything that the network is told.

The ruleset turns between two states. Of its two rules only the AMOUNT rule holds for the cases, so
that both states accept: one because it holds, the other because it does not. The outcome of one
with the join of the other would decline.
"""

import itertools
import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass

from parry_outside.api import Answer, Api
from parry_outside.cases import OnPostgres, wait_until
from parry_outside.networks import TEST_TOKEN, rows, text_of
from parry_outside.verifi import BIN, VerifiCase, above, starting_with

DECISIONS = "/networks/verifi/rdr/decisions"
SECONDS, RATE = 15, 500
ASKERS = 12
"""Connections, which take turns; one that is late asks at once."""
ASKED_MIN = SECONDS * RATE // 5
"""Fewer would show little; a busy machine may not reach the rate."""
CHANGE_SECONDS = 1
FRESH_SECONDS_MAX = 2
RULES = [above(3_000), starting_with("SOMEBODY ELSE")]
STATES = (
    {"outcome": "ACCEPT_DISPUTE", "join_operator": "AND"},
    {"outcome": "REFUND", "join_operator": "OR"},
)
TOLD = (
    {"decision": "DECLINE", "joinOperator": "AND"},
    {"decision": "ACCEPT", "joinOperator": "OR"},
)
EVALUATED = (None, "REFUND")
"""What each state decides about a case."""
KEPT = "SELECT network_id, answer FROM network_message WHERE kind = 'DECISION'"


def question(caid: str) -> dict:
    return {
        "decisionId": str(uuid.uuid4()), "acquirerBin": BIN, "cardAcceptorId": caid,
        "caseDate": text_of(time.time()), "paymentDescriptor": "ACMEFIT MONTHLY",
        "caseAmount": {"amount": "49.00", "currency": "USD"},
    }  # fmt: skip


def state_of(version: int) -> int:
    """Which state has this version: it is made as the first one, and each change is the other."""
    return (version - 1) % len(STATES)


@dataclass(frozen=True)
class Asked:
    decision_id: str
    answer: Answer


class Askers:
    """Network connections that ask at a fixed rate from entering until leaving."""

    def __init__(self, base: str, caid: str):
        self.asked: list[Asked] = []
        self.failures: list[str] = []
        self._base = base
        self._caid = caid
        self._turns = itertools.count()
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(ASKERS)]

    def __enter__(self):
        self._start = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _work(self):
        with Api(self._base, TEST_TOKEN) as network:
            try:
                while not self._end.wait(self._start + next(self._turns) / RATE - time.monotonic()):
                    asked = question(self._caid)
                    answer = network.post(DECISIONS, asked)
                    self.asked.append(Asked(asked["decisionId"], answer))
            except OSError as error:
                self.failures.append(repr(error))


class ConsistencyTest(VerifiCase):
    def setUp(self):
        super().setUp()
        self.enrolment = self.merchant.enrolled()
        self.caid = self.merchant.caids[self.enrolment]
        self.ruleset = self.merchant.decide(self.enrolment, rules=RULES, **STATES[0])
        self.wait_for(0)

    def ruleset_of(self, state: int) -> str | None:
        """What an answer names where the ruleset is in this state."""
        return self.ruleset["id"] if EVALUATED[state] else None

    def wait_for(self, state: int):
        """Until the server decides by this state; what it answers without any ruleset is the same as by one."""

        def is_known() -> bool:
            asked = question(self.caid)
            with Api(self.server.base, TEST_TOKEN) as network:
                answer = network.post(DECISIONS, asked)
            if answer.headers["Parry-Fallback"] is not None:
                return False
            ((_, kept),) = rows(
                self.server.database, f"{KEPT} AND network_id = '{asked['decisionId']}'"
            )
            evaluation = json.loads(kept)["evaluation"]
            return evaluation is not None and state_of(evaluation["ruleset_version"]) == state

        self.assertTrue(wait_until(is_known, FRESH_SECONDS_MAX), f"state {state} is not known")

    def change_steadily(self) -> int:
        """One change a second; the version in the end."""
        began, version = time.monotonic(), 1
        while version * CHANGE_SECONDS < SECONDS:
            time.sleep(max(0.0, began + version * CHANGE_SECONDS - time.monotonic()))
            version += 1
            changed = self.merchant.change(self.ruleset, **STATES[state_of(version)])
            self.assertEqual(changed["version"], version)
        time.sleep(CHANGE_SECONDS)  # The last state is asked too.
        return version

    def test_no_answer_and_no_publication_is_of_a_half_applied_ruleset(self):
        with Askers(self.server.base, self.caid) as askers:
            version = self.change_steadily()
        self.assertEqual(askers.failures, [])
        self.assertGreaterEqual(len(askers.asked), ASKED_MIN)
        self.assert_answers(askers.asked)
        self.assert_kept(askers.asked, version)
        self.wait_for(state_of(version))
        self.holds(self.ruleset, "PUBLISHED", version)
        published = self.assert_published(version)
        print(f"{len(askers.asked) / SECONDS:.0f} answers a second, {version} versions,"
              f" {published} publications")  # fmt: skip

    def assert_answers(self, asked: list[Asked]):
        """All accept, none by the fallback, and each state has given some."""
        seen = Counter()
        for one in asked:
            self.assertEqual(one.answer.status, 200, one.answer.body[:300])
            told = one.answer.json()
            self.assertEqual(told["decisionId"], one.decision_id)
            is_fallback = one.answer.headers["Parry-Fallback"] is not None
            seen[(told["decision"], told["rulesetId"], is_fallback)] += 1
        whole = {("ACCEPT", self.ruleset_of(state), False) for state in range(len(STATES))}
        self.assertEqual(seen.keys(), whole, seen)

    def assert_kept(self, asked: list[Asked], last: int):
        """Each answer is kept with the version that gave it, and decides as that version does."""
        kept = dict(rows(self.server.database, KEPT))
        versions = set()
        for one in asked:
            evaluation = json.loads(kept[one.decision_id])["evaluation"]
            version = evaluation["ruleset_version"]
            state = state_of(version)
            self.assertEqual(evaluation["outcome"], EVALUATED[state], evaluation)
            self.assertEqual(one.answer.json()["rulesetId"], self.ruleset_of(state), evaluation)
            versions.add(version)
        self.assertLessEqual(max(versions), last)
        self.assertGreater(len(versions), last // 2, "most changes never decided")

    def assert_published(self, last: int) -> int:
        """What came is whole and never older than what came before; how many came."""
        documents = [one.document for one in self.verifi.told(self.caid)]
        versions = [one["version"] for one in documents]
        self.assertEqual(versions, sorted(versions))
        self.assertEqual(versions[-1], last)
        for one in documents:
            whole = {"version": one["version"], "defaultDecision": "ACCEPT", "rules": RULES}
            self.assertEqual(one, whole | TOLD[state_of(one["version"])])
        return len(documents)


class ConsistencyOnPostgresTest(OnPostgres, ConsistencyTest):
    pass
