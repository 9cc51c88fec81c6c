"""The prose check finds words in prose, and only there."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.python.conftest import ROOT

WORDS = ROOT / ".ci" / "plain-english.txt"


def check(path: Path, text: str) -> list[str]:
    """What the check prints for a file with this text, without the name of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    finished = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "check_prose.py"), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stderr == ""
    assert finished.returncode == (1 if finished.stdout else 0)
    return [
        line.removeprefix(f"{path}:") for line in finished.stdout.splitlines() if line
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docstring.py", '"""Counts rows.\n\nA slip.\n"""\n'),
        ("comment.py", "rows = 1\n\n# A slip.\n"),
        ("message.py", 'rows = 1\nprint(\n    f"{rows} with a slip"\n)\n'),
        ("description.yml", "models:\n  - name: a\n    description: The slip.\n"),
        ("block.yml", "- name: a\n  description: >\n    A slip.\n"),
        ("comment.yml", "a: 1\nb: 2\n# A slip.\n"),
        ("page.md", "# Page\n\nA slip.\n"),
        ("model.sql", "select 1\n\n-- A slip.\n"),
        ("macro.sql", "{#-\n  A macro.\n  A slip. -#}\n"),
        ("Makefile", "a: b\n\tc\n\t@echo 'A slip.'\n"),
        ("script", "#!/usr/bin/env bash\nset -e\n# A slip.\n"),
    ],
)
def test_a_planted_word_is_found(name: str, text: str, tmp_path: Path) -> None:
    assert check(tmp_path / name, text) == ['3: "slip": write "typo, misspelling"']


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("identifiers.py", "from a import slip\n\nslip_of = slip.slip(slip=1)\n"),
        ("key.py", 'row = {"slip": 1}\n'),
        ("sql.py", 'query = "select slip from slips"\n'),
        ("braces.py", 'text = f"{slip} was typed"\n'),
        ("args.py", '"""Types.\n\nArgs:\n    slip: What is wrong.\n"""\n'),
        ("code.md", "The seed `slip` and [a page](slip.md#slip).\n\n```\nslip\n```\n"),
        ("column.sql", "select slip from slips where slip = 'a slip'\n"),
        ("values.yml", "slip:\n  - {slip: slip}\n"),
        ("seeds/words.csv", "word\na slip\n"),
        ("tests/golden/texts.md", "A slip.\n"),
        ("tests/answer_key/key.jsonl", '{"query": "a slip"}\n'),
        ("uv.lock", '# A slip.\nname = "slip"\n'),
        ("tests/python/test_a.py", 'assert count("a slip") == 1\n'),
        ("slip-free.md", "A slip-on shoe and clip_search/slips.py.\n"),
    ],
)
def test_a_word_in_code_or_data_is_not_found(
    name: str, text: str, tmp_path: Path
) -> None:
    assert check(tmp_path / name, text) == []


def test_a_phrase_is_found_across_lines(tmp_path: Path) -> None:
    found = ['1: "told apart": write "separated, distinguished"']
    comment = "# They are told\n# apart by name.\n"
    assert check(tmp_path / "comment.py", comment) == found
    assert check(tmp_path / "page.md", "They are told\napart by name.\n") == found


def test_the_dictionary_is_sorted_and_its_words_are_not_in_their_replacements() -> None:
    lines = [
        line
        for line in WORDS.read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    avoided = dict(line.split("->") for line in lines)
    assert lines == sorted(lines)
    assert len(avoided) == len(lines)
    for replacement in avoided.values():
        assert not set(replacement.split()) & avoided.keys()
