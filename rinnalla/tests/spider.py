"""Walk the pages as somebody does: follow links, note forms and what scripts call.

    found = Spider(client).walk(["/"])
    found.pages   {address: html}
    found.forms   [Form(action, method, fields, page)]

One page of each address pattern and set of parameters is enough to look at; more of
each (`of_each`) show the forms of a row's other states.
"""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve

MOST_PAGES = 150
LEAVING = re.compile(r"/account/logout|\.(css|js|svg|png)$|^/static/")
CALLED_BY_SCRIPTS = re.compile(r"(data-[\w-]*(url|href|action)|hx-(get|post|put))$")


@dataclass
class Form:
    """One form of a page: where it goes and each field with the value it holds."""

    action: str
    method: str
    page: str
    fields: dict = field(default_factory=dict)
    files: list = field(default_factory=list)

    @property
    def kind(self):
        """What makes two forms the same for a test: pattern of address and fields."""
        return shape(self.action), self.method, tuple(sorted(self.fields))


def shape(address):
    """What makes two pages the same for a test: the address pattern and parameters.

    A list of a hundred sites is not a hundred pages.
    """
    split = urlsplit(address)
    try:
        path = resolve(unquote(split.path)).route
    except Resolver404:
        path = split.path
    names = sorted(part.split("=")[0] for part in split.query.split("&") if part)
    return path, tuple(names)


class Reader(HTMLParser):
    """Note the links and forms of one page."""

    def __init__(self, page):
        super().__init__()
        self.page, self.links, self.forms = page, [], []
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for name, value in given.items():
            if value and (name == "href" or CALLED_BY_SCRIPTS.match(name)):
                self.links.append(self.absolute(value))
        if tag == "form" and (given.get("method") or "").lower() == "dialog":
            self.form = None  # closes a dialog of the page: nothing is sent
        elif tag == "form":
            action = self.absolute(given.get("action") or self.page)
            method = (given.get("method") or "get").lower()
            self.form = Form(action, method, self.page)
            self.forms.append(self.form)
        elif self.form:
            self.note_field(tag, given)

    def note_field(self, tag, given):
        """Keep what a field of the open form holds."""
        name, value = given.get("name"), given.get("value") or ""
        if tag == "option" and self.select:
            if "selected" in given or not self.form.fields.get(self.select):
                self.form.fields[self.select] = value
        elif not name:
            return
        elif tag == "select":
            self.select = name
            self.form.fields.setdefault(name, "")
        elif tag == "textarea":
            self.textarea = name
            self.form.fields[name] = ""
        elif given.get("type") == "file":
            self.form.files.append(name)
        elif given.get("type") in {"radio", "checkbox"}:
            if "checked" in given or name not in self.form.fields:
                self.form.fields[name] = value or "on"
        else:
            self.form.fields.setdefault(name, value)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag in {"select", "textarea"}:
            self.select = self.textarea = None

    def handle_data(self, data):
        if self.form and self.textarea:
            self.form.fields[self.textarea] += data

    def absolute(self, address):
        """An address as seen from this page, without its fragment."""
        return urldefrag(urljoin(self.page, address))[0]


class Spider:
    """Walk from the given addresses as whoever is signed in."""

    def __init__(self, client, of_each=1):
        self.client, self.of_each = client, of_each
        self.pages, self.forms, self.answers = {}, [], {}
        self.seen, self.times_seen = set(), Counter()

    @property
    def kinds(self):
        """One address of each shape, the first that was met."""
        return list({shape(one): one for one in reversed(self.answers)}.values())

    def walk(self, starts):
        """Visit one page of each shape that can be reached, or `of_each` of them."""
        waiting = deque(starts)
        while waiting and len(self.answers) < MOST_PAGES * self.of_each:
            address = waiting.popleft()
            if self.is_new(address):
                waiting.extend(self.visit(address))
        return self

    def is_new(self, address):
        """Whether this is ours and new of its shape; it is seen from now on."""
        split = urlsplit(address)
        if split.scheme or split.netloc or LEAVING.search(split.path):
            return False
        if address in self.seen or self.times_seen[shape(address)] == self.of_each:
            return False
        self.seen.add(address)
        self.times_seen[shape(address)] += 1
        return True

    def visit(self, address):
        """Open one page; note its forms and return where it leads."""
        answer = self.client.get(address)
        self.answers[address] = answer.status_code
        if answer.status_code in {301, 302, 303}:
            return [answer.headers["Location"]]
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return []
        html = answer.content.decode()
        self.pages[address] = html
        reader = Reader(address)
        reader.feed(html)
        known = {form.kind for form in self.forms}
        for form in reader.forms:
            if form.kind not in known:
                known.add(form.kind)
                self.forms.append(form)
        return reader.links
