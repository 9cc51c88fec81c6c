"""Takes control characters out of a text, so that nothing that shows it obeys it."""

import re

from clip_search.text_rules.characters import WHITE_SPACE

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def without_controls(text: str) -> str:
    """The text without control characters (the Unicode category Cc).

    Those that are white space (tab, line feed, vertical tab, form feed, carriage
    return, next line) become spaces; all others vanish, as they do in the normal form.
    A terminal would obey `ESC ] 0 ; ... BEL`, and U+009B is the same as `ESC [`.
    """
    return _CONTROL.sub(_shown, text)


def _shown(control: re.Match[str]) -> str:
    return " " if control[0] in WHITE_SPACE else ""
