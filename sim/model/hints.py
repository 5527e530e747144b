"""Hints for misspelt words."""

from collections.abc import Iterable
from difflib import get_close_matches

from sim.sheets.words import SYNONYMS


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint such as ``; did you mean "engine"?``, or the known words when none is close."""
    known = sorted(known)
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f" (known: {', '.join(known)})" if known and len(known) <= 20 else ""


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
