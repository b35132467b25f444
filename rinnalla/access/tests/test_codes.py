"""Code lists: labels may change, codes stay, nothing is deleted."""

import pytest
from django.conf import settings
from django.urls import reverse

from rinnalla.access import actions
from rinnalla.access.models import AuditEvent, Code


@pytest.fixture
def housing(db):
    return Code.objects.get(list="topic", code="housing")


def url(name, *args):
    return reverse(f"access:{name}", args=args)


def labels(**over):
    fields = {"label_fi": "Asuminen ja koti", "label_sv": "Boende", "label_en": "Home"}
    return fields | over


def test_it_works(cast, housing, sign_in):
    sign_in(cast.kaisa).post(url("code", housing.pk), labels(code="other"))
    housing.refresh_from_db()
    assert (housing.code, housing.label_fi) == ("housing", "Asuminen ja koti")
    assert housing.is_changed
    assert AuditEvent.objects.filter(action="code.changed").count() == 1


def test_an_update_leaves_a_changed_label_alone(cast, housing):
    housing.label_fi = "Koti"
    actions.change_code(cast.kaisa, housing)
    actions.load_codes(settings.BASE_DIR / "rinnalla" / "encounters" / "codes.csv")
    housing.refresh_from_db()
    assert housing.label_fi == "Koti"


@pytest.mark.parametrize(
    "over",
    [
        {"label_fi": ""},
        {"label_sv": ""},
        {"label_en": "x" * 200},
        {"label_fi": "a\0b"},
        {"short_fi": "x" * 21},
    ],
)
def test_a_label_is_there_in_three_languages(cast, housing, sign_in, over):
    page = sign_in(cast.kaisa).post(url("code", housing.pk), labels(**over))
    assert page.status_code == 200
    assert page.context["form"].errors
    housing.refresh_from_db()
    assert not housing.is_changed


def test_a_choice_is_added_at_the_end(cast, sign_in):
    fields = labels(code="pets", label_fi="Lemmikit")
    client = sign_in(cast.kaisa)
    for _ in range(2):
        answer = client.post(url("new_code", "topic"), fields)
        assert answer.url == url("codes", "topic")
    assert list(Code.objects.of("topic"))[-1].code == "pets"
    assert AuditEvent.objects.filter(action="code.added").count() == 1


@pytest.mark.parametrize("code", ["housing", "", "Ä", "a b", "1", "x" * 60, "a\0"])
def test_a_code_is_new_and_plain(cast, sign_in, code):
    before = Code.objects.count()
    page = sign_in(cast.kaisa).post(url("new_code", "topic"), labels(code=code))
    assert page.status_code == 200
    assert "code" in page.context["form"].errors
    assert Code.objects.count() == before


def test_a_choice_is_retired_and_taken_back(cast, housing, sign_in):
    client = sign_in(cast.kaisa)
    client.post(url("retire_code", housing.pk, "retire"))
    assert housing not in Code.objects.in_use("topic")
    assert housing in Code.objects.of("topic")
    client.post(url("retire_code", housing.pk, "return"))
    assert housing in Code.objects.in_use("topic")


def test_the_order_is_the_countys(cast, sign_in):
    first, second, *_ = codes = list(Code.objects.of("topic"))
    client = sign_in(cast.kaisa)
    client.post(url("move_code", second.pk, "up"))
    assert list(Code.objects.of("topic"))[:2] == [second, first]
    client.post(url("move_code", second.pk, "up"))
    client.post(url("move_code", codes[-1].pk, "down"))
    assert list(Code.objects.of("topic")) == [second, first, *codes[2:]]


@pytest.mark.parametrize("who", ["aino", "leena", "reijo"])
def test_others_edit_nothing(cast, housing, sign_in, who):
    client = sign_in(getattr(cast, who))
    for where in (
        url("code", housing.pk),
        url("new_code", "topic"),
        url("retire_code", housing.pk, "retire"),
        url("move_code", housing.pk, "up"),
    ):
        assert client.post(where, labels(code="x")).status_code == 403
    housing.refresh_from_db()
    assert not housing.is_retired


@pytest.mark.parametrize("name", ["no_such_list", "x" * 300])
def test_an_unknown_list_is_not_found(cast, sign_in, name):
    client = sign_in(cast.kaisa)
    assert client.get(url("codes", name)).status_code == 404
    assert client.post(url("new_code", name), labels(code="x")).status_code == 404
