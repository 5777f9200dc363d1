"""A function: in which bodies it sits, who stands in for it, what was answered in its name."""
