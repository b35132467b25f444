import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from rinnalla.lib import charts
from rinnalla.lib.charts import MonthBar, TopicBar

MONTHS = [MonthBar(f"kk{n}", 100 + n, n, is_current=n == 11) for n in range(12)]
TOPICS = [
    TopicBar("Etuudet", 18, "18"),
    TopicBar("Asuminen & <koti>", 9, "9"),
    TopicBar("Päihteet", None, "alle 5, suojattu [c]"),
]


@pytest.fixture(scope="module")
def months():
    return charts.render_svg(charts.month_bars(MONTHS, 'Kohdatut, "maalis" 111'))


@pytest.fixture(scope="module")
def topics():
    return charts.render_svg(charts.topic_bars(TOPICS, "Aiheet"))


def test_it_works(months, topics):
    for svg in (months, topics):
        ElementTree.fromstring(svg)
        assert 'role="img"' in svg and "viewBox" in svg
    assert "kk11" in months and ">111<" in months
    assert "Asuminen &amp; &lt;koti&gt;" in topics


def test_it_has_one_label_and_keeps_the_policy_of_pages(months, topics):
    for svg in (months, topics):
        assert len(re.findall("aria-label=", svg)) == 1
        assert svg.count("role=") == 1
        for forbidden in ("style=", "<script", "<style", "aria-roledescription"):
            assert forbidden not in svg
        assert not re.search(r"<svg[^>]* (width|height)=", svg)


def test_colours_are_names_on_pages_and_hex_in_print(months):
    assert "var(--rn-chart-1)" in months
    assert "#12525a" not in months.lower()
    printed = charts.render_svg(charts.month_bars(MONTHS, "Kohdatut"), for_print=True)
    assert "var(" not in printed and "#12525A" in printed


def test_only_the_last_three_numbers_are_written(months):
    assert ">108<" not in months and ">109<" in months


def test_a_protected_bar_is_hatched_and_its_length_says_nothing(topics):
    assert topics.count("<pattern") == 1
    more = [*TOPICS[:2], TOPICS[2]._replace(label="Muu")]
    first, second = (
        [v["n"] for v in charts.topic_bars(t, "")["data"]["values"] if v["hidden"]]
        for t in (TOPICS, more)
    )
    assert first == second
    assert "<pattern" not in charts.render_svg(charts.topic_bars(TOPICS[:2], "A"))


def test_ids_differ_between_charts_and_stay_between_drawings(topics):
    other = charts.render_svg(charts.topic_bars(TOPICS, "Aiheet", narrow=True))
    assert not set(re.findall(r'id="([^"]+)"', topics)) & set(
        re.findall(r'id="([^"]+)"', other)
    )
    assert charts.render_svg(charts.topic_bars(TOPICS, "Aiheet")) == topics


def test_the_hash_follows_the_figures():
    spec = charts.month_bars(MONTHS, "a")
    assert charts.spec_hash(spec) == charts.spec_hash(charts.month_bars(MONTHS, "a"))
    assert charts.spec_hash(spec) != charts.spec_hash(charts.month_bars(MONTHS, "b"))


@pytest.mark.parametrize(
    ("largest", "top", "step"),
    [(0, 1, 1), (1, 1, 1), (7, 8, 2), (412, 500, 100), (450, 500, 100), (9, 10, 2)],
)  # fmt: skip
def test_the_axis_has_few_round_lines(largest, top, step):
    assert charts._scale(largest) == (top, step)


@pytest.mark.parametrize("bars", [[], [MonthBar("tammi", 0)]])
def test_empty_and_zero_months_are_drawn(bars):
    assert "<svg" in charts.render_svg(charts.month_bars(bars, "Ei lukuja"))
    assert "<svg" in charts.render_svg(charts.topic_bars([], "Ei lukuja"))


def test_importing_it_brings_no_heavy_library():
    code = (
        "import sys, rinnalla.lib.charts, rinnalla.lib.typst;"
        "sys.exit(any(m in sys.modules for m in ('vl_convert', 'typst', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
