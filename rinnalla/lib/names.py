"""Words that may be a person's name, for the warning in ``text_guard``.

The phone warns of the same words, so they are read from its module, where they stand.
"""

import re
from pathlib import Path

SCRIPT = Path(__file__).parent / "static" / "lib" / "names.js"
LIST = re.compile(r"^export const (\w+) = words\(`([^`]*)`\);$", re.MULTILINE)
LISTS = {
    name: frozenset(text.split())
    for name, text in LIST.findall(SCRIPT.read_text(encoding="utf-8"))
}

GIVEN_NAMES = LISTS["GIVEN_NAMES"]
# Given names that are also everyday words: they warn only beside another name.
NAMES_THAT_ARE_WORDS = LISTS["NAMES_THAT_ARE_WORDS"]
FAMILY_NAMES = LISTS["FAMILY_NAMES"]
