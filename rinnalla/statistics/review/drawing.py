"""The picture of a rate in parts of a year: a dot, and a line as long as the doubt."""

from math import ceil
from typing import NamedTuple

from rinnalla.lib import charts


class RateLine(NamedTuple):
    """A part of the year: its label, the text beside it, the rate and its limits.

    The rate and the limits are None where there is nothing to divide by.
    """

    label: str
    text: str
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    is_whole: bool = False


def rate_lines(lines, description, narrow=False):
    """Lying lines in the order given, all from nought on one scale."""
    values = [
        {"i": number, **line._asdict(), "known": line.rate is not None}
        for number, line in enumerate(lines)
    ]
    highest = max((line.high for line in lines if line.high is not None), default=1)
    ticks = _ticks(highest)
    return {
        "$schema": charts.SCHEMA,
        "description": description,
        "width": 220 if narrow else 440,
        "height": {"step": 46 if narrow else 42},
        "data": {"values": values},
        "encoding": {"y": _rows(narrow)},
        "layer": [
            _doubt(ticks, 110 if narrow else 300),
            _dot(),
            _text(),
        ],
    }


def _ticks(highest):
    """Round numbers from nought to above the highest limit, at most six."""
    steps = (lead * 10**zeros for zeros in range(9) for lead in (1, 2, 5))
    step = next(step for step in steps if highest <= step * 5)
    return list(range(0, max(1, ceil(highest / step)) * step + 1, step))


def _rows(narrow):
    return {
        "field": "i",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "axis": {
            "labelExpr": "data('source_0')[datum.value].label",
            "labelFontSize": 14 if narrow else 15,
            "labelLimit": 200,
            "minExtent": 104 if narrow else 170,
            "maxExtent": 104 if narrow else 170,
        },
    }


def _doubt(ticks, room):
    x = {
        "field": "low",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, ticks[-1]], "range": [0, room]},
        "axis": {"values": ticks, "grid": True, "format": "d"},
    }
    return {
        "mark": {"type": "rule", "strokeWidth": 4},
        "transform": [{"filter": "datum.known"}],
        "encoding": {"x": x, "x2": {"field": "high"}, "color": _colour(charts.QUIET)},
    }


def _dot():
    return {
        "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
        "transform": [{"filter": "datum.known"}],
        "encoding": {
            "x": {"field": "rate", "type": "quantitative"},
            "color": {"value": charts.STRONG},
        },
    }


def _text():
    """The words after the end of the line, or from nought where there is no line."""
    return {
        "mark": {"type": "text", "align": "left", "dx": 10, "fontSize": 15},
        "transform": [{"calculate": "datum.known ? datum.high : 0", "as": "end"}],
        "encoding": {
            "x": {"field": "end", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _colour(quiet):
    """The whole year is strong, its parts are quiet."""
    return {
        "condition": {"test": "datum.is_whole", "value": charts.STRONG},
        "value": quiet,
    }
