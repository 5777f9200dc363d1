"""The `rapport` command and the composition root: what sees several services."""
