"""Builds, checks and repairs the environments under `.envs/`; standard library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib_t2p.doors import door

if TYPE_CHECKING:
    from lib_t2p.environment.builder import Builder, SetUpProgress
    from lib_t2p.environment.checkout_options import own_options
    from lib_t2p.environment.checkouts import recognise
    from lib_t2p.environment.commands import clean_variables
    from lib_t2p.environment.definitions import CORE, ROOT, Paths
    from lib_t2p.environment.diagnosing import Doctor
    from lib_t2p.environment.extras import INSTALLABLE, add_command, add_package, extra_of
    from lib_t2p.environment.mending import mender_for
    from lib_t2p.environment.module_check import missing_modules
    from lib_t2p.environment.planning import plan
    from lib_t2p.environment.probing import MODULES
    from lib_t2p.environment.readiness import TagState, tag_states
    from lib_t2p.environment.sd_building import SdBuilder
    from lib_t2p.environment.sd_environment import Places
    from lib_t2p.environment.sd_scripts import SdScripts, find_sd_scripts, remember_folder
    from lib_t2p.environment.set_up_choices import Wish
    from lib_t2p.environment.shell import Act, declare
    from lib_t2p.environment.shell_progress import ShellProgress
    from lib_t2p.environment.stamps import is_ready
    from lib_t2p.environment.tags import TAGS, tag_named

if not TYPE_CHECKING:
    __getattr__ = door(__name__, __file__)
