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


def build_empty(engine: str, folder: Path) -> dict[str, Warehouse]:
    """Warehouses built without rows, by each set of rules, after a load and unload."""
    store = Warehouse(folder / "clip_search.db", engine=engine)
    for log, header in HEADERS.items():
        (folder / f"{log}.csv").write_text(header + "\n", encoding="utf-8")
    store.load(folder)
    for log in HEADERS:
        store.unload(folder / f"{log}.csv")
    store.prepare()
    stores = {}
    for number, rules in enumerate(RULES):
        stores[rules] = store.copy(folder / f"rules_{number}")
        stores[rules].rebuild(rules)
    return stores
