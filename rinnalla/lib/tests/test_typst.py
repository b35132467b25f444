import io

import pikepdf
import pytest

from rinnalla.lib import charts
from rinnalla.lib.typst import PACKAGE, compile_pdf

DATA = {
    "lang": "fi",
    "title": "Tuula kävi #strong[torilla] $x$",
    "county": "Esimerkkilän hyvinvointialue",
    "printed": "12.3.2026",
    "banner": "Luvut ovat keksittyjä",
    "alt": "Ohjattujen aiheet",
}
TEMPLATE = """
#import "/lib/typst/base.typ": *
#show: sheet.with(paper: "a5")
== Luvut
#chart("aiheet", data.alt)
#figures-table(("Aihe", "n"), (("#panic()", "1 234"), ("Åäö €", "[c]")))
"""


@pytest.fixture
def template(tmp_path, monkeypatch):
    """A template beside the shipped ones: the root is the package's own copy."""
    monkeypatch.setattr("rinnalla.lib.typst.PACKAGE", tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "typst").symlink_to(PACKAGE / "lib" / "typst")
    path = tmp_path / "trial.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def chart():
    bars = [charts.TopicBar("Asuminen", 9, "9"), charts.TopicBar("Raha", None, "[c]")]
    return charts.render_svg(charts.topic_bars(bars, "Aiheet"), for_print=True)


def test_it_works(template, chart):
    pdf = pikepdf.open(io.BytesIO(compile_pdf(template, DATA, {"aiheet": chart})))
    assert str(pdf.Root.Lang) == "fi"
    assert pdf.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in pdf.Root
    with pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert about["dc:title"] == DATA["title"], "data is text, never markup"


def test_only_the_house_fonts_are_used(template, chart):
    pdf = pikepdf.open(io.BytesIO(compile_pdf(template, DATA, {"aiheet": chart})))
    fonts = {
        str(font.BaseFont).partition("+")[2]
        for page in pdf.pages
        for font in page.Resources.Font.values()
    }
    assert fonts == {"DejaVuSans", "DejaVuSans-Bold"}


def test_a_picture_without_words_is_refused(template, chart):
    from typst import TypstError

    template.write_text(TEMPLATE.replace("data.alt", "none"), encoding="utf-8")
    with pytest.raises(TypstError, match="alt"):
        compile_pdf(template, DATA, {"aiheet": chart})


def test_a_template_cannot_read_outside_the_package(template):
    from typst import TypstError

    template.write_text('#read("/../settings.py")', encoding="utf-8")
    with pytest.raises(TypstError):
        compile_pdf(template, DATA)
