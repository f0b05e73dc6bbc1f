"""What every route needs: the host, whether it lets things start, and who is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from fastapi import APIRouter, Depends

from lib_t2p import actions
from lib_t2p.errors import InputError, T2PError
from lib_t2p.workspace import PersonFolder, Workspace


class NotThere(T2PError):
    """What the address names does not exist."""


class NotAllowed(T2PError):
    """The host lets nobody start this from here."""


class NotReady(T2PError):
    """Something must be set up first."""


@dataclass(frozen=True)
class RouteHost:
    """The host as the routes use it.

    Attributes:
        host: the program that we run inside of.
        trusted: whether whoever asks gave a password, so that it does not matter who else
            reaches the host's page.
    """

    host: actions.Host
    trusted: bool = False

    @property
    def workspace(self) -> Workspace:
        """Where people, jobs and results lie."""
        return self.host.workspace

    def may_see(self) -> None:
        """Raise `NotAllowed` when strangers could be served: answers name people and folders."""
        reason = None if self.trusted else self.host.restricted()
        if reason:
            raise NotAllowed(reason)

    def may_start(self) -> None:
        """Raise `NotAllowed` or `NotReady` with the reason when nothing may be started."""
        self.may_see()
        missing = self.host.unready()
        if missing:
            raise NotReady(missing)

    def person(self, name: str) -> PersonFolder:
        """The folder of a person; raises `NotThere`."""
        try:
            return actions.known_person(self.host.workspace, name)
        except T2PError as error:
            raise NotThere(str(error)) from error

    def checkpoint(self, typed: str) -> Path:
        """The file of a title, or a path that the host allows; raises `InputError`."""
        known = self.host.checkpoint_path(typed)
        path = known or actions.allowed_path(self.host, typed)
        if not typed.strip() or not path.exists():
            raise InputError(f"There is no checkpoint {typed!r}: GET /t2p/v1/checkpoints.")
        return path

    def recipe(self, name: str) -> str:
        """A recipe's name; a path must be one that the host allows."""
        return str(actions.allowed_path(self.host, name)) if name.endswith(".toml") else name


Route = TypeVar("Route", bound=Callable[..., Any])


class Routes(APIRouter):
    """The routes of one subject.

    Args:
        subject: under which the page of the interface lists them.
        served: whose leave an act needs.
    """

    def __init__(self, subject: str, served: RouteHost) -> None:
        super().__init__(tags=[subject])
        self._leave = [Depends(served.may_start)]

    def act(self, path: str, **told: Any) -> Callable[[Route], Route]:
        """A POST that starts or changes something; `told` as of `post`."""
        return self.post(path, dependencies=self._leave, **told)


def one_of(value: str | None, name: str, allowed: tuple[str, ...]) -> Any:
    """The value if it is allowed or None; raises `InputError`."""
    if value is not None and value not in allowed:
        raise InputError(f"{name} is {value!r}: give one of {', '.join(allowed)}.")
    return value
