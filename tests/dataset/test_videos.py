from pathlib import Path

import cv2
import numpy as np
import pytest
from dataset_fakes import draw_photo

from lib_t2p.dataset.importing import import_photos
from lib_t2p.dataset.videos import sample_frames
from lib_t2p.errors import PhotoError, StopRequested
from lib_t2p.jobs.events.reporter import SilentReporter
from lib_t2p.workspace.person import PersonFolder


def film(path: Path, scenes: int, *, seconds: float = 1.5) -> Path:
    """Each scene is one still, blurred in its first half."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (320, 240))
    for scene in range(scenes):
        rng = np.random.default_rng(scene)
        coarse = rng.integers(0, 255, (6, 8, 3), np.uint8)
        still = cv2.resize(coarse, (320, 240), interpolation=cv2.INTER_NEAREST)
        blurred = cv2.GaussianBlur(still, (0, 0), 4)
        for n in range(int(20 * seconds)):
            writer.write(blurred if n < 10 * seconds else still)
    writer.release()
    return path


def test_each_scene_gives_its_sharp_frame(tmp_path: Path) -> None:
    frames = list(sample_frames(film(tmp_path / "a.avi", 3), lambda: None))
    assert len(frames) == 3
    for scene, frame in enumerate(frames):
        assert 1.5 * scene + 0.7 <= frame.seconds < 1.5 * (scene + 1)
        assert frame.picture.shape == (240, 320, 3)


def test_frames_are_imported_and_known_the_second_time(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    film(tmp_path / "Film 1.avi", 2)
    done = import_photos(person, [tmp_path], reporter)
    assert len(done.added) == 2 and all(name.startswith("film-1-0") for name in done.added)
    again = import_photos(person, [tmp_path / "Film 1.avi"], reporter)
    assert (again.added, again.known) == ((), done.added)


def test_a_file_without_a_video_stream_is_one_reason(
    person: PersonFolder, reporter: SilentReporter, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "in" / "a.png", 1)
    (tmp_path / "in" / "sound.mp4").write_bytes(b"\0\0\0\x18ftypM4A " + bytes(400))
    done = import_photos(person, [tmp_path / "in"], reporter)
    assert done.added == ("a.png",)
    assert "no video stream" in dict(done.failed)["sound.mp4"]
    with pytest.raises(PhotoError, match="no video stream"):
        list(sample_frames(tmp_path / "in" / "sound.mp4", lambda: None))


def test_a_stop_between_frames_keeps_what_was_taken(person: PersonFolder, tmp_path: Path) -> None:
    class Stopping(SilentReporter):
        looks = 0

        def check_stop(self) -> None:
            self.looks += 1
            if self.looks > 10:
                raise StopRequested("stopped")

    film(tmp_path / "a.avi", 4)
    with pytest.raises(StopRequested):
        import_photos(person, [tmp_path / "a.avi"], Stopping())
    assert len(list(person.photos.iterdir())) == 1
    assert len(import_photos(person, [tmp_path / "a.avi"], SilentReporter()).added) == 3
