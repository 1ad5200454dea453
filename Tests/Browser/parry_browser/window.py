"""Real windows: Debian's Chromium without a screen, driven by Playwright, and what it complains about."""

import contextlib
import os
import shutil
import urllib.parse

from playwright.sync_api import Browser, Page, sync_playwright

from .stage import Person

ANSWER_MILLISECONDS_MAX = 15_000
WIDTH, HEIGHT, NARROW = 1280, 900, 360
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event =>
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sourceFile}`));
"""
NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""No test reaches beyond this machine, whatever a page asks for."""
PROGRAM = "chromium"


class Chromium(contextlib.ExitStack):
    """One browser for a whole module; each person has a window of their own."""

    def __init__(self):
        super().__init__()
        program = shutil.which(PROGRAM)
        if not program:
            raise SystemExit(f"there is no {PROGRAM}: run scripts/setup browser")
        options = [NOWHERE_ELSE, "--force-color-profile=srgb"]
        if os.geteuid() == 0:
            # Chromium's sandbox does not work for root.
            options.append("--no-sandbox")
        driver = self.enter_context(sync_playwright())
        self.browser: Browser = driver.chromium.launch(executable_path=program, args=options)
        self.callback(self.browser.close)

    def window(self, base: str, **how) -> "Window":
        return Window(self.browser, base, **how)


class Window(contextlib.ExitStack):
    """A browser of one person: cookies of its own, one page at first, and a list of complaints.

    Whatever a console, a policy or a network says that it should not is a complaint."""

    def __init__(
        self, browser: Browser, base: str, javascript: bool = True, width: int = WIDTH,
        is_dark: bool = False, zone: str = "Europe/Zurich",
    ):  # fmt: skip
        super().__init__()
        self.base = base
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=base, viewport={"width": width, "height": HEIGHT}, timezone_id=zone,
            java_script_enabled=javascript, color_scheme="dark" if is_dark else "light",
            ignore_https_errors=True, accept_downloads=True, locale="en-GB",
        )  # fmt: skip
        self.callback(self.context.close)
        self.context.set_default_timeout(ANSWER_MILLISECONDS_MAX)
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.on("page", self._watch)
        self.page: Page = self.context.new_page()

    def _watch(self, page: Page):
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._see)

    def _hear(self, message):
        # The document's own status, as of a form that is shown again, is for the test to judge.
        is_status = message.text.startswith("Failed to load resource: the server responded")
        if message.type == "error" and not is_status:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _see(self, request):
        address = urllib.parse.urlsplit(request.url)
        if address.scheme in ("http", "https") and not request.url.startswith(self.base + "/"):
            self.complaints.append(f"something asks another host: {request.url}")

    def open(self, path: str, status: int = 200):
        """A page that has to answer so."""
        answer = self.page.goto(path)
        if answer and answer.status != status:
            raise AssertionError(f"{path}: {answer.status}, not {status}: {self.text[:300]}")
        return answer

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return self.page.inner_text("body")

    @property
    def path(self) -> str:
        """Where the window is, without the host."""
        return self.page.url.removeprefix(self.base)

    def sign_in(self, person: Person, next: str = "") -> "Window":
        query = "?" + urllib.parse.urlencode({"next": next}) if next else ""
        self.open("/dashboard/sign-in" + query)
        self.give_password(person)
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self

    def give_password(self, person: Person, password: str | None = None):
        """Fills the form that is shown and sends it."""
        email = self.page.locator("input[name=email]")
        if email.count():
            email.fill(person.email)
        self.page.fill("input[name=password]", password or person.password)
        self.page.click("main button.primary")

    def close_page(self):
        self.page.close()
        self.page = self.context.new_page()
