"""Sample prompts: where they come from, whose token they name, and what would end a run late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from training_fakes import make_person, make_run

from lib_t2p.errors import InputError
from lib_t2p.files import write_text
from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.preflight.checks.sample_checks import sample_findings
from lib_t2p.runs.runs import read_run
from lib_t2p.runs.trainers.sd_scripts.samples import prompts_file
from lib_t2p.settings.finding import Finding
from lib_t2p.settings.kohya.config import TrainingConfig
from lib_t2p.settings.kohya.reading import not_carried
from lib_t2p.settings.sample_texts import filled, parsed_line, prompt_path, prompt_text
from lib_t2p.settings.settings import settings_from
from lib_t2p.toml_io import dump_toml
from lib_t2p.workspace.person import PersonFolder

SD = "sd-scripts-v0.9.1"
GUIDE = "masterpiece, (<instance prompt> <instance class>:1.2), beach --n low effort --w 768 --d 1"


def found(trainer: str = SD, **values: Any) -> list[Finding]:
    return sample_findings(settings_from(values), CheckFacts(trainer=trainer))


@pytest.mark.parametrize(
    "interval",
    [{"sample_every_n_epochs": 1}, {"sample_every_n_steps": 50}, {"sample_at_first": True}],
)
@pytest.mark.parametrize("prompts", ["", "  \n "])
def test_an_interval_without_prompts_is_named_and_mended(
    interval: dict[str, Any], prompts: str
) -> None:
    (finding,) = found(sample_prompts=prompts, **interval)
    assert finding.code == "samples-without-prompts"
    assert next(iter(interval)) in finding.what
    assert not found(sample_prompts=prompts, **{**interval, **finding.fix})
    assert not found(sample_prompts="a woman", **interval)


def test_a_file_of_prompts_is_read_before_the_run(tmp_path: Path) -> None:
    def fault(path: Path, trainer: str = SD) -> str:
        values: dict[str, Any] = {"sample_prompts": str(path), "sample_every_n_epochs": 1}
        return "".join(finding.what for finding in found(trainer, **values))

    assert "cannot be read" in fault(tmp_path / "gone.txt")
    for name, text, said in [
        ("a.json", "{", "not valid JSON"),
        ("b.json", '{"prompt": "x"}', "a list of prompts"),
        ("c.toml", "prompt = 1", "[[prompt.subset]]"),
        ("d.json", '[{"prompt": "x"}]', ""),
        ("e.toml", '[prompt]\nwidth = 512\n[[prompt.subset]]\nprompt = "x"\n', ""),
        ("f.txt", "a woman --w 512", ""),
    ]:
        (tmp_path / name).write_text(text)
        assert said in fault(tmp_path / name)
        assert bool(fault(tmp_path / name)) is bool(said)
    assert "lines of text only" in fault(tmp_path / "d.json", "builtin")
    assert not found(sample_prompts=str(tmp_path / "gone.txt"))


def test_a_number_that_is_none_is_told_before_the_built_in_trainer_draws() -> None:
    values = {"sample_prompts": "a woman --w wide", "sample_every_n_epochs": 1}
    assert "--w 'wide'" in found("builtin", **values)[0].what
    assert not found(SD, **values)
    assert parsed_line("a --n b --w 64 --l 3.5") == ("a", "b", {"w": 64, "l": 3.5})


@pytest.mark.parametrize(
    "values", [{"huggingface_repo_id": "me/ada"}, {"save_state_to_huggingface": True}]
)
def test_an_upload_is_refused_since_it_would_end_the_run_at_its_first_save(
    values: dict[str, Any],
) -> None:
    (finding,) = found(**values)
    assert finding.severity == "error"
    assert not found(**{**values, **finding.fix})


def test_a_toml_file_for_sd_scripts_says_that_it_would_die_of_its_samples() -> None:
    config = TrainingConfig("gui", {"sample_every_n_epochs": 1, "sample_at_first": True})
    told = "\n".join(not_carried(config, "sd-scripts"))
    assert "sample_every_n_epochs without sample_prompts" in told
    assert "sample_at_first without sample_prompts" in told
    prompted = TrainingConfig("gui", {"sample_every_n_epochs": 1, "sample_prompts": "a woman"})
    assert not not_carried(prompted, "sd-scripts")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (GUIDE, GUIDE.replace("<instance prompt> <instance class>", "blh woman")),
        ("photo of {trigger} {class}", "photo of blh woman"),
        ("photo of [token], a <Class Word>", "photo of blh, a woman"),
        ("{instance_prompt}{ class prompt }", "blhwoman"),
        ("(<trigger word>:1.2) <lora:x:1> {8|9} [blue]", "(blh:1.2) <lora:x:1> {8|9} [blue]"),
        ("a first class cabin", "a first class cabin"),
    ],
)
def test_placeholders_become_the_person_s_token_and_class(text: str, wanted: str) -> None:
    assert filled(text, "blh", "woman") == wanted


def test_another_person_s_token_becomes_this_one_s() -> None:
    others = {"ohwx": "man", "sks": "woman"}
    said = filled("ohwx man, (ohwx:1.2), ohwxx, a man", "blh", "woman", others)
    assert said == "blh woman, (blh:1.2), ohwxx, a man"
    assert filled("ohwx man", "ohwx", "woman", {"ohwx": "man"}) == "ohwx woman"


def other_person(person: PersonFolder) -> None:
    about = {"name": "Bob", "trigger": "ohwx", "class_word": "man", "consent": "c", "created": "x"}
    write_text(person.workspace.person("Bob").record, dump_toml({"schema": 1, **about}))


def test_a_run_s_prompts_name_its_own_person(tmp_path: Path) -> None:
    person = make_person(tmp_path)
    other_person(person)
    folder = make_run(person, tmp_path, sample_prompts=f"{GUIDE}\nphoto of ohwx man")
    prompts = read_run(folder).settings.sample_prompts
    assert prompts.splitlines()[0].startswith("masterpiece, (blh woman:1.2), beach")
    assert prompts.splitlines()[1] == "photo of blh woman"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_in_any_encoding_reaches_sd_scripts_in_utf_8(tmp_path: Path, encoding: str) -> None:
    listed = tmp_path / "my prompts.TXT"
    listed.write_bytes("<trigger> in Zürich\n".encode(encoding))
    folder = make_run(make_person(tmp_path), tmp_path, sample_prompts=str(listed))
    made = prompts_file(folder, read_run(folder))
    assert made is not None and made.name == "prompts.txt"
    assert made.read_text(encoding="utf-8") == "blh in Zürich\n"
    assert listed.read_bytes().decode(encoding) == "<trigger> in Zürich\n"


def test_a_path_is_told_from_a_prompt(tmp_path: Path) -> None:
    assert prompt_path("C:\\Users\\me\\new prompts.txt") == Path("C:\\Users\\me\\new prompts.txt")
    assert prompt_path("prompts.json") == Path("prompts.json")
    assert prompt_path("a woman reading notes.txt") is None
    assert prompt_path("a woman\nprompts.txt") is None
    with pytest.raises(InputError, match="check the path"):
        prompt_text(tmp_path / "none.txt")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(InputError, match="no file"):
        prompt_text(tmp_path / "folder.txt")
