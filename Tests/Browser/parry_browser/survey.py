"""Every page of a person as its bare HTML: quicker than a real browser, for questions that need none."""

from dataclasses import dataclass, field

from .crawl import Crawl, Place
from .plain import Form, Page, PlainBrowser

OF_ONE_KIND_MAX = 4


@dataclass
class Survey:
    """What was found on the way."""

    pages: dict[Place, Page] = field(default_factory=dict)
    forms: dict[Place, list[Form]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """Links that lead to no page."""

    def within_accounts(self) -> "Survey":
        """Without what is outside of any account."""
        return Survey(
            {place: page for place, page in self.pages.items() if place.account},
            {place: forms for place, forms in self.forms.items() if place.account}, self.broken,
        )  # fmt: skip

    @property
    def actions(self) -> list[Form]:
        """The forms that change something, each action once."""
        found = {form.action: form for forms in self.forms.values() for form in forms}
        return [form for form in found.values() if form.method == "post"]


def survey(browser: PlainBrowser, starts: list[str], accounts: set[str]) -> Survey:
    """All pages and files that links lead to."""
    found = Survey()
    crawl = Crawl(browser.base, starts, accounts, OF_ONE_KIND_MAX)

    def visit(place: Place) -> list[str]:
        page = browser.get(place.address)
        if page.status == 303:
            return [page.location]
        if page.status != 200:
            found.broken.append(f"{place.address}: {page.status} {page.words[:300]}")
            return []
        found.pages[place] = page
        if place.is_file:
            return []
        reader = page.read
        found.forms[place] = reader.forms
        return reader.links

    crawl.run(visit)
    return found
