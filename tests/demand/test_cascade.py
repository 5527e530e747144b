"""Chains: how many children, when and where; and those that would never end are refused."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from worlds import call, squares, world

import sim
from sim.engine.run import draw

BOTH = {
    "poisson": {"use": "sim.demand.poisson.Poisson"},
    "cascade": {"use": "sim.demand.cascade.Cascade"},
}
"""Incidents, and what they set off."""

SHAKING = {
    "attenuation": {"c0": -1.02, "c1": 0.249, "c2": 0.00255, "near": "7.3 km"},
    "intensity_a": 6.59,
    "intensity_b": 3.17,
}


def chain(spawns: dict[str, Any], parents: int = 1, **more: Any) -> sim.Scenario:
    """So many parents, an hour apart from time 0 at (0, 0), and the children that they spawn."""
    at_zero = {"x": "0 m", "y": "0 m"}
    extra, child = more.pop("inject", {}), more.pop("child", call("0 per hour"))
    mapping = world(
        horizon="100000 h",
        place__zones=more.pop("zones", {"z": {"x": "0 m", "y": "0 m", "side": "400 km", "people": 1}}),
        incident={"parent": call("0 per hour", spawns=spawns, **more), "child": child},
        demand={
            "drill": {
                "use": "sim.demand.timeline.Timeline",
                "known": True,
                "injects": [{"at": f"{i} h", "type": "parent", **at_zero, **extra} for i in range(parents)],
            },
            "cascade": {"use": "sim.demand.cascade.Cascade"},
        },
    )
    return sim.build(mapping).scenario


def children(scenario: sim.Scenario, seed: int = 1) -> Any:
    incidents, _ = sim.tabulate(sim.simulate(scenario, seed=seed), scenario).frames()
    born = incidents[incidents.type == "child"].copy()
    born["after_s"] = born.occurred_s - incidents.occurred_s[born.parent.astype(int)].to_numpy()
    return born


def test_a_chance_gives_one_child_or_none_after_its_delay_at_its_distance() -> None:
    spawn = {
        "law": "count", "chance": 0.3, "delay": {"dist": "exponential", "mean": "2 h"},
        "distance": {"dist": "uniform", "low": "1 km", "high": "3 km"},
    }  # fmt: skip
    born = children(chain({"child": spawn}, parents=2000))
    assert born.parent.is_unique
    assert abs(len(born) - 600) <= 4 * np.sqrt(2000 * 0.3 * 0.7)
    assert stats.kstest(born.after_s / 7200, "expon").pvalue > 1e-4
    far = np.hypot(born.x_m, born.y_m)
    assert stats.kstest((far - 1000) / 2000, "uniform").pvalue > 1e-4
    angle = np.arctan2(born.y_m, born.x_m)
    assert stats.kstest((angle + np.pi) / (2 * np.pi), "uniform").pvalue > 1e-4


def test_a_constant_rate_lasts_as_long_as_it_says() -> None:
    born = children(chain({"child": {"law": "constant", "rate": "3 per day", "lasting": "10 d"}}, parents=40))
    assert abs(len(born) - 1200) <= 4 * np.sqrt(1200)
    assert stats.kstest(born.after_s / 864000, "uniform").pvalue > 1e-4


def test_omori_delays_fall_off_as_the_law_says() -> None:
    spawn = {"law": "omori", "a": -1.67, "b": 0.91, "p": 1.08, "c": "0.05 d", "least": 4.0, "lasting": "30 d"}
    parent = {"magnitude": {"b": 1.0, "least": 4.0}, "inject": {"magnitude": 7.0}}
    child = call("0 per hour", **magnitude_levels({"magnitude": {"b": 0.91, "least": 4.0}}))
    scenario = chain({"child": spawn}, parents=20, child=child, **magnitude_levels(parent))
    days = children(scenario).after_s / 86400

    def share(t: Any) -> Any:
        return ((t + 0.05) ** -0.08 - 0.05**-0.08) / (30.05**-0.08 - 0.05**-0.08)

    assert len(days) > 500
    assert stats.kstest(days, share).pvalue > 1e-4


def magnitude_levels(more: dict[str, Any]) -> dict[str, Any]:
    return {**more, "levels": {"IV": {"magnitude": 4.0, "priority": 1, "needs": {"unit": 1}}}}


def quake(spawns: dict[str, Any], magnitude: float, zones: dict[str, Any]) -> sim.Scenario:
    more = {"magnitude": {"b": 1.0, "least": 4.0}, "shaking": SHAKING, "inject": {"magnitude": magnitude}}
    return chain(spawns, zones=zones, **magnitude_levels(more))


def test_case_10_ignitions_by_shaking() -> None:
    """10⁶ square feet of floor at .2, .4 and .6 g: .01739, .08133 and .19182 fires."""
    from sim.model.chain import Ignitions
    from sim.model.distributions import Constant

    law = Ignitions(Constant(0.0), 0.581895, -0.029444, 1e6 * 0.3048**2)
    assert law.per_person(np.array([0.2, 0.4, 0.6])) == pytest.approx([0.01739, 0.08133, 0.19182], abs=5e-6)
    assert law.per_person(np.array([0.01])) == 0


def test_ignitions_fall_where_people_are_and_the_ground_shakes() -> None:
    zones = squares(3, 20.0)
    for zone in zones.values():
        zone["people"] = 2_000_000
    law = {"law": "ignitions", "quadratic": 0.581895, "linear": -0.029444, "floor_area": "40 m2"}
    scenario = quake({"child": law}, 7.5, zones)
    (cascade,) = (source for name, source in scenario.sources if name == "cascade")
    expected = cascade._rates(scenario.types[0], scenario.types[0].spawns[0][1], 7.5, 0.0, 0.0, 0.0)  # type: ignore[attr-defined]
    counts = np.zeros(9)
    for seed in range(30):
        found = draw(scenario, seed, 0)
        counts += np.bincount(found.zone[found.type == 1], minlength=9)
    assert (np.abs(counts - 30 * expected) <= 4 * np.sqrt(30 * expected) + 1e-9).all()
    distance = np.hypot(*scenario.place.centres.T) / 1000
    r = np.hypot(distance, 7.3)
    pga = 10 ** (-1.02 + 0.249 * 7.5 - np.log10(r) - 0.00255 * r)  # Joyner and Boore (1981), by hand
    by_hand = 2e6 * 40 / 0.3048**2 / 1e6 * np.maximum(0, 0.581895 * pga**2 - 0.029444 * pga)
    assert expected == pytest.approx(by_hand)


def test_damage_grows_by_degrees_of_intensity() -> None:
    zones = {"near": {"x": "0 m", "y": "0 m", "side": "1 km", "people": 100_000},
             "far": {"x": "300 km", "y": "0 m", "side": "1 km", "people": 100_000}}  # fmt: skip
    law = {"law": "damage", "per_1000_people": {"VII": 0.1, "VIII": 1.0, "IX": 5.0}}
    counts = []
    for magnitude in (5.0, 6.5, 7.5):
        found = draw(quake({"child": law}, magnitude, zones), 1, 0)
        assert (found.zone[found.type == 1] == 0).all()
        counts.append(int((found.type == 1).sum()))
    assert counts[0] < counts[1] < counts[2]


def test_children_of_children_are_born_until_none_is_left() -> None:
    mapping = world(
        horizon="10000 h",
        incident={
            "call": call(
                "0.1 per hour", spawns={"call": {"law": "count", "mean": 0.5, "delay": "1 h"}}
            )
        },
        demand=BOTH,
    )  # fmt: skip
    scenario = sim.build(mapping).scenario
    incidents, _ = sim.tabulate(sim.simulate(scenario), scenario).frames()
    depth = np.zeros(len(incidents), int)
    for row, parent in incidents.parent.dropna().astype(int).items():
        depth[row] = depth[parent] + 1  # parents are reported before their children
    assert depth.max() >= 4
    ratios = np.bincount(depth)[1:4] / np.bincount(depth)[:3]
    assert (np.abs(ratios - 0.5) < 0.15).all()


@pytest.mark.parametrize(
    ("means", "refused"),
    [((0.9, 0.0, 0.0), False), ((1.0, 0.0, 0.0), True), ((0.5, 2.0, 0.3), True), ((0.5, 2.0, 0.2), False)],
    ids=["less than one", "one", "a cycle of two above one", "a cycle of two below one"],
)
def test_a_chain_that_would_never_end_is_refused_with_the_reason(means: Any, refused: bool) -> None:
    """Mean offspring a to a, a to b, b to a: it ends if the largest eigenvalue is below 1."""
    own, forth, back = ({"law": "count", "mean": mean} for mean in means)
    a = call(spawns={"a": own} | ({"b": forth} if means[1] else {}))
    b = call(spawns={"a": back} if means[2] else {})
    mapping = world(
        incident={"a": a, "b": b},
        demand=BOTH,
    )
    assert bool(max(np.linalg.eigvals([[means[0], means[1]], [means[2], 0]]).real) >= 1) == refused
    if not refused:
        sim.build(mapping)
        return
    with pytest.raises(sim.ConfigError, match=r"chains that end: a.* less than 1"):
        sim.build(mapping)


def test_each_child_names_its_own_parent_also_among_parents_of_several_types() -> None:
    """Children come exactly 20 min after their parent, at its place: the parent can be told by that."""
    spawn = {"law": "count", "mean": 0.5, "delay": "20 min"}
    mapping = world(
        horizon="2000 h",
        place__zones={"z": {"x": "0 m", "y": "0 m", "side": "50 km", "people": 1}},
        incident={
            "plain": call("0.3 per hour"),
            "parent": call("0.2 per hour", spawns={"child": spawn}),
            "child": call("0 per hour"),
        },
        demand=BOTH,
    )
    scenario = sim.build(mapping).scenario
    incidents, _ = sim.tabulate(sim.simulate(scenario), scenario).frames()
    born = incidents[incidents.type == "child"]
    parents = incidents.loc[born.parent.astype(int)]
    assert len(born) > 100
    assert set(parents.type) == {"parent"}
    assert (born.occurred_s.to_numpy() == parents.occurred_s.to_numpy() + 1200).all()
    assert (born.x_m.to_numpy() == parents.x_m.to_numpy()).all()
    assert not incidents.duplicated(["source", "number"]).any()


@pytest.mark.parametrize(("most", "refused"), [(6.0, False), (9.0, True), (None, True)])
def test_aftershocks_of_aftershocks_are_refused_where_the_largest_set_off_too_many(
    most: float | None, refused: bool
) -> None:
    """With b = 0.91 for both the mean grows in proportion to how far magnitudes reach: it is 1.18 to 9."""
    omori = {"law": "omori", "a": -1.67, "b": 0.91, "p": 1.08, "c": "0.05 d", "lasting": "365 d"}
    omori["least"] = 4.0
    magnitude = {"b": 0.91, "least": 4.0} | ({"most": most} if most else {})
    quake = call("0 per hour", magnitude=magnitude, spawns={"quake": omori})
    quake["levels"] = {"IV": {"magnitude": 4.0, "priority": 1, "needs": {"unit": 1}}}
    mapping = world(incident={"quake": quake}, demand=BOTH)
    if not refused:
        sim.build(mapping)
        return
    with pytest.raises(sim.ConfigError, match="chains that end"):
        sim.build(mapping)
