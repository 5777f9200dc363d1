"""`python -m services.escalation.detect`: the detectors without the rest of the system."""

from services.escalation.detect.cli import detect

detect(prog_name="detect")
