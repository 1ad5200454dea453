"""People in every role, invited on the dashboard's own pages."""

import re
import urllib.parse

from .plain import Page, PlainBrowser


def link_of(page: Page) -> str:
    """The path of the link that a page shows once."""
    found = re.search(r'<code id="secret">([^<]+)</code>', page.text)
    if page.status != 201 or not found:
        raise AssertionError(f"{page.path}: {page.status} {page.words[:300]}")
    return urllib.parse.urlsplit(found[1]).path


class Inviter:
    """Invites with the browser of who may."""

    def __init__(self, browser: PlainBrowser):
        self.browser = browser

    def submit(self, path: str, action: str, **values) -> str:
        """Sends a form that has to be taken; where it leads."""
        page = self.browser.submit(path, action, **values)
        if page.status != 303:
            raise AssertionError(f"{action}: {page.status} {page.words[:300]}")
        return page.location.partition("?")[0]

    def to_group(self, partner_id: str, group_id: str, name: str, email: str) -> str:
        path = f"/dashboard/{partner_id}/people/groups/{group_id}/invite"
        return link_of(self.browser.submit(path, path, name=name, email=email))

    def new_group(self, partner_id: str, name: str, organisations: list[str]) -> str:
        """A restricted group that sees these organisations; its id."""
        people = f"/dashboard/{partner_id}/people"
        group = self.submit(f"{people}/groups/new", "/people/groups", name=name)
        self.submit(group, f"{group}/organisations", organisation=organisations)
        return group.rsplit("/", 1)[1]

    def to_organisation(self, organisation_id: str, name: str, email: str, role: str) -> str:
        """Makes a member and invites them."""
        people = f"/dashboard/{organisation_id}/people"
        first, _, last = name.partition(" ")
        member = self.submit(
            f"{people}/members/new", "/people/members",
            first_name=first, last_name=last, email=email, role=role,
        )  # fmt: skip
        page = self.browser.submit(f"{member}/invite", f"{member}/invite")
        return link_of(page)
