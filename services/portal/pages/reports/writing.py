"""Writes a report: what was found becomes a document for one reader; pure."""

from collections.abc import Iterator

from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.draft import Draft
from services.portal.pages.reports.essentials import essentials
from services.portal.pages.reports.gathering import Findings
from services.portal.pages.reports.sections import SECTIONS
from services.portal.report.document import Document, Headline, Items, Section
from shared.city.profile import Sharing


def document(found: Findings, reader: Reader) -> Document:
    """Return a report as it is read."""
    draft, t = Draft(found, reader), reader.t
    parts = (part(draft) for part in SECTIONS)
    return Document(
        language=reader.language,
        title=t("report"),
        about=t("report_of", body=reader.labels.body(found.body), city=reader.city.profile.name),
        period=draft.say.period(found.times.now),
        last=found.times.now.last,
        notes=tuple(_notes(draft)),
        headlines=tuple(_headlines(draft)),
        essentials=Section(t("report_essentials"), (Items(tuple(essentials(draft))),)),
        sections=tuple(section for section in parts if section),
        page_word=t("report_page"),
    )


def _notes(draft: Draft) -> Iterator[str]:
    """Yield what is to be known of the choice and of the data."""
    t, reader, wanted = draft.reader.t, draft.reader, draft.found.wanted
    chosen = [reader.labels.district(wanted.district)] if wanted.district else []
    chosen += [draft.name(category) for category in wanted.categories]
    if chosen:
        yield t("report_note_filter", what=", ".join(chosen))
    if draft.found.sharing is not Sharing.EXACT:
        yield t(f"report_note_{draft.found.sharing}")
    known = draft.found.known
    if known and (draft.found.figures.before is None or draft.found.figures.last_year is None):
        yield t("report_note_unknown", day=reader.f.day(known.first))
    if note := reader.labels.text(reader.city.note):
        yield note


def _headlines(draft: Draft) -> Iterator[Headline]:
    """Yield the figures that stand out."""
    t, say, found = draft.reader.t, draft.say, draft.found
    yield Headline(t("incidents"), say.number(draft.seen.now.total), t("report_now"))
    for other in draft.others:
        yield Headline(t("incidents"), say.number(other.seen.total), other.name)
    if draft.is_exact:
        yield Headline(t("escalations"), say.number(len(found.raised)), t("report_now"))
