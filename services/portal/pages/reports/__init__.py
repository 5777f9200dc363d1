"""Situation reports of bodies for any time, as a page and as a PDF, and the yearly account for everybody."""
