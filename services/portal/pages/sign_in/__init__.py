"""Signing in by a mailed link, and out again."""
