"""What Airflow's UI shows about a task."""

import inspect
from collections.abc import Callable
from typing import Any


def of_task(function: Callable[..., Any]) -> str:
    """The docstring of a task's function, without what only programmers need."""
    return inspect.cleandoc(function.__doc__ or "").partition("\n\nArgs:")[0]
