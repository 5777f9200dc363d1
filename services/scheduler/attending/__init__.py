"""Who comes to a meeting: what those who are invited have answered."""
