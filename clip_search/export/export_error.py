"""Why an export cannot be written."""

from clip_search.clear_error import ClearError


class ExportError(ClearError):
    """The files cannot be written, or the warehouse lacks what is exported."""
