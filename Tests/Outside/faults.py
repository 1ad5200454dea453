#!/usr/bin/env python3
"""A full disk and a failed fsync: the server answers 503, acknowledges nothing, loses nothing.

For each fault: orders, enrolments and alerts are acknowledged; the fault begins and every write
must be answered 503 with Retry-After while reads go on; the fault ends and everything works again
without a restart; then SIGKILL, a start, and everything ever acknowledged has to be there.

The disk is a small tmpfs where this may be mounted (root), and a limit on the size of any file
that the process writes. The failing fsync is a preloaded library, compiled here.
"""

import contextlib
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

from parry_outside import flow
from parry_outside.api import Api
from parry_outside.cases import wait_until
from parry_outside.load import Records, Tracked
from parry_outside.server import Server, temporary_folder
from parry_outside.verify import lost_or_torn
from parry_outside.world import make_world

SHIM_SOURCE = Path(__file__).parent / "Fixtures" / "fail_sync.c"
MEBIBYTE = 1024 * 1024
DISK_BYTES = 24 * MEBIBYTE
BALLAST_BYTES = 12 * MEBIBYTE
FILE_BYTES_MAX = 6 * MEBIBYTE
FILLING_REQUESTS_MAX = 2_000
FAULTY_ROUNDS = 20
RECOVERY_SECONDS_MAX = 15


class Problem(Exception):
    """The server did something under a fault that it must not."""


class Client:
    """Writes of every kind, each acknowledgement noted."""

    def __init__(self, server: Server):
        self.server = server
        self.partner = server.create_partner()
        server.create_webhook(self.partner.id, "https://192.0.2.1/never", flow.EVENT_TYPES)
        self.api = Api(server.base, self.partner.api_key)
        self.world = make_world(self.api)
        self.records = Records()
        self.count = 0

    def write_orders(self, size: int) -> int:
        """A batch of orders; returns the status."""
        self.count += 1
        orders = [self.world.order(f"o{self.count}-{index}") for index in range(size)]
        answer = self.api.post("/v1/orders", orders)
        if answer.status == 201:
            for order in answer.json()["results"]:
                self.records.orders[order["reference_id"]] = order["id"]
        return self._judge("orders", answer, 201)

    def write_enrolment(self) -> int:
        self.count += 1
        answer = self.api.post("/v2/enrolments", self.world.enrolment(f"ACME {self.count}"))
        return self._note_tracked(answer, "/v2/enrolments/", "PENDING")

    def write_alert(self) -> int:
        answer = self.api.post("/v1/simulate/alerts", self.world.alert())
        return self._note_tracked(answer, "/v1/alerts/", "ACTION_REQUIRED")

    def resolve_alert(self) -> int | None:
        """Decides the newest open alert, if there is one."""
        open_ones = [
            one
            for one in self.records.tracked
            if one.acknowledged == {"status": "ACTION_REQUIRED"} and one.in_flight is None
        ]
        if not open_ones:
            return None
        alert = open_ones[-1]
        answer = self.api.patch(alert.path, {"action": "REFUND"})
        if answer.status == 200:
            alert.acknowledged = {"status": "RESOLVED"}
        else:
            alert.in_flight = {"status": "RESOLVED"}
        return self._judge("resolve", answer, 200)

    def _note_tracked(self, answer, path: str, status: str) -> int:
        if answer.status == 201:
            resource_id = answer.json()["id"]
            self.records.tracked.append(Tracked(path + resource_id, {"status": status}))
        return self._judge(path, answer, 201)

    def _judge(self, what: str, answer, fine: int) -> int:
        """Success or a clean 503; anything else is the server's mistake."""
        if answer.status == fine:
            return fine
        if answer.status != 503:
            raise Problem(f"{what}: {answer.status} {answer.body[:300]!r}")
        if not (answer.headers["Retry-After"] or "").isdigit():
            raise Problem(f"{what}: 503 without Retry-After")
        if not answer.headers["X-Request-Id"] or not answer.code:
            raise Problem(f"{what}: 503 without X-Request-Id or code: {answer.body[:300]!r}")
        return 503

    def all_writes(self) -> list[int]:
        """One write of every kind; returns the statuses."""
        statuses = [
            self.write_orders(100),
            self.write_orders(1),
            self.write_enrolment(),
            self.write_alert(),
            self.resolve_alert(),
        ]
        return [status for status in statuses if status]

    def read(self):
        """Reading needs no disk space and no fsync: it goes on."""
        reference = next(iter(self.records.orders))
        answer = self.api.get(f"/v1/orders?reference_id={reference}")
        if answer.status != 200 or answer.json()["count"] != 1:
            raise Problem(f"read during the fault: {answer.status} {answer.body[:300]!r}")


def write_until_full(client: Client):
    """Orders until the first 503."""
    for _ in range(FILLING_REQUESTS_MAX):
        if client.write_orders(100) == 503:
            return
    raise Problem(f"{FILLING_REQUESTS_MAX} batches fitted on a disk that should be full")


def write_through_fault(client: Client, nothing_may_pass: bool = False):
    """Every kind of write while the fault lasts: some must be refused, none half-done.

    On a full disk a small write may still find room; without fsync nothing may be acknowledged.
    """
    statuses = []
    for _ in range(FAULTY_ROUNDS):
        statuses += client.all_writes()
        client.read()
    refused = statuses.count(503)
    if refused == 0:
        raise Problem("no write was refused although the fault was there")
    if nothing_may_pass and refused < len(statuses):
        raise Problem(f"{len(statuses) - refused} writes acknowledged that no fsync has secured")
    print(f"    {refused} of {len(statuses)} writes refused with 503, reads went on", flush=True)


def check_recovery(client: Client):
    """Without the fault everything works again, without a restart, and after a kill too."""
    started = time.monotonic()
    if not wait_until(lambda: set(client.all_writes()) <= {200, 201}, RECOVERY_SECONDS_MAX):
        raise Problem(f"still refusing {RECOVERY_SECONDS_MAX} s after the fault was gone")
    print(f"    works again after {time.monotonic() - started:.2f} s")
    check_everything_is_there(client)
    client.api.close()
    client.server.kill()
    client.server.start()
    check_everything_is_there(client)
    count = client.records.acknowledgements()
    print(f"    {count} acknowledged things are there, before and after SIGKILL")


def check_everything_is_there(client: Client):
    problems = lost_or_torn(client.server, client.partner.api_key, client.records)
    if problems:
        raise Problem("; ".join(problems[:10]))


def start_client(server: Server) -> Client:
    """A server with something in it already, since losing nothing needs something to lose."""
    server.start()
    client = Client(server)
    for status in (client.write_orders(10), client.write_enrolment(), client.write_alert()):
        if status != 201:
            raise Problem(f"{status} before any fault")
    client.write_alert()
    return client


@contextlib.contextmanager
def small_disk(folder: Path):
    """A tmpfs of a few mebibytes; None where this may not be mounted."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    try:
        yield disk if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(disk)], check=True)


def full_disk(folder: Path):
    """The disk fills up under the load; then somebody deletes a large file."""
    with small_disk(folder) as disk:
        if disk is None:
            print("full disk (tmpfs): may not be mounted here, the limit below stands for it")
            return
        print("full disk (tmpfs)")
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(BALLAST_BYTES))
        with Server(disk, "--rate-limit", "0") as server:
            server.log = folder / "server.log"
            client = start_client(server)
            write_until_full(client)
            write_through_fault(client)
            ballast.unlink()
            check_recovery(client)


def limited_files(folder: Path):
    """No file may grow past a limit; then the limit is lifted."""
    print("full disk (limit on file size)")

    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES_MAX, resource.RLIM_INFINITY))

    with Server(folder, "--rate-limit", "0", prepare=prepare) as server:
        client = start_client(server)
        write_until_full(client)
        write_through_fault(client)
        server.prepare = None
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        check_recovery(client)


def failed_sync(folder: Path):
    """The disk takes the bytes but will not promise to keep them."""
    print("failed fsync")
    library, control, count = folder / "fail_sync.so", folder / "fault", folder / "faults-met"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", library, SHIM_SOURCE, "-ldl"], check=True
    )
    environment = {
        "LD_PRELOAD": str(library),
        "FAIL_SYNC_WHILE": str(control),
        "FAIL_SYNC_COUNT": str(count),
    }
    with Server(folder, "--rate-limit", "0", environment=environment) as server:
        client = start_client(server)
        for _ in range(3):
            control.touch()
            write_through_fault(client, nothing_may_pass=True)
            control.unlink()
            check_recovery(client)
        if not count.exists():
            raise Problem("the server never met the failing fsync")
        print(f"    {count.stat().st_size} failed syncs met")


FAULTS = (full_disk, limited_files, failed_sync)


def main() -> int:
    failed = 0
    for fault in FAULTS:
        with temporary_folder("parry-faults-") as folder:
            try:
                fault(folder)
            except (Problem, AssertionError, OSError) as problem:
                failed += 1
                print(f"WRONG: {fault.__name__}: {problem}")
    print(f"{failed} faults were not survived" if failed else "every fault was survived")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
