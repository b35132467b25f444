"""A month as pages name it ("2026-04"), and the weeks it is drawn in."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404
from django.urls import reverse
from django.utils.dates import MONTHS

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Month:
    """One month of the calendar."""

    first: date

    def __str__(self):
        return f"{self.first:%Y-%m}"

    @property
    def last(self):
        return self.next.first - timedelta(days=1)

    @property
    def next(self):
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def before(self):
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def label(self):
        """The month in words: "Huhtikuu 2026"."""
        return f"{MONTHS[self.first.month]} {self.first.year}".capitalize()

    @property
    def url(self):
        return reverse("planning:month_of", args=[str(self)])

    @property
    def mondays(self):
        """The Mondays of the weeks the month touches."""
        monday = self.first - timedelta(days=self.first.weekday())
        found = []
        while monday <= self.last:
            found.append(monday)
            monday += WEEK
        return found

    @property
    def shown(self):
        """The first and last day drawn: whole weeks."""
        return self.mondays[0], self.mondays[-1] + timedelta(days=6)


def month_of(day):
    return Month(day.replace(day=1))


def read_month(text):
    """The month an address names, or 404 for anything else."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise Http404
    return Month(date(int(text[:4]), int(text[5:]), 1))


def read_day(text):
    """The day an address names, or None for anything odd."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
