#!/usr/bin/env python3
"""Write the Finnish public holidays of 2000-2060 into the project's own table.

    python tools/public_holidays.py

They come from the library `holidays` (MIT), which takes 46 MB and a second to load:
pages read the table instead, and a test compares the two.
"""

import csv
from pathlib import Path

from holidays.countries import Finland

TABLE = Path(__file__).parent.parent / "rinnalla/lib/data/public_holidays.csv"
YEARS = range(2000, 2061)
LANGUAGES = ("fi", "sv_FI", "en_US")


def rows():
    """Each holiday: its day, and its name in Finnish, Swedish and English."""
    named = [Finland(years=YEARS, language=language) for language in LANGUAGES]
    return [[str(day), *(names[day] for names in named)] for day in sorted(named[0])]


def main():
    """Write the table anew."""
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(["day", "fi", "sv", "en"])
        writer.writerows(rows())


if __name__ == "__main__":
    main()
