"""Requests to call a body, their answers, and calling one by hand."""
