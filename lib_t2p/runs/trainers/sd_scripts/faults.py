"""How sd-scripts ends badly, in its own words.

Sources: recordings of v0.8.7, v0.9.1 and the 0.10 line on CPU, and the `raise` lines of their
`library/train_util.py` and `library/model_util.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_t2p.environment import MODULES, extra_of
from lib_t2p.preflight.checks import install_words
from lib_t2p.runs.failures import AGAIN, CAUSES, Cause, Failure, classify, last_words
from lib_t2p.runs.trainers.sd_scripts.rich_text import unwrapped

_DATASET = "remove it, build the dataset again and start a new run"

SD_CAUSES: tuple[Cause, ...] = (
    Cause(
        "no-images",
        r"ERROR No data found|No data found\. Please verify|画像がありません",
        "sd-scripts found no pictures to train on: build a dataset first, so that the folder "
        "`<repeats>_<token> <class>` holds pictures.",
    ),
    Cause(
        "missing-package",
        r"No module named '([\w.]+)'"
        r"|ImportError: No (xformers|lion_pytorch|bitsandbytes|dadaptation|Prodigy|wandb"
        r"|schedulefree|deepspeed)\b",
        "{0}{1}",
    ),
    Cause(
        "xformers",
        r"No operator found for `memory_efficient_attention",
        "xFormers does not run with this graphics card or torch: switch xformers off and sdpa on, "
        "which does the same.",
    ),
    Cause(
        "old-package",
        r"No \w+\. The version of (bitsandbytes) installed seems to be old",
        "The {0} in the environment is too old for this optimizer: install a newer one there, or "
        "choose another optimizer_type.",
    ),
    Cause(
        "unknown-option",
        r"error: unrecognized arguments: (\S+)",
        "This version of sd-scripts does not know {0}: leave the setting out, or choose a newer "
        "version as trainer.",
    ),
    Cause(
        "bad-value",
        r"error: argument --(\w+): invalid choice: (\S+) \(choose from (.*)\)",
        "This version of sd-scripts does not take {1} for {0}: choose one of {2}.",
    ),
    Cause(
        "bad-value",
        r"error: argument --(\w+): invalid \w+ value: (\S+)",
        "{0} cannot be {1}: type a number of the right kind.",
    ),
    Cause(
        "bad-value",
        r"AssertionError: (max_train_steps should be greater than initial step)",
        "The state that the run was to go on from is of its very end, so that no step is left: "
        "the saved models are all there is; start a new run with more epochs.",
    ),
    Cause(
        "unknown-optimizer",
        r"module '[\w.]+' has no attribute '(\w+)'|Unknown optimizer type: (\w+)",
        "sd-scripts has no optimizer {0}{1}: choose another optimizer_type.",
    ),
    Cause(
        "missing-checkpoint",
        r'pretrained_model_name_or_path "?([^"\n]+?)"? is neither a valid local path',
        "There is no base checkpoint at {0}: check the path.",
    ),
    Cause(
        "corrupt-image",
        r"(?:Error loading file|Could not load image path[^:]*|failed to get image size): "
        r"(.+?\.\w{2,5})(?=,? *(?:error|$|\n))",
        "The training picture {0} is damaged or no picture: " + _DATASET + ".",
    ),
    Cause(
        "wrong-family",
        r"size mismatch for|Error\(s\) in loading state_dict|Missing key\(s\) in state_dict",
        "The base checkpoint does not fit the training script: it is broken or of another family "
        "than it seems; choose an SD1.5 or SDXL base checkpoint.",
    ),
    Cause(
        "nan-loss",
        r"NaN detected in (?:latents|text encoder outputs)(?:: (.+))?",
        "Numbers overflowed while pictures or texts were encoded {0}: switch no_half_vae on or "
        f"train in bf16 instead of fp16, then {AGAIN}.",
    ),
    Cause(
        "killed",
        r"died with <Signals\.(?:SIGKILL: 9)>",
        "The training was killed from outside, as the system does when memory is short: "
        f"{AGAIN}; it goes on from its last state.",
    ),
    Cause(
        "terminated",
        r"died with <Signals\.(SIG\w+): \d+>",
        f"The training was ended from outside ({{0}}): {AGAIN}; it goes on from its last state.",
    ),
    Cause(
        "port-taken",
        r"address already in use|EADDRINUSE",
        "Another training on several graphics cards uses the same port: wait until it is over.",
    ),
)

_OVERSHADOWED = {"corrupt-image": re.compile(r"image file is truncated|ZeroDivisionError")}
"""What follows from a cause that was named before: the earlier sentence says more."""


def failure_of(stdout: str, stderr: str, trainer: str = "") -> Failure:
    """Classify the end of a process of sd-scripts, from the ends of its output.

    Args:
        stdout: end of it.
        stderr: end of it.
        trainer: key of the registry, for what to type when a package is missing.
    """
    output, errors = unwrapped(stdout), unwrapped(stderr)
    failure = classify(output, (*SD_CAUSES, *CAUSES), errors=errors)
    for code, sequel in _OVERSHADOWED.items():
        named = [cause for cause in SD_CAUSES if cause.code == code]
        # The cause was a mere warning, and the run went on until it died of what follows.
        if sequel.search(last_words(errors)) and (earlier := _told(f"{output}\n{errors}", named)):
            return earlier
    if failure.code == "missing-package":
        return _missing(failure.sentence.partition(".")[0], trainer)
    return failure


_INSTEAD = {
    "xformers": "switch xformers off and sdpa on, which does the same with what is there",
    "bitsandbytes": "choose AdamW as optimizer_type",
    "wandb": "leave log_with out",
    "deepspeed": "switch deepspeed off",
}
_MODULES = {"Prodigy": "prodigyopt"}
"""Names that sd-scripts' own messages have for a module."""


def _missing(named: str, trainer: str) -> Failure:
    """Name the package; an environment is only repaired where the package belongs to it."""
    module = _MODULES.get(named, named)
    package = extra_of(module).package
    head = f"The package {package} is missing from the environment of {trainer or 'sd-scripts'}: "
    if module in {name.partition(".")[0] for name in MODULES}:
        tag = trainer.removeprefix("sd-scripts-") or "TAG"
        repaired = f"run `t2p.py env repair {tag}`, then {AGAIN}."
        return Failure("missing-module", head + repaired)
    instead = _INSTEAD.get(package, "choose settings that do without it")
    how = f"{instead}. {install_words(package, trainer, foreign=False)}"
    return Failure("missing-package", head + how)


def _told(output: str, causes: Sequence[Cause]) -> Failure | None:
    for cause in causes:
        for found in reversed(list(re.finditer(cause.pattern, output))):
            groups = (group or "" for group in found.groups())
            return Failure(cause.code, cause.sentence.format(*groups))
    return None
