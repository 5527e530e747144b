from hypothesis import given
from hypothesis import strategies as st

from sim.rng import Streams

words = st.text(min_size=1, max_size=8)


@given(st.integers(0, 2**40), st.integers(0, 10**6), words, words)
def test_a_stream_depends_on_its_name_alone(seed: int, replication: int, a: str, b: str) -> None:
    streams = Streams(seed, replication)
    first = streams(a, b).random(4).tolist()
    streams(b).random(100)
    assert streams(a, b).random(4).tolist() == first
    assert Streams(seed, replication + 1)(a, b).random(4).tolist() != first
    assert Streams(seed + 1, replication)(a, b).random(4).tolist() != first
    assert streams(a, b, "more").random(4).tolist() != first


def test_words_do_not_run_together() -> None:
    streams = Streams(1, 0)
    assert streams("ab", "c").random() != streams("a", "bc").random()
