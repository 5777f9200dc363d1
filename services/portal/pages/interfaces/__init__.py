"""The interfaces of the system, read from its own descriptions."""
