"""The option table: one dataclass field per sd-scripts option."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.settings.options.document import lines, markdown
    from lib_t2p.settings.options.option import BUILTIN, FAMILIES, OLDEST, SD_SCRIPTS, Option
    from lib_t2p.settings.options.table import all_options, option_table, path_options

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
