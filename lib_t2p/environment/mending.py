"""`env repair`: puts an environment back into the state that its requirement files describe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from lib_t2p.environment.borrowing import borrowed
from lib_t2p.environment.builder import Builder
from lib_t2p.environment.checkout import get_checkout, is_whole
from lib_t2p.environment.definitions import CORE, Paths
from lib_t2p.environment.installed_files import damaged
from lib_t2p.environment.probing import probe
from lib_t2p.environment.repairing import forget, site_packages
from lib_t2p.environment.sd_building import SdBuilder
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.sd_scripts import SdScripts
from lib_t2p.environment.set_up_choices import Wish
from lib_t2p.environment.tags import Tag, tag_named
from lib_t2p.platforms import has_gpu, venv_python


@dataclass(frozen=True)
class Mender:
    """Repairs environments; keeps every package that is whole.

    Attributes:
        builder: does the building afterwards.
        gpu: whether a GPU seems to be there.
    """

    builder: SdBuilder
    gpu: bool = False

    def repair(self, wish: Wish) -> SdScripts:
        """Repair a tag of sd-scripts: its checkout when that is ours, its packages, its torch.

        Raises:
            SetupError: says what could not be had and how to go on.
        """
        tag = tag_named(wish.tag)
        places = Places(tag.name, wish.root)
        if places.checkout.exists() and not is_whole(places.checkout, tag):
            self._fetch_again(tag, wish.root)
        self._forget_damage(places.paths())
        if borrowed(places.env) is None:
            self._forget_wrong_torch(places.env)
        return self.builder.ensure(wish)

    def repair_core(self, root: Path) -> Path:
        """Repair `.envs/core`; raises as `repair`."""
        self._forget_damage(Paths(root, CORE))
        builder = replace(self.builder.builder, root=root, progress=self.builder.progress)
        return replace(builder, run=self.builder.run).ensure(CORE)

    def _fetch_again(self, tag: Tag, root: Path) -> None:
        self.builder.progress.line(f"The checkout of {tag.name} is not whole: fetching it again.")
        get_checkout(
            tag,
            self.builder.run,
            lambda _: None,
            root=root,
            source=self.builder.source,
            which=self.builder.which,
        )

    def _forget_damage(self, paths: Paths) -> None:
        faults = damaged(paths.folder)
        for info, fault in faults.items():
            self.builder.progress.line(f"{info.name.removesuffix('.dist-info')}: {fault}")
        forget(faults)
        # Versions that differ from the files are put right by pip itself.
        paths.stamp.unlink(missing_ok=True)

    def _forget_wrong_torch(self, env: Path) -> None:
        """Have torch installed again where it cannot use the GPU: perhaps an index is named now."""
        if not self.gpu or not Builder().torch_index or not venv_python(env).exists():
            return
        found = probe(venv_python(env), None, ["torch"], self.builder.run)
        if any(entry.name == "device" and entry.version == "cpu" for entry in found):
            packages = site_packages(env)
            forget(i for p in packages for i in p.glob("torch*-*.dist-info"))


def mender_for(builder: SdBuilder) -> Mender:
    """The mender of this machine."""
    return Mender(builder, has_gpu())
