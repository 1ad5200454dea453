"""An endpoint is resumed while something that is to wait for it is being written: nothing may go on waiting."""

import contextlib
import threading

from parry_outside.api import Api
from parry_outside.cases import OnPostgres, wait_until
from parry_outside.postgres import Session
from test_webhook_management import DELIVERIES, WEBHOOK_SECONDS_MAX, ManagementCase

HOLD = 42
BLOCKED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock({HOLD}); RETURN NEW; END $$
"""


class ResumeOnPostgresTest(OnPostgres, ManagementCase):
    def setUp(self):
        super().setUp()
        self.endpoint = self.add_endpoint("hook")
        self.raise_lookup()
        self.sent = self.sent_to("hook")[0].idempotency_key
        self.ended(self.sent, 1)
        self.update(self.endpoint, is_paused=True)

    @contextlib.contextmanager
    def held(self, event: str):
        """What writes a delivery stands still until the end; the block begins once one does."""
        with Session(self.server.database.url) as session:
            session.sql(FUNCTION)
            session.sql(f"SELECT pg_advisory_lock({HOLD})")
            session.sql(
                f"CREATE TRIGGER hold BEFORE {event} ON delivery FOR EACH ROW "
                "EXECUTE FUNCTION hold()"
            )
            try:
                yield session
            finally:
                session.sql(f"SELECT pg_advisory_unlock({HOLD})")
                session.sql("DROP TRIGGER hold ON delivery")

    def wait_until_blocked(self, session: Session):
        blocked = wait_until(lambda: session.sql(BLOCKED) != [["0"]], WEBHOOK_SECONDS_MAX)
        self.assertTrue(blocked)

    def resume_beside(self, session: Session, method: str, path: str, body=None):
        """Resumes while the request is being carried out."""
        other = self.enterContext(Api(self.server.base, self.partner.api_key))
        writer = threading.Thread(target=other.call, args=(method, path, body))
        writer.start()
        self.wait_until_blocked(session)
        return writer, self.start_resume()

    def start_resume(self) -> threading.Thread:
        """It may have to wait for what is held, so it is not waited for."""
        resume = threading.Thread(target=self.update, args=(self.endpoint,), kwargs={"is_paused": False})
        resume.start()
        resume.join(1)
        return resume

    def test_an_event_that_happens_while_its_endpoint_is_resumed_is_sent(self):
        with self.held("INSERT") as session:
            body = {"organisation_id": self.world.organisation_id}
            threads = self.resume_beside(session, "POST", "/v1/simulate/lookups", body)
        for thread in threads:
            thread.join()
        self.sent_to("hook", 2)

    def test_a_redelivery_while_its_endpoint_is_resumed_is_sent(self):
        with self.held("UPDATE") as session:
            path = f"{DELIVERIES}/{self.sent}/redeliver"
            threads = self.resume_beside(session, "POST", path)
        for thread in threads:
            thread.join()
        self.sent_to("hook", 2)

    def test_what_is_claimed_while_its_endpoint_is_resumed_is_sent(self):
        with self.held("UPDATE") as session:
            session.sql(
                "UPDATE delivery SET state = 'PENDING', lease = 0, due_at = 0 "
                f"WHERE id = '{self.sent}'"
            )
            self.wait_until_blocked(session)
            resume = self.start_resume()
        resume.join()
        self.sent_to("hook", 2)


