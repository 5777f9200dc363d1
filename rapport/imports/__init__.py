"""Brings a file from an agency to intake, each row exactly once, and accounts for every line of it."""
