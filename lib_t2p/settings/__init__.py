"""What a training is told: options, their checks, kohya's files, recipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.settings.arguments import number_of, parse_arguments
    from lib_t2p.settings.coercion import Unfit, coerced
    from lib_t2p.settings.combinations import cross_findings, trained_rates
    from lib_t2p.settings.finding import Finding, Severity, by_severity
    from lib_t2p.settings.needed_packages import Need, needs_of
    from lib_t2p.settings.optimizer_kinds import is_adaptive, moments, without_argument
    from lib_t2p.settings.recipe_places import PRESETS, recipe_files
    from lib_t2p.settings.recipes import (
        Recipe,
        delete_recipe,
        is_own_recipe,
        list_recipes,
        load_recipe,
        recipe_folders,
        recipe_sources,
        save_recipe,
    )
    from lib_t2p.settings.sample_texts import (
        KINDS,
        filled,
        parsed_line,
        prompt_lines,
        prompt_path,
        prompt_text,
    )
    from lib_t2p.settings.sd_settings import to_sd_scripts
    from lib_t2p.settings.settings import Settings, changed_values, settings_from, unknown_to
    from lib_t2p.settings.trainer_limits import trainer_faults

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
