"""The routes of the page.

One process serves one reader, so requests are handled one after the other.
"""

from pathlib import Path
from urllib.parse import parse_qs, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from clip_search.clear_error import ClearError
from clip_search.engines import engine
from clip_search.project import typed_command
from clip_search.serve.decisions import DecisionError
from clip_search.serve.guard import Gatekeeper, Guard
from clip_search.serve.search_page import Context, Page

_HERE = Path(__file__).parent
_LARGEST_FORM = 10_000
_HIGHEST_PAGE = 1_000_000


def new_app(page: Page, gatekeeper: Gatekeeper) -> Starlette:
    """The application.

    Args:
        page: What it shows.
        gatekeeper: Which requests it answers.
    """
    routes = _Routes(page, gatekeeper)
    return Starlette(
        routes=[
            Route("/", routes.overview),
            Route("/list/{name}.csv", routes.csv),
            Route("/list/{name}", routes.listing),
            Route("/decide", routes.decide, methods=["POST"]),
            Route("/undo", routes.undo, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ],
        exception_handlers={
            ClearError: routes.unreadable,
            HTTPException: routes.not_answered,
            **dict.fromkeys(engine().errors(), routes.outdated),
        },
        middleware=[Middleware(Guard, gatekeeper=gatekeeper)],
    )


class _Routes:
    def __init__(self, page: Page, gatekeeper: Gatekeeper) -> None:
        self._page = page
        self._gatekeeper = gatekeeper
        # Everything is text unless a template says otherwise, and none does.
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["number"] = _number

    async def overview(self, request: Request) -> Response:
        typed = request.query_params.get("q", "")
        return self._html("page.html.j2", self._page.overview(typed))

    async def listing(self, request: Request) -> Response:
        number = request.query_params.get("page", "1")
        if not number.isdecimal() or not 0 < int(number[:9]) <= _HIGHEST_PAGE:
            raise HTTPException(404)
        name = self._name(request)
        return self._html("list.html.j2", self._page.listing(name, int(number)))

    async def csv(self, request: Request) -> Response:
        name = self._name(request)
        return Response(
            self._page.csv(name),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )

    async def decide(self, request: Request) -> Response:
        form = await self._form(request)
        try:
            self._page.decide(
                form.get("query_text", ""),
                form.get("decision", ""),
                form.get("reason", "").strip(),
            )
        except DecisionError as error:
            return self._refused(str(error))
        except KeyError:
            return self._refused("There is no such suggestion any more.")
        return _back(form)

    async def undo(self, request: Request) -> Response:
        form = await self._form(request)
        try:
            self._page.decisions.remove(form.get("query_text", ""))
        except DecisionError as error:
            return self._refused(str(error))
        return _back(form)

    async def not_answered(self, _: Request, error: Exception) -> Response:
        """The answer to a request for what is not there or not allowed."""
        assert isinstance(error, HTTPException)  # noqa: S101
        message = "There is no such page." if error.status_code == 404 else error.detail
        answer = self._html("refused.html.j2", {"message": message}, error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    async def unreadable(self, _: Request, error: Exception) -> Response:
        """The answer while the warehouse cannot be read, as during a build."""
        return self._html("refused.html.j2", {"message": str(error)}, status=503)

    async def outdated(self, _: Request, __: Exception) -> Response:
        """The answer when a table is missing, which an older version did not build."""
        message = f"A table is missing. Build the tables: {typed_command()} run"
        return self._html("refused.html.j2", {"message": message}, status=503)

    async def _form(self, request: Request) -> dict[str, str]:
        """The fields of a form of this page.

        Raises:
            HTTPException: It is too large, or comes from elsewhere.
        """
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _LARGEST_FORM:
                raise HTTPException(413)
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        form = {name: values[-1] for name, values in fields.items()}
        if self._gatekeeper.refuses_form(request.headers, form.get("token", "")):
            raise HTTPException(403, "This form is not of this page. Load it again.")
        return form

    def _name(self, request: Request) -> str:
        name: str = request.path_params["name"]
        if name not in self._page.listings:
            raise HTTPException(404)
        return name

    def _refused(self, message: str) -> Response:
        return self._html("refused.html.j2", {"message": message}, status=409)

    def _html(self, name: str, context: Context, status: int = 200) -> Response:
        template = self._templates.get_template(name)
        token = self._gatekeeper.token
        return HTMLResponse(template.render(**context, token=token), status)


def _back(form: dict[str, str]) -> Response:
    """Back to the page, with the query that was being tried."""
    typed = form.get("q", "")
    query = f"?q={quote(typed, safe='')}" if typed else ""
    return RedirectResponse(f"/{query}#review", 303)


def _number(value: object) -> str:
    """A cell: thousands are separated, and nothing is empty."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
