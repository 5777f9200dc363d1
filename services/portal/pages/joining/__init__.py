"""Joining and leaving an open body: asked and confirmed by anybody, answered by moderation, ended by link."""
