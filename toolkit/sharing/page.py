"""One self-contained HTML page: text, data and scripts under a strict policy."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from functools import lru_cache
from importlib import metadata, resources
from typing import Any

import jinja2
import vl_convert
from markupsafe import Markup

from toolkit import panel

CHARTS = ("charts.js", "static.js")
# The levers, the answer and its charts; what the panel draws stands among them.
LIVE = (
    *("shocks.js", "solver.js", "merit.js", "accounts.js", "words.js", "screen.js"),
    *("years.js", "link.js", "panel", "main.js"),
)


@dataclasses.dataclass(frozen=True)
class Page:
    """What a page holds before it is put together.

    Attributes
    ----------
    title : str
        Plain text.
    body : Markup
        HTML that was made by a template, so that all text in it is escaped.
    blocks : mapping of id to data
        Read by the scripts.
    scripts : tuple of str
        Names of the script files, in order; empty for a page without any.
    kind : str
        A class of the page: "prose", "brief" or none.
    """

    title: str
    body: Markup
    blocks: dict[str, Any] = dataclasses.field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    kind: str = ""


def assemble(page: Page) -> str:
    """Return the page as HTML.

    The content security policy allows the very scripts that are in the page, by
    their SHA-256, and nothing else: no request, no other script, no frame, no
    form. Styles are inline.
    """
    scripts = [_script(bundle())] if CHARTS[0] in page.scripts else []
    scripts += [_script(joined(page.scripts))] if page.scripts else []
    return (
        environment()
        .get_template("page.html")
        .render(
            policy=policy(scripts),
            style=Markup(text_of("style.css") + panel.style()),
            version=version(),
            title=page.title,
            kind=page.kind,
            body=page.body,
            blocks=[
                {"id": name, "json": Markup(_json(data))}
                for name, data in page.blocks.items()
            ],
            scripts=[Markup(script) for script in scripts],
        )
    )


def policy(scripts: list[str]) -> str:
    """Return the content security policy for a page with these inline scripts."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {hashes or chr(39) + 'none' + chr(39)}",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def render(template: str, /, **values: Any) -> Markup:
    """Return one of the package's templates filled with values, all escaped."""
    return Markup(environment().get_template(template).render(values))


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Return the templates of this room; everything put into them is escaped."""
    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(text_of),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters["lower_first"] = lambda text: text[:1].lower() + text[1:]
    return found


def text_of(name: str) -> str:
    """Return a script, style or template of this room."""
    return resources.files("toolkit.sharing").joinpath(name).read_text("utf-8")


def joined(names: tuple[str, ...]) -> str:
    """Return script files as one module."""
    return "\n".join(
        panel.script() if name == "panel" else text_of(name) for name in names
    )


@lru_cache(maxsize=1)
def bundle() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script, for ``vegaEmbed``."""
    return vl_convert.javascript_bundle(
        "window.vegaEmbed=vegaEmbed;", vl_version=newest_vegalite()
    )


def newest_vegalite() -> str:
    """Return the newest version of Vega-Lite that is installed."""
    return max(vl_convert.get_vegalite_versions(), key=_parts)


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def version() -> str:
    """Return the version of the toolkit."""
    return metadata.version("tariff-scenario-toolkit")


def _script(text: str) -> str:
    """Return text that stands unchanged inside a script element."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _json(data: Any) -> str:
    """Return JSON in which no character can end or open a script element."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text
