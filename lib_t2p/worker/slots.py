"""Slots: one run at a time on each device of this machine."""

from __future__ import annotations

from dataclasses import dataclass

from lib_t2p.jobs import Job


@dataclass(frozen=True)
class Slot:
    """The device of one lane, among those of its worker.

    Attributes:
        name: of the device.
        devices: names of all, this one among them.
    """

    name: str
    devices: tuple[str, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """Devices of the other lanes."""
        return tuple(name for name in self.devices if name != self.name)

    def devices_for(self, job: Job) -> tuple[str, ...]:
        """What this lane must hold before it takes a job; empty when another lane takes it.

        Runs over several devices belong to the first lane: two that gather devices at the same
        time would each wait for what the other has.
        """
        wanted = devices_wanted(job)
        if wanted == 1:
            return (self.name,)
        return self.devices[:wanted] if self.name == self.devices[0] else ()


def slots_of(devices: tuple[str, ...]) -> list[Slot]:
    """One slot for each device."""
    return [Slot(name, devices) for name in devices]


def devices_wanted(job: Job) -> int:
    """Over how many devices a job runs: its parameter `devices`, else 1."""
    return max(1, int(job.params.get("devices", 1)))
