"""What is missing is skipped with a word, and fails where it is required."""

from pathlib import Path

import pytest

from tests import conftest


@pytest.mark.parametrize(
    ("required", "outcome"), [(set(), pytest.skip.Exception), ({"data"}, pytest.fail.Exception)]
)
def test_missing_reference_data_is_skipped_or_fails_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, required: set[str], outcome: type[BaseException]
):
    monkeypatch.setattr(conftest, "REQUIRED", required)
    monkeypatch.setattr(conftest, "DATA", tmp_path / "none")
    with pytest.raises(outcome, match="RAPPORT_DATA names its folder"):
        conftest.data.__wrapped__()
