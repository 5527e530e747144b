"""Hints for misspelt words."""

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from sim.sheets.words import SYNONYMS


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint such as ``; did you mean "engine"?``, or the known words when none is close."""
    known = sorted(known)
    if close := _close(word, known):
        return f'; did you mean "{close}"?'
    return f" (known: {', '.join(known)})" if known and len(known) <= 20 else ""


def _close(word: str, known: Sequence[str]) -> str | None:
    """Return the word that is nearest, first of all one that differs only in case, spaces and signs."""
    alike = {_bare(name): name for name in reversed(known)}
    if found := alike.get(_bare(word)) if _bare(word) else None:
        return found
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else None


def _bare(word: str) -> str:
    """Return the letters and digits of a word in small letters, as in ``strasse`` for ``Straße``."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))


def did_you_mean_column(heading: str, known: Iterable[str]) -> str:
    """Return a hint for the heading of a column, in English or Chinese, or the known ones in both."""
    names = sorted(known)
    close = get_close_matches(
        heading, [word for name in names for word in (name, *SYNONYMS.get(name, ()))], n=1
    )
    if close:
        return f'; did you mean "{close[0]}"?'
    chinese = {name: [word for word in SYNONYMS.get(name, ()) if not word.isascii()][:1] for name in names}
    return f" (known: {', '.join('/'.join([name, *chinese[name]]) for name in names)})"
