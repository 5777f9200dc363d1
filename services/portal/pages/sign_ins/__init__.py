"""Browsers at which somebody is signed in, and the end of their sessions."""
