"""A city: its profile, its areas, and what its places are called."""
