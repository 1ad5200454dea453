"""What every page of the dashboard has to be: whole, light, readable by everybody, and alone."""

import re
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT

from .crawl import Place
from .window import HEIGHT, NARROW, WIDTH, Window

BYTES_MAX = 100 * 1_024
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WIDER_THAN_THE_PAGE = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll("body *")].filter(one => {
    if (one.getBoundingClientRect().right <= width + 1) return false;
    // What is placed absolutely is cut off only by boxes that it is placed in.
    const out = box => getComputedStyle(box).position === "absolute" ? box.offsetParent : box.parentElement;
    for (let box = out(one); box; box = out(box))
      if (box !== document.body && getComputedStyle(box).overflowX !== "visible") return false;
    return true;
  });
  return ["scrolls sideways"].concat(wide.slice(0, 3).map(one => one.outerHTML.slice(0, 120)));
}
"""
RUN_AXE = """
async options => (await axe.run(options)).violations.map(one =>
  `${one.id} (${one.impact}): ${one.help}: ${JSON.stringify(one.nodes.slice(0, 3).map(node => node.target))} `
  + one.nodes[0].html.slice(0, 150))
"""
FACTS = """
() => ({
  links: [...document.querySelectorAll("a[href]")].map(one => one.getAttribute("href")),
  headings: document.querySelectorAll("h1").length,
  banner: document.querySelector(".mode-banner")?.innerText ?? "",
  mode: document.documentElement.dataset.mode ?? "",
  unheaded: [...document.querySelectorAll("th:not([scope])")].length,
  forms: [...document.querySelectorAll("form[method=post]")]
    .filter(one => !/\\/(sign-in$|forgot$|join\\/[^/]+$)/.test(one.action))
    .filter(one => !one.querySelector("input[name=_token]")).map(one => one.getAttribute("action")),
  ids: [...document.querySelectorAll("[id]")].map(one => one.id),
})
"""


@dataclass
class Sight:
    """What was seen of a page."""

    place: Place
    links: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    bytes: int = 0


class Examiner:
    """Looks at pages in one window; it counts what is transferred, with nothing kept from before."""

    def __init__(self, window: Window, modes: dict[str, str]):
        """`modes` says of each account whether it is TEST or LIVE."""
        self.window, self.modes = window, modes
        self._bytes = 0
        window.page.add_init_script(AXE_SCRIPT)
        self._network = window.context.new_cdp_session(window.page)
        self._network.send("Network.enable")
        self._network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._network.on("Network.loadingFinished", self._count)

    def _count(self, event):
        self._bytes += int(event["encodedDataLength"])

    def look(self, place: Place, is_thorough: bool = True) -> Sight:
        """Thoroughly is also in the dark and on a narrow screen."""
        sight, page = Sight(place), self.window.page
        self._bytes = 0
        answer = page.goto(place.address, wait_until="load")
        sight.bytes = self._bytes
        facts = page.evaluate(FACTS)
        sight.links = facts["links"]
        sight.problems += self._of_answer(answer, sight) + self._of_facts(place, facts)
        sight.problems += self.axe(RULES)
        if is_thorough:
            sight.problems += self._of_darkness() + self._of_narrowness()
        sight.problems += self.window.complaints
        self.window.complaints.clear()
        return sight

    def _of_answer(self, answer, sight: Sight) -> list[str]:
        found = []
        if answer.status != 200:
            found.append(f"answers {answer.status}: {self.window.text[:200]}")
        headers = {one["name"].lower(): one["value"] for one in answer.headers_array()}
        if headers.get("content-security-policy") != POLICY:
            found.append(f"policy: {headers.get('content-security-policy')}")
        if headers.get("cache-control") != "no-store":
            found.append(f"Cache-Control: {headers.get('cache-control')}")
        if sight.bytes > BYTES_MAX:
            found.append(f"{sight.bytes} bytes without cache")
        return found

    def _of_facts(self, place: Place, facts: dict) -> list[str]:
        found, title = [], self.window.page.title()
        if facts["headings"] != 1:
            found.append(f"{facts['headings']} headings of the first order")
        if facts["unheaded"]:
            found.append(f"{facts['unheaded']} cells of a table's head without scope")
        if facts["forms"]:
            found.append(f"forms without a token: {facts['forms']}")
        twice = {one for one in facts["ids"] if facts["ids"].count(one) > 1}
        if twice:
            found.append(f"ids that stand there twice: {sorted(twice)}")
        mode = self.modes.get(place.account, "")
        if mode and not title.startswith(f"{mode} · "):
            found.append(f"the title does not begin with {mode}: {title}")
        if mode and not (facts["mode"] == mode and facts["banner"].startswith(mode)):
            found.append(f"the banner does not say {mode}: {facts['banner']!r}")
        if re.search(r"\{\{[#^>/a-z]|Optional\(", self.window.text):
            found.append("something of the program shows through")
        return found

    def _of_darkness(self) -> list[str]:
        self.window.page.emulate_media(color_scheme="dark")
        try:
            return [f"in the dark: {one}" for one in self.axe(["color-contrast"], "rule")]
        finally:
            self.window.page.emulate_media(color_scheme="light")

    def _of_narrowness(self) -> list[str]:
        page = self.window.page
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        try:
            wide = page.evaluate(WIDER_THAN_THE_PAGE)
            return [f"at {NARROW} px: " + " ".join(wide)] if wide else []
        finally:
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def axe(self, names: list[str] = RULES, kind: str = "tag") -> list[str]:
        """What axe says against the page as it is now, a line each."""
        if self.window.page.evaluate("typeof axe === 'undefined'"):
            self.window.page.evaluate(AXE_SCRIPT)
        options = {"resultTypes": ["violations"], "runOnly": {"type": kind, "values": names}}
        return self.window.page.evaluate(RUN_AXE, options)


def problems_of(window: Window) -> list[str]:
    """What axe says against the page that a window shows, which no link leads to."""
    return Examiner(window, {}).axe()
