"""The machine that a process runs on: its clock, its settings, what it tells operators."""
