"""What only the WebUI shows of us is translated too."""

from __future__ import annotations

from lib_t2p.hosts.webui import settings_section as settings
from lib_t2p.hosts.webui import setup_panel
from lib_t2p.hosts.webui import webui_tab as page
from lib_t2p.hosts.webui.xyz_options import MARK, ROWS
from lib_t2p.ui.translations import translations


def test_settings_axes_and_set_up_are_translated() -> None:
    found = {MARK + row.label for row in ROWS} | {setup_panel.PLAN, "Set up", "Stop setting up"}
    for row in settings._ROWS:
        found.update((row.label, f"({row.info})"))
    found.add(page.OPENING)
    assert sorted(found - translations("de_DE").keys()) == []
    assert len(found) > 15
