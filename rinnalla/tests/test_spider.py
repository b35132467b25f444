"""What the walk through the pages takes for a form."""

from rinnalla.tests.spider import Reader

PAGE = """
<form method="post" action="/a"><input name="one" value="1"></form>
<dialog><form method="dialog"><input name="lost"><button>Close</button></form></dialog>
<form><input name="two" value="2"></form>
"""


def test_a_form_that_only_closes_a_dialog_is_none():
    reader = Reader("/page")
    reader.feed(PAGE)
    found = [(form.method, form.action, form.fields) for form in reader.forms]
    assert found == [("post", "/a", {"one": "1"}), ("get", "/page", {"two": "2"})]
