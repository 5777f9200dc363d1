"""Which stretch of time the figures on a page cover. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.portal.read_model.domain import Span

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Period:
    """A stretch of days; `key` stands in addresses, empty for the twelve months to the last incident."""

    key: str
    span: Span

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the instants at which it begins and, not included any more, ends."""
        after = self.span.last + timedelta(days=1)
        return datetime.combine(self.span.first, time(), zone), datetime.combine(after, time(), zone)


def periods(known: Span | None, today: date) -> list[Period]:
    """Return what readers may choose: the last twelve months with incidents, then each year, newest first."""
    last = known.last if known else today
    newest = Period("", Span(last - YEAR + timedelta(days=1), last))
    years = range(known.last.year, known.first.year - 1, -1) if known else ()
    return [newest, *(Period(str(year), Span(date(year, 1, 1), date(year, 12, 31))) for year in years)]


def whole_years(known: Span | None, today: date) -> list[Period]:
    """Return the years that are over, newest first: stretches that do not overlap and grow no more.

    Where there is none yet, the one that is not.
    """
    years = [period for period in periods(known, today) if period.key]
    over = [period for period in years if period.span.last < today]
    return over or years[:1] or [Period(str(today.year), Span(date(today.year, 1, 1), today))]


def chosen(options: Sequence[Period], key: str) -> Period:
    """Return the period with this key, or the first."""
    return next((period for period in options if period.key == key), options[0])
