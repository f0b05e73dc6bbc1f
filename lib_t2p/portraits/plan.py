"""The plan of a series of portraits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from lib_t2p.errors import FaultsError, WorkspaceError
from lib_t2p.files import read_record, write_record
from lib_t2p.painting import CellRequest, number_faults, request_from_record, request_to_record
from lib_t2p.portraits.rule import KeepRule, rule_faults
from lib_t2p.ranges import number_text, within
from lib_t2p.workspace import PortraitsFolder

SCHEMA = 1
MAX_COUNT = 100_000
MAX_BATCH = 64
MAX_MINUTES = 7 * 24 * 60.0
STEP = "{step}"
"""Stands in a prompt for a value of the cycle."""


@dataclass(frozen=True)
class PortraitPlan:
    """All that a series is made from.

    Attributes:
        person: folder name of the person.
        dataset: version whose photos the pictures are compared with; 0 compares with none.
        request: of every picture. Its prompts may have variants, wildcards, `{trigger}`,
            `{class_word}` and setting tags; its seed is the first picture's, and each further
            picture's is one more.
        count: pictures to paint, 0 for no limit.
        minutes: after which no further picture is begun, 0 for no limit.
        batch: pictures planned at a time, 1 to 64.
        rule: which pictures are kept.
        cycle: values that fill `{step}` in the prompt, one picture each; all of them share a seed
            and all choices of chance, so that nothing else changes. Empty for none.
    """

    person: str
    dataset: int
    request: CellRequest
    count: int = 8
    minutes: float = 0.0
    batch: int = 8
    rule: KeepRule = field(default_factory=KeepRule)
    cycle: tuple[str, ...] = ()


def portrait_faults(plan: PortraitPlan) -> list[str]:
    """Name everything in the plan that cannot be, in the order of the form."""
    faults = []
    if not plan.request.prompt.strip():
        faults.append("the prompt is empty")
    if bool(plan.cycle) != (STEP in plan.request.prompt):
        faults.append(f"the prompt must have {STEP} when there are steps, and only then")
    if not plan.request.checkpoint.strip():
        faults.append("no checkpoint is chosen")
    limits: tuple[tuple[str, float, float, float], ...] = (
        ("count", plan.count, 0, MAX_COUNT),
        ("minutes", plan.minutes, 0, MAX_MINUTES),
        ("batch", plan.batch, 1, MAX_BATCH),
        ("dataset", plan.dataset, 0, 999_999),
    )
    faults += [_outside(*limit) for limit in limits if not within(*limit[1:])]
    return faults + number_faults(plan.request) + rule_faults(plan.rule)


def write_portraits(folder: PortraitsFolder, plan: PortraitPlan) -> None:
    """Check the plan and write it; raises `FaultsError` with all faults at once."""
    faults = portrait_faults(plan)
    if faults:
        raise FaultsError("These portraits cannot be painted", faults)
    record = {**asdict(plan), "request": request_to_record(plan.request)}
    write_record(folder.plan, SCHEMA, record)


def read_portraits(folder: PortraitsFolder) -> PortraitPlan:
    """Read and check the plan.

    Raises:
        WorkspaceError: missing or damaged.
        FaultsError: all faults of its values at once.
        NewerSchemaError: written by a newer Text to Person.
    """
    record = read_record(folder.plan, SCHEMA)
    del record["schema"]
    try:
        plan = _from_record(record)
        faults = portrait_faults(plan)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise WorkspaceError(
            f"{folder.plan} is damaged ({error}): start a new series of portraits."
        ) from error
    if faults:
        raise FaultsError(f"{folder.plan} cannot be used", faults)
    return plan


def _from_record(record: Mapping[str, Any]) -> PortraitPlan:
    known = {one.name for one in fields(PortraitPlan)}
    if set(record) - known:
        raise KeyError(f"it knows {sorted(known)} only")
    request, rule = request_from_record(record["request"]), KeepRule(**record["rule"])
    cycle = tuple(map(str, record.get("cycle", ())))
    return PortraitPlan(**{**record, "request": request, "rule": rule, "cycle": cycle})


def _outside(name: str, value: float, low: float, high: float) -> str:
    return f"{name} is {number_text(value)}: it goes from {low:g} to {high:g}"
