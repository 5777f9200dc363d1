"""Rules of a city: what they say (one file per kind), which kinds there are, and how `rules.yaml` is read."""
