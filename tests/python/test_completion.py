"""Tab completes the commands, in the shell that users type them in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("clip-search"))
BASH = shutil.which("bash") or "bash"


def in_bash(script: str, home: Path) -> str:
    """What a script prints; `$0` in it is the command."""
    finished = subprocess.run(
        [BASH, "--norc", "-c", script, COMMAND],
        env={**os.environ, "HOME": str(home), "SHELL": BASH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


# `; true` keeps bash, whose name the command looks up, as its parent.
SHOW = '"$0" --show-completion; true'


def test_the_script_for_the_shell_is_shown(tmp_path: Path) -> None:
    script = in_bash(SHOW, tmp_path)
    assert "complete -o default -F _clip_search_completion clip-search" in script


@pytest.mark.parametrize(
    ("typed", "completed"), [("st", "status"), ("fa", "failures"), ("no-such", "")]
)
def test_the_start_of_a_command_is_completed(
    typed: str, completed: str, tmp_path: Path
) -> None:
    shown = in_bash(
        f'eval "$({SHOW})"\n'
        f"COMP_WORDS=(clip-search {typed}) COMP_CWORD=1\n"
        '_clip_search_completion "$0" && echo "${COMPREPLY[*]}"\n',
        tmp_path,
    )
    assert shown.strip() == completed


def test_the_script_is_installed_for_the_shell(tmp_path: Path) -> None:
    in_bash('"$0" --install-completion; true', tmp_path)
    script = tmp_path / ".bash_completions" / "clip-search.sh"
    assert "_clip_search_completion" in script.read_text("utf-8")
    assert str(script) in (tmp_path / ".bashrc").read_text("utf-8")
