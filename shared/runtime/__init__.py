"""A service that runs: its declaration, its transactions, its heartbeat."""
