"""What `make run` installs is enough for the commands that it mentions at the end."""

import json
import subprocess
import sys
from importlib.metadata import packages_distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_IMPORTED_WITH_THE_COMMANDS = """
import json, sys
before = set(sys.modules)
import clip_search.cli
imported = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(imported)))
"""


def installed_by_run() -> set[str]:
    """The distributions of the package's own dependencies, including indirect ones."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [("clip-search", frozenset[str]())]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)
            ):
                waiting.append(
                    (canonicalize_name(needed.name), frozenset(needed.extras))
                )
    return {name for name, _ in seen}


def test_the_commands_start_with_what_a_run_installs() -> None:
    """A command that imports an extra on start-up would break every `make run`."""
    finished = subprocess.run(
        [sys.executable, "-c", _IMPORTED_WITH_THE_COMMANDS],
        capture_output=True,
        text=True,
        check=True,
    )
    installed = installed_by_run()
    distributions = packages_distributions()
    from_elsewhere = {
        name: distributions[name]
        for name in json.loads(finished.stdout)
        if name in distributions
        and installed.isdisjoint(map(canonicalize_name, distributions[name]))
    }
    assert from_elsewhere == {}
