"""Pictures of pages: every one for a person to look through, and four for README and docs."""

import contextlib
import html
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Page

from . import REPOSITORY
from .exhibition import Exhibition
from .stage import Stage
from .window import HEIGHT, NARROW, WIDTH, Chromium, Window

ALBUM = REPOSITORY / ".build" / "screenshots"
PICTURES = REPOSITORY / "docs" / "images"
PICTURE_WIDTH = 1_200
HEIGHT_MAX = 6_000
ALSO = ("ptnr", "ptnr-alerts", "ptnr-alerts-netalrt", "ptnr-rulesets-rset", "sign-in")
"""Pages that are taken in the dark and on a narrow screen too."""
HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Pages of the dashboard</title>
<style>body { font: 15px system-ui; margin: 2rem; } figure { margin: 0 0 2rem; }
img { max-width: 100%; border: 1px solid #ccc; } div { columns: 26rem; }
figure { break-inside: avoid; }</style><h1>Pages of the dashboard</h1><div>
"""


class Album(contextlib.ExitStack):
    """The folder of screenshots, empty at first; its index is written when it is closed."""

    def __init__(self):
        super().__init__()
        shutil.rmtree(ALBUM, ignore_errors=True)
        ALBUM.mkdir(parents=True)
        self.names: list[str] = []
        self.callback(self._write_index)

    def take(self, page: Page, name: str):
        """The page as it is; the first of a name stays."""
        if name in self.names:
            return
        self._shoot(page, name)
        if name in ALSO:
            page.emulate_media(color_scheme="dark")
            self._shoot(page, f"{name}-dark")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": NARROW, "height": HEIGHT})
            self._shoot(page, f"{name}-narrow")
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def _shoot(self, page: Page, name: str):
        size = page.viewport_size
        height = page.evaluate("document.documentElement.scrollHeight")
        # As high as the page, so that what sticks to the window's edge covers nothing.
        page.set_viewport_size(size | {"height": min(max(height, HEIGHT), HEIGHT_MAX)})
        page.screenshot(path=ALBUM / f"{name}.png")
        page.set_viewport_size(size)
        self.names.append(name)

    def _write_index(self):
        figures = [
            f'<figure><figcaption>{html.escape(name)}</figcaption><a href="{name}.png">'
            f'<img src="{name}.png" alt="" loading="lazy"></a></figure>\n'
            for name in sorted(self.names)
        ]
        (ALBUM / "index.html").write_text(HEAD + "".join(figures) + "</div></html>\n")


def write_pictures():
    """The four of README and docs, of a month that is made for them; the same each time but for times and ids."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Stage() as stage, Chromium() as chromium:
        exhibition = Exhibition(stage)
        exhibition.fill()
        home = f"/dashboard/{stage.test.id}"
        with chromium.window(stage.base, width=PICTURE_WIDTH, zone="UTC") as window:
            window.sign_in(stage.operator, home)
            _picture(window, f"{home}?days=30", "dashboard-overview", height=1_400)
            _picture(window, f"{home}/alerts", "dashboard-queue")
            _picture(window, f"{home}/alerts/{exhibition.newest['id']}", "dashboard-alert")
            window.open(f"{home}/rulesets/new?organisation={exhibition.shop.id}")
            _backtest(window, exhibition)
            _picture(window, "", "dashboard-ruleset")


def _backtest(window: Window, exhibition: Exhibition):
    """The form with a sentence in it, and what it would have decided."""
    page = window.page
    page.check(f"input[name=enrolment][value={exhibition.shop.world.enrolment_id}]")
    page.select_option("select[name=outcome]", "ACCEPT_DISPUTE")
    if not page.locator("input.amount").count():
        page.get_by_role("button", name="Add a rule about the amount").click()
    page.fill("input.amount", "100.00")
    page.get_by_role("button", name="Add a rule about the descriptor").click()
    page.locator("input.text").first.fill("ACMEFIT GIFT")
    page.select_option("select[name=join]", "OR")
    page.get_by_role("button", name="Backtest").last.click()
    page.locator("svg.plot").first.wait_for()


def _picture(window: Window, path: str, name: str, height: int = HEIGHT):
    window.page.set_viewport_size({"width": PICTURE_WIDTH, "height": height})
    if path:
        window.open(path)
    window.page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    file = PICTURES / f"{name}.png"
    window.page.screenshot(path=file)
    shrink(file)
    print(f"{file.relative_to(REPOSITORY)}: {file.stat().st_size // 1_024} KB")


def shrink(path: Path):
    """With fewer colours, where pngquant is installed."""
    if program := shutil.which("pngquant"):
        subprocess.run(
            [program, "--force", "--skip-if-larger", "--output", path, "64", path], check=False
        )
