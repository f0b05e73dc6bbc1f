"""Who may ask a page or the API of ours: the host's credentials, and no page of another site."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Access:
    """What a request must bring.

    Attributes:
        credentials: user -> password, any of them suffices; empty asks for none.
        names: host names under which the page is served, besides this machine's own. Without
            credentials any other name is refused: a foreign page may have been rebound to us.
        any_name: whether the name does not matter, since the host itself asks for a password, or
            serves the page under a name that nobody knows beforehand.
        origins: other sites that may ask, as the host was told, such as `https://my.example`.
    """

    credentials: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    any_name: bool = False
    origins: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """An answer in place of the one that was asked for; `status` is of HTTP."""

    status: int
    reason: str


def refusal(access: Access, headers: Mapping[str, str]) -> Refusal | None:
    """Why a request with these headers (names in lower case) is not answered, or None."""
    refused = foreign(access, headers)
    if refused is not None or not access.credentials:
        return refused
    if _is_known(access.credentials, headers.get("authorization", "")):
        return None
    return Refusal(
        401, "User or password is missing or wrong: give those that the host was started with."
    )


def foreign(access: Access, headers: Mapping[str, str]) -> Refusal | None:
    """As `refusal`, for what comes from a page whose host asks for the password itself."""
    host = headers.get("host", "")
    free = access.any_name or bool(access.credentials)
    if not free and not _is_ours(_name_of(host), access.names):
        return Refusal(
            403,
            f"The Host header names {host!r}, under which this page is not served: "
            "ask under 127.0.0.1, or start the host with a password.",
        )
    origin = headers.get("origin", "")
    if origin in access.origins or _is_from_here(headers, origin, host):
        return None
    return Refusal(
        403, f"A page of {origin or 'another site'} may not ask this one: ask from here."
    )


def _is_from_here(headers: Mapping[str, str], origin: str, host: str) -> bool:
    site = headers.get("sec-fetch-site", "")
    if site == "cross-site":
        return False
    # The browser compares what it sees; a proxy between us may have changed the Host header.
    return site == "same-origin" or not origin or _netloc(origin) == host


def _is_ours(name: str, names: frozenset[str]) -> bool:
    try:
        # A rebound page carries the name that was rebound, never a bare address.
        ipaddress.ip_address(name)
    except ValueError:
        own = socket.gethostname().lower()
        return name in {"localhost", own, f"{own}.local"} | {n.lower() for n in names}
    return True


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _is_known(credentials: Mapping[str, str], header: str) -> bool:
    kind, _, coded = header.partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        user, _, password = base64.b64decode(coded).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    wanted = credentials.get(user, "")
    same = secrets.compare_digest(wanted.encode("utf-8"), password.encode("utf-8"))
    return same and user in credentials
