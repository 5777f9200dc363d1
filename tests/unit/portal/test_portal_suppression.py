"""Small numbers are hidden, and nothing is left from which they could be worked out."""

from hypothesis import given
from hypothesis import strategies as st

from services.portal.read_model.suppression import SMALL, hidden, shown

COUNTS = st.dictionaries(st.integers(0, 30), st.integers(0, 30), max_size=12)


@given(COUNTS)
def test_no_small_number_is_shown(counts: dict[int, int]):
    assert all(count is None or count == 0 or count >= SMALL for count in shown(counts).values())


@given(COUNTS)
def test_what_is_hidden_cannot_be_worked_out_from_the_sum(counts: dict[int, int]):
    """Unless there is nothing else to hide: then the sum itself is small, and is hidden where it stands."""
    small = hidden(counts)
    if not small:
        return
    rest = sum(counts.values()) - sum(count for key, count in counts.items() if key not in small)
    nothing_else = all(key in small for key, count in counts.items() if count)
    assert nothing_else or (len(small) > 1 and rest >= SMALL)


def test_the_smallest_other_is_hidden_beside_a_single_small_one():
    assert shown({"a": 3, "b": 40, "c": 9, "d": 0}) == {"a": None, "b": 40, "c": None, "d": 0}
    assert shown({"a": 1, "b": 1, "c": 9, "d": 12}) == {"a": None, "b": None, "c": None, "d": 12}
    assert shown({"a": 5, "b": 0}) == {"a": 5, "b": 0}
