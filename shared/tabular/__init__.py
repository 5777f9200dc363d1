"""The one door through which a table from an agency comes in: every physical line is accounted for."""
