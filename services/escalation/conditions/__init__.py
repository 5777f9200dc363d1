"""Conditions that a city's rules state: one file per kind, how they read, and how `rules.yaml` is read."""
