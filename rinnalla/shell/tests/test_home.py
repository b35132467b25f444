import pytest


@pytest.mark.django_db
def test_health_answers(client):
    answer = client.get("/health").json()
    assert answer["status"] == "ok"
    assert answer["database"] == "ok"


def test_start_page_greets(cast, sign_in):
    page = sign_in(cast.hannu).get("/start")
    assert page.status_code == 200
    assert "Hannu" in page.content.decode()


def test_stranger_is_sent_to_sign_in(db, client):
    assert client.get("/").status_code == 302
