"""Sample images: what ends a training at its first picture, or draws none."""

from __future__ import annotations

from lib_t2p.errors import InputError
from lib_t2p.preflight.checks.facts import CheckFacts
from lib_t2p.settings import (
    KINDS,
    Finding,
    Settings,
    parsed_line,
    prompt_lines,
    prompt_path,
    prompt_text,
)

NO_SAMPLES = {
    "sample_every_n_epochs": None,
    "sample_every_n_steps": None,
    "sample_at_first": False,
}
"""Settings that draw samples, switched off."""


def wanted_samples(settings: Settings) -> list[str]:
    """The settings by which samples are drawn."""
    return [name for name in NO_SAMPLES if getattr(settings, name)]


def sample_findings(settings: Settings, facts: CheckFacts) -> list[Finding]:
    """Check the sample prompts, and uploads, which end a run as late."""
    return [*_prompts(settings, facts), *_uploads(settings, facts)]


def _prompts(settings: Settings, facts: CheckFacts) -> list[Finding]:
    wanted = wanted_samples(settings)
    if wanted and not settings.sample_prompts.strip():
        return [
            Finding(
                "samples-without-prompts",
                "warning",
                f"{' and '.join(wanted)} {'ask' if len(wanted) > 1 else 'asks'} for sample images, "
                "and there are no sample_prompts.",
                "None is drawn; sd-scripts on its own would train on and then end without a LoRA.",
                NO_SAMPLES,
                "Draw no samples",
            )
        ]
    fault = _fault(settings.sample_prompts, facts) if wanted else ""
    off = {"sample_prompts": "", **NO_SAMPLES}
    return [Finding("sample-prompts", "error", fault, "", off, "Draw no samples")] if fault else []


def _fault(text: str, facts: CheckFacts) -> str:
    """What would end the run at its first sample image; empty when nothing would."""
    path = prompt_path(text)
    if path is not None and not facts.is_sd_scripts and path.suffix.lower() in KINDS[1:]:
        return (
            f"sample_prompts names {path}, and the built-in trainer reads lines of text only: "
            "write the prompts into a .txt file or into the field."
        )
    try:
        text = prompt_text(path) if path is not None else text
        # sd-scripts goes on without a number that is none.
        for line in prompt_lines(text) if not facts.is_sd_scripts else []:
            parsed_line(line)
    except InputError as error:
        return str(error)
    return ""


def _uploads(settings: Settings, facts: CheckFacts) -> list[Finding]:
    off = {"huggingface_repo_id": "", "save_state_to_huggingface": False}
    asked = [name for name in off if getattr(settings, name)]
    if not asked or not facts.is_sd_scripts:
        return []
    return [
        Finding(
            "upload",
            "error",
            f"{' and '.join(asked)} {'ask' if len(asked) > 1 else 'asks'} to send what is saved to "
            "Hugging Face.",
            "Trainings have no way to the internet here, so the run would end at its first save; "
            "send the file yourself afterwards.",
            off,
            "Send nothing",
        )
    ]
