"""The entry point of `clip-search`.

The command line reads dbt_project.yml when it is imported, and that file may be wrong.
"""

import sys

from clip_search.clear_error import ClearError
from clip_search.private_files import keep_private


def main() -> None:
    """Run the command line."""
    keep_private()
    try:
        from clip_search.cli import app
    except ClearError as error:
        sys.exit(f"error: {error}")
    app()
