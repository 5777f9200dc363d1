"""Audit: keeps who did what, as a chain of hashes that no service can change."""
