"""Fetches the metadata of clips into a file: each is asked for once."""

from collections.abc import Sequence
from dataclasses import dataclass

from clip_search.clips.answers_file import AnswersFile
from clip_search.clips.clip_api import ClipApi
from clip_search.clips.clip_uri import is_plain_id
from clip_search.load.load_progress import Progress

_LINE_EVERY = 100


@dataclass(frozen=True)
class ToAsk:
    """What happens to the clips without metadata.

    Attributes:
        cids: Those to ask for, in this order.
        answered_count: How many have an answer in the file already.
        other_id_count: How many have an id that the API cannot know.
        left_count: How many are left for another run.
    """

    cids: tuple[str, ...]
    answered_count: int
    other_id_count: int
    left_count: int


def to_ask(wanted: Sequence[str], answers: AnswersFile, limit: int | None) -> ToAsk:
    """Decide which clips to ask for.

    Args:
        wanted: The clips without metadata, the most important first.
        answers: The open file of answers.
        limit: How many to ask for at most; None for all.
    """
    plain = [cid for cid in wanted if is_plain_id(cid)]
    new = [cid for cid in plain if cid not in answers.known]
    chosen = new[:limit]
    return ToAsk(
        tuple(chosen),
        len(plain) - len(new),
        len(wanted) - len(plain),
        len(new) - len(chosen),
    )


def fetch(
    cids: Sequence[str], api: ClipApi, answers: AnswersFile, progress: Progress
) -> int:
    """Ask for clips, and write each answer to the file before the next question.

    Args:
        cids: The clips.
        api: Whom to ask.
        answers: The open file of answers.
        progress: Receives the progress, in clips.

    Returns:
        How many of them are missing.

    Raises:
        ClipApiError: The API does not answer. Earlier answers are in the file.
        OSError: The file cannot be written.
    """
    progress.begin("fetch", len(cids))
    missing_count = 0
    for count, cid in enumerate(cids, 1):
        record = api.record(cid)
        answers.add(cid, record)
        missing_count += "missing" in record
        progress.advance(1)
        if count % _LINE_EVERY == 0:
            progress.file_done(f"fetch: {count:,} of {len(cids):,} clips")
    return missing_count
