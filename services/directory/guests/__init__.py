"""Guests of single sessions: invited and uninvited by moderation, known here alone, forgotten afterwards."""
