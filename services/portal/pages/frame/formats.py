"""How numbers, dates and times are written in German and in English; own small tables, no locale data."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.text import dates
from shared.text.language import Language


class Formats:
    """Writes values for readers of one language in one city's zone."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone

    def number(self, value: float) -> str:
        """Return a number with thousands separators, `1.209` or `1,209`."""
        text = f"{value:,}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "de" else text

    def day(self, value: date) -> str:
        """Return a date, `13. März 2018` or `13 March 2018`."""
        dot = "." if self.language == "de" else ""
        return f"{value.day}{dot} {dates.month(value, self.language)} {value.year}"

    def short_day(self, value: date) -> str:
        """Return a short date, `13.03.2018` or `13 Mar 2018`."""
        return dates.short_day(value, self.language)

    def day_without_year(self, instant: datetime) -> str:
        """Return the local day of something near, `Di, 13. März` or `Tue 13 March`."""
        local = self.local(instant)
        comma, dot = (",", ".") if self.language == "de" else ("", "")
        month = dates.month(local, self.language)
        return f"{dates.weekday(local, self.language)}{comma} {local.day}{dot} {month}"

    def month(self, value: date) -> str:
        """Return a month with its year, `März 2018`."""
        return f"{dates.month(value, self.language)} {value.year}"

    def local(self, instant: datetime) -> datetime:
        """Return an instant as clocks in the city show it."""
        return instant.astimezone(self.zone)

    def date(self, instant: datetime) -> str:
        """Return the local date with its weekday, `Di, 13. März 2018`."""
        local = self.local(instant)
        return f"{dates.weekday(local, self.language)}, {self.day(local)}"

    def time(self, instant: datetime) -> str:
        """Return the local time, `10:00 Uhr` or `10:00`."""
        return self.local(instant).strftime("%H:%M") + (" Uhr" if self.language == "de" else "")

    def at(self, instant: datetime) -> str:
        """Return local date and time, `Di, 13. März 2018, 10:00 Uhr`."""
        return f"{self.date(instant)}, {self.time(instant)}"

    def short(self, instant: datetime) -> str:
        """Return local date and time in short, for tables."""
        local = self.local(instant)
        return f"{self.short_day(local)}, {local:%H:%M}"

    def between(self, start: datetime, end: datetime) -> str:
        """Return from when to when a meeting is, on one day or over two."""
        same = self.local(start).date() == self.local(end).date()
        first = self.local(start).strftime("%H:%M") if same else self.at(start)
        return f"{first}–{self.time(end)}" if same else f"{first} – {self.at(end)}"

    def until(self, instant: datetime) -> str:
        """Return the end of something: the last whole day where it ends at midnight, else day and time."""
        local = self.local(instant)
        if local.time() == time():
            return self.short_day(local - timedelta(days=1))
        return self.short(instant)

    def span(self, span: timedelta) -> str:
        """Return a span in days, or in hours where it is shorter than two days."""
        words = ("Stunden", "Tage") if self.language == "de" else ("hours", "days")
        if span < timedelta(days=2):
            hours = round(span / timedelta(hours=1))
            one = "Stunde" if self.language == "de" else "hour"
            return f"{self.number(hours)} {one if hours == 1 else words[0]}"
        return f"{self.number(round(span / timedelta(days=1)))} {words[1]}"
