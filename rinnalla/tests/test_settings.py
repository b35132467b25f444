"""A setting that would switch protection off stops the start, in a clear line."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from rinnalla.settings import env_bool, env_int


@pytest.mark.parametrize("value", ["2", "11", "-5", "five", "5.0"])
def test_a_number_out_of_its_bounds_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("DISCLOSURE_K", value)
    with pytest.raises(ImproperlyConfigured, match="from 3 to 10"):
        env_int("DISCLOSURE_K", 5, least=3, most=10)


def test_an_empty_value_means_the_default(monkeypatch):
    monkeypatch.setenv("DISCLOSURE_K", "")
    assert env_int("DISCLOSURE_K", 5, least=3, most=10) == 5


def test_a_word_that_is_neither_yes_nor_no_stops_the_start(monkeypatch):
    monkeypatch.setenv("HTTPS", "maybe")
    with pytest.raises(ImproperlyConfigured, match="yes or no"):
        env_bool("HTTPS")
