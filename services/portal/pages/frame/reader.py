"""Words, formats and names for readers of one language."""

from collections.abc import Mapping
from copy import copy

from services.portal.pages.frame.formats import Formats
from services.portal.pages.frame.labels import Labels, Rule
from services.portal.pages.frame.period import Period
from services.portal.pages.words import Words
from services.portal.read_model.sight import NOTHING, Sight
from shared.city.city import City
from shared.text.language import Language


class Reader:
    """Words, formats and names for readers of one language."""

    def __init__(self, city: City, rules: Mapping[str, Rule], language: Language) -> None:
        self.city = city
        self.language = language
        self.t = Words(language)
        self.f = Formats(language, city.zone)
        self.labels = Labels(city, rules, language)
        self.sight: Sight = NOTHING
        """What they may see."""

    def seeing(self, sight: Sight) -> "Reader":
        """Return a reader who may see something."""
        found = copy(self)
        found.sight = sight
        return found

    def speaking(self, language: Language) -> "Reader":
        """Return the same reader in another language."""
        return Reader(self.city, self.labels.rules, language).seeing(self.sight)

    def period(self, period: Period) -> str:
        return period.key or self.t("last_year", day=self.f.day(period.span.last))
