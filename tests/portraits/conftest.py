from __future__ import annotations

from grid_fixtures import person

__all__ = ["person"]
