from __future__ import annotations

from grid_fixtures import grid, person

__all__ = ["grid", "person"]
