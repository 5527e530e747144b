"""What incidents are, what they turn out to be, and what they are taken for until then."""

import numpy as np

from sim.demand.births import Births, Stream
from sim.model.distributions import FloatArray
from sim.model.incidents import IntArray
from sim.model.resources import Card
from sim.model.types import LEVELS, IncidentType


def magnitude(births: Births, kind: IncidentType, stream: Stream) -> FloatArray:
    """Return the magnitude of each incident, as given or drawn; 0 where its type has none."""
    given = births.given.get("magnitude", np.full(len(births), np.nan))
    if kind.magnitudes is None:
        return np.zeros(len(births))
    return np.where(np.isnan(given), kind.magnitudes.draw(stream("magnitude"), len(births)), given)


def level(births: Births, kind: IncidentType, magnitude: FloatArray, stream: Stream) -> IntArray:
    """Return the index of each incident's level, by its magnitude or by chance unless given."""
    if kind.magnitudes is not None:
        known = [i for i, lv in enumerate(kind.levels) if lv.defined]
        least = np.array([kind.levels[i].magnitude for i in known])
        rising = np.argsort(least)
        step = np.searchsorted(least[rising], magnitude, side="right") - 1
        level = np.array(known)[rising][np.maximum(step, 0)]
    else:
        chances = np.cumsum([lv.probability for lv in kind.levels])
        drawn = stream("level").random(len(births))
        level = np.searchsorted(chances / chances[-1], drawn, side="right")
    given = births.given.get("level")
    if given is not None:
        level = np.where(np.isnan(given), level, given - 1)
    return np.asarray(level, np.int64)


def casualties(births: Births, kind: IncidentType, level: IntArray, stream: Stream) -> IntArray:
    """Return how many people each incident hurts, by its level or as given; -1 where that decides nothing."""
    hurt = np.full(len(level), -1)
    for i, meaning in enumerate(kind.levels):
        if meaning.casualties is not None:
            here = np.flatnonzero(level == i)
            hurt[here] = meaning.casualties.draw(stream("casualties", LEVELS[i]), len(here))
    given = births.given.get("casualties")
    return hurt if given is None else np.where(np.isnan(given), hurt, given).astype(np.int64)


def found(kind: IncidentType, level: IntArray, hurt: IntArray, stream: Stream) -> tuple[IntArray, FloatArray]:
    """Return the index of the level that each incident turns out to be of, and the seconds that it takes."""
    found = level.copy()
    for i, meaning in enumerate(kind.levels):
        here = np.flatnonzero(level == i)
        if any(meaning.becomes.found) and len(here):
            drawn = stream("found", LEVELS[i]).random(len(here))
            turned = np.searchsorted(np.cumsum(meaning.becomes.found), drawn, side="right")
            found[here] = np.where(turned < len(LEVELS), turned, i)
        for least, graver in meaning.becomes.casualties:
            found[here] = np.where(hurt[here] >= least, np.minimum(found[here], graver), found[here])
    if kind.size_up is None:
        return found, np.zeros(len(level))
    return found, kind.size_up.draw(stream("size_up"), len(level))


def told(births: Births, kind: IncidentType, stream: Stream) -> IntArray:
    """Return as which of the others that it may be mistaken for each incident is reported; -1 for none."""
    if not kind.reported_as:
        return np.full(len(births), -1)
    shares = np.cumsum([each.share for each in kind.reported_as])
    drawn = np.searchsorted(shares, stream("reported_as").random(len(births)), side="right")
    told = np.where(drawn < len(shares), drawn, -1)
    given = births.given.get("told")
    return told if given is None else np.where(np.isnan(given), told, given).astype(np.int64)


def asked(kind: IncidentType, level: IntArray, told: IntArray) -> tuple[tuple[Card, ...], IntArray, IntArray]:
    """Return the cards of all levels, and the card and the priority of each incident as it is reported."""
    meanings = [*kind.levels]
    for each in kind.reported_as:
        meanings += [each.kind.levels[each.kind.counterpart(i)] for i in range(len(LEVELS))]
    card = level + (told + 1) * len(LEVELS)
    return tuple(each.card for each in meanings), card, np.array([each.priority for each in meanings])[card]


def handling(kind: IncidentType, told: IntArray, stream: Stream) -> FloatArray:
    """Return how long call-takers need for each incident, by what it is reported as."""
    handling_s = kind.handling.draw(stream("handling"), len(told))
    for i, each in enumerate(kind.reported_as):
        here = np.flatnonzero(told == i)
        handling_s[here] = each.kind.handling.draw(stream("handling", "told as", each.kind.name), len(here))
    return handling_s
