from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from lib_t2p.cli.parser import COMMANDS_OF, Commands

LISTING = """
import sys
from lib_t2p.cli.__main__ import main
main(sys.argv[1:])
print(*sorted(name for name in sys.modules if name.startswith("lib_t2p.") or name == "torch"))
"""


@pytest.mark.parametrize("topic", COMMANDS_OF)
def test_a_topic_adds_the_commands_that_are_listed_for_it(topic: str) -> None:
    subparsers = argparse.ArgumentParser().add_subparsers()
    import_module(f"lib_t2p.cli.{topic}").add(Commands(subparsers))
    assert tuple(subparsers.choices) == COMMANDS_OF[topic]


def test_listing_people_loads_no_other_topic(root: Path, tmp_path: Path) -> None:
    argv = [sys.executable, "-c", LISTING, "people", "--workspace", str(tmp_path)]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    topics = [name for name in COMMANDS_OF if f"lib_t2p.cli.{name}" in loaded]
    assert topics == ["people_commands"]
    assert not [name for name in loaded if name.startswith(("lib_t2p.ui", "torch"))]
