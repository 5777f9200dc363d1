"""Escalation's tables and queries."""
