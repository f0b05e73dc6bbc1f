"""What a person does with runs, logs, LoRAs and trainers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.actions.runs.disk import (
        Removal,
        Use,
        clean,
        megabytes,
        plan_cleaning,
        remember_after_verdict,
        show_use,
    )
    from lib_t2p.actions.runs.environments import submit_environment
    from lib_t2p.actions.runs.imported_logs import JudgedLogs, judged_logs, newest_logs, submit_logs
    from lib_t2p.actions.runs.loras import (
        ListedLora,
        clean_trial_models,
        keep_lora,
        list_loras,
        trial_models,
    )
    from lib_t2p.actions.runs.training_runs import RunCheck, check_run, machine_of, submit_run

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
