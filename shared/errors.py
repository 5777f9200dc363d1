"""The two words a failure has; code near the cause chooses, one loop obeys."""


class Rejected(Exception):  # noqa: N818
    """Never to be tried again: the message or the request itself is at fault."""


class Unavailable(Exception):  # noqa: N818
    """To be tried again later: something we depend on did not answer."""
