from __future__ import annotations

from PIL import Image
from ui_fakes import picture

from lib_t2p.ui.thumbs import SIDE, thumbnail
from lib_t2p.workspace.person import Workspace


def test_a_sideways_photo_gets_an_upright_preview_without_exif(workspace: Workspace):
    photo = workspace.root / "sideways.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (800, 400)).save(photo, exif=exif)
    small = thumbnail(workspace, photo)
    assert small is not None
    with Image.open(small) as made:
        assert made.size == (SIDE // 2, SIDE)
        assert not made.getexif()


def test_what_is_no_picture_has_no_preview(workspace: Workspace):
    broken = workspace.root / "broken.jpg"
    broken.write_bytes(b"no picture")
    assert thumbnail(workspace, broken) is None
    assert thumbnail(workspace, workspace.root / "missing.jpg") is None


def test_a_preview_is_made_once(workspace: Workspace):
    photo = picture(workspace.root / "photo.png")
    first = thumbnail(workspace, photo)
    assert first is not None
    made = first.stat().st_mtime_ns
    assert thumbnail(workspace, photo) == first
    assert first.stat().st_mtime_ns == made
