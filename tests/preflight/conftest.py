from __future__ import annotations

from base_fixtures import sd15_base

__all__ = ["sd15_base"]
