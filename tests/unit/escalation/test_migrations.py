"""What was answered before each seat answered for itself is kept."""

from pathlib import Path

from alembic import command
from sqlalchemy import Connection, text

from services.escalation.app import SERVICE
from services.escalation.domain import State
from services.escalation.replies import Because, Ruling, Said
from services.escalation.store import escalations
from shared.storage.database import Database
from shared.storage.migrate import config, metadata_of
from tests.unit.escalation.building import LEADER, a_count, a_find, a_town, day

BEFORE = "0005"


async def at_revision(database: Database, revision: str) -> None:
    def move(connection: Connection) -> None:
        command.downgrade(config("escalation", connection, metadata_of(SERVICE)), revision)

    async with database.begin() as connection:
        await connection.run_sync(move)


async def test_what_one_has_said_for_all_is_an_answer_or_a_decision(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await town.hear(*(a_find(0) for _ in range(3)), *(a_find(0, district="21") for _ in range(3)))
        noted, declined = await town.escalations()
        database = town.runtime.database
        await at_revision(database, BEFORE)
        said = "update escalations set answered_by = :by, entered_by = :by, answered_at = :at"
        refused = ", state = 'declined', declined_reason = 'Bekannt', declined_until = :until"
        values = {"by": LEADER, "at": "2018-04-02 10:00:00.000000", "until": "2018-04-08 10:00:00.000000"}
        async with database.begin() as connection:
            await connection.execute(text(f"{said} where id = :id"), values | {"id": noted.id.hex})
            await connection.execute(
                text(f"{said}{refused} where id = :id"), values | {"id": declined.id.hex}
            )
        await town.restart()
        async with town.runtime.reading() as tx:
            noted = await escalations.get(tx, noted.id)
            declined = await escalations.get(tx, declined.id)
        [answer] = noted.replies.answers.values()
        assert (answer.seat, answer.said, answer.at, noted.state) == (
            LEADER,
            Said.NOTED,
            day(1),
            State.ACKNOWLEDGED,
        )
        assert declined.replies.decision
        assert declined.replies.decision.ruling is Ruling.CALL_OFF
        assert declined.refusal
        assert (declined.refusal.because, declined.refusal.until, declined.refusal.reason) == (
            Because.CALLED_OFF,
            day(7),
            "Bekannt",
        )
