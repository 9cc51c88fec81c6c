"""Takes the pictures of the DAG in Airflow's UI, with a real browser.

    python -m lab.airflow_pictures

Writes docs/img/airflow-graph.png, which the README shows, and further pictures to
target/pictures, to look at: a group that is open, the grid, a failed run, the form that
starts a run, and the assets.
"""

import os
import shutil
import tempfile
from pathlib import Path

import typer
from playwright.sync_api import Page, sync_playwright

from clip_search.orchestration.environment import DAG_ID
from clip_search.project import PROJECT_ROOT
from lab.airflow import Airflow, environment, running_airflow

README_PICTURE = PROJECT_ROOT / "docs" / "img" / "airflow-graph.png"
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
    page.evaluate(
        "localStorage.setItem('dag_view-clip_search', '\"graph\"');"
        "localStorage.setItem('direction-clip_search', '\"RIGHT\"')"
    )
    _take(page, f"{dag}/runs/{good}", README_PICTURE)
    _take(page, f"{dag}/runs/{bad}", OTHERS / "failed.png")
    _take(page, f"{dag}/tasks/group/clean", OTHERS / "group.png")
    page.evaluate("localStorage.setItem('dag_view-clip_search', '\"grid\"')")
    _take(page, f"{dag}/runs/{bad}", OTHERS / "grid.png")
    _take(page, f"{site}/assets", OTHERS / "assets.png")


def _take(page: Page, address: str, picture: Path) -> None:
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
