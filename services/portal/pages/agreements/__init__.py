"""Agreements: what was agreed, by whom it is done, until when, how it stands, and the forms for all of it."""
