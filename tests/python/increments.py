"""What the tests of increments share: logs without rows, and two sets of rules."""

from pathlib import Path

from lab.warehouse import Warehouse

HEADERS = {
    "search_request": "search_id,search_query,ts,cuid,total",
    "search_result_interaction": "search_id,ts,cid,position",
    "search_result_shown": "search_id,cid,position",
}
# Here a user with two searches a day is automated, so that users flip, and two users
# share an id at most.
RULES = (
    "{automated_searches_per_day: 2, users_of_placeholder_id: 1}",
    "{automated_searches_per_day: 1, users_of_placeholder_id: 2}",
)


def build_empty(store: Warehouse) -> None:
    """Prepares a warehouse, and builds two without rows next to it.

    Both are built after a load and an unload, one for each set of rules.
    """
    folder = store.database.parent
    for log, header in HEADERS.items():
        (folder / f"{log}.csv").write_text(header + "\n", encoding="utf-8")
    store.load(folder)
    for log in HEADERS:
        store.unload(folder / f"{log}.csv")
    store.prepare()
    for rules in RULES:
        store.copy(_folder(store, rules)).rebuild(rules)


def built_empty(store: Warehouse) -> dict[str, Warehouse]:
    """The warehouses that `build_empty` has built, by their rules. Only copy them."""
    return {
        rules: Warehouse(
            _folder(store, rules) / store.database.name, engine=store.engine
        )
        for rules in RULES
    }


def _folder(store: Warehouse, rules: str) -> Path:
    return store.database.parent / f"rules_{RULES.index(rules)}"
