"""A page that may not be shown to its reader, or not now."""


class NotShown(Exception):  # noqa: N818 - no error: the gate answers with a page of words
    """Raised below a route; `status` is the answer's: 403, 404 or 503."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
