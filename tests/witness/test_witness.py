"""The product against the witness, a second engine, on random small worlds: moments, units and causes agree.

The rules that settled what they did not agree on at first are in DESIGN.md (What the model says) and, by
hand, in tests/engine (test_order_of_things, test_tiers, test_duty). The witness knows one centre, the closest
unit or lists, what follows later, levels that change, forces (to which levels they come, what they keep in
reserve), shifts, and planes: no mobilisation, staging, tasks, moves, mishaps, or roads.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from witness import answers
from witness.loop import simulate
from witness.scenarios import worlds

import sim

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def compare(scenario: sim.Scenario) -> None:
    """Raise an AssertionError that says where the product and the witness disagree."""
    incidents = scenario.sources[0][1].rows
    cases, missions = answers.of_witness(simulate(scenario, incidents))
    product_cases, product_missions = answers.of_product(scenario)
    found = [
        *answers.differences(product_missions, missions, "missions"),
        *answers.differences(product_cases, cases, "incidents"),
    ]
    assert not found, "\n".join(found[:20])


@settings(relaxed, max_examples=150)
@given(worlds())
def test_both_engines_tell_the_same(scenario: sim.Scenario) -> None:
    compare(scenario)


@pytest.mark.slow
@settings(relaxed, max_examples=1500)
@given(worlds())
def test_both_engines_tell_the_same_of_many_more(scenario: sim.Scenario) -> None:
    compare(scenario)
