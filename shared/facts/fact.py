"""What every fact is."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """Something that has happened."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    kind: ClassVar[str]

    @property
    def subject(self) -> str:
        """Return the id of what the fact is about (the CloudEvents `subject`)."""
        name = next(iter(type(self).model_fields))
        return str(getattr(self, name))
