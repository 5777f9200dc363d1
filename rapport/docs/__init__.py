"""The documents that follow from the code, and what writes them."""
