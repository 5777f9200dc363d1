"""Who did what: the record as moderation reads, filters and exports it."""
