"""The product against a second engine, the witness, on random small worlds."""

from hypothesis import HealthCheck, given, settings
from witness import answers
from witness.loop import simulate
from witness.scenarios import worlds

import sim


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


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_both_engines_tell_the_same(scenario: sim.Scenario) -> None:
    compare(scenario)
