"""Takes the pictures of the DAG in Airflow's UI, with a real browser.

    python -m lab.airflow_pictures

Writes those of the graph to docs/img, and further pictures to target/pictures, to look
at: the grid, a failed run and its log, the form that starts a run, and the assets.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import typer
from playwright.sync_api import Page, sync_playwright

from clip_search.orchestration.environment import DAG_ID
from clip_search.project import PROJECT_ROOT
from lab.airflow import Airflow, environment, running_airflow

IN_DOCS = PROJECT_ROOT / "docs" / "img"
OTHERS = PROJECT_ROOT / "target" / "pictures"
_SETTLE_MILLISECONDS = 4000


def take_pictures() -> None:
    """Run the DAG on the sample, and on logs that fail, and take all pictures."""
    OTHERS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        bad_day = _bad_day(folder / "bad_day")
        # This Airflow lives for two runs, on this machine only: nobody logs in.
        variables = environment(
            folder, AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS="True"
        )
        with running_airflow(variables) as airflow:
            print("airflow: running the sample, then logs that fail", flush=True)
            airflow.run()
            good = _last_run(airflow)
            airflow.run("--conf", f'{{"folder": "{bad_day}"}}')
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"),
                    # As root, Chromium has no sandbox of its own.
                    chromium_sandbox=os.geteuid() != 0,
                )
                page = browser.new_page(
                    viewport={"width": 1500, "height": 640}, device_scale_factor=1.5
                )
                _take_all(page, airflow, good, _last_run(airflow))
                browser.close()


def _take_all(page: Page, airflow: Airflow, good: str, bad: str) -> None:
    site = f"http://127.0.0.1:{airflow.port}"
    dag = f"{site}/dags/{DAG_ID}"
    page.goto(site)
    _keep(page, default_dag_view="graph", **{f"direction-{DAG_ID}": "RIGHT"})
    _take_graph(page, f"{dag}/runs/{good}", IN_DOCS / "airflow-graph.png", 260)
    _take(page, f"{dag}/runs/{bad}", OTHERS / "failed.png")
    _keep(page, **{f"{DAG_ID}/open-groups": ["clean"]})
    _take_graph(page, f"{dag}/runs/{bad}", IN_DOCS / "airflow-group.png", 420)
    _keep(page, default_dag_view="grid")
    _take(page, f"{dag}/runs/{bad}", OTHERS / "grid.png")
    failed = f"{dag}/runs/{bad}/tasks/clean.int_search_request_checked"
    _take(page, failed, OTHERS / "log.png")
    _take(page, f"{site}/assets/1", OTHERS / "assets.png")
    page.goto(dag)
    page.get_by_role("button", name="Trigger").first.click()
    _take(page, None, OTHERS / "form.png")


def _take_graph(page: Page, address: str, picture: Path, height: int) -> None:
    """Take the graph alone, in a window that it fills."""
    kept = page.viewport_size
    page.set_viewport_size({"width": 2400, "height": height})
    page.goto(address)
    graph = page.locator(".react-flow").first
    graph.wait_for()
    page.add_style_tag(content=".react-flow__panel { display: none }")
    page.wait_for_timeout(_SETTLE_MILLISECONDS)
    graph.screenshot(path=picture)
    if kept:
        page.set_viewport_size(kept)
    print(f"airflow: took {picture}", flush=True)


def _keep(page: Page, **settings: object) -> None:
    """Set what Airflow's UI remembers in the browser."""
    for name, value in settings.items():
        page.evaluate(
            "([name, value]) => localStorage.setItem(name, value)",
            [name, json.dumps(value)],
        )


def _take(page: Page, address: str | None, picture: Path) -> None:
    if address:
        page.goto(address)
    page.wait_for_timeout(_SETTLE_MILLISECONDS)
    page.screenshot(path=picture)
    print(f"airflow: took {picture}", flush=True)


def _last_run(airflow: Airflow) -> str:
    ((run_id,),) = airflow.rows(
        "select run_id from dag_run order by start_date desc limit 1"
    )
    return str(run_id)


def _bad_day(folder: Path) -> Path:
    """Logs of which a rule rejects too many rows."""
    folder.mkdir()
    requests = "".join(f"s{n},kites,last tuesday,u{n},9\n" for n in range(40))
    (folder / "search_request.csv").write_text(
        f"search_id,search_query,ts,cuid,total\n{requests}"
    )
    (folder / "search_result_interaction.csv").write_text("search_id,ts,cid,position\n")
    return folder


if __name__ == "__main__":
    typer.run(take_pictures)
