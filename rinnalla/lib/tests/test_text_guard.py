import csv
import time
from pathlib import Path

import pytest
from django import forms
from hypothesis import given, settings
from hypothesis import strategies as st

from rinnalla.lib import text_guard
from rinnalla.lib.text_guard import refusals, warnings

VECTORS = Path(__file__).parent / "data" / "identity_codes.csv"


def codes(*expected):
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return [r["value"] for r in csv.DictReader(file) if r["expected"] in expected]


REAL = codes("valid", "policy")
ANY_TEXT = st.text(st.characters(), max_size=60)


class NoteForm(text_guard.AsksOnceMixin):
    place = text_guard.GuardedCharField(required=False)
    note = text_guard.GuardedTextField(required=False)


def test_it_works():
    assert refusals("Jono oli pitkä, 120 kohdattua. Kahvia kului.") == []
    assert refusals("Soittaa 131052-308T numeroon 040 123 4567, a@example.fi") == [
        "identity_code",
        "phone",
        "email",
    ]
    assert NoteForm({"note": "Sade harvensi jonoa."}).is_valid()


@pytest.mark.parametrize("code", REAL)
def test_every_right_code_is_refused(code):
    assert "identity_code" in refusals(code)
    assert "identity_code" in refusals(code.lower())


@pytest.mark.parametrize("code", codes("invalid"))
def test_wrong_codes_are_not_refused(code):
    assert "identity_code" not in refusals(code)


def test_a_mistyped_code_is_warned_about():
    assert warnings("hetu 131052-308U") == ["identity_like"]


@given(before=ANY_TEXT, code=st.sampled_from(REAL), after=ANY_TEXT)
@settings(max_examples=300, deadline=None)
def test_a_code_is_found_in_any_text(before, code, after):
    assert "identity_code" in refusals(before + code + after)


@given(code=st.sampled_from(REAL), data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_code_is_found_through_disguise(code, data):
    gaps = st.sampled_from(["", " ", "\u200b", "\u00a0", "\u00ad", "\u2060 "])
    wide = st.booleans()
    disguised = "".join(
        (chr(ord(char) + 0xFEE0) if data.draw(wide) else char) + data.draw(gaps)
        for char in code
    )
    assert "identity_code" in refusals(f"x {disguised} y")


@given(text=st.text(st.characters(categories=None), max_size=300))
@settings(max_examples=300, deadline=None)
def test_it_never_raises(text):
    refusals(text)
    warnings(text)
    text_guard.tidy(text).encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "0401234567",
        "soita 040 123 4567 huomenna",
        "puh.040-1234567",
        "040 – 123 4567",
        "040.123.4567",
        "050 12 34 56 7",
        "+358 40 123 4567",
        "+358 (0)40 123 4567",
        "00358401234567",
        "358401234567",
        "(09) 123 4567",
        "09 1234 567",
        "017-123 456",
        "0457 1234567",
        "+46 70 123 45 67",
        "+372 5123 4567",
        "０４０１２３４５６７",
        "040\u00a0123\u20114567",
        "klo 10.30 soitto 044 1234567",
    ],
)
def test_phone_numbers_are_refused(text):
    assert refusals(text) == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "120–150 kassia",
        "klo 10.30",
        "12.3.2026",
        "01.03.2026",
        "01.03.-15.03.2026",
        "2026-03-12",
        "09-10-2026",
        "09/10/2026",
        "klo 09.30–10.30",
        "ma 09-12 13-15",
        "08:30-16:00",
        "1 200 000 €",
        "02100 Espoo",
        "00100 Helsinki 12 kertaa",
        "02100 120 henkeä",
        "0,1234567",
        "Y-tunnus 0201256-6",
        "+1 +10 +12",
        "2018-2019",
        "05.06-07.06.2026",
        "jonossa 100, 120, 130 ja 98",
        "01.02.26 klo 09.00",
    ],
)
def test_dates_times_money_and_counts_are_not_phones(text):
    assert refusals(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "matti.esimerkki@example.fi",
        "mäki@example.fi",
        "a @ example . fi",
        "matti(at)example.fi",
        "matti [a] example.fi",
        "matti (ät) example.fi",
        "matti.esimerkki at example.fi",
        "matti at example piste fi",
        "ａ＠ｅｘａｍｐｌｅ．ｆｉ",
    ],
)
def test_email_addresses_are_refused(text):
    assert refusals(text) == ["email"]


@pytest.mark.parametrize("text", ["klo 10 @ tori", "we met at noon. It rained", "a@b"])
def test_not_every_at_is_an_email(text):
    assert refusals(text) == []


@pytest.mark.parametrize(
    "text",
    ["Tapasimme Matti Meikäläisen", "virtanen pekka", "Pekka tuli taas",
     "Tapasimme Annan", "Juttelin Villelle", "Onni Virtanen", "Anna-Liisa kävi",
     "toivo korhoselle"],
)  # fmt: skip
def test_names_are_warned_about(text):
    assert warnings(text) == ["name"]


@pytest.mark.parametrize(
    "text",
    ["Toivo on tärkeää", "Suomen Punainen Risti jakoi soppaa", "Satu luettiin", "",
     "Lasten kanssa puistossa", "Onni oli mukana"],
)  # fmt: skip
def test_everyday_words_are_not_names(text):
    assert warnings(text) == []


@pytest.mark.parametrize(
    "text",
    ["Hämeenkatu 12", "Kotkankadulla 5 b", "Rantatie 3", "Storgatan 7", "Pikkukujan 2",
     "Skolvägen 14 A 3"],
)  # fmt: skip
def test_street_addresses_are_warned_about(text):
    assert warnings(text) == ["street_address"]


@pytest.mark.parametrize("text", ["Valtatie 5", "Kotikadulla oli 12", "Tori 3 kertaa"])
def test_roads_and_places_alone_are_fine(text):
    assert warnings(text) == []


def test_a_form_keeps_the_text_and_says_what_it_found():
    form = NoteForm({"note": "Soita 040 123 4567", "place": "Tori"})
    assert not form.is_valid()
    assert form.errors["note"] == [text_guard.REFUSALS["phone"]]
    assert form["note"].value() == "Soita 040 123 4567"
    assert "note" not in form.cleaned_data


def test_a_form_asks_once():
    asked = NoteForm({"note": "Pekka Virtanen kävi"})
    assert not asked.is_valid()
    assert isinstance(asked.fields["text_confirmed"].widget, forms.CheckboxInput)
    ticked = NoteForm({"note": "Pekka Virtanen kävi", "text_confirmed": "on"})
    assert ticked.is_valid()


def test_a_tick_never_lets_a_refused_text_through():
    form = NoteForm({"note": "Pekka 131052-308T", "text_confirmed": "on"})
    assert not form.is_valid()


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 20000, "\u202e\u0301"])
def test_odd_text_gives_an_answer_that_can_be_stored(text):
    form = NoteForm({"note": text})
    form.is_valid()
    form.cleaned_data.get("note", "").encode("utf-8")


@pytest.mark.parametrize("unit", ["a", "0", "1 ", "a.", "+1", "A@", "katu"])
def test_long_text_is_read_in_a_moment(unit):
    text = (unit * 50_000)[:50_000]
    start = time.process_time()
    refusals(text)
    warnings(text)
    assert time.process_time() - start < 5
