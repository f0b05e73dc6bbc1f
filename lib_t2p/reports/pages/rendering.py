"""Self-contained HTML pages: one head and one style for all that we write.

A room renders the body of its page from a template of its own; `whole_page` makes a page of one
body or of several, so that a report may hold what other pages show alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_HERE = Path(__file__).parent


def render(template: Path, **values: Any) -> Markup:
    """Render one template; every value but `Markup` is escaped.

    Raises:
        jinja2.UndefinedError: the template names a value that was not given.
    """
    return Markup(_environment(template.parent).get_template(template.name).render(**values))


def whole_page(title: str, body: Markup, styles: Sequence[Path] = ()) -> str:
    """A page that needs nothing else, on any machine, for good.

    Args:
        title: of the browser's tab.
        body: what `render` gave.
        styles: style sheets behind the common one.
    """
    texts = [path.read_text(encoding="utf-8") for path in (_HERE / "base.css", *styles)]
    return str(render(_HERE / "base.html", title=title, body=body, style=Markup("".join(texts))))


def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
