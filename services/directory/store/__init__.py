"""The directory's tables and queries."""
