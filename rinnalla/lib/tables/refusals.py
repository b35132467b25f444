"""Why a file cannot be read as a table, each reason with its sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MAX_BYTES = 40 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_ROWS = 250_000
MAX_COLUMNS = 400
MAX_CELLS = 4_000_000

SENTENCES = {
    "empty": _("The file is empty. Choose the file that has the rows in it."),
    "not_a_table": _(
        "This file is not a table. Save it as XLSX, XLS, ODS or CSV and try again."
    ),
    "mislabelled": _(
        "The file's name and its contents do not match. Open it in a spreadsheet "
        "program, save it again as XLSX or CSV and choose the new file."
    ),
    "encrypted": _(
        "The file is protected with a password. Save a copy without a password "
        "and choose the copy."
    ),
    "too_big": _(
        "The file is too big. Split it by year and bring the parts one by one."
    ),
    "too_many_rows": _(
        "The table has too many rows. Split it by year and bring the parts one by one."
    ),
    "too_many_columns": _(
        "The table has too many columns. Leave only the columns that are needed."
    ),
    "gone": _("The file is no longer here. Choose it again."),
    "broken": _(
        "The file cannot be opened. Open it in a spreadsheet program, save it again "
        "and choose the new file."
    ),
}


class UnreadableTable(Exception):
    """The file cannot be read; ``reason`` is a key of ``SENTENCES``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(SENTENCES[self.reason])
