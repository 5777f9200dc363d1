"""The languages that people read here."""

from typing import Literal

Language = Literal["de", "en"]
