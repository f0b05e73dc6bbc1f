"""Reports on a run and on a person are asked for, and opened, in the tabs."""

from __future__ import annotations

from ui_fakes import Page, new_run

from lib_t2p.files import write_text
from lib_t2p.jobs.queue import Queue
from lib_t2p.workspace.person import PersonFolder, Workspace

WHO = {"person": "Eileen Collins"}


def test_the_report_of_the_shown_run_is_asked_for_and_linked(
    page: Page, workspace: Workspace, person: PersonFolder
) -> None:
    run = new_run(person, "fírst")
    before = page.press("t2p_train_tick", "click", **WHO, train_run=run.id)
    assert before["t2p_train_report"]["visible"]
    assert "t2p_run_report" not in before["t2p_train_live"]["value"]
    said = page.press("t2p_train_report", "click", **WHO, train_run=run.id)
    assert "is being written" in said["t2p_train_stop_message"]
    (job,) = Queue(workspace).jobs(kind="report.page")
    assert job.params == {"person": person.slug, "about": "run", "name": run.id}
    again = page.press("t2p_train_report", "click", **WHO, train_run=run.id)
    assert "at work already" in again["t2p_train_stop_message"]
    write_text(run.report, "<p>told</p>")
    after = page.press("t2p_train_tick", "click", **WHO, train_run=run.id)
    assert 'id="t2p_run_report"' in after["t2p_train_live"]["value"]


def test_without_a_run_there_is_no_button_and_a_message(
    page: Page, workspace: Workspace, person: PersonFolder
) -> None:
    assert not page.press("t2p_train_tick", "click", **WHO)["t2p_train_report"]["visible"]
    said = page.press("t2p_train_report", "click", **WHO, train_run=None)
    assert "no run to report on" in said["t2p_train_stop_message"]
    assert Queue(workspace).jobs() == []


def test_the_report_of_a_person_needs_something_to_tell(
    page: Page, workspace: Workspace, person: PersonFolder
) -> None:
    nothing = page.press("t2p_person_report", "click", **WHO)
    assert "nothing to report on" in nothing["t2p_grid_more_message"]
    new_run(person, "first")
    said = page.press("t2p_person_report", "click", **WHO)
    assert "is being written" in said["t2p_grid_more_message"]
    (job,) = Queue(workspace).jobs(kind="report.page")
    assert job.params["about"] == "person"
    write_text(person.report, "<p>told</p>")
    after = page.press("t2p_grid_tick", "click", **WHO)
    assert 'id="t2p_person_report_page"' in after["t2p_grid_list"]["value"]
