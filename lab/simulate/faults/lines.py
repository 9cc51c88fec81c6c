"""Lines that are not records."""

from collections.abc import Callable, Iterator, Sequence

from lab.simulate.behaviour import Search
from lab.simulate.faults.desk import Desk, Fault
from lab.simulate.rows import LogRow


def malformed_request(desk: Desk, search: Search) -> list[LogRow]:
    """A line of the request log that is cut, too wide, unclosed, or contains a NUL."""
    fault = "malformed_request"
    write = desk.next_of(fault, _MALFORMED)
    row = desk.scribe.rejected_request(search, "malformed_line", fault)
    row.line = write(row.values)
    return [row, *desk.scribe.orphans(search, "click_of_rejected_request")]


def malformed_click(desk: Desk, search: Search) -> list[LogRow]:
    """A line of the click log that is cut, too wide, unclosed, or contains a NUL."""
    fault = "malformed_click"
    click = desk.with_one_click(search)
    write = desk.next_of(fault, _MALFORMED)
    row = desk.scribe.rejected_click(search, click, "malformed_line", fault)
    row.line = write(row.values)
    return [*desk.scribe.request(search), row]


_MALFORMED: tuple[Callable[[Sequence[str]], str], ...] = (
    lambda values: ",".join(values[:-2]),
    lambda values: ",".join([*values, "extra"]),
    lambda values: ",".join([values[0], '"' + values[1], *values[2:]]),
    lambda values: ",".join([values[0], values[1] + "\0", *values[2:]]),
    lambda values: values[0],
)


def faults() -> Iterator[Fault]:
    """The faults of this kind."""
    yield Fault("malformed_request", malformed_request)
    yield Fault("malformed_click", malformed_click)
