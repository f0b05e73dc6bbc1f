"""The standalone studio as the tabs see it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib_t2p.workspace import Workspace

TINY_BASE = Path(__file__).resolve().parents[2] / "demo" / "tiny_base"
"""The small base checkpoint that comes with the program."""
TINY_TITLE = "tiny base (for the demo)"


@dataclass(frozen=True)
class StudioHost:
    """A page on this machine only, for the person who started it."""

    workspace: Workspace
    name: str = "Studio"

    @property
    def loras_root(self) -> Path:
        """The workspace's own LoRA folder."""
        return self.workspace.loras

    def checkpoints(self) -> list[str]:
        """Files and diffusers folders in the workspace, then the tiny base."""
        return list(self._known())

    def checkpoint_path(self, title: str) -> Path | None:
        """The file or folder of a title."""
        return self._known().get(title)

    def _known(self) -> dict[str, Path]:
        folder = self.workspace.checkpoints
        found = sorted(folder.rglob("*")) if folder.is_dir() else []
        own = [p for p in found if p.suffix == ".safetensors" and not _inside_folder(p, folder)]
        own += [p.parent for p in found if p.name == "model_index.json"]
        titles = {p.relative_to(folder).as_posix(): p for p in own}
        tiny = {TINY_TITLE: TINY_BASE} if (TINY_BASE / "model_index.json").exists() else {}
        return titles | tiny

    def samplers(self) -> list[str]:
        """All that our painter knows."""
        from lib_t2p.diffusion import SAMPLERS

        return list(SAMPLERS)

    def recipe(self) -> str:
        """The guide's recipe once there is a real base checkpoint."""
        return "demo" if self.checkpoints() in ([], [TINY_TITLE]) else "guide-final"

    def roots(self) -> list[Path] | None:
        """No limit: the page answers this machine only, and runs with the person's own rights."""
        return None

    def restricted(self) -> str | None:
        """Everything may be started."""
        return None

    def unready(self) -> str | None:
        """Nothing is missing: the studio runs in the very environment."""
        return None


def _inside_folder(path: Path, root: Path) -> bool:
    parents = [p for p in path.parents if p.is_relative_to(root)]
    return any((p / "model_index.json").exists() for p in parents)
