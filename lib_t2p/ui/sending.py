"""Buttons that fill a tab of the WebUI with the parameters of a picture."""

from __future__ import annotations

from html import escape

from lib_t2p.actions import Host, SendingHost

TARGETS = ("txt2img", "img2img")


def send_button(host: Host, target: str, infotext: str, label: str, elem_id: str = "") -> str:
    """A button for a panel; greyed with the reason where the host has no such tab.

    Args:
        host: that has the tab.
        target: one of `TARGETS`.
        infotext: as the WebUI writes it into a picture.
        label: on the button.
        elem_id: of the button; none when empty.
    """
    there = isinstance(host, SendingHost) and target in host.send_to()
    why = "" if there else f"Only inside the WebUI: {host.name} has no {target} tab."
    told = f' disabled title="{escape(why)}"' if why else ""
    named = f' id="{escape(elem_id)}"' if elem_id else ""
    return (
        f'<button type="button" class="t2p-act" data-t2p-send="{target}"{told}{named} '
        f'data-t2p-infotext="{escape(infotext)}">{escape(label)}</button> '
    )
