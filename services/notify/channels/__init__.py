"""The ways on which messages reach people; a new one is a folder here and a line in `CHANNELS`."""

from collections.abc import Callable, Mapping

from services.notify.channels.channel import Channel
from services.notify.channels.mail.channel import mail_channel
from shared.system.settings import Settings

CHANNELS: Mapping[str, Callable[[Settings], Channel]] = {
    "mail": mail_channel,
}
