"""The overview: figures, charts, what is ongoing."""
