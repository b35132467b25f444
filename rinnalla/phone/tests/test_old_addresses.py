"""The addresses of before the app still lead to the same screens."""

import pytest

VISIT = "5c9d4a1e-8f0b-4c55-9b6e-3f1f0a2d7c44"


def test_it_works(client, db):
    answer = client.get("/field/")
    assert (answer.status_code, answer.url) == (302, "/phone/")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (f"visits/{VISIT}", f"#/visit/{VISIT}"),
        (f"visits/{VISIT}/wrap-up", f"#/visit/{VISIT}/wrap-up"),
        (f"visits/{VISIT}/finish", f"#/visit/{VISIT}"),
        ("practice", ""),
        ("visits/nonsense", ""),
        ("guest/a-Token_1", "#guest=a-Token_1"),
    ],
)
def test_each_leads_to_its_screen(client, db, before, now):
    assert client.get(f"/field/{before}").url == f"/phone/{now}"


@pytest.mark.parametrize("token", ["x" * 500, "%00", "..%2e", "ä", "a%22b"])
def test_a_broken_link_leads_nowhere_else(client, db, token):
    answer = client.get(f"/field/guest/{token}")
    assert answer.status_code in (302, 404)
    if answer.status_code == 302:
        assert answer.url.startswith("/phone/#guest=")


def test_nothing_is_taken_there_any_more(client, db):
    assert client.post("/field/facts", {}).status_code == 405
