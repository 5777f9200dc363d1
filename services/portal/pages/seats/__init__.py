"""Seats of a body: who holds each, when they are away, what is added and taken out."""
