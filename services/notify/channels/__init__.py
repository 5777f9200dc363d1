"""The ways on which messages reach people; a new one is a file here and a line in `CHANNELS`."""

from collections.abc import Callable, Mapping

from services.notify.channels import mail
from services.notify.channels.channel import Channel
from shared.system.settings import Settings

CHANNELS: Mapping[str, Callable[[Settings], Channel]] = {
    "mail": mail.from_settings,
}
