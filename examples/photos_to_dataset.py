"""Photos to a training folder: who is used, held out or left out, and why."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from lib_t2p.actions.photos import new_person
from lib_t2p.cli_output import Output
from lib_t2p.dataset import DatasetOptions, build_dataset, import_photos, read_manifest
from lib_t2p.jobs.events import SilentReporter
from lib_t2p.vision.faces import load_tools
from lib_t2p.workspace import DatasetFolder, PersonFolder, open_workspace


def ada(workspace: Path) -> PersonFolder:
    """A person in a workspace, the folder of people, datasets and runs; both are made."""
    return new_person(
        open_workspace(workspace),
        name="Ada Example",
        trigger="adaex",
        class_word="woman",
        consent="herself, by letter",
        now=datetime.now().astimezone(),
    )


def dataset_of(person: PersonFolder, photos: Path, resolution: int = 512) -> DatasetFolder:
    """Import the photos of one person and build a dataset of them.

    Args:
        person: whose photos they are.
        photos: folder of photos; they are linked or copied, never changed.
        resolution: side of the crops, pixels.
    """
    reporter = SilentReporter()
    import_photos(person, [photos], reporter)
    return build_dataset(person, DatasetOptions(resolution=resolution), load_tools(), reporter)


def main() -> None:
    """Build the dataset and say what became of each photo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--resolution", type=int, default=512)
    args = parser.parse_args()
    output = Output()
    dataset = dataset_of(ada(args.workspace), args.photos, args.resolution)
    for one in read_manifest(dataset).decisions:
        output.line(f"{one.photo}: {one.state.replace('_', ' ')}. {one.reason}".rstrip())
    output.line(f"The training folder is {dataset.img}")


if __name__ == "__main__":
    main()
