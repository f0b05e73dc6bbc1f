"""Which fields are hidden and which are marked, as one style sheet.

A style sheet costs one update of the page where 170 fields would cost as many.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lib_t2p.settings.options import Option
from lib_t2p.ui.option_fields import field_id, group_id

_MARK = "box-shadow: inset 4px 0 0 var(--t2p-second); "
_WORD = 'content: " (changed)"; color: var(--t2p-second); font-weight: 600;'


def field_style(
    options: Sequence[Option], hidden: Collection[str], changed: Collection[str]
) -> str:
    """A `<style>` for the form; a group without a shown field is hidden with them.

    Args:
        options: of the fields.
        hidden: names of those that are not shown.
        changed: names of those that differ from the recipe; they are marked, in words too.
    """
    gone = [f"#t2p_root #{field_id(o)}" for o in options if o.name in hidden]
    gone += [f"#t2p_root #{group}" for group in _empty_groups(options, hidden)]
    marked = [f"#t2p_root #{field_id(o)}" for o in options if o.name in changed]
    rules = []
    if gone:
        rules.append(f"{','.join(gone)} {{ display: none !important; }}")
    if marked:
        labels = [f"{field} {label}::after" for field in marked for label in _LABELS]
        rules.append(f"{','.join(marked)} {{ {_MARK} }}")
        rules.append(f"{','.join(labels)} {{ {_WORD} }}")
    return f"<style>{' '.join(rules)}</style>"


def _empty_groups(options: Sequence[Option], hidden: Collection[str]) -> list[str]:
    seen: dict[str, bool] = {}
    for option in options:
        group = group_id(option.group, option.level)
        seen[group] = seen.get(group, False) or option.name not in hidden
    return [group for group, is_seen in seen.items() if not is_seen]


_LABELS = ('[data-testid="block-info"]', 'label > input[type="checkbox"] + span')
"""Where gradio 3 and 4 write the label of a box, and of a tick."""


def unknown_names(
    options: Sequence[Option], trainer: str, family: str, changed: Collection[str]
) -> set[str]:
    """Options that a trainer does not have; one that was changed stays, to be put back."""
    return {o.name for o in options if not o.known_to(trainer, family) and o.name not in changed}


def unfound_names(options: Sequence[Option], search: str) -> set[str]:
    """Options in whose name, label and help not all words of a search stand."""
    words = search.lower().split()
    texts = {o.name: f"{o.name} {o.label} {o.help} {o.gui_key}".lower() for o in options}
    return {name for name, told in texts.items() if not all(word in told for word in words)}
