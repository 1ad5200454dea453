"""A reader of `GET /v1/events?after=…`, as a partner would write it."""

import itertools
import time
from dataclasses import dataclass, field

from .api import Api

EVENTS = "/v1/events"
POLL_SECONDS = 0.02


@dataclass
class FeedReader:
    """Follows the feed by its cursor, page by page, at whichever server is next."""

    apis: list[Api]
    cursor: str = "oldest"
    limit: int = 7
    query: str = ""
    ids: list[str] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    """What the pages had of each event, byte for byte."""
    places: list[tuple[str, int]] = field(default_factory=list)
    """Every cursor that was given, and how many events had been read by then."""

    def __post_init__(self):
        self._next_api = itertools.cycle(self.apis)

    def read_page(self) -> bool:
        """Whether there is more at once."""
        path = f"{EVENTS}?after={self.cursor}&limit={self.limit}{self.query}"
        answer = next(self._next_api).get(path)
        assert answer.status == 200, f"{path}: {answer.status} {answer.body[:300]!r}"
        page = answer.json()
        self._keep(page, answer.body)
        self.cursor = page["next_cursor"]
        self.places.append((self.cursor, len(self.ids)))
        return page["has_more"]

    def read_all(self) -> list[str]:
        """What there is at the moment."""
        while self.read_page():
            pass
        return self.ids

    def follow(self, is_over, seconds_max: float):
        """Reads until `is_over(reader)` at the end of the feed, or until the time is over."""
        deadline = time.monotonic() + seconds_max
        while True:
            self.read_all()
            if is_over(self) or time.monotonic() > deadline:
                return self
            time.sleep(POLL_SECONDS)

    def _keep(self, page: dict, body: bytes):
        assert page.keys() == {"items", "next_cursor", "has_more"}, page.keys()
        assert len(page["items"]) <= self.limit
        new = [one["id"] for one in page["items"]]
        self.ids += new
        self.bodies |= dict(zip(new, items_of(body, new), strict=True))


def items_of(body: bytes, ids: list[str]) -> list[bytes]:
    """The bytes of each item of a page whose items have these ids."""
    end = body.rindex(b'],"next_cursor":')
    starts = [body.index(f'{{"id":"{one}"'.encode()) for one in ids]
    ends = [*(start - 1 for start in starts[1:]), end]
    return [body[start:stop] for start, stop in zip(starts, ends, strict=False)]
