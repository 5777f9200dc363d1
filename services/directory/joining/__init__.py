"""Organisations join an open body: anybody asks, a mail confirms, moderation answers; and they leave it."""
