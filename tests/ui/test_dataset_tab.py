from __future__ import annotations

from pathlib import Path

from ui_fakes import FakeHost, Page, collins, finished_dataset, picture, tell

from lib_t2p.dataset.manifest import Manifest, PhotoDecision, write_manifest
from lib_t2p.dataset.options import DatasetOptions
from lib_t2p.jobs.events.events import Phase, Progress
from lib_t2p.jobs.queue import Queue
from lib_t2p.ui.refresh import PageMemory
from lib_t2p.workspace.people import load_person
from lib_t2p.workspace.person import Workspace

FORM = {"new_name": "Eileen Collins", "new_trigger": "ohwx", "new_class": "woman"}


def test_creating_a_person_keeps_the_consent_and_chooses_the_person(
    page: Page, workspace: Workspace
):
    shown = page.press("t2p_new_create", "click", **FORM, new_consent=True, new_consent_note="NASA")
    person = load_person(workspace.person("Eileen Collins"))
    assert (person.trigger, person.class_word, person.consent) == ("ohwx", "woman", "NASA")
    assert shown["t2p_person"]["value"] == "Eileen Collins"


def test_all_faults_of_a_person_are_said_at_once(page: Page, workspace: Workspace):
    shown = page.press(
        "t2p_new_create", "click", new_name="../../x", new_trigger="a b", new_class=""
    )
    said = shown["t2p_new_message"]
    assert said.count("<li>") == 4
    for word in ("path", "trigger", "class word", "consent"):
        assert word in said
    assert workspace.people() == []


def test_with_nobody_the_page_says_what_to_do_first(page: Page):
    assert "Create person" in page.press("t2p_dataset_tick", "click")["t2p_dataset_live"]["value"]
    assert page.parts["t2p_new_person"].open is True


def test_import_without_a_person_is_a_message(page: Page):
    said = page.press("t2p_photos_import", "click", person=None, photos_folder="/nowhere")
    assert "person first" in said["t2p_photos_message"]


def test_import_without_photos_or_from_a_missing_folder_is_a_message(
    page: Page, workspace: Workspace
):
    collins(workspace)
    for folder, word in ((" ", "No photos given"), (str(workspace.root / "no"), "No photos at")):
        said = page.press(
            "t2p_photos_import", "click", person="Eileen Collins", photos_folder=folder
        )
        assert word in said["t2p_photos_message"]
    assert Queue(workspace).jobs() == []


def test_photos_of_others_may_be_dropped_in(page: Page, workspace: Workspace, tmp_path: Path):
    collins(workspace)
    dropped = picture(tmp_path / "dropped" / "Zoë.png")
    said = page.press(
        "t2p_class_import", "click", person="Eileen Collins", class_upload=[str(dropped)]
    )
    assert "Importing" in said["t2p_class_said"]
    (job,) = Queue(workspace).jobs()
    assert (job.kind, job.params["sources"]) == ("dataset.class_photos", [str(dropped)])


def test_a_folder_outside_the_allowed_ones_is_refused(page: Page, host: FakeHost, tmp_path: Path):
    collins(host.workspace)
    host.allowed = [tmp_path / "photos"]
    secret = picture(tmp_path / "secret" / "a.jpg").parent
    for typed in (str(secret), str(tmp_path / "photos" / ".." / "secret")):
        said = page.press(
            "t2p_photos_import", "click", person="Eileen Collins", photos_folder=typed
        )
        assert "outside" in said["t2p_photos_message"]
    assert Queue(host.workspace).jobs() == []


def test_import_and_build_are_chained(page: Page, workspace: Workspace, tmp_path: Path):
    collins(workspace)
    folder = picture(tmp_path / "new" / "a.jpg").parent
    page.press("t2p_photos_import", "click", person="Eileen Collins", photos_folder=str(folder))
    page.press("t2p_build_start", "click", person="Eileen Collins", build_resolution=256.0)
    first, second, third = Queue(workspace).jobs()
    kinds = [first.kind, second.kind, third.kind]
    assert kinds == ["dataset.import", "dataset.inspect", "dataset.build"]
    assert second.needs == (first.id,)
    assert set(third.needs) == {first.id, second.id}
    assert third.params["options"]["resolution"] == 256


def test_a_second_click_says_that_it_is_at_work(page: Page, workspace: Workspace, tmp_path: Path):
    collins(workspace)
    folder = str(picture(tmp_path / "new" / "a.jpg").parent)
    press = ("t2p_photos_import", "click")
    page.press(*press, person="Eileen Collins", photos_folder=folder)
    said = page.press(*press, person="Eileen Collins", photos_folder=folder)
    assert "at work already" in said["t2p_photos_message"]
    assert len(Queue(workspace).jobs()) == 2


def test_a_size_that_cannot_be_used_is_a_message(page: Page, workspace: Workspace):
    collins(workspace)
    for size in (None, 3, 12.5):
        said = page.press(
            "t2p_build_start", "click", person="Eileen Collins", build_resolution=size
        )
        assert 'role="alert"' in said["t2p_build_message"]
    assert Queue(workspace).jobs() == []


def test_a_reloaded_page_shows_the_job_at_work(page: Page, workspace: Workspace):
    folder = collins(workspace)
    queue = Queue(workspace)
    job = queue.submit("dataset.build", {}, lane="light", person=folder.slug)
    queue.claim(["light"], "worker")
    tell(workspace, job.id, Phase(1.0, "faces"), Progress(2.0, 7, 20, "photo"))
    shown = page.press("t2p_dataset_tick", "click", person="Eileen Collins")
    assert "faces, photo 7 of 20" in shown["t2p_dataset_live"]["value"]


def test_what_the_page_shows_already_is_not_sent_again(page: Page, workspace: Workspace):
    collins(workspace)
    press, known = (
        ("t2p_versions_tick", "click"),
        {"memory": PageMemory(), "person": "Eileen Collins"},
    )
    first = page.press(*press, **known)
    assert "No dataset yet" in first["t2p_dataset_photos"]["value"]
    beat = first["t2p_versions_beat"]
    again = page.press(*press, **known, versions_beat=beat)
    assert again.pop("t2p_versions_beat") != beat
    assert all("value" not in update for update in again.values())


def test_a_field_is_filled_once_where_a_panel_is_sent_again(page: Page, workspace: Workspace):
    collins(workspace)
    known = {"memory": PageMemory(), "person": "Eileen Collins"}
    first = page.press("t2p_grid_tick", "click", **known)
    # Asked a second time from the same answer, it is not known what the page shows.
    again = page.press("t2p_grid_tick", "click", **known)
    assert again["t2p_grid_live"]["value"] == first["t2p_grid_live"]["value"]
    assert "choices" in first["t2p_grid_models"]
    assert "choices" not in again["t2p_grid_models"] and "value" not in again["t2p_grid_models"]


def test_photos_that_could_not_be_read_are_named(page: Page, workspace: Workspace):
    folder = collins(workspace)
    queue = Queue(workspace)
    queue.submit("dataset.import", {}, lane="light", person=folder.slug)
    job = queue.claim(["light"], "worker")
    assert job
    failed = [["broken.jpg", "it has 0 bytes"]]
    queue.finish(job.id, {"added": 1, "known": 0, "failed": failed})
    shown = page.press("t2p_dataset_tick", "click", person="Eileen Collins")
    assert "broken.jpg: it has 0 bytes" in shown["t2p_dataset_live"]["value"]


def test_each_photo_is_shown_with_its_decision_and_reason(page: Page, workspace: Workspace):
    folder = collins(workspace)
    crop = picture(folder.dataset(1).img / "10_ohwx woman" / "001.png")
    decisions = (
        PhotoDecision("photo-0.jpg", "kept", file=str(crop.relative_to(folder.dataset(1).root))),
        PhotoDecision("photo-1.jpg", "held_out", repaired=("rotated",)),
        PhotoDecision("photo-2.jpg", "left_out", "blurred", "The face is blurred."),
        PhotoDecision("gone.heic", "left_out", "corrupt", "It has 0 bytes."),
    )
    options = DatasetOptions()
    manifest = Manifest("ohwx", "woman", options, "detector", "embedder", True, decisions)
    write_manifest(folder.dataset(1), manifest)
    shown = page.press("t2p_versions_tick", "click", person="Eileen Collins")
    html = shown["t2p_dataset_photos"]["value"]
    kept, rest = html.split("t2p_photos_heldout")
    held, left = rest.split("t2p_photos_leftout")
    assert "photo-0.jpg" in kept
    assert "turned upright" in held
    assert "The face is blurred." in left
    assert "It has 0 bytes." in left
    assert "memorisation is not judged" in left
    assert shown["t2p_dataset_version"]["choices"] == ["Version 1"]


def test_a_damaged_manifest_is_a_message(page: Page, workspace: Workspace):
    finished_dataset(collins(workspace))
    shown = page.press("t2p_versions_tick", "click", person="Eileen Collins")
    assert "is damaged" in shown["t2p_dataset_photos"]["value"]


def test_a_failed_job_says_why(page: Page, workspace: Workspace):
    folder = collins(workspace)
    queue = Queue(workspace)
    job = queue.submit("dataset.build", {}, lane="light", person=folder.slug)
    queue.claim(["light"], "worker")
    queue.fail(job.id, "The photos show 2 people: 5 of one, 4 of another.")
    shown = page.press("t2p_dataset_tick", "click", person="Eileen Collins")
    assert "5 of one, 4 of another" in shown["t2p_dataset_live"]["value"]
