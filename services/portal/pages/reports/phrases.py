"""How comparisons are said: in words, with how sure they are; pure."""

import math

from services.portal.pages.frame.reader import Reader
from services.portal.read_model.domain import Span
from services.portal.report.comparison import Change, Verdict
from services.portal.report.times import days_of

FOLD = 3.0
"""From this ratio on a rise is said in times, below in percent."""
DOT = "•"
"""Instead of a number that is not shown."""


class Phrases:
    """Says comparisons and times to one reader."""

    def __init__(self, reader: Reader) -> None:
        self.t, self.f = reader.t, reader.f

    def number(self, count: int | None) -> str:
        """Return a number; None: it is not shown."""
        return DOT if count is None else self.f.number(count)

    def change(self, change: Change) -> str:
        """Return what a comparison says, with the interval that holds it with 95 % certainty."""
        ends = {"low": self._end(change.low), "high": self._end(change.high)}
        match change.verdict, change.ratio:
            case Verdict.RISEN, None:
                return self.t("report_risen_new")
            case Verdict.RISEN, float(ratio) if ratio >= FOLD:
                return self.t("report_risen_times", times=self._times(ratio), **ends)
            case (Verdict.RISEN | Verdict.FALLEN) as verdict, float(ratio):
                return self.t(f"report_{verdict}", by=self._percent(abs(ratio - 1)), **ends)
            case Verdict.ALIKE, _:
                return self.t("report_alike", **ends)
            case verdict, _:
                return self.t(f"report_{verdict}")

    def brief(self, change: Change) -> str:
        """Return the size of a clear change alone: `+40 %`, or that it is new."""
        if change.ratio is None:
            return self.t("report_risen_new")
        return self._fold(change.ratio) if change.ratio >= FOLD else self._end(change.ratio)

    def _end(self, ratio: float) -> str:
        """Return an end of an interval as a change in percent."""
        if ratio >= FOLD:
            return self._fold(ratio)
        return f"{'−' if ratio < 1 else '+'}{self._percent(abs(ratio - 1))}"

    def _fold(self, ratio: float) -> str:
        if math.isinf(ratio):
            return self.t("report_more")
        return self.t("report_fold", times=self._times(ratio))

    def _times(self, ratio: float) -> str:
        return self.f.number(round(ratio, 1) if ratio < 10 else round(ratio))  # noqa: PLR2004

    def _percent(self, share: float) -> str:
        written = self.f.number(round(100 * share))
        return f"{written}\u00a0%" if self.f.language == "de" else f"{written}%"

    def period(self, span: Span) -> str:
        """Return the days of a report with their number."""
        first, last = self.f.day(span.first), self.f.day(span.last)
        return self.t("report_period_words", first=first, last=last, count=self.f.number(days_of(span)))
