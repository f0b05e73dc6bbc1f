"""Checkouts of sd-scripts, environments with a torch, and a pip that only pretends."""

from __future__ import annotations

import json
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from lib_t2p.environment import checkout, tags
from lib_t2p.environment import checkouts as recognising
from lib_t2p.environment.checkouts import identity_of
from lib_t2p.environment.sd_environment import Places
from lib_t2p.environment.stamps import write_stamp
from lib_t2p.environment.tags import IDENTITY, TABLE
from lib_t2p.platforms import venv_python

HERE = (sys.version_info[0], sys.version_info[1])


def make_checkout(folder: Path, tag: str) -> Path:
    """A folder that has what tells the line of a tag."""
    for name in (*IDENTITY, *(["library/strategy_base.py"] if tag == "v0.10.1" else [])):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {tag} {name}\n", encoding="utf-8")
    if tag != "v0.8.7":
        text = 'parser.add_argument("--skip_until_initial_step")\n'
        (folder / "train_network.py").write_text(text, encoding="utf-8")
    library = 'parser.add_argument("--masked_loss")\n'
    (folder / "library" / "train_util.py").write_text(library, encoding="utf-8")
    return folder


def trust(monkeypatch: pytest.MonkeyPatch, folder: Path, tag: str) -> None:
    """Let the files of `folder` be those of the tag."""
    table = {**TABLE, tag: replace(TABLE[tag], identity=identity_of(folder))}
    for module in (tags, recognising):
        monkeypatch.setattr(module, "TABLE", table)
    assert checkout.is_whole(folder, table[tag])


def make_lender(folder: Path, torch: str = "2.3.1+cu121", torchvision: str = "0.18.1") -> Path:
    """A real environment with packages that are only called torch, torchvision and other."""
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    packages = packages_of(folder)
    put_package(packages, "torch", torch)
    put_package(packages, "other", "1.0")
    if torchvision:
        put_package(packages, "torchvision", torchvision)
    return folder


def put_package(packages: Path, name: str, version: str) -> None:
    """An importable package with its entry."""
    (packages / name).mkdir(parents=True, exist_ok=True)
    (packages / name / "__init__.py").write_text(f"__version__ = {version!r}\n", encoding="utf-8")
    (packages / name / "version.py").write_text(f"__version__ = {version!r}\n", encoding="utf-8")
    info = packages / f"{name}-{version.partition('+')[0]}.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    size = (packages / name / "__init__.py").stat().st_size
    record = f"{name}/__init__.py,sha256=x,{size}\n{name}/gone.pyc,,\n{info.name}/RECORD,,\n"
    (info / "RECORD").write_text(record, encoding="utf-8")


def packages_of(env: Path) -> Path:
    """The folder of packages of an environment of this system."""
    if sys.platform == "win32":
        return env / "Lib" / "site-packages"
    return env / "lib" / f"python{HERE[0]}.{HERE[1]}" / "site-packages"


def make_ready(root: Path, tag: str) -> Path:
    """An environment of ours that looks finished, with a torch of its own."""
    places = Places(tag, root)
    python = venv_python(places.env)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text("", encoding="utf-8")
    config = f"home = {Path(sys.executable).parent}\nversion = {HERE[0]}.{HERE[1]}.7\n"
    (places.env / "pyvenv.cfg").write_text(config, encoding="utf-8")
    put_package(packages_of(places.env), "torch", "2.13.0")
    write_stamp(places.paths())
    return python


def make_root(folder: Path, root: Path) -> Path:
    """A checkout of ours with the real requirement files."""
    (folder / "requirements").mkdir(parents=True)
    for file in (root / "requirements").glob("*.txt"):
        (folder / "requirements" / file.name).write_bytes(file.read_bytes())
    return folder


@dataclass
class FakeTools:
    """Makes the folders of venv, lets pip and imports succeed.

    Attributes:
        calls: what was run.
        answers: exit code and lines for the first word that is found in a call.
    """

    calls: list[list[str]] = field(default_factory=list)
    answers: dict[str, list[tuple[int, list[str]]]] = field(default_factory=dict)

    def __call__(self, argv: Sequence[str], on_line: Callable[[str], None]) -> int:
        self.calls.append(list(argv))
        for word, answers in self.answers.items():
            if any(word in part for part in argv) and answers:
                code, lines = answers.pop(0) if len(answers) > 1 else answers[0]
                for line in lines:
                    on_line(line)
                return code
        if "venv" in argv:
            env = Path(argv[-1])
            venv_python(env).parent.mkdir(parents=True, exist_ok=True)
            venv_python(env).write_text("", encoding="utf-8")
            packages_of(env).mkdir(parents=True, exist_ok=True)
            config = f"home = x\nversion = {HERE[0]}.{HERE[1]}.7\n"
            (env / "pyvenv.cfg").write_text(config, encoding="utf-8")
        return 0

    def installed(self) -> list[str]:
        """The last argument of every call of pip install, in order."""
        return [Path(call[-1]).name for call in self.calls if "install" in call]


def imported(**errors: str) -> list[str]:
    """What the probe prints: `torch` in version 2, a device, and what failed."""
    found = [{"name": "torch", "version": "2.3.1", "error": ""}]
    found += [{"name": name, "version": "", "error": error} for name, error in errors.items()]
    found.append({"name": "device", "version": "cpu", "error": ""})
    return ["a warning", *(f"T2P {json.dumps(entry)}" for entry in found)]
