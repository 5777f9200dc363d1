"""Requests: a member or partner asks that a body is called, and its moderation answers."""
