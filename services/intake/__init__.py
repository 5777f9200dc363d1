"""Intake: takes incidents from agencies, once each, and publishes them."""
