"""The only room that knows the folders on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.workspace.folders import DatasetFolder, GridFolder, JobFolder, NightFolder
    from lib_t2p.workspace.people import CLASS_WORDS, Person, consent_words, create_person, load_person, now_text
    from lib_t2p.workspace.person import PersonFolder, PhotoSet, RunFolder, SweepFolder, Workspace, open_workspace
    from lib_t2p.workspace.series_folders import OUR_WILDCARDS, PortraitsFolder, all_portraits, own_wildcards, portraits_folder, wildcard_roots
    from lib_t2p.workspace.preferences import EMBEDDERS, PAINTER_AFTER, Preferences, read_preferences, write_preferences
    from lib_t2p.workspace.uploads import empty_waiting, forget_imported, settled, taken

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
