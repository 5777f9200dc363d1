"""A process: one service, or all of them, over one transport and behind one HTTP port."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from rapport.process import readiness, upkeep
from rapport.process.ringing import Bells, until_done
from rapport.process.starting import PATIENCE, Doorkeeper, until_open
from shared.access.brakes import brakes
from shared.city.city import City
from shared.messaging import inbox, outbox
from shared.messaging.bus import Bus
from shared.messaging.local import LocalBus
from shared.messaging.rabbit import RabbitBus
from shared.runtime.bodies import learn_bodies
from shared.runtime.receiving import retry_due, subscriber_of
from shared.runtime.service import Runtime, Service
from shared.storage.database import Database
from shared.storage.migrate import upgrade
from shared.system.clock import Clock
from shared.system.gather import gather_all
from shared.system.observe import start_at_zero
from shared.system.settings import ROOT, Settings
from shared.system.timekeeping import Trust
from shared.web import key_routes
from shared.web.http import PROBLEMS, install

log = structlog.get_logger()

TOPOLOGY = ROOT / "deploy" / "rabbitmq" / "definitions.json"
RETRY_SECONDS = 1.0
GAUGE_SECONDS = 5.0
FORGET_SECONDS = 3_600.0
STOP_SECONDS = 10.0
"""How long a worker has to finish what it has begun when the process ends."""


class Process:
    """The composition root: binds declared services to database, bus and clock, and runs them."""

    def __init__(
        self,
        services: Sequence[Service],
        settings: Settings,
        city: City,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self.settings = settings
        self.city = city
        self.clock = clock
        self.runtimes = {
            service.name: Runtime(
                service,
                Database(
                    settings.database_for(service.name),
                    service.name,
                    durable=settings.durable,
                    role=service.name if settings.database_roles else None,
                ),
                city,
                clock,
                new_id,
            )
            for service in services
        }
        for service in services:
            start_at_zero(service.name, [fact.kind for fact in service.subscriptions])
        limits = brakes(settings.requests_per_minute, settings.incidents_per_day)
        for runtime in self.runtimes.values():
            runtime.brakes = limits
            runtime.check_bus = self._check_broker
        amqp = settings.amqp_url
        self.rabbit = RabbitBus(amqp.get_secret_value(), TOPOLOGY) if amqp else None
        self.local = LocalBus()
        self.bus: Bus = self.rabbit or self.local
        self.is_open = False
        """Whether databases and bus are there."""
        self._tasks: list[asyncio.Task[None]] = []
        self._workers: list[asyncio.Task[None]] = []
        self._bells = Bells()

    def _check_broker(self) -> None:
        if self.rabbit:
            readiness.check_broker(self.rabbit)

    async def open(self) -> None:
        """Bring the databases up to date and connect to the bus; nothing runs by itself yet."""
        for runtime in self.runtimes.values():
            await upgrade(runtime.service, runtime.database)
            await upkeep.beat(runtime)
            async with runtime.reading() as tx:
                runtime.parked = bool((await inbox.count_unfinished(tx))["waiting"])
            await learn_bodies(runtime)
            runtime.relay = outbox.Relay(runtime.database, self.clock, runtime.new_id(), self.bus)
            if runtime.service.begin:
                async with runtime.transaction() as tx:
                    await runtime.service.begin(tx)
        subscribers = [subscriber_of(runtime) for runtime in self.runtimes.values()]
        if self.rabbit:
            await self.rabbit.start(subscribers)
        else:
            self.local.subscribers = subscribers
        self.is_open = True

    def run(self) -> None:
        """Let relays, workers and ticks run by themselves until `close`."""
        for runtime in self.runtimes.values():
            assert runtime.relay is not None  # noqa: S101
            self._spawn(runtime.relay.run())
            self._spawn(upkeep.forever(runtime, outbox.RENEW_SECONDS, upkeep.renew))
            self._spawn(upkeep.forever(runtime, RETRY_SECONDS, upkeep.retry))
            self._spawn(upkeep.forever(runtime, GAUGE_SECONDS, self._beat))
            self._spawn(upkeep.forever(runtime, GAUGE_SECONDS, upkeep.measure))
            self._spawn(upkeep.forever(runtime, RETRY_SECONDS, upkeep.learn))
            self._spawn(upkeep.forever(runtime, FORGET_SECONDS, upkeep.forget))
            if runtime.service.worker:
                self._workers.append(asyncio.ensure_future(_work(runtime, runtime.service.worker)))
            for tick in runtime.service.ticks:
                self._spawn(until_done(runtime, tick))
        self._bells.start(self.runtimes.values())

    async def _beat(self, runtime: Runtime) -> None:
        if await upkeep.beat(runtime):
            self._bells.start_anew()
            for tick in runtime.service.ticks:
                self._spawn(until_done(runtime, tick))

    async def close(self) -> None:
        """Stop; what was not finished is taken up by the next start."""
        self._bells.stop()
        for runtime in self.runtimes.values():
            runtime.stopping = True
            runtime.wake.set()
        if self._workers:
            await asyncio.wait(self._workers, timeout=STOP_SECONDS)
        for task in [*self._workers, *self._tasks]:
            task.cancel()
        await asyncio.gather(*self._workers, *self._tasks, return_exceptions=True)
        if self.rabbit and self.is_open:
            await self.rabbit.stop()
        for runtime in self.runtimes.values():
            await _leave(runtime)

    async def step(self) -> int:
        """Do once what would follow by itself; return how much there was to do. For replays and tests."""
        return sum(await gather_all(map(_step, self.runtimes.values())))

    async def tick(self) -> None:
        """Do all that is due by the clock now."""
        await gather_all(map(_tick, self.runtimes.values()))

    def _spawn(self, work: Awaitable[None]) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    def app(self) -> FastAPI:
        """Return the HTTP application of all services in this process."""

        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            beginning = asyncio.create_task(self._begin(), name="start")
            done, _ = await asyncio.wait({beginning}, timeout=PATIENCE)
            if done:
                beginning.result()
            beginning.add_done_callback(_end_where_it_failed)
            gc.collect()
            gc.freeze()  # rules, maps and modules stay: looking through them again would halt the process
            yield
            beginning.cancel()
            await self.close()

        return self.routes(FastAPI(title="Rapport", lifespan=lifespan, docs_url=None, redoc_url=None))

    async def _begin(self) -> None:
        await until_open(self.open)
        self.run()

    def routes(self, app: FastAPI) -> FastAPI:
        """Give an application the routes of all services in this process."""
        install(app)
        app.add_middleware(Doorkeeper, is_open=lambda: self.is_open)
        app.router.redirect_slashes = False  # a redirection would name the inner address, without TLS
        for runtime in self.runtimes.values():
            if runtime.service.router:
                app.include_router(runtime.service.router(runtime))
            if runtime.service.keys_for != "nobody":
                app.include_router(key_routes.router(runtime, self.settings.key_lifetime))

        @app.head("/health/live", include_in_schema=False)
        @app.get("/health/live", tags=["operation"], summary="The process answers")
        async def live() -> dict[str, str]:
            return {"status": "ok"}

        @app.head("/health/ready", include_in_schema=False)
        @app.get(
            "/health/ready",
            tags=["operation"],
            summary="Databases answer and facts are being handed over",
            responses={503: PROBLEMS[503]},
        )
        async def ready() -> dict[str, str]:
            for runtime in self.runtimes.values():
                await readiness.check(runtime)
            return {"status": "ok"}

        @app.get(
            "/metrics",
            tags=["operation"],
            summary="Metrics in Prometheus text format",
            response_class=PlainTextResponse,
        )
        async def metrics() -> Response:
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

        return app


def _end_where_it_failed(beginning: asyncio.Task[None]) -> None:
    """End the process that waited for its database in vain, as it would have ended at once."""
    if not beginning.cancelled() and beginning.exception():
        log.critical("start_failed", error=repr(beginning.exception()))
        signal.raise_signal(signal.SIGTERM)


async def _step(runtime: Runtime) -> int:
    assert runtime.relay is not None  # noqa: S101
    did = await runtime.relay.send_due()
    if runtime.service.worker and runtime.wake.is_set():
        runtime.wake.clear()
        did += await runtime.service.worker(runtime)
    return did


async def _tick(runtime: Runtime) -> None:
    for tick in runtime.service.ticks:
        await runtime.run_tick(tick)
    if runtime.parked:
        await retry_due(runtime)
    runtime.wake.set()


async def _leave(runtime: Runtime) -> None:
    if runtime.service.close:
        await runtime.service.close()
    try:
        if runtime.relay:
            await runtime.relay.give_back()
    except Exception as error:  # noqa: BLE001 - its database is away: the lease runs out by itself
        log.warning("lease_kept", service=runtime.name, error=repr(error))
    await runtime.database.close()


async def _work(runtime: Runtime, worker: Callable[[Runtime], Awaitable[int]]) -> None:
    while not runtime.stopping:
        runtime.wake.clear()
        try:
            if runtime.heart.trust() is Trust.TRUSTED:
                await worker(runtime)
        except Exception as error:  # noqa: BLE001 - its database is away: try again later
            log.warning("worker_waits", service=runtime.name, error=repr(error))
        try:
            await asyncio.wait_for(runtime.wake.wait(), RETRY_SECONDS)
        except TimeoutError:
            continue
