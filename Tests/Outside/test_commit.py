"""The connection breaks while a COMMIT is under way: its outcome is found, never guessed."""

from parry_outside import postgres
from parry_outside.breaker import Breaker
from parry_outside.cases import FolderCase, OnPostgres
from parry_outside.postgres import Cluster
from parry_outside.world import make_world

ROUNDS = 5


class BrokenCommitTest(OnPostgres, FolderCase):
    def start_behind(self, breaker: Breaker, database) -> tuple:
        url = database.url.replace(f":{postgres.port_of(database.url)}/", f":{breaker.port}/")
        place = database.at(url + "?sslmode=disable")
        server = self.new_server("--rate-limit", "0", database=place).start()
        api = self.new_api(server, server.create_partner().api_key)
        return api, make_world(api)

    def check(self, breaks: str):
        """Orders by reference, and an enrolment, whose ids the program makes."""
        with Breaker(postgres.port_of(self.database.url)) as breaker:
            api, world = self.start_behind(breaker, self.database)
            for number in range(ROUNDS):
                reference = f"o-{breaks}-{number}"
                getattr(breaker, breaks)(reference)
                answer = api.post("/v1/orders", [world.order(reference)])
                self.assertEqual((answer.status, answer.json()["created"]), (201, 1))
                descriptor = f"DESCRIPTOR {number}"
                getattr(breaker, breaks)(descriptor)
                answer = api.post("/v2/enrolments", world.enrolment(descriptor))
                self.assertEqual(answer.status, 201)
                found = api.must(200, "GET", f"/v2/enrolments/{answer.json()['id']}")
                self.assertEqual(found["id"], answer.json()["id"])
            self.assertEqual(breaker.breaks, 2 * ROUNDS)
        self.assertEqual(self.database.sql('SELECT count(*) FROM "order"'), [[str(ROUNDS)]])
        # One more is the one that the world began with.
        self.assertEqual(self.database.sql("SELECT count(*) FROM enrolment"), [[str(ROUNDS + 1)]])

    def test_a_commit_whose_answer_is_lost_is_found_and_not_repeated(self):
        self.check("break_after")

    def test_a_commit_that_never_arrived_is_carried_out_once(self):
        self.check("break_before")

    def test_after_a_crash_of_the_server_the_order_itself_is_looked_for(self):
        with Cluster() as cluster:
            cluster.start()
            database = cluster.new_database()
            port = cluster.port

            def crash():
                cluster.kill()
                cluster.start()

            for breaks in ("break_after", "break_before"):
                with Breaker(port, on_break=crash) as breaker:
                    api, world = self.start_behind(breaker, database)
                    getattr(breaker, breaks)(f"o-{breaks}")
                    answer = api.post("/v1/orders", [world.order(f"o-{breaks}")])
                    self.assertEqual((answer.status, answer.json()["created"]), (201, 1))
                    found = database.sql(
                        f"SELECT count(*) FROM \"order\" WHERE reference_id = 'o-{breaks}'"
                    )
                    self.assertEqual(found, [["1"]])
