"""Partners: which a body needs, has and excludes, and why; lists come in and go out."""
