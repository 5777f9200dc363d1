"""What audit does by itself."""

from datetime import timedelta

from services.audit.handlers import seal
from shared.runtime.service import Tick

TICKS = (Tick("seal", timedelta(hours=1), seal),)
