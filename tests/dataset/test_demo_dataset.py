"""The demo's photos through the real tools: what must be left out is, for the right reason."""

from pathlib import Path

import pytest

from lib_t2p.dataset.building import build_dataset
from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.manifest import read_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.errors import SetupError
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder


@pytest.mark.slow
def test_the_demo_photos_are_kept_repaired_or_left_out_rightly(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    pytest.importorskip("skimage")
    from lib_t2p.dataset.sample_photos import write_demo_photos
    from lib_t2p.vision.faces.tools import load_tools

    try:
        tools = load_tools()
    except SetupError as error:
        pytest.skip(str(error))
    import_photos(person, [write_demo_photos(tmp_path / "in")], reporter)
    folder = build_dataset(person, DatasetOptions(resolution=96, repeats=4), tools, reporter)
    manifest = read_manifest(folder)
    codes = {d.photo: d.code for d in manifest.of_state("left_out")}
    assert codes == {
        "again.jpg": "near_duplicate",
        "blurred.jpg": "blurred",
        "coffee.jpg": "no_face",
    }
    repaired = {d.photo: d.repaired for d in manifest.decisions if d.repaired}
    assert repaired == {"sideways.jpg": ("rotated",)}
    assert len(manifest.of_state("held_out")) == 2
    assert manifest.heldout_variants_of_training
    assert any("memorisation is not judged" in w for w in reporter.warnings)
