"""Escalations: what each rests on, how it ran, what followed."""
