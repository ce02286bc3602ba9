"""Show charts in JupyterLab without a network, and a picture everywhere else.

JupyterLab draws Vega-Lite under the MIME type of version 5 only; readers without
Vega (code hosting sites, PDF) show the PNG beside it. The charts of this package
keep to what both versions of Vega-Lite draw alike.
"""

from __future__ import annotations

import base64
from typing import Any

import altair as alt
import vl_convert

from toolkit.schema import clean_text

MIME = "application/vnd.vegalite.v5+json"
EMBED_OPTIONS: dict[str, Any] = {"renderer": "svg", "actions": False}
_NAME = "toolkit"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_PICTURE_SCALE = 1.5


def bundle(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a Vega-Lite specification as a MIME bundle with its metadata.

    Parameters
    ----------
    spec : dict
        A Vega-Lite specification, as ``chart.to_dict()`` gives it.

    Returns
    -------
    tuple of dict
        ``{mime type: content}`` and ``{mime type: options}``.
    """
    spec = drawable(spec)
    described = f"<Chart: {spec.get('description', 'no description')}>"
    data = {
        MIME: {**spec, "$schema": _SCHEMA},
        "image/png": base64.b64encode(picture(spec)).decode(),
        "text/plain": described,
    }
    return data, {MIME: {"embed_options": EMBED_OPTIONS}}


def picture(spec: dict[str, Any], scale: float = _PICTURE_SCALE) -> bytes:
    """Return a Vega-Lite specification drawn as PNG."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return vl_convert.vegalite_to_png(drawable(spec), vl_version=version, scale=scale)


def drawable(part: Any) -> Any:
    r"""Return a specification with its texts cleaned, whoever wrote them.

    A control character that reaches the renderer ends the process, without an
    exception.

    Examples
    --------
    >>> drawable({"title": {"text": "Deal\x0b2"}, "width": 9})
    {'title': {'text': 'Deal 2'}, 'width': 9}
    """
    if isinstance(part, str):
        return clean_text(part, len(part))
    if isinstance(part, dict):
        return {drawable(key): drawable(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [drawable(value) for value in part]
    return part


def enable_renderer() -> None:
    """Draw every chart of this session offline, with a PNG beside it.

    Call it once, at the top of a notebook. It returns nothing, so that a cell
    ending with it has no output.

    Examples
    --------
    >>> enable_renderer()
    >>> alt.renderers.active
    'toolkit'
    """
    alt.renderers.register(_NAME, bundle)
    alt.renderers.enable(_NAME)
