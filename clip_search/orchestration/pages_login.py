"""Asks for Airflow's login before Cosmos shows a page.

Cosmos serves the dbt docs and the report to whoever asks. Airflow loads this plugin
wherever this package is installed, by its entry point in pyproject.toml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

# Where Cosmos serves its pages, below the path of Airflow itself.
_PAGES = "/cosmos"


class PagesLogin:
    """Middleware that lets only users of Airflow's UI see pages of Cosmos.

    Args:
        app: What answers the requests that are let through.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        answer: Any = self._app
        if _is_for_a_page(scope):
            from starlette.requests import Request

            answer = await _refusal(Request(scope)) or self._app
        await answer(scope, receive, send)


def _is_for_a_page(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    # Airflow may have a path of its own, which a proxy in front of it may remove.
    asked = scope["path"]
    paths = (asked, asked.removeprefix(scope.get("root_path", "")))
    return any(path == _PAGES or path.startswith(f"{_PAGES}/") for path in paths)


async def _refusal(request: Request) -> Response | None:
    """What a request is answered whose user may not see the UI; None if it may."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
    from fastapi import HTTPException
    from starlette.responses import PlainTextResponse, RedirectResponse

    try:
        user = await get_user(request, None, await bearer_scheme(request))
    except HTTPException:
        # Airflow's own route knows where its users log in.
        root = request.scope.get("root_path", "")
        asked = urlencode({"next": request.url.path})
        return RedirectResponse(f"{root}/api/v2/auth/login?{asked}")
    if get_auth_manager().is_authorized_view(access_view=AccessView.WEBSITE, user=user):
        return None
    return PlainTextResponse("You may not see this page.", status_code=403)


class ClipSearchPlugin(AirflowPlugin):
    """What Airflow loads."""

    name = "clip_search"
    fastapi_root_middlewares = [  # noqa: RUF012 - as Airflow declares it
        {"name": "Login for the pages of Cosmos", "middleware": PagesLogin}
    ]
