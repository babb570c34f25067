"""Names as people type them: searched without accents, turned into addresses once."""

from __future__ import annotations

import unicodedata

from django.utils.text import slugify

NAME_LENGTH = 200
SLUG_LENGTH = 100
UNIT_LENGTH = 50

_FOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l"}
)


def search_name(text: str) -> str:
    """`text` casefolded, without accents and with single spaces: "Crème  brûlée" -> "creme brulee".

    Zero bytes go too: PostgreSQL takes none, not even in a question.
    """
    decomposed = unicodedata.normalize("NFKD", text.replace("\0", "").translate(_FOLDED))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())[:NAME_LENGTH]


def slug_of(name: str) -> str:
    """The address part a name gives; "" when the name leaves nothing (an emoji)."""
    return slugify(search_name(name))[:SLUG_LENGTH].strip("-")
