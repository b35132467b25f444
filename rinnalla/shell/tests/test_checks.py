"""What is looked at before real use."""

import pytest
from django.core.checks import run_checks


def said(settings, address, is_https=True):
    settings.PUBLIC_ADDRESS, settings.HTTPS = address, is_https
    return [found.id for found in run_checks(include_deployment_checks=True)]


def test_it_works(settings):
    assert "shell.W001" in said(settings, "http://localhost:8000")


@pytest.mark.parametrize(
    ("address", "is_https"),
    [("https://rinnalla.example.fi", True), ("http://localhost:8000", False)],
)
def test_what_is_in_order(settings, address, is_https):
    assert "shell.W001" not in said(settings, address, is_https)
