"""The channel `mail`: over SMTP, or as `.eml` files where no server is set."""

from dataclasses import dataclass

from services.notify.channels.channel import Outgoing
from services.notify.channels.mail.files import Files
from services.notify.channels.mail.letter import Letter, Sender
from services.notify.channels.mail.message import compose
from services.notify.channels.mail.smtp import Smtp
from services.notify.domain import Postmark
from shared.system.settings import Settings
from shared.text.address import parse_mailbox


@dataclass(frozen=True)
class Mail:
    """Composes mails and gives them to a sender."""

    sender: Sender
    mail_from: str
    """An address, or `name <address>`."""

    async def send(self, outgoing: Outgoing) -> None:
        mail_from = parse_mailbox(self.mail_from)
        await self.sender.send(
            Letter(
                name=file_name(outgoing.delivery),
                sender=mail_from.address,
                recipient=outgoing.recipient.mail,
                message=compose(outgoing, mail_from),
                names=tuple(outgoing.recipient.name.values()),
            )
        )

    async def close(self) -> None:
        await self.sender.close()


def file_name(delivery: Postmark) -> str:
    """Return `20180417T093000Z-invitation-police_president-1f0c9a3e.eml`."""
    function = delivery.recipient.partition("/")[2]
    short = delivery.delivery_id.hex[:8]
    return f"{delivery.created_at:%Y%m%dT%H%M%SZ}-{delivery.template}-{function}-{short}.eml"


def mail_channel(settings: Settings) -> Mail:
    """Return the channel that operators have set up."""
    url = settings.smtp_url
    if url:
        return Mail(Smtp(url), settings.mail_from)
    return Mail(Files(settings.data_dir / "mail", durable=settings.durable), settings.mail_from)
