"""Meetings: when, why, who, with which agenda."""
