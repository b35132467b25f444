"""What a browser would send back from a page: every field as it stands."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Reads the controls of the main form of a page."""

    def __init__(self):
        super().__init__()
        self.data, self._in_form, self._select, self._area = {}, False, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and "pl-form" in attrs.get("class", ""):
            self._in_form = True
        if not self._in_form:
            return
        name = attrs.get("name")
        if tag == "input" and name:
            self._input(name, attrs)
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in attrs:
            self.data.setdefault(self._select, []).append(attrs["value"])
        elif tag == "textarea":
            self._area, self.data[name] = name, ""

    def _input(self, name, attrs):
        ticked = attrs.get("type") in ("checkbox", "radio")
        if not ticked or "checked" in attrs:
            value = attrs.get("value", "on" if ticked else "")
            self.data.setdefault(name, []).append(value)

    def handle_data(self, data):
        if self._area:
            self.data[self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.data[self._area] = self.data[self._area].removeprefix("\n")
            self._area = None
        if tag == "form":
            self._in_form = False


def fields_of(response):
    """The data of the page's form, ready to be posted back."""
    parser = _Fields()
    parser.feed(response.content.decode())
    parser.data.pop("csrfmiddlewaretoken", None)
    return parser.data
