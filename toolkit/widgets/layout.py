"""How a control looks: a slider or tick box, its note, its page."""

from __future__ import annotations

import html

import ipywidgets as W

from toolkit.explorer import SECTIONS, Control


def control_input(control: Control) -> W.ValueWidget:
    """Return the slider or tick box of a control."""
    told = f"{control.label}, {control.unit}: {control.source}"
    if control.switch:
        return W.Checkbox(
            value=False,
            description=control.label,
            indent=False,
            tooltip=told,
            layout=W.Layout(width="98%"),
        )
    return W.FloatSlider(
        value=control.neutral,
        min=control.low,
        max=control.high,
        step=control.step,
        description=control.label,
        tooltip=told,
        readout_format=".0f" if control.step >= 1 else ".1f",
        style={"description_width": "13.5em"},
        layout=W.Layout(width="97%", margin="0"),
    )


def accordion(
    controls: tuple[Control, ...], inputs: dict[str, W.ValueWidget]
) -> W.Accordion:
    """Return the controls by section, each with its unit and source below."""
    sections = [name for name in SECTIONS if any(c.section == name for c in controls)]
    pages = [
        W.VBox(
            _rows([c for c in controls if c.section == name], inputs),
            layout=W.Layout(max_height="44em", overflow="auto"),
        )
        for name in sections
    ]
    return W.Accordion(children=pages, titles=tuple(sections), selected_index=0)


def _rows(controls: list[Control], inputs: dict[str, W.ValueWidget]) -> list[W.Widget]:
    rows: list[W.Widget] = []
    heading = ""
    for control in controls:
        if control.heading != heading:
            heading = control.heading
            rows.append(W.HTML(f"<strong>{html.escape(heading)}</strong>"))
        said = f"{control.unit}; {control.source}" if control.unit else control.source
        note = W.HTML(
            f'<div style="line-height:1.2;font-size:0.8em">{html.escape(said)}</div>',
            layout=W.Layout(margin="0 0 0.4em 0.3em"),
        )
        rows += [inputs[control.name], note]
    return rows
