"""A process that runs services: its start, its bells, its upkeep, its health."""
