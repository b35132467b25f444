"""Makes PDFs: a Typst template and data in, an accessible PDF out.

PDF/UA-1 is enforced: a picture without a text, or headings out of order, is a fault
at once. Data goes in as JSON and is never put together as markup, so no text in it can
change the template. Fonts are the house's own. Only for the worker and for commands.
"""

from __future__ import annotations

import json
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
FONTS = Path(__file__).resolve().parent / "fonts"


def compile_pdf(
    template_path: Path | str,
    data: dict,
    images: dict[str, str] | None = None,
) -> bytes:
    """The PDF of a template with data that JSON can hold.

    ``template_path`` is a ``.typ`` file inside the package; it starts from
    ``/lib/typst/base.typ``, which says what ``data`` must have (``lang``, ``title`` …).
    ``images`` are SVG texts by name. Raises typst.TypstError when the template, its
    data or its accessibility is at fault.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FONTS)],
    )
    return typst.compile(
        str(template_path),
        root=str(PACKAGE),
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(data), "images": json.dumps(images or {})},
    )
