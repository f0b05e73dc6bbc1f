"""Settings files of kohya's world: GUI JSON, sd-scripts TOML and the metadata of LoRAs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.settings.kohya.config import TrainingConfig, different_values, shown_value
    from lib_t2p.settings.kohya.gui_json import GuiConfig, new_gui, read_gui
    from lib_t2p.settings.kohya.reading import (
        kind_of,
        not_carried,
        output_kind,
        read_config,
        write_config,
    )
    from lib_t2p.settings.kohya.settings_difference import SettingsDifference, differences

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
