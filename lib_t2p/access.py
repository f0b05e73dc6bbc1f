"""Who may ask a page or the API of ours: the host's credentials, and no page of another site."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]{2,45}\]|[\w.-]{1,253})(?::\d{1,5})?")
"""A name and a port. Whatever else stands in the header would become a part of addresses that a
framework makes of it (CVE-2026-48710)."""


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
        here_only: whether the page is served to this machine alone, so that no address but its
            own can be the right one.
    """

    credentials: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    any_name: bool = False
    origins: frozenset[str] = frozenset()
    here_only: bool = False


@dataclass(frozen=True)
class Refusal:
    """An answer in place of the one that was asked for; `status` is of HTTP."""

    status: int
    reason: str


def refusal(access: Access, headers: Mapping[str, str], *, by_link: bool = False) -> Refusal | None:
    """Why a request is not answered, or None.

    Args:
        access: what it must bring.
        headers: names in lower case.
        by_link: whether a plain link from anywhere may lead here.
    """
    refused = wrong_name(access, headers)
    if refused is None and not (by_link and opens_page(headers)):
        refused = other_site(access, headers)
    if refused is not None or not access.credentials:
        return refused
    if _is_known(access.credentials, headers.get("authorization", "")):
        return None
    return Refusal(
        401, "User or password is missing or wrong: give those that the host was started with."
    )


def foreign(access: Access, headers: Mapping[str, str]) -> Refusal | None:
    """As `refusal`, for what comes from a page whose host asks for the password itself."""
    return wrong_name(access, headers) or other_site(access, headers)


def wrong_name(access: Access, headers: Mapping[str, str]) -> Refusal | None:
    """Why the name that was asked under is not one of ours, or None."""
    host = headers.get("host", "")
    free = access.any_name or bool(access.credentials)
    if (free and (not host or HOST.fullmatch(host))) or _is_ours(_name_of(host), access):
        return None
    return Refusal(
        403,
        f"The Host header names {host!r}, under which this page is not served: "
        "ask under 127.0.0.1, or start the host with a password.",
    )


def other_site(access: Access, headers: Mapping[str, str]) -> Refusal | None:
    """Why the page that asks is none of ours, or None.

    A sandboxed frame and a file on disk call themselves `null`, and so may any page.
    """
    origin = headers.get("origin", "")
    if origin in access.origins or _is_from_here(headers, origin, headers.get("host", "")):
        return None
    return Refusal(
        403, f"A page of {origin or 'another site'} may not ask this one: ask from here."
    )


def opens_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser follows a link into a window of its own, which no other page can read."""
    mode, goal = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return (mode, goal) == ("navigate", "document") and "origin" not in headers


def _is_from_here(headers: Mapping[str, str], origin: str, host: str) -> bool:
    site = headers.get("sec-fetch-site", "")
    # Another port of this machine is the same site, and yet another program's page.
    if site in ("cross-site", "same-site") or origin.strip().lower() == "null":
        return False
    # The browser compares what it sees; a proxy between us may have changed the Host header.
    return site == "same-origin" or not origin or _netloc(origin) == host


def _is_ours(name: str, access: Access) -> bool:
    try:
        # A rebound page carries the name that was rebound, never a bare address.
        address = ipaddress.ip_address(name)
    except ValueError:
        own = socket.gethostname().lower()
        return name in {"localhost", own, f"{own}.local"} | {n.lower() for n in access.names}
    if address.is_unspecified:
        # 0.0.0.0 reaches this machine from any page, without the browser's word on who asks.
        return False
    return address.is_loopback or not access.here_only


def _name_of(host: str) -> str:
    found = HOST.fullmatch(host)
    return found["name"].strip("[]").lower() if found else ""


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
