"""Escalation: says when a rule is met, for as long as it is, and asks leadership to answer."""
