"""One sample of each kind of fact, as it was written when the kind was new; they are never edited."""

from pathlib import Path

from shared.facts import FACTS, Fact

FOLDER = Path(__file__).parent


def text_of(kind: str) -> str:
    """Return the sample of a kind as JSON."""
    return (FOLDER / f"{kind}.json").read_text(encoding="utf-8")


def read(kind: str) -> Fact:
    """Return the fact that the sample of a kind says."""
    return FACTS[kind].model_validate_json(text_of(kind))
