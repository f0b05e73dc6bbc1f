from __future__ import annotations

from grid_fixtures import grid, person
from workspace_fixtures import workspace

__all__ = ["grid", "person", "workspace"]
