"""What people write to others: visible text on one line, and no way to reach a person."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.text.public_text import PublicText

READ = TypeAdapter(PublicText)


@pytest.mark.parametrize("at", ["@", "\N{FULLWIDTH COMMERCIAL AT}", "\N{SMALL COMMERCIAL AT}"])
def test_a_mail_address_is_refused_however_its_sign_is_written(at: str) -> None:
    with pytest.raises(ValidationError, match="mail address"):
        READ.validate_python(f"Frau Muster (erika{at}firma.test) anrufen")


@pytest.mark.parametrize("text", ["Treffen @ Rathaus", "3 @ 5 Uhr.", "Einsatz läuft bereits"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert READ.validate_python(text) == text
