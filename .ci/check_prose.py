"""Finds words in prose that `.ci/plain-english.txt` replaces with plain English.

`check_prose.py FILE...` prints `file:line: "x": write "y"` for each. Prose is Markdown,
comments, YAML descriptions, `echo` messages, docstrings, cells of notebooks and, except
in tests, strings with a space. Identifiers, code in backticks, link targets, SQL and
data are not prose.
"""

import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

WORDS = Path(__file__).with_name("plain-english.txt")
DATA = re.compile(
    r"(^|/)(seeds/.*\.csv|tests/(golden|answer_key)/.*|uv\.lock|LICENSE)$"
)
HASH = r"(?:^|(?<=\s))#[^\n]*|\becho [^\n]*"
YAML = r"^( *)(?:- )?description:[^\n]*(?:\n\1 [^\n]*|\n(?=\n))*|" + HASH
PROSE = {".md": r"(?s:.+)", ".sql": r"--[^\n]*|(?s:\{#.*?#\}|/\*.*?\*/)"}
PROSE |= {".yml": YAML, ".yaml": YAML, ".toml": HASH, "": HASH}
CODE = re.compile(
    r"(?m)(?s:```.*?```|<!--.*?-->)|`[^`\n]*\n?[^`\n]*`|\]\((?:[^()\"]|\"[^\"]*\")*\)"
    r"|https?://\S+|^ +\**\w+:(?= )|\{(?!#)[^{}\n]*\}"
)
SQL = re.compile(
    r"\w*[\"']+\s*(select|insert|delete|update|create table|with \w+ as)\b"
)
START = {tokenize.ENCODING, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
STRING = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def python_prose(text: str, is_test: bool) -> Iterator[tuple[int, int]]:
    """Where comments, docstrings and messages begin and end in Python code."""
    begins = [0, *(line.end() for line in re.finditer("\n", text))]
    before = tokenize.ENCODING
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_message = " " in token.string and not is_test and not SQL.match(token.string)
        is_string = token.type in STRING and (before in START or is_message)
        if is_string or token.type == tokenize.COMMENT:
            (first, left), (last, right) = token.start, token.end
            yield begins[first - 1] + left, begins[last - 1] + right
        before = before if token.type in (tokenize.COMMENT, tokenize.NL) else token.type


def prose(path: Path) -> str:
    """The text of a file in which everything but prose is blanked out."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        return "\n".join(
            CODE.sub(" ", source) if cell["cell_type"] == "markdown" else source
            for cell in json.loads(text)["cells"]
            for source in ["".join(cell["source"])]
        )
    if path.suffix == ".py":
        spans = list(python_prose(text, "tests" in path.parts))
    else:
        spans = [found.span() for found in re.finditer(PROSE[path.suffix], text, re.M)]
    kept = re.sub(r"\S", "\0", text)
    for start, end in spans:
        kept = kept[:start] + text[start:end] + kept[end:]
    kept = CODE.sub(lambda code: re.sub(r"\S", "\0", code[0]), kept)
    return re.sub(r"#|--|[\"']", lambda mark: " " * len(mark[0]), kept)


def main(names: list[str]) -> int:
    """Checks the files, prints what it finds and returns the exit code."""
    lines = [line for line in WORDS.read_text("utf-8").splitlines() if line[0] != "#"]
    words = dict(line.split("->") for line in lines)
    phrases = "|".join(words).replace(" ", r"\s+")
    avoided = re.compile(rf"(?<![\w/.-])(?:{phrases})(?![\w/-]|\.\w)", re.IGNORECASE)
    findings = []
    for path in (Path(name) for name in names if not DATA.search(name)):
        text = (
            prose(path)
            if path.suffix in (*PROSE, ".py", ".ipynb") and path.is_file()
            else ""
        )
        for found in avoided.finditer(text):
            line, word = text.count("\n", 0, found.start()) + 1, found[0].split()
            plain = words[" ".join(word).lower()]
            findings.append(f'{path}:{line}: "{" ".join(word)}": write "{plain}"\n')
    sys.stdout.write("".join(findings))
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
