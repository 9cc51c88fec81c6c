"""Where the project lies and which database it works on."""

import os
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DEFAULT_DATABASE = "warehouse/clip_search.db"


def database_path() -> Path:
    """The warehouse file of the embedded engines.

    Returns:
        The absolute path in `CLIP_SEARCH_DATABASE` (relative ones are taken from the
        project's root), or `warehouse/clip_search.db`.
    """
    configured = os.environ.get("CLIP_SEARCH_DATABASE") or DEFAULT_DATABASE
    return (PROJECT_ROOT / configured).resolve()
