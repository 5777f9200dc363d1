"""What stands in the yearly account: figures alone, and none from which a small one could be worked out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.portal.pages.frame.period import whole_years
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.gathering import bounds
from services.portal.read_model import counts
from services.portal.read_model import report_queries as asked
from services.portal.read_model.domain import Escalation, Span, Standing, State, Step, fold
from services.portal.read_model.suppression import shown, sum_of
from services.portal.read_model.table_suppression import table
from shared.facts import EscalationDecided, EscalationDeclined, EscalationResolved
from shared.messaging.transaction import Tx

Rows = list[tuple[str, int | None]]
"""Names and numbers; None: not shown."""
OUTCOMES = ("followed", "called_off", "all_declined", "withdrawn", "late", "waiting")


@dataclass(frozen=True)
class Account:
    """The account of a year."""

    year: int
    years: list[int]
    is_running: bool
    incidents: Rows
    all_incidents: int | None
    outcomes: Rows
    all_outcomes: int | None
    confirmed: Rows
    meetings: list[tuple[str, int, int]]
    """Body, regular sessions, and those for a special reason: when offices meet is no secret."""


async def years_of(tx: Tx) -> list[int]:
    """Return the years of which there is an account, the newest first."""
    today = tx.now.astimezone(tx.city.zone).date()
    return [int(period.key) for period in whole_years(await counts.find_days(tx), today)]


async def account(tx: Tx, reader: Reader, year: int) -> Account | None:
    """Return the account of a year, or None: there is none."""
    years = await years_of(tx)
    if year not in years:
        return None
    span = Span(date(year, 1, 1), date(year, 12, 31))
    found = await counts.count_by_district_and_category(tx, span)
    by_category = _by_category(found.incidents, reader)
    steps = await asked.find_steps_of(tx, await asked.find_raised_ids(tx, *bounds(span, tx.city)))
    ends = Counter(filter(None, map(outcome, steps.values())))
    confirmed = Counter("confirmed" if _is_confirmed(each) else "unconfirmed" for each in steps.values())
    return Account(
        year=year,
        years=years,
        is_running=span.last >= tx.now.astimezone(tx.city.zone).date(),
        incidents=by_category[0],
        all_incidents=by_category[1],
        outcomes=_rows(ends, OUTCOMES, reader),
        all_outcomes=sum_of(ends),
        confirmed=_rows(confirmed, ("confirmed", "unconfirmed"), reader) if sum_of(confirmed) else [],
        meetings=await _meetings(tx, span, reader),
    )


def _by_category(found: Mapping[tuple[str, str], int], reader: Reader) -> tuple[Rows, int | None]:
    """Return the sums of categories as they stand on all pages, and that of all."""
    rows = sorted({district for district, _ in found})
    cells = {(row, name): found.get((row, name), 0) for row in rows for name in reader.city.categories}
    seen = table(cells)
    return [(reader.labels.category(name), count) for name, count in seen.columns.items()], seen.total


def _rows(counted: Mapping[str, int], names: Iterable[str], reader: Reader) -> Rows:
    """Return a row of numbers beside their sum; where that is not shown, none of them are."""
    seen = shown(counted) if sum_of(counted) is not None else dict.fromkeys(counted)
    return [(reader.t(f"account_{name}"), seen[name]) for name in names if name in seen]


def outcome(steps: Iterable[Step]) -> str | None:
    """Return what became of an escalation; None: nothing says what it is about."""
    facts = [step.fact for step in steps]
    found = fold([Step(fact) for fact in facts])
    if found is None or _ended(facts) == "merged":
        return None
    if _ended(facts) == "evidence_withdrawn":
        return "withdrawn"
    if found.historic:
        return "late"
    declined = [fact for fact in facts if isinstance(fact, EscalationDeclined)]
    last = max(declined, key=lambda fact: fact.revision, default=None)
    if found.state is State.DECLINED or (last and found.revision in {last.revision, last.revision + 1}):
        return "all_declined" if last and last.because == "all_declined" else "called_off"
    return _followed(found)


def _ended(facts: Iterable[object]) -> str:
    ends = [fact.reason for fact in facts if isinstance(fact, EscalationResolved)]
    return ends[-1] if ends else ""


def _followed(found: Escalation) -> str:
    return "waiting" if found.state in {State.PROPOSED, State.OPEN} else "followed"


def _is_confirmed(steps: Iterable[Step]) -> bool:
    decided = [step.fact for step in steps if isinstance(step.fact, EscalationDecided)]
    return any(fact.decision in {"confirm", "keep"} for fact in decided)


async def _meetings(tx: Tx, span: Span, reader: Reader) -> list[tuple[str, int, int]]:
    found = await asked.find_meetings_of(tx, *bounds(span, tx.city))
    held = [each for each in found if each.standing is Standing.HELD]
    kinds = Counter((each.body, each.reason == "regular") for each in held)
    bodies = sorted({body for body, _ in kinds}, key=reader.labels.body)
    return [(reader.labels.body(body), kinds[body, True], kinds[body, False]) for body in bodies]
