"""The feed of events: all of them, each once, in one order for good, while many write."""

import itertools
import json
import threading
from concurrent.futures import ThreadPoolExecutor

from parry_outside import ageing
from parry_outside.api import Api
from parry_outside.cases import FolderCase, OneServerCase, OnPostgres
from parry_outside.feed import EVENTS, FeedReader
from parry_outside.postgres import Session
from parry_outside.world import World, make_customer, make_world

ALL_TYPES = (
    "enrolment.created", "enrolment.updated", "alert.created", "alert.updated",
    "scheme_notice.created", "lookup.created",
)  # fmt: skip
LOOKUPS, ALERTS = "/v1/simulate/lookups", "/v1/simulate/alerts"
WRITERS = 6
ROUNDS = 12
SECONDS_MAX = 20
LATE_SECONDS_MAX = 5
STREAMS_MAX = 128
"""A key of more organisations than this reads the feed in another way."""


def raise_lookup(api: Api, world: World) -> str:
    return api.must(201, "POST", LOOKUPS, {"organisation_id": world.organisation_id})["id"]


class FollowCase(FolderCase):
    """Servers on one database, and a receiver that is pushed every event of their partner."""

    SERVERS = 1

    def setUp(self):
        super().setUp()
        options = ["--rate-limit", "0", *self.private_target_options]
        self.servers = self.new_servers(self.SERVERS, *options)
        self.partner = self.servers[0].create_partner()
        self.receiver = self.new_receiver()
        made = self.servers[0].create_webhook(self.partner.id, self.receiver.url(), ALL_TYPES)
        self.receiver.trust(made["secret"])
        self.world = make_world(self.apis()[0])

    def apis(self) -> list[Api]:
        """One connection to each server; each thread takes its own."""
        return [self.new_api(one, self.partner.api_key) for one in self.servers]

    def reader(self, cursor: str = "oldest", limit: int = 7) -> FeedReader:
        return FeedReader(self.apis(), cursor, limit)


class FollowedFeedTest(FollowCase):
    def write(self, number: int):
        """Lookups, and alerts whose note is changed at another server."""
        apis = itertools.cycle(self.apis()[number % self.SERVERS :] or self.apis())
        for index in range(ROUNDS):
            raise_lookup(next(apis), self.world)
            alert = next(apis).must(201, "POST", ALERTS, self.world.alert())["id"]
            note = {"note": f'Nr. {index} "für" {number} \\ €'}
            next(apis).must(200, "PATCH", f"/v1/alerts/{alert}", note)

    def followed_while_written(self) -> FeedReader:
        """A reader that began before the writers did and read to the end."""
        written = threading.Event()
        readers = [self.reader(), self.reader(limit=100)]
        with ThreadPoolExecutor(len(readers) + WRITERS) as threads:
            following = [
                threads.submit(
                    one.follow,
                    lambda reader: written.is_set() and len(reader.ids) >= self.events_raised,
                    SECONDS_MAX,
                )
                for one in readers
            ]
            for writer in [threads.submit(self.write, number) for number in range(WRITERS)]:
                writer.result()
            written.set()
            first, second = [one.result() for one in following]
        self.assertEqual(first.ids, second.ids)
        return first

    @property
    def events_raised(self) -> int:
        """The enrolment was made and enabled."""
        return 2 + WRITERS * ROUNDS * 3

    def test_a_reader_gets_every_event_once_as_it_is_pushed(self):
        reader = self.followed_while_written()
        self.assertEqual(len(reader.ids), self.events_raised)
        self.assertEqual(len(set(reader.ids)), len(reader.ids), "an event came twice")
        pushed = self.receiver.wait_for_events(self.events_raised, SECONDS_MAX)
        self.assertEqual([one.refusal for one in pushed if one.refusal], [])
        self.assertEqual(reader.bodies, {one.event_id: one.body for one in pushed})
        listed = self.apis()[0].must(200, "GET", f"{EVENTS}?limit=1000")
        self.assertEqual(listed["count"], len(reader.ids))
        self.assertCountEqual([one["id"] for one in listed["items"]], reader.ids)
        self.assert_continues_from_everywhere(reader)

    def assert_continues_from_everywhere(self, reader: FeedReader):
        """From each cursor that was ever given, the same events come behind it."""
        places = dict([("oldest", 0), *reader.places])
        for cursor, behind in places.items():
            again = self.reader(cursor, limit=1_000)
            self.assertEqual(again.read_all(), reader.ids[behind:], f"behind {cursor}")
            self.assertEqual(again.cursor, reader.cursor)


class FeedPlaceTest(FollowCase):
    def test_latest_is_the_end_and_stays_it_until_something_happens(self):
        everything = self.reader().follow(lambda one: len(one.ids) == 2, SECONDS_MAX)
        latest = self.reader("latest")
        self.assertEqual(latest.read_all(), [])
        self.assertEqual(latest.cursor, everything.cursor)
        lookup = raise_lookup(self.apis()[0], self.world)
        latest.follow(lambda one: one.ids, SECONDS_MAX)
        self.assertEqual(len(latest.ids), 1)
        self.assertIn(lookup.encode(), latest.bodies[latest.ids[0]])

    def test_the_feed_goes_on_behind_its_cursors_after_a_restart(self):
        before = self.reader().follow(lambda one: len(one.ids) == 2, SECONDS_MAX)
        raise_lookup(self.apis()[0], self.world)
        for server in self.servers:
            server.kill()
        for server in self.servers:
            server.start()
        after = self.reader(before.cursor).follow(lambda one: one.ids, SECONDS_MAX)
        self.assertEqual(len(after.ids), 1)
        self.assertEqual(self.reader().read_all(), before.ids + after.ids)


class FollowedFeedOnPostgresTest(OnPostgres, FollowedFeedTest):
    """The same with three processes that write, number and read side by side."""

    SERVERS = 3


class LateEventOnPostgresTest(OnPostgres, FollowCase):
    """Transactions that end in another order than they began; a SQLite file has one at a time."""

    SERVERS = 2

    def test_an_event_that_is_committed_late_comes_behind_what_was_shown(self):
        api = self.apis()[0]
        reader = self.reader().follow(lambda one: len(one.ids) == 2, SECONDS_MAX)
        example = reader.ids[0]
        late = ageing.older(example, 60_000)
        with Session(self.database.url) as session:
            session.sql("BEGIN")
            session.sql(copy_of_event(example, late))
            for _ in range(5):
                raise_lookup(api, self.world)
            reader.follow(lambda one: len(one.ids) == 7, SECONDS_MAX)
            self.assertEqual(len(reader.ids), 7, "the open transaction holds others up")
            shown = list(reader.ids)
            session.sql("COMMIT")
        reader.follow(lambda one: len(one.ids) > 7, LATE_SECONDS_MAX)
        self.assertEqual(reader.ids, [*shown, late])
        self.assertEqual(self.reader().read_all(), reader.ids)
        listed = [one["id"] for one in api.must(200, "GET", EVENTS)["items"]]
        self.assertEqual(listed[-1], late, "the list is by time")

    def test_transactions_that_end_in_another_order_than_they_began_lose_nothing(self):
        reader = self.reader().follow(lambda one: len(one.ids) == 2, SECONDS_MAX)
        example = reader.ids[0]
        late = [ageing.older(example, 60_000 - 1_000 * number) for number in range(4)]
        sessions = [self.enterContext(Session(self.database.url)) for _ in late]
        for session, identifier in zip(sessions, late, strict=True):
            session.sql("BEGIN")
            session.sql(copy_of_event(example, identifier))
        order = [2, 0, 3, 1]
        for number, index in enumerate(order):
            sessions[index].sql("COMMIT")
            expected = 3 + number
            reader.follow(lambda one: len(one.ids) >= expected, LATE_SECONDS_MAX)  # noqa: B023
        self.assertEqual(reader.ids[2:], [late[index] for index in order])

    def test_a_transaction_that_is_rolled_back_leaves_no_gap_that_holds_readers_up(self):
        reader = self.reader().follow(lambda one: len(one.ids) == 2, SECONDS_MAX)
        with Session(self.database.url) as session:
            session.sql("BEGIN")
            session.sql(copy_of_event(reader.ids[0], ageing.older(reader.ids[0], 1_000)))
            session.sql("ROLLBACK")
        raise_lookup(self.apis()[0], self.world)
        reader.follow(lambda one: len(one.ids) == 3, LATE_SECONDS_MAX)
        self.assertEqual(len(reader.ids), 3)

    def test_while_another_process_numbers_without_end_readers_see_what_was_numbered(self):
        reader = self.reader().follow(lambda one: len(one.ids) == 2, SECONDS_MAX)
        with Session(self.database.url) as session:
            session.sql("BEGIN")
            session.sql("SELECT 1 FROM setting WHERE key = 'sequencer' FOR UPDATE")
            raise_lookup(self.apis()[0], self.world)
            reader.follow(lambda one: len(one.ids) > 2, 1.5)
            self.assertEqual(len(reader.ids), 2)
            session.sql("COMMIT")
        reader.follow(lambda one: len(one.ids) == 3, LATE_SECONDS_MAX)
        self.assertEqual(len(reader.ids), 3)


def copy_of_event(example: str, identifier: str) -> str:
    """What a transaction that began earlier writes."""
    return (
        "INSERT INTO event (id, slot, organisation_id, partner_id, type, object_id, body,"
        f" created_at) SELECT '{identifier}', slot, organisation_id, partner_id, type, object_id,"
        f" replace(body, '{example}', '{identifier}'), {ageing.time_of(identifier)}"
        f" FROM event WHERE id = '{example}'"
    )


class FeedCase(OneServerCase):
    """Two customers of a partner of the test's own, whose events nobody is pushed."""

    options = ("--rate-limit", "0")

    def setUp(self):
        super().setUp()
        self.partner = self.server.create_partner()
        self.api = self.key_api(self.partner.api_key)
        self.world, self.other = make_world(self.api), make_customer(self.api)
        self.raised = {
            world: [raise_lookup(self.api, world) for _ in range(3)]
            for world in (self.world, self.other)
        }
        self.everything = FeedReader([self.api], limit=2)
        self.everything.follow(lambda one: len(one.ids) == 8, SECONDS_MAX)

    def key_api(self, key: str) -> Api:
        return self.enterContext(Api(self.server.base, key))

    def organisation_api(self, world: World) -> Api:
        words = ["--organisation", world.organisation_id, "--all-abilities"]
        return self.key_api(self.server.command("key", "create", *words)["api_key"])

    def restricted_api(self, *organisations: str) -> Api:
        words = ["--partner", self.partner.id, "--name", "Few"]
        for one in organisations:
            words += ["--organisation", one]
        group = self.server.command("group", "create", *words)["id"]
        return self.key_api(self.server.create_key(group)["api_key"])

    def objects(self, api: Api, cursor: str = "oldest", query: str = "", limit: int = 2):
        reader = FeedReader([api], cursor, limit, query)
        events = [one for one in reader.read_all()]
        bodies = [reader.bodies[one] for one in events]
        self.assertEqual(reader.cursor, self.everything.cursor, "it is not at the end")
        found = (self.api.must(200, "GET", f"{EVENTS}/{one}") for one in events)
        objects = [one["data"]["object"]["id"] for one in found]
        self.assertEqual(len(bodies), len(objects))
        return objects

    def in_order(self, objects: list[str]) -> list[str]:
        """As the feed has them: of events of one millisecond that need not be the order of their
        requests."""
        bodies = [self.everything.bodies[one] for one in self.everything.ids]
        order = [json.loads(one)["data"]["object"]["id"] for one in bodies]
        return sorted(objects, key=order.index)

    def assert_refused(self, answer, status: int, code: str, field: str | None = None):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body[:300])
        if field:
            self.assertEqual([one["field"] for one in answer.json()["errors"]], [field])


class FeedScopeTest(FeedCase):
    def test_an_organisation_key_reads_the_events_of_its_organisation_in_the_same_order(self):
        theirs = self.in_order(self.raised[self.other])
        self.assertEqual(self.objects(self.organisation_api(self.other)), theirs)
        mine = self.objects(self.organisation_api(self.world))
        self.assertEqual(mine[-3:], self.in_order(self.raised[self.world]))
        self.assertEqual(len(mine), 5)

    def test_a_restricted_group_reads_those_of_its_organisations_merged(self):
        third = make_customer(self.api)
        words = (self.world.organisation_id, third.organisation_id)
        few = self.restricted_api(*words)
        between = [raise_lookup(self.api, one) for one in (third, self.other, self.world, third)]
        self.everything.follow(lambda one: len(one.ids) == 12, SECONDS_MAX)
        seen = self.objects(few)
        expected = [*self.raised[self.world], *between[:1], *between[2:]]
        self.assertEqual(seen[2:], self.in_order(expected))
        self.assertEqual(self.objects(self.restricted_api()), [])

    def test_a_group_of_very_many_organisations_reads_the_same_feed(self):
        made = [
            self.api.must(201, "POST", "/v1/organisations", {"name": f"Many {number}"})["id"]
            for number in range(STREAMS_MAX + 1)
        ]
        many = self.restricted_api(self.other.organisation_id, *made)
        self.assertEqual(self.objects(many), self.in_order(self.raised[self.other]))

    def test_filters_go_together_with_a_cursor(self):
        mine = f"&organisation_id={self.other.organisation_id}"
        theirs = self.in_order(self.raised[self.other])
        self.assertEqual(self.objects(self.api, query=mine), theirs)
        one = self.raised[self.world][1]
        self.assertEqual(self.objects(self.api, query=f"&object_id={one}"), [one])
        self.assertEqual(len(self.objects(self.api, query="&type=lookup.created")), 6)
        self.assertEqual(self.objects(self.api, query="&type=alert.created"), [])
        self.assertEqual(self.objects(self.api, query="&created_at_gte=2999-01-01T00:00:00Z"), [])
        everything = "&created_at_gte=2020-01-01T00:00:00Z&created_at_lte=2999-01-01T00:00:00Z"
        self.assertEqual(len(self.objects(self.api, query=everything)), 8)

    def test_a_cursor_of_one_key_serves_another_key_of_the_partner(self):
        reader = FeedReader([self.api], limit=5)
        reader.read_page()
        theirs = self.in_order(self.raised[self.other])
        read = b"".join(reader.bodies.values())
        rest = [one for one in theirs if one.encode() not in read]
        self.assertEqual(self.objects(self.organisation_api(self.other), reader.cursor), rest)

    def test_behind_a_cursor_whose_events_retention_removed_is_422(self):
        database = self.server.database
        aged = [
            ageing.age_event(database, one, 100 * ageing.DAY) for one in self.everything.ids[:3]
        ]
        self.server.command("retention", "run")
        shown = [one for one in self.everything.places if one[1]]
        for place, (cursor, behind) in enumerate(shown):
            answer = self.api.get(f"{EVENTS}?after={cursor}&limit=1000")
            with self.subTest(place):
                if behind < 3:
                    self.assert_refused(answer, 422, "CURSOR_EXPIRED")
                    continue
                ids = [one["id"] for one in answer.json()["items"]]
                self.assertEqual(ids, self.everything.ids[behind:])
        self.assertEqual(FeedReader([self.api]).read_all(), self.everything.ids[3:])
        self.assert_refused(self.api.get(f"{EVENTS}/{aged[0]}"), 404, "NOT_FOUND")

    def test_the_cursor_of_an_empty_feed_expires_like_any_other(self):
        partner = self.server.create_partner("Young")
        api = self.key_api(partner.api_key)
        young = FeedReader([api], "latest")
        young.read_all()
        reader = FeedReader([api])
        world = make_customer(api)
        for _ in range(2):
            raise_lookup(api, world)
        reader.follow(lambda one: len(one.ids) == 2, SECONDS_MAX)
        ageing.age_event(self.server.database, reader.ids[0], 100 * ageing.DAY)
        self.server.command("retention", "run")
        answer = api.get(f"{EVENTS}?after={young.cursor}")
        self.assert_refused(answer, 422, "CURSOR_EXPIRED")


class FeedScopeOnPostgresTest(OnPostgres, FeedScopeTest):
    """The same on the other engine, which merges feeds in another way."""


class FeedRefusalTest(FeedCase):
    def test_what_a_key_does_not_see_is_404_as_a_filter(self):
        mine = self.organisation_api(self.world)
        path = f"{EVENTS}?after=oldest&organisation_id={self.other.organisation_id}"
        self.assert_refused(mine.get(path), 404, "NOT_FOUND")
        other = self.key_api(self.server.create_partner("Other").api_key)
        self.assert_refused(other.get(path), 404, "NOT_FOUND")

    def test_a_cursor_that_this_partner_was_not_given_is_422(self):
        foreign = self.key_api(self.server.create_partner("Other").api_key)
        live = self.key_api(self.server.create_partner("Live", "LIVE").api_key)
        for api in (foreign, live):
            reader = FeedReader([api])
            self.assertEqual(reader.read_all(), [])
            for cursor, key in ((reader.cursor, self.api), (self.everything.cursor, api)):
                answer = key.get(f"{EVENTS}?after={cursor}")
                self.assert_refused(answer, 422, "VALIDATION_ERROR", "after")
        mistyped = self.everything.cursor[:-1] + ("2" if self.everything.cursor[-1] != "2" else "3")
        for cursor in ("", "newest", "OLDEST", "cur_", "cur_" + "1" * 22, mistyped, "0"):
            with self.subTest(cursor):
                answer = self.api.get(f"{EVENTS}?after={cursor}")
                self.assert_refused(answer, 422, "VALIDATION_ERROR", "after")

    def test_a_feed_takes_no_offset(self):
        answer = self.api.get(f"{EVENTS}?after=oldest&offset=1")
        self.assert_refused(answer, 422, "VALIDATION_ERROR", "offset")

    def test_without_the_ability_it_is_403(self):
        words = ["--group", self.partner.group_id, "--ability", "alerts:read"]
        api = self.key_api(self.server.command("key", "create", *words)["api_key"])
        self.assert_refused(api.get(f"{EVENTS}?after=oldest"), 403, "FORBIDDEN")
