"""What regularisation images are painted from, and where they are kept: by content, not by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from lib_t2p.errors import FaultsError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.painting import (
    CellRequest,
    PictureSettings,
    picture_faults,
    picture_values,
    request_from_record,
    request_to_record,
)
from lib_t2p.workspace import PhotoSet, Workspace

SCHEMA = 1
PROMPT = "photo of a {class_word}, __scene/*__"
"""Where none is typed."""
MOST = 5000
"""Pictures of a set."""
NOT_IN_KEY = ("count", "checkpoint")
"""A larger set goes on where a smaller one ended; of the checkpoint its content counts."""


@dataclass(frozen=True)
class ClassPlan(PictureSettings):
    """Regularisation images to be painted.

    Attributes:
        checkpoint: path of the base checkpoint, a file or a diffusers folder.
        prompt: template with wildcards; `{class_word}` stands for the class.
        count: pictures of the set, 1 to `MOST`.
        seed: of the first picture; the others count on.
    """

    checkpoint: str
    prompt: str
    count: int
    _: KW_ONLY
    seed: int = 1
    steps: int = 25

    def __post_init__(self) -> None:
        faults = []
        if not self.prompt.strip():
            faults.append("there is no prompt: type one, such as photo of a {class_word}")
        if not 1 <= self.count <= MOST:
            faults.append(f"{self.count} pictures: from 1 to {MOST} can be painted")
        if not 0 <= self.seed <= 2**32 - 1 - MOST:
            faults.append(f"the seed {self.seed} must lie between 0 and {2**32 - 1 - MOST}")
        faults += picture_faults(self)
        if "{trigger}" in self.prompt:
            faults.append("the prompt names the person: class images show somebody else")
        if faults:
            raise FaultsError("The regularisation images", faults)


def plan_from(table: Mapping[str, Any]) -> ClassPlan:
    """Read what `asdict` made of a plan.

    Raises:
        WorkspaceError: it is damaged.
        FaultsError: values that cannot be used.
    """
    if unknown := sorted(set(table) - {known.name for known in fields(ClassPlan)}):
        raise WorkspaceError(f"The plan has unknown keys: {', '.join(unknown)}. Submit it again.")
    return ClassPlan(**table)


def set_key(plan: ClassPlan, digest: str) -> str:
    """Name of the set: what the pictures depend on.

    Args:
        plan: how they are painted.
        digest: SHA-256 of the checkpoint, hexadecimal.
    """
    body = {name: value for name, value in asdict(plan).items() if name not in NOT_IN_KEY}
    # Sets that were painted before there was a choice of VAE keep their names.
    if not plan.vae:
        del body["vae"]
    text = json.dumps({**body, "digest": digest}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_set(
    workspace: Workspace, plan: ClassPlan, digest: str, expand: Callable[[str, str], str]
) -> PhotoSet:
    """Write what is to be painted; a set that has more pictures already keeps them.

    Args:
        workspace: whose cache holds the set.
        plan: how they are painted.
        digest: of the checkpoint.
        expand: gives the prompt of a template and a seed.
    """
    key = set_key(plan, digest)
    folder = workspace.painted_class(key)
    there = read_set(folder) if folder.record.exists() else []
    requests = [_request(plan, number, expand) for number in range(max(plan.count, len(there)))]
    record = {
        "checkpoint": Path(plan.checkpoint).name,
        "digest": digest,
        "prompt": plan.prompt,
        "requests": [request_to_record(request) for request in requests],
    }
    write_record(folder.record, SCHEMA, record)
    return folder


def read_set(folder: PhotoSet) -> list[CellRequest]:
    """The pictures of a set, in order, with no checkpoint named.

    Raises:
        WorkspaceError: missing or damaged.
    """
    record = read_record(folder.record, SCHEMA)
    try:
        return [request_from_record(entry) for entry in record["requests"]]
    except (KeyError, TypeError) as error:
        raise WorkspaceError(f"{folder.record} is damaged: paint the set again.") from error


def _request(plan: ClassPlan, number: int, expand: Callable[[str, str], str]) -> CellRequest:
    seed = plan.seed + number
    return CellRequest(
        prompt=expand(plan.prompt, f"{seed}"),
        seed=seed,
        # The set's name tells the checkpoint's content; how it is called today does not matter.
        checkpoint="",
        **{
            **picture_values(plan),
            "negative_prompt": expand(plan.negative_prompt, f"{seed} negative"),
        },
    )
