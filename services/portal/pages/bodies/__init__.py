"""Bodies: what each is for, who sits there, what is open, and what was changed."""
