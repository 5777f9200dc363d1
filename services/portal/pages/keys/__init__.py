"""Keys of agencies and functions: who has one, when it was used; issued, replaced and ended."""
