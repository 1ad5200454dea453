"""A browser of a hundred lines, for what no real one would do: it keeps the cookie and reads forms, and it sends
whatever a test wants, from wherever the test pretends to be."""

import html.parser
import http.client
import json
import re
import ssl
import urllib.parse
from dataclasses import dataclass, field, replace

SECONDS_MAX = 30


@dataclass
class Form:
    """A form as a page offers it: where it goes, and the fields that it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """Every field that it has, boxes that are not set too."""

    def filled(self, **values) -> "Form":
        """The same with these fields; a list sets several of a name, None leaves one out."""
        kept = [one for one in self.fields if one[0] not in values]
        for name, value in values.items():
            several = value if isinstance(value, list) else [] if value is None else [value]
            kept += [(name, str(one)) for one in several]
        return replace(self, fields=kept)


class _Reader(html.parser.HTMLParser):
    """Finds forms, links, the title and every id in an address."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.title = ""
        self.tags: list[tuple[str, dict]] = []
        self._inside = ""
        self._area = ""
        self._text = ""
        self._select, self._options = "", []

    def handle_starttag(self, tag, given):
        given = dict(given)
        self.tags.append((tag, given))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "title" and not self.title:
            self._inside = "title"
        if tag == "form":
            method = (given.get("method") or "get").lower()
            self.forms.append(Form(given.get("action") or "", method))
        elif self.forms:
            self._handle_field(tag, given)

    def _handle_field(self, tag, given):
        name = given.get("name") or ""
        if tag in ("input", "select", "textarea") and name:
            self.forms[-1].names.add(name)
        if tag == "input" and name and self._is_sent(given):
            self.forms[-1].fields.append((name, given.get("value") or ""))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append(("selected" in given, given.get("value") or ""))
        elif tag == "textarea":
            self._area, self._text = name, ""

    @staticmethod
    def _is_sent(given) -> bool:
        kind = (given.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            return "checked" in given
        return kind not in ("submit", "button")

    def handle_data(self, data):
        if self._inside == "title":
            self.title += data
        if self._area:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "title":
            self._inside = ""
        if tag == "textarea" and self._area:
            self.forms[-1].fields.append((self._area, self._text.removeprefix("\n")))
            self._area = ""
        if tag == "select" and self._select and self._options:
            # Without a chosen one a browser takes the first.
            chosen = [value for is_chosen, value in self._options if is_chosen]
            self.forms[-1].fields.append((self._select, (chosen or [self._options[0][1]])[0]))
            self._select = ""


@dataclass(frozen=True)
class Page:
    """An answer to a browser."""

    path: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def location(self) -> str:
        return self.headers.get("Location") or ""

    @property
    def cookies(self) -> list[str]:
        return self.headers.get_all("Set-Cookie") or []

    @property
    def read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        reader.close()
        return reader

    def form(self, action: str) -> Form:
        """The first POST form whose action ends so."""
        found = [
            one for one in self.read.forms if one.method == "post" and one.action.endswith(action)
        ]
        if not found:
            raise AssertionError(f"{self.path} ({self.status}) has no form to …{action}")
        return found[0]

    @property
    def words(self) -> str:
        """What a person reads, roughly."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.text).split())


class PlainBrowser:
    """One cookie jar; each request is a connection of its own, and no redirect is followed unasked."""

    def __init__(self, base: str, ca_file=None, host: str = ""):
        self.base = base
        self._address = urllib.parse.urlsplit(base)
        self._ca_file = ca_file
        self.host = host or self._address.netloc
        self.cookies: dict[str, str] = {}

    @property
    def origin(self) -> str:
        return f"{self._address.scheme}://{self.host}"

    def copy(self) -> "PlainBrowser":
        """Another one that has stolen the cookies."""
        other = PlainBrowser(self.base, self._ca_file, self.host)
        other.cookies = dict(self.cookies)
        return other

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname, self._address.port
        if self._address.scheme == "https":
            context = ssl.create_default_context(cafile=self._ca_file)
            return http.client.HTTPSConnection(host, port, timeout=SECONDS_MAX, context=context)
        return http.client.HTTPConnection(host, port, timeout=SECONDS_MAX)

    def send(self, method: str, path: str, fields=None, **headers: str | None) -> Page:
        """Header names take `_` for `-`; a None value leaves out what would be sent by itself."""
        sent = {"Host": self.host, "User-Agent": "Plain browser"}
        body = None
        if fields is not None:
            pairs = list(fields.items()) if isinstance(fields, dict) else fields
            body = urllib.parse.urlencode(pairs).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            sent |= {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value is not None}
        connection = self._connection()
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            page = Page(path, answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self._keep(page)
        return page

    def _keep(self, page: Page):
        for line in page.cookies:
            name, _, rest = line.partition("=")
            value = rest.split(";")[0]
            if "max-age=0" in line.lower() or not value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

    def get(self, path: str, **headers) -> Page:
        return self.send("GET", path, **headers)

    def post(self, form: Form, **headers) -> Page:
        return self.send("POST", form.action, form.fields, **headers)

    def follow(self, page: Page, hops_max: int = 5) -> Page:
        """To where redirects lead, within this site."""
        while page.status in (302, 303) and hops_max:
            page, hops_max = self.get(page.location), hops_max - 1
        return page

    def open(self, path: str) -> Page:
        """A page that has to be there, whatever redirects lead to it."""
        page = self.follow(self.get(path))
        if page.status != 200:
            raise AssertionError(f"{path}: {page.status} {page.words[:300]}")
        return page

    def submit(self, path: str, action: str, **values) -> Page:
        """Fills the form of a page and sends it; redirects are not followed."""
        return self.post(self.open(path).form(action).filled(**values))

    def sign_in(self, email: str, password: str, next: str = "") -> Page:
        query = "?" + urllib.parse.urlencode({"next": next}) if next else ""
        form = self.get("/dashboard/sign-in" + query).form("/sign-in")
        return self.post(form.filled(email=email, password=password))
