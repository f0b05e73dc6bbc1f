"""What a settings file of kohya_ss's GUI says, and what would be wrong with it."""

from __future__ import annotations

import argparse
from pathlib import Path

from lib_t2p.cli_output import Output
from lib_t2p.errors import FaultsError
from lib_t2p.settings import settings_from
from lib_t2p.settings.kohya import read_config


def lines_of(file: Path) -> list[str]:
    """Each option with its value by sd-scripts' names, then notes and faults.

    Args:
        file: JSON of kohya_ss, TOML of sd-scripts, a recipe of ours, or a LoRA with metadata.
    """
    config = read_config(file)
    values = config.setting_values()
    told = [f"{name} = {value}" for name, value in sorted(values.items())]
    told += [f"note: {note}" for note in config.notes]
    try:
        settings_from(values)
    except FaultsError as error:
        told += [f"fault: {fault}" for fault in error.faults]
    return told


def main() -> None:
    """Print what a file says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    output = Output()
    for line in lines_of(parser.parse_args().file):
        output.line(line)


if __name__ == "__main__":
    main()
