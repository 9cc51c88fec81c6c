"""The clips that were clicked and have no metadata yet."""

from pathlib import Path

from clip_search.clear_error import ClearError
from clip_search.engines import engine, reading
from clip_search.project import typed_command


def clips_without_metadata(database: Path) -> list[str]:
    """Their ids, those with most clicks first.

    Args:
        database: The built warehouse; it is only read.

    Raises:
        ClearError: It is not built.
        WarehouseError: It cannot be read.
    """
    try:
        with reading(database) as connection:
            rows = connection.execute(
                "select click.cid, sum(click.click_count) as all_click_count"
                " from clean_search_result_interaction as click"
                " left join clip on click.cid = clip.cid"
                " where clip.cid is null"
                " group by click.cid"
                " order by all_click_count desc, click.cid"
            ).fetchall()
    except engine().errors() as error:
        raise ClearError(
            f"the warehouse is not built completely: {error}",
            remedy=f"Build it: {typed_command()} run",
            place=database,
        ) from error
    return [str(cid) for cid, _ in rows]
