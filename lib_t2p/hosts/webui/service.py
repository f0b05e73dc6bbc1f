"""What of us lives in the WebUI's process beside the page: the heartbeat, and who paints."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

from lib_t2p import jobs
from lib_t2p.errors import T2PError
from lib_t2p.hosts.painting_loop import PaintingLoop, PaintingOptions, StopWatch, UnloadingPainter
from lib_t2p.hosts.webui import flags
from lib_t2p.hosts.webui import settings_section as settings
from lib_t2p.hosts.webui.forks import this_fork
from lib_t2p.hosts.webui.models import help_worker, known_loras
from lib_t2p.hosts.webui.webui_painter import WebuiPainter
from lib_t2p.jobs.processes import current_process, device_lease
from lib_t2p.lora import loras_stamp
from lib_t2p.platforms import give_memory_back
from lib_t2p.workspace import EMBEDDERS, Preferences, Workspace, read_preferences, write_preferences


def unload_checkpoint() -> None:
    """Drop the checkpoint, holding the queue lock for this moment only."""
    from modules import call_queue

    with call_queue.queue_lock:
        this_fork().unload()
        # What refers to itself in a circle holds gigabytes until the collector comes by.
        gc.collect()
    give_memory_back()


_log = logging.getLogger(__name__)
REQUESTS_SECONDS = 300.0
"""Older questions are not answered: who asked has gone on long since."""


class HostService(threading.Thread):
    """Beats as `host` and paints while the WebUI is open.

    Args:
        workspace: to be served.
        painter_name: of the WebUI with its version.
        options: how long to wait for what.
        clock: Unix seconds.
    """

    def __init__(
        self,
        workspace: Workspace,
        painter_name: str,
        options: PaintingOptions | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(name="Text to Person", daemon=True)
        self.workspace = workspace
        self._painter_name = painter_name
        self._options = options or PaintingOptions()
        self._beats = jobs.Heartbeats(workspace, clock)
        self._queue = jobs.Queue(workspace, clock)
        self._process, self._version = current_process(), jobs.code_version()
        self._requests = jobs.HostRequests(workspace, clock)
        self._answering: threading.Thread | None = None
        self._loras = loras_stamp(workspace.loras)
        self._noticed = {"embedder": EMBEDDERS[0], "face_models": "", "clip_folder": ""}
        self._over = threading.Event()
        self.painter: WebuiPainter | None = None
        self._loop = PaintingLoop(
            workspace,
            self._make_painter,
            owner=f"host {self._process.pid}",
            device=device_lease(),
            options=self._options,
            clock=clock,
        )

    def run(self) -> None:
        """Serve until the WebUI ends."""
        self._loop.start()
        while not self._over.is_set():
            self._look_after()
            self._over.wait(self._options.beat)

    def end(self) -> None:
        """Take no further job; the one at hand is resumed by whoever comes next."""
        self._over.set()
        self._loop.leave()

    def _look_after(self) -> None:
        try:
            self._beats.beat("host", self._process, self._version)
            self._queue.recover(self._loop.at_work)
            self._loop.renew()
            self._answer()
            self._notice_loras()
            self._notice_settings()
        except T2PError:
            # The disk may be full for a while; the picture at hand is not to die of it.
            _log.exception("looking after the workspace")

    def _notice_loras(self) -> None:
        """Let the WebUI's LoRA tab and prompts know of the models of a run at once."""
        seen = loras_stamp(self.workspace.loras)
        if seen != self._loras:
            self._loras = seen
            known_loras(refresh=True)

    def _notice_settings(self) -> None:
        """Tell the worker, which cannot ask the WebUI, what was set meanwhile."""
        kept = read_preferences(self.workspace)
        now = {
            "embedder": settings.setting(settings.EMBEDDER, EMBEDDERS[0]),
            "face_models": flags.set_folder(settings.FACE_MODELS) or "",
            "clip_folder": flags.set_folder(settings.CLIP_FOLDER) or "",
        }
        # What was set in a shell stays until it is changed here.
        new = {name: now[name] for name in now if now[name] != self._noticed[name]}
        self._noticed = now
        after = settings.setting(settings.PAINTER_SECONDS)
        wanted = {**asdict(kept), **new, "painter_after": after}
        write_preferences(self.workspace, Preferences.of(**wanted))

    def _answer(self) -> None:
        for request in self._requests.waiting(REQUESTS_SECONDS):
            if self._answering is None or not self._answering.is_alive():
                # The queue lock may be held for long, and the heart has to beat meanwhile.
                self._answering = threading.Thread(target=self._do, args=(request,), daemon=True)
                self._answering.start()

    def _do(self, request: jobs.HostRequest) -> None:
        if request.kind == "unload":
            self._unload(request.id)
        else:
            self._help(request)

    def _help(self, request: jobs.HostRequest) -> None:
        try:
            help_worker(self.workspace, request.kind, request.details)
        except Exception as error:
            _log.exception("helping the worker")
            self._requests.answer(request.id, f"The WebUI could not {request.kind} ({error}).")
        else:
            self._requests.answer(request.id)

    def _unload(self, request_id: int) -> None:
        try:
            unload_checkpoint()
        except Exception as error:
            _log.exception("unloading the checkpoint")
            self._requests.answer(
                request_id,
                f"The WebUI could not give its memory back ({error}): restart it if the run "
                "lacks memory.",
            )
        else:
            self._requests.answer(request_id)

    def _make_painter(self, stop_watch: StopWatch) -> UnloadingPainter:
        self.painter = WebuiPainter(self._painter_name, stop_watch)
        return self.painter


_RUNNING: list[HostService] = []
"""The one service of this process; `Reload UI` runs our script again but not this module."""


def serve(workspace: Workspace, painter_name: str) -> HostService:
    """Start serving, or give the service that does already."""
    for service in _RUNNING:
        if service.is_alive() and service.workspace == workspace:
            return service
        service.end()
    service = HostService(workspace, painter_name)
    _RUNNING[:] = [service]
    service.start()
    return service


def between_steps(done: int, total: int) -> None:
    """Called by the WebUI between sampling steps of any picture, ours or not."""
    for service in _RUNNING:
        if service.painter is not None:
            service.painter.between_steps(done, total)
