"""Draws charts: a Vega-Lite specification in, one SVG out.

The colours are names of the style sheet, so one SVG serves light, dark, sun and every
county; for print they become hex. An SVG says what it shows in one label; the same
figures stand in a table beside it. Drawing is slow (half a second the first time) and
heavy: it is done in the worker and kept by ``spec_hash``, never in the web process.
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

LOOK = Path(__file__).parent / "chart_look.json"
# Raised when the drawing itself changes, so that kept charts are drawn anew.
LOOK_VERSION = 2
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SVG = "http://www.w3.org/2000/svg"

STRONG = "var(--rn-chart-1)"
QUIET = "var(--rn-chart-quiet)"
HATCH = "var(--rn-hatch)"
SURFACE = "var(--ds-color-neutral-surface-default)"
TEXT = "var(--ds-color-neutral-text-default)"
ON_STRONG = "var(--ds-color-accent-base-contrast-default)"
PRINT_COLOURS = {
    STRONG: "#12525A",
    QUIET: "#A9C6C8",
    HATCH: "#8A8478",
    SURFACE: "#FFFFFF",
    TEXT: "#1F1E1B",
    ON_STRONG: "#FFFFFF",
    "var(--ds-color-neutral-text-subtle)": "#56524A",
    "var(--ds-color-neutral-border-subtle)": "#DEDAD0",
    "var(--ds-color-neutral-border-default)": "#7D786E",
    "Roboto, system-ui, sans-serif": "DejaVu Sans",
}


class MonthBar(NamedTuple):
    """One month: its short label, the number and how much of it was estimated."""

    label: str
    number: int
    estimated: int = 0
    is_current: bool = False
    is_break: bool = False  # from here on counted in another way
    is_silent: bool = False  # no records: no number stands there, not even 0


class TopicBar(NamedTuple):
    """One topic: its label, its number (None: protected) and the text beside it."""

    label: str
    number: int | None
    text: str


# --- Drawing ---------------------------------------------------------------------


def spec_hash(spec: dict) -> str:
    """A key that changes with the chart or with the common look."""
    whole = json.dumps([LOOK_VERSION, _look(), spec], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def render_svg(spec: dict, for_print: bool = False) -> str:
    """The chart as SVG text: named colours for pages, hex for print.

    ``spec["description"]`` becomes its label. Only for the worker and for commands.
    """
    import vl_convert

    text, look = json.dumps(spec), json.dumps(_look())
    if for_print:
        for name, value in PRINT_COLOURS.items():
            text, look = text.replace(name, value), look.replace(name, value)
    drawn = vl_convert.vegalite_to_svg(json.loads(text), config=json.loads(look))
    prefix = f"c{spec_hash(spec)[:8]}"
    return _finish(drawn, spec["description"], prefix, for_print)


@cache
def _look() -> dict:
    return json.loads(LOOK.read_text(encoding="utf-8"))


def _finish(drawn: str, label: str, prefix: str, for_print: bool) -> str:
    """One label for the whole, no sizes, ids of its own, no inline style."""
    ElementTree.register_namespace("", SVG)
    svg = ElementTree.fromstring(drawn)
    for element in svg.iter():
        for name in list(element.attrib):
            if name.startswith("aria-") or name in ("role", "style", "class"):
                del element.attrib[name]
    if not for_print:
        # Typst takes the size from here; on a page the style sheet gives it.
        del svg.attrib["width"], svg.attrib["height"]
    svg.attrib |= {"role": "img", "aria-label": label}
    _add_hatch(svg, for_print)
    return _own_ids(ElementTree.tostring(svg, encoding="unicode"), prefix)


def _add_hatch(svg: ElementTree.Element, for_print: bool) -> None:
    """The pattern of protected bars, if there are any."""
    if not any(element.get("fill") == "url(#hatch)" for element in svg.iter()):
        return
    surface, line = (
        (PRINT_COLOURS[SURFACE], PRINT_COLOURS[HATCH])
        if for_print
        else (SURFACE, HATCH)
    )
    defs = ElementTree.Element(f"{{{SVG}}}defs")
    pattern = ElementTree.SubElement(
        defs,
        f"{{{SVG}}}pattern",
        {
            "id": "hatch",
            "width": "6",
            "height": "6",
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
    )
    for width, fill in (("6", surface), ("2", line)):
        size = {"width": width, "height": "6", "fill": fill}
        ElementTree.SubElement(pattern, f"{{{SVG}}}rect", size)
    svg.insert(0, defs)


def _own_ids(text: str, prefix: str) -> str:
    """Ids that no other chart on the page has, the same at every drawing."""
    ids = re.findall(r'\bid="([^"]+)"', text)
    names = {old: f"{prefix}-{number}" for number, old in enumerate(ids)}
    return re.sub(
        r'\bid="([^"]+)"|url\(#([^)"]+)\)',
        lambda m: f'id="{names[m[1]]}"' if m[1] else f"url(#{names[m[2]]})",
        text,
    )


# --- The two charts of the first pages ---------------------------------------------


def month_bars(
    months: Sequence[MonthBar], description: str, narrow: bool = False
) -> dict:
    """Bars of up to twelve months (narrow: the last six), numbers on the last three.

    The current month is strong, the others quiet. A thin line in a bar parts what was
    counted, below it, from what was estimated, above it.
    """
    shown = list(months)[-6:] if narrow else list(months)[-12:]
    top, step = _scale(max((month.number for month in shown), default=0))
    values = [
        {
            "i": number,
            "label": month.label,
            "n": month.number,
            "counted": month.number - month.estimated,
            "estimated": month.estimated > 0,
            "now": month.is_current,
            **({"break": True} if month.is_break else {}),
            "text": "" if month.is_silent else _spaced(month.number),
        }
        for number, month in enumerate(shown)
    ]
    ticks = list(range(0, top + 1, step))
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": 256 if narrow else 590,
        "height": 190 if narrow else 230,
        "data": {"values": values},
        "encoding": {"x": _months_axis(narrow)},
        "layer": [
            _month_bar(top, ticks),
            _estimated_line(),
            _last_numbers(len(shown), top),
            *([_break_line()] if any(month.is_break for month in shown) else []),
        ],
    }


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _months_axis(narrow: bool) -> dict:
    return {
        "field": "i",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "scale": {"paddingInner": 0.28, "paddingOuter": 0.1},
        # Two months a year apart may have one label: they are told apart by place.
        "axis": {
            "labelExpr": "data('source_0')[datum.value].label",
            "labelFontSize": 13 if narrow else 14,
        },
    }


def _month_bar(top: int, ticks: list[int]) -> dict:
    y = {
        "field": "n",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, top]},
        "axis": {
            "values": ticks,
            "minExtent": 44,
            "maxExtent": 44,
            "labelExpr": "replace(format(datum.value, ','), /,/g, '\u00a0')",
        },
    }
    colour = {"condition": {"test": "datum.now", "value": STRONG}, "value": QUIET}
    return {"mark": {"type": "bar"}, "encoding": {"y": y, "color": colour}}


def _estimated_line() -> dict:
    colour = {"condition": {"test": "datum.now", "value": ON_STRONG}, "value": TEXT}
    return {
        "mark": {"type": "tick", "thickness": 2},
        "transform": [{"filter": "datum.estimated"}],
        "encoding": {
            "y": {"field": "counted", "type": "quantitative"},
            "color": colour,
        },
    }


def _break_line() -> dict:
    """A dashed line before the month from which figures are counted another way."""
    return {
        "mark": {"type": "rule", "strokeWidth": 2, "strokeDash": [4, 3]},
        "transform": [{"filter": "datum.break"}],
        "encoding": {
            "x": {"field": "i", "type": "ordinal", "bandPosition": -0.16},
            "color": {"value": TEXT},
        },
    }


def _last_numbers(months: int, top: int) -> dict:
    """The numbers over the last three bars; long ones over every second of them."""
    last = f"datum.i >= {months - 3}"
    if top >= 10_000:
        last += f" && (datum.i - {months - 1}) % 2 == 0"
    return {
        "mark": {"type": "text", "dy": -9, "fontWeight": 700, "fontSize": 15},
        "transform": [{"filter": last}],
        "encoding": {
            "y": {"field": "n", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _scale(largest: int) -> tuple[int, int]:
    """The top of the axis and the step of its lines: at most five, on round numbers."""
    rounds = (lead * 10**zeros for zeros in range(10) for lead in (1, 2, 5))
    step = next(step for step in rounds if largest <= step * 5)
    lines = max(-(-largest // step), 1)
    return lines * step, step


def topic_bars(
    topics: Sequence[TopicBar], description: str, narrow: bool = False
) -> dict:
    """Lying bars in the order given; a protected one is hatched, of one length.

    The length of a protected bar says nothing; its text should say that it is hidden.
    """
    plot, room = (152, 102) if narrow else (430, 370)
    largest = max((topic.number or 0 for topic in topics), default=0) or 1
    values = [
        {
            "i": number,
            **_two_lines(topic.label, 19 if narrow else 26),
            "n": largest * 0.14 if topic.number is None else topic.number,
            "hidden": topic.number is None,
            "text": topic.text,
        }
        for number, topic in enumerate(topics)
    ]
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": plot,
        "height": {"step": 44 if narrow else 40},
        "data": {"values": values},
        "encoding": {"y": _topics_axis(140 if narrow else 200)},
        "layer": [
            _topic_bar(largest, room),
            _topic_text(),
            *(_topic_label(lines, 14 if narrow else 15) for lines in (1, 2)),
        ],
    }


def _two_lines(label: str, width: int) -> dict:
    """The label in at most two lines; the table beside the chart has it whole."""
    lines = textwrap.wrap(label, width, max_lines=2, placeholder="…") or [""]
    return {"label": "\n".join(lines), "lines": len(lines)}


def _topics_axis(extent: int) -> dict:
    return {
        "field": "i",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "axis": {"labels": False, "minExtent": extent, "maxExtent": extent},
        "scale": {"paddingInner": 0.35},
    }


def _topic_bar(largest: int, room: int) -> dict:
    x = {
        "field": "n",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, largest], "range": [0, room]},
    }
    fill = {
        "condition": {"test": "datum.hidden", "value": "url(#hatch)"},
        "value": STRONG,
    }
    edge = {"condition": {"test": "datum.hidden", "value": HATCH}, "value": None}
    return {
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {"x": x, "color": fill, "stroke": edge},
    }


def _topic_text() -> dict:
    return {
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 15},
        "encoding": {
            "x": {"field": "n", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _topic_label(lines: int, size: int) -> dict:
    """The labels that have so many lines, each set around the middle of its bar."""
    mark = {"type": "text", "align": "right", "dx": -8, "fontSize": size}
    mark |= {"lineBreak": "\n", "lineHeight": 17, "dy": -8.5 * (lines - 1)}
    return {
        "mark": mark,
        "transform": [{"filter": f"datum.lines == {lines}"}],
        "encoding": {"x": {"value": 0}, "text": {"field": "label"}},
    }
