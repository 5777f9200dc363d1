"""Answering by the link in a message, without signing in."""
