"""What the portal knows: folded from facts in whatever order they come, kept in tables, asked by pages."""
