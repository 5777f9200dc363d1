"""Portal: a read-only overview for people, drawn from the facts that it has heard."""
