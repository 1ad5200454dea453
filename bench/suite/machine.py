"""What the machine is, and what it did while something was measured."""

import bisect
import contextlib
import os
import platform
import re
import resource
import subprocess
import threading
import time
from pathlib import Path

from parry_outside.postgres import program

TICKS = os.sysconf("SC_CLK_TCK")
FSYNC_TRIES = 200
STOLEN_SECONDS = 0.1


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def family_cpu_seconds(pid: int) -> float:
    """The same of a process and its children, also of those that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    seconds = sum(map(int, fields[11:15])) / TICKS
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            seconds += cpu_seconds(int(child))
    return seconds


def resident_bytes(pid: int) -> int:
    return _status_bytes(pid, "VmRSS")


def peak_bytes(pid: int) -> int:
    return _status_bytes(pid, "VmHWM")


def _status_bytes(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(found[1]) * 1024


def written_bytes(pid: int) -> int:
    """What a process caused to be written to the disk so far."""
    found = re.search(r"^write_bytes: (\d+)$", Path(f"/proc/{pid}/io").read_text(), re.M)
    return int(found[1])


def _busy_seconds() -> float:
    """Time that all processors together spent on anything but waiting."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    return (sum(map(int, fields[:8])) - int(fields[3]) - int(fields[4])) / TICKS


class StolenTime(threading.Thread):
    """The tenths of a second in which the host of a virtual machine took its processors away."""

    def __init__(self):
        super().__init__(daemon=True)
        self._ending = threading.Event()
        self._ends: list[float] = []
        self._stolen: list[bool] = []

    def run(self):
        before = self._jiffies()
        is_ending = False
        while not is_ending:
            is_ending = self._ending.wait(STOLEN_SECONDS)
            now = self._jiffies()
            self._ends.append(time.time())
            self._stolen.append(now > before)
            before = now

    @staticmethod
    def _jiffies() -> int:
        with open("/proc/stat") as stat:
            return int(stat.readline().split()[8])

    def stop(self):
        self._ending.set()
        self.join()

    def holds(self, moment: float) -> bool:
        """Whether a moment, in seconds since 1970, is in one of them."""
        place = bisect.bisect_left(self._ends, moment)
        return place < len(self._ends) and self._stolen[place]

    def calm(self, timed: list[tuple]) -> list:
        """Of pairs of a moment and something those outside of them; all where those are the fewer."""
        found = [item for moment, item in timed if not self.holds(moment)]
        return found if len(found) > len(timed) / 2 else [item for _, item in timed]


@contextlib.contextmanager
def stolen_time():
    """Watches the block."""
    stolen = StolenTime()
    stolen.start()
    try:
        yield stolen
    finally:
        stolen.stop()


class CpuUse:
    """Cores in use while something ran: by the servers, by PostgreSQL, by our tools, by strangers."""

    def __init__(self, servers: list[int], tools: list[int], database: int | None):
        self._servers = servers
        self._tools = tools
        self._database = database
        self._time = time.monotonic()
        self._start = self._now()
        self.found: dict[str, float] = {}

    def _now(self):
        tools = sum(map(cpu_seconds, self._tools)) + sum(
            getattr(resource.getrusage(who), field)
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            for field in ("ru_utime", "ru_stime")
        )
        database = family_cpu_seconds(self._database) if self._database else 0.0
        return _busy_seconds(), sum(map(cpu_seconds, self._servers)), database, tools

    def stop(self):
        seconds = time.monotonic() - self._time
        busy, server, database, tools = (
            (end - start) / seconds for start, end in zip(self._start, self._now())
        )
        self.found = {
            "server_cores": round(server, 2),
            "tool_cores": round(tools, 2),
            "other_cores": round(max(0.0, busy - server - database - tools), 2),
        }
        if self._database:
            self.found["database_cores"] = round(database, 2)


@contextlib.contextmanager
def cpu_use(*servers: int, tools: list[int] = (), database: int | None = None):
    """Measures the block. Tools that it starts have to end inside: only then their time is known;
    those that run all along are given, and of PostgreSQL its first process."""
    use = CpuUse(list(servers), list(tools), database)
    yield use
    use.stop()


def fsync_milliseconds(folder: Path) -> float:
    """Median of writing 4 KiB at the end of a file and waiting until it is on the disk."""
    times = []
    path = folder / "fsync"
    with open(path, "wb", buffering=0) as file:
        for _ in range(FSYNC_TRIES):
            file.write(os.urandom(4096))
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    path.unlink()
    return sorted(times)[len(times) // 2] * 1000


def _first_line(*command: str) -> str:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    return (done.stdout.splitlines() or ["unknown"])[0].strip()


def file_system(folder: Path) -> str:
    return _first_line("findmnt", "-n", "-o", "FSTYPE", "-T", str(folder))


def circumstances(folder: Path) -> dict:
    """Everything without which the figures say nothing."""
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s+(\d+) kB$", Path("/proc/meminfo").read_text(), re.M)
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "processors": f"{os.cpu_count()} × {model[1] if model else platform.machine()}",
        "memory": f"{int(memory[1]) // (1 << 20)} GiB" if memory else "unknown",
        "system": platform.release(),
        "file system": file_system(folder),
        "fdatasync of 4 KiB": f"{fsync_milliseconds(folder):.2f} ms",
        "load average before": f"{os.getloadavg()[0]:.2f}",
        "wrk": _first_line("wrk", "-v").split(" Copyright")[0],
        "nginx": _first_line("nginx", "-v").removeprefix("nginx version: "),
        "PostgreSQL": _first_line(program("postgres"), "--version"),
    }
