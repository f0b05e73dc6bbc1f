"""Packages that settings need: told before the run, mended by a press, named afterwards."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib_t2p.environment import extras
from lib_t2p.environment.builder import Builder
from lib_t2p.environment.extras import INSTALLABLE, add_package
from lib_t2p.environment.module_check import missing_modules
from lib_t2p.environment.sd_scripts import SdScripts
from lib_t2p.errors import SetupError
from lib_t2p.preflight.checks import facts as installation
from lib_t2p.preflight.checks.facts import CheckFacts, Installation, look_at_installation
from lib_t2p.preflight.checks.resources import package_findings
from lib_t2p.runs.trainers.sd_scripts.faults import failure_of
from lib_t2p.settings.needed_packages import needs_of
from lib_t2p.settings.options.lists import OPTIMIZERS
from lib_t2p.settings.settings import Settings, settings_from
from lib_t2p.ui.training.form_check import INSTALL, finding_named, findings_panel

SD = "sd-scripts-v0.9.1"


def made(**values: Any) -> Settings:
    return settings_from(values, trusted=True)


@pytest.mark.parametrize(
    ("values", "module", "fix"),
    [
        ({"xformers": True}, "xformers", {"xformers": False, "sdpa": True}),
        ({"optimizer_type": "AdamW8bit"}, "bitsandbytes", {"optimizer_type": "AdamW"}),
        ({"optimizer_type": "PagedAdamW"}, "bitsandbytes", {"optimizer_type": "AdamW"}),
        ({"optimizer_type": "Lion8bit"}, "bitsandbytes", {"optimizer_type": "Lion"}),
        ({"optimizer_type": "bitsandbytes.optim.AdEMAMix8bit"}, "bitsandbytes", {}),
        ({"use_8bit_adam": True}, "bitsandbytes", None),
        ({"use_lion_optimizer": True}, "lion_pytorch", {}),
        ({"optimizer_type": "Lion"}, "lion_pytorch", {}),
        ({"optimizer_type": "DAdaptLion"}, "dadaptation", {}),
        ({"optimizer_type": "DAdaptation"}, "dadaptation", {}),
        ({"optimizer_type": "Prodigy"}, "prodigyopt", {}),
        ({"optimizer_type": "AdamWScheduleFree"}, "schedulefree", {}),
        ({"optimizer_type": "prodigyplus.ProdigyPlusScheduleFree"}, "prodigyplus", {}),
        ({"optimizer_type": "apex.optimizers.FusedAdam"}, "apex", {}),
        ({"network_module": "lycoris.kohya"}, "lycoris", {}),
        ({"log_with": "wandb"}, "wandb", {"log_with": None}),
        ({"log_with": "all"}, "wandb", {"log_with": None}),
        ({"deepspeed": True}, "deepspeed", {"deepspeed": False}),
        ({"torch_compile": True, "dynamo_backend": "onnxrt"}, "onnxruntime", None),
    ],
)
def test_each_setting_names_its_module(
    values: dict[str, Any], module: str, fix: dict[str, Any] | None
) -> None:
    (need,) = needs_of(made(**values))
    assert need.module == module
    assert fix is None or dict(need.fix) == fix
    assert not needs_of(replace(made(**values), **need.fix)) or not need.fix or "Lion" in need.label


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"optimizer_type": "Adafactor"},
        {"optimizer_type": "torch.optim.Adam"},
        {"network_module": "networks.oft"},
        {"lr_scheduler_type": "CosineAnnealingLR"},
        {"sdpa": True, "torch_compile": True, "log_with": "tensorboard"},
    ],
)
def test_what_every_environment_has_is_not_asked_for(values: dict[str, Any]) -> None:
    assert not needs_of(made(**values))


def test_every_listed_optimizer_is_told_apart() -> None:
    free = {name for name in OPTIMIZERS if not needs_of(made(optimizer_type=name))}
    assert free == {
        *("AdamW", "SGDNesterov", "Adafactor", "Adam", "Adamax", "NAdam", "RAdam", "SGD"),
    }


def test_an_environment_is_asked_and_its_checkout_counts(tmp_path: Path) -> None:
    (tmp_path / "mynets").mkdir()
    asked = ["json", "no_such_module_here", "mynets", "no_such_module_here"]
    assert missing_modules(Path(sys.executable), tmp_path, asked) == ["no_such_module_here"]
    assert missing_modules(tmp_path / "no-python", tmp_path, ["no_such_module_here"]) == []


def test_the_chosen_environment_s_gaps_become_findings_with_a_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(tag: str) -> SdScripts:
        return SdScripts(tag, tmp_path, Path(sys.executable))

    monkeypatch.setattr(installation, "find_sd_scripts", find)
    monkeypatch.setattr(installation, "missing_modules", lambda _p, _f, modules: [*modules])
    settings = made(xformers=True, optimizer_type="AdamW8bit", network_module="lycoris.kohya")
    facts = CheckFacts(trainer=SD, installation=look_at_installation(settings, SD, "sd15"))
    assert facts.installation.foreign
    first, second, third = package_findings(settings, facts)
    assert {f.severity for f in (first, second, third)} == {"error"}
    assert (dict(first.fix), second.fix) == (
        {"xformers": False, "sdpa": True},
        {"optimizer_type": "AdamW"},
    )
    assert "that you named" in second.why
    own = replace(facts, installation=replace(facts.installation, foreign=False))
    _, second, third = package_findings(settings, own)
    assert "`t2p.py env add bitsandbytes v0.9.1`" in second.why
    assert third.fix_label == "`t2p.py env add lycoris_lora v0.9.1` installs it there"
    shown = findings_panel([second, third])
    assert "Use AdamW in 32 bit" in shown
    assert shown.count("Install bitsandbytes") == shown.count("Install lycoris_lora") == 1
    assert finding_named([second, third], f"1 missing-package{INSTALL}") is third
    assert finding_named([second, third], "1 missing-package") is second
    assert "Install bitsandbytes</button>" not in findings_panel(package_findings(settings, facts))
    assert look_at_installation(settings, "builtin", "sd15") == Installation()


@pytest.mark.parametrize(
    ("line", "package", "said"),
    [
        ("ImportError: No bitsandbytes / x", "bitsandbytes", "env add bitsandbytes v0.9.1"),
        ("ModuleNotFoundError: No module named 'lycoris'", "lycoris_lora", "env add lycoris_lora"),
        ("ModuleNotFoundError: No module named 'lycoris.kohya'", "lycoris_lora", "env add"),
        ("ImportError: No xformers / x", "xformers", "sdpa on"),
        ("ImportError: No wandb / x", "wandb", "leave log_with out"),
        ("ModuleNotFoundError: No module named 'my_optimizer'", "my_optimizer", "do without it"),
        ("ImportError: No Prodigy / x", "prodigyopt", "env repair v0.9.1"),
        ("ModuleNotFoundError: No module named 'transformers'", "transformers", "env repair"),
    ],
)
def test_a_training_that_died_of_a_missing_package_names_it(
    line: str, package: str, said: str
) -> None:
    failure = failure_of("", f"Traceback (most recent call last):\n  File x\n{line}\n", SD)
    assert f"package {package} is missing" in failure.sentence
    assert said in failure.sentence
    assert ("repair" in failure.sentence) == ("repair" in said)


def test_a_package_is_added_to_our_own_environment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SetupError, match="choose one of bitsandbytes"):
        add_package("xformers", "v0.9.1", root=tmp_path)
    with pytest.raises(SetupError, match="our own environment only"):
        add_package("bitsandbytes", "v0.9.1", root=tmp_path)
    packages = tmp_path / ".envs" / "sd-scripts-v0.9.1" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    python = tmp_path / ".envs" / "sd-scripts-v0.9.1" / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr(extras, "environment_fault", lambda _tag, _root: "")
    asked: list[list[str]] = []

    def run(argv: Any, _on_line: Any) -> int:
        asked.append(list(argv))
        return 0

    for name in INSTALLABLE:
        add_package(name, "v0.9.1", Builder(run=run), tmp_path)
    installs = [argv for argv in asked if "install" in argv]
    assert len(installs) == len(INSTALLABLE)
    assert all(argv[0].startswith(str(tmp_path / ".envs")) for argv in asked)
    assert all("--no-deps" in argv or "--constraint" in argv for argv in installs)
