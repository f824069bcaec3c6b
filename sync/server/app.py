"""The county over HTTP: sealed bytes in, sealed bytes out. Work runs in threads; logs carry no content."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
import psycopg
import structlog
from anyio.to_thread import run_sync
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sync.domain.errors import Damaged, LiandongError, Unreachable
from sync.protocol.blob_request import HEADER, PATH
from sync.protocol.desk_blobs import BODY_LIMIT as ERRAND_LIMIT
from sync.protocol.limits import ENROLMENT_LIMITS, MAX_POSTED_CARRIED, REQUEST_LIMITS
from sync.protocol.refusal import encode_plain_refusal
from sync.server.blob_routes import BODY_LIMIT, LABEL, answer_blob
from sync.server.county import County, now_ms
from sync.server.county_desk import answer_desk
from sync.server.desk_blobs import answer_errand
from sync.server.desk_devices import answer_devices
from sync.server.desk_held import answer_held
from sync.server.enrolment import enrol
from sync.server.exchange import exchange, seal_for_sender
from sync.server.metrics import Metrics
from sync.server.place import knows_device
from sync.server.reading_bodies import read_bounded
from sync.server.storage.driver import looking

WORKERS = 8
"""Requests that are worked on at once; one writer at a time among them."""
_BINARY = "application/octet-stream"
_log = structlog.get_logger("liandong.county")

Work = Callable[[bytes], bytes]


class CountyApp:
    """Handlers on one county."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._metrics = Metrics()
        self._limiter: anyio.CapacityLimiter | None = None

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/v1/exchange", self._exchange, methods=["POST"]),
            Route("/v1/enrol", self._enrol, methods=["POST"]),
            Route(PATH + "{name}", self._blob, methods=["PUT", "GET"]),
            Route("/v1/county", self._county_desk, methods=["POST"]),
            Route("/v1/county/devices", self._county_devices, methods=["POST"]),
            Route("/v1/county/held", self._county_held, methods=["POST"]),
            Route("/v1/county/blobs", self._county_blobs, methods=["POST"]),
            Route("/v1/card", self._card, methods=["GET"]),
            Route("/healthz", self._healthy, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._measured, methods=["GET"]),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._limiter = anyio.CapacityLimiter(WORKERS)
        yield

    async def _exchange(self, request: Request) -> Response:
        return await self._answer(request, REQUEST_LIMITS.sealed, self._do_exchange)

    async def _enrol(self, request: Request) -> Response:
        return await self._answer(request, ENROLMENT_LIMITS.sealed, self._do_enrol)

    async def _blob(self, request: Request) -> Response:
        method, name, header = request.method, request.path_params["name"], request.headers.get(HEADER, "")
        work = partial(answer_blob, self._county, method, name, header)
        return await self._answer(request, BODY_LIMIT, work, LABEL)

    async def _county_desk(self, request: Request) -> Response:
        return await self._answer(request, MAX_POSTED_CARRIED, self._do_county_desk)

    async def _county_devices(self, request: Request) -> Response:
        return await self._answer(request, ENROLMENT_LIMITS.sealed, self._do_county_devices)

    async def _county_held(self, request: Request) -> Response:
        return await self._answer(request, ENROLMENT_LIMITS.sealed, self._do_county_held)

    async def _county_blobs(self, request: Request) -> Response:
        return await self._answer(request, ERRAND_LIMIT, partial(answer_errand, self._county))

    async def _card(self, _: Request) -> Response:
        return Response(self._county.card_bytes, media_type=_BINARY)

    async def _healthy(self, _: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _ready(self, _: Request) -> Response:
        try:
            await run_sync(self._ask_database, limiter=self._limiter)
        except SQLAlchemyError:
            return PlainTextResponse("database\n", status_code=503)
        return PlainTextResponse("ok\n")

    async def _measured(self, _: Request) -> Response:
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")

    def _ask_database(self) -> None:
        try:
            self._select_one()
        except OperationalError:
            self._county.engine.dispose()
            self._select_one()

    def _select_one(self) -> None:
        with looking(self._county.engine) as connection:
            connection.execute(text("SELECT 1"))

    # Sealed requests -------------------------------------------------------------------------------------------------

    async def _answer(self, request: Request, limit: int, work: Work, label: str = "") -> Response:
        started, path = time.perf_counter(), label or request.url.path
        try:
            body = await read_bounded(request.stream(), limit, self._knows if not label else _asked_elsewhere)
        except ClientDisconnect:
            return Response(status_code=499)
        except Damaged as error:
            response = _refusal(error, 413)
        except LiandongError as error:
            response = _refusal(error, 400)
        else:
            response = await run_sync(self._worked, work, body, limiter=self._limiter)
        self._metrics.requests.labels(path, response.status_code).inc()
        self._metrics.seconds.labels(path).observe(time.perf_counter() - started)
        return response

    async def _knows(self, device: str) -> bool:
        return await run_sync(knows_device, self._county, device, limiter=self._limiter)

    def _worked(self, work: Work, body: bytes) -> Response:
        try:
            return Response(self._tried(work, body), media_type=_BINARY)
        except Unreachable as error:
            return _refusal(error, 503)
        except (DBAPIError, psycopg.Error) as error:
            _log.error("database", error=type(getattr(error, "orig", error)).__name__)
            return _refusal(Unreachable("county.database_unreachable"), 503)
        except LiandongError as error:
            _log.info("refused", code=error.code)
            sealed = seal_for_sender(self._county, error, body)
            if sealed is not None:
                return Response(sealed, status_code=403, media_type=_BINARY)
            return _refusal(error, 400)

    def _tried(self, work: Work, body: bytes) -> bytes:
        """Once more on new connections where the database has gone since they were made; every request may be
        repeated."""
        try:
            return work(body)
        except (OperationalError, psycopg.OperationalError):
            self._county.engine.dispose()
            return work(body)

    def _do_exchange(self, body: bytes) -> bytes:
        started = time.perf_counter()
        done = exchange(self._county, body, now_ms())
        for outcome, count in done.outcomes.items():
            self._metrics.changes.labels(outcome).inc(count)
        self._metrics.entries.inc(done.entries)
        if done.outcomes or done.entries:
            spent = round((time.perf_counter() - started) * 1000, 1)
            values: dict[str, Any] = {**done.outcomes}
            _log.info("exchange", unit=done.unit, entries=done.entries, milliseconds=spent, **values)
        return done.answer

    def _do_county_desk(self, body: bytes) -> bytes:
        return answer_desk(self._county, body, now_ms())

    def _do_county_devices(self, body: bytes) -> bytes:
        return answer_devices(self._county, body, now_ms())

    def _do_county_held(self, body: bytes) -> bytes:
        return answer_held(self._county, body, now_ms())

    def _do_enrol(self, body: bytes) -> bytes:
        done = enrol(self._county, body, now_ms())
        _log.info("enrolment", unit=done.unit, refusal=done.refusal)
        if done.further:
            _log.warning("further_device", unit=done.unit, device=done.device, refusal=done.refusal)
        return done.answer


async def _asked_elsewhere(_: str) -> bool:
    """A piece of a file is short, and who sends it stands in a header of its own."""
    return True


def _refusal(error: LiandongError, status: int) -> Response:
    return Response(encode_plain_refusal(error), status_code=status, media_type=_BINARY)
