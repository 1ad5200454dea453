"""Walks from page to page as a person with much time would: every link of the dashboard, a few of each kind."""

import re
import urllib.parse
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

ID = re.compile(r"^([a-z]+)_[1-9A-HJ-NP-Za-km-z]{15,}$")
TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")
PAGES_MAX = 300
"""Of one walk: a link that makes links must not lead on for ever."""
FILES = (".csv", ".json")


@dataclass(frozen=True)
class Place:
    """An address of the dashboard, and what kind of page it is."""

    path: str
    query: str = ""

    @property
    def address(self) -> str:
        return self.path + ("?" + self.query if self.query else "")

    @property
    def account(self) -> str:
        """The account that it is in; empty outside of one."""
        parts = self.path.split("/")
        return parts[2] if len(parts) > 2 and ID.match(parts[2]) else ""

    @property
    def is_file(self) -> bool:
        return self.path.endswith(FILES)

    @property
    def kind(self) -> str:
        """`/dashboard/{org}/alerts/{netalrt}`"""
        return "/".join(map(_kind_of, self.path.split("/")))

    @property
    def name(self) -> str:
        """As a file is called: `ptnr-alerts-netalrt`."""
        words = re.sub(r"[^a-z0-9]+", "-", self.kind.removeprefix("/dashboard").lower()).strip("-")
        return words or "accounts"

    @property
    def sort_of_query(self) -> str:
        """Filters of the same names are looked at once."""
        names = {name for name, _ in urllib.parse.parse_qsl(self.query, keep_blank_values=True)}
        return self.kind + "?" + "&".join(sorted(names - {"notice", "n"}))


def _kind_of(part: str) -> str:
    if found := ID.match(part):
        return "{" + found[1] + "}"
    return "{token}" if TOKEN.match(part) else part


def place_of(link: str, base: str, here: str) -> Place | None:
    """Where a link leads, if that is a page of the dashboard."""
    whole = urllib.parse.urlsplit(urllib.parse.urljoin(base + here, link))
    if f"{whole.scheme}://{whole.netloc}" != base:
        return None
    if whole.path != "/dashboard" and not whole.path.startswith("/dashboard/"):
        return None
    if whole.path.startswith("/dashboard/assets/"):
        return None
    return Place(whole.path, whole.query)


class Crawl:
    """Every kind of page that can be reached in each account, a few of each, and each sort of filter once."""

    def __init__(self, base: str, starts: list[str], accounts: set[str], of_one_kind_max: int):
        """Other accounts than these are left alone."""
        self.base = base
        self.accounts = accounts
        self.of_one_kind_max = of_one_kind_max
        self._waiting = deque(Place(start) for start in starts)
        self._seen: set[Place] = set(self._waiting)
        self._kinds: Counter[tuple[str, str]] = Counter()
        self.places: list[Place] = []
        self.outside: set[str] = set()
        """Links that lead out of the dashboard."""

    def run(self, visit: Callable[[Place], list[str]]):
        """`visit` returns the links of the page."""
        while self._waiting:
            place = self._waiting.popleft()
            kind = (place.account, place.sort_of_query)
            if self._kinds[kind] >= (1 if place.query else self.of_one_kind_max):
                continue
            if len(self.places) == PAGES_MAX:
                raise AssertionError(f"there are more than {PAGES_MAX} pages: {self.places[-5:]}")
            self._kinds[kind] += 1
            self.places.append(place)
            for link in visit(place):
                self._note(link, place)

    def _note(self, link: str, here: Place):
        place = place_of(link, self.base, here.address)
        if place is None:
            if not link.startswith(("#", "/dashboard/assets/")):
                self.outside.add(link)
            return
        if place.account and place.account not in self.accounts:
            return
        if place not in self._seen:
            self._seen.add(place)
            self._waiting.append(place)
