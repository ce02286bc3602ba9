"""JupyterLab in a real browser: charts draw offline and sliders move them."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import lab
import toolkit as tk
from toolkit import display

ROOT = Path(__file__).resolve().parents[1]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATIC = """
import toolkit as tk
tk.charts.enable_renderer()
base = tk.load_baseline("2024-25")
cut = tk.TariffCut(importer="RUS", exporter="IND", products="", to=0.0)
result = tk.Armington().solve(base, tk.Scenario("Free access", [cut]))
tk.charts.balance(result)
"""
LIVE = """
import ipywidgets as W
groups = {"30": "Medicines", "84": "Machinery"}
rows = tk.charts.flows(result, groups)
view = tk.charts.live_view(tk.charts.live_waterfall(
    rows, [0.1] + [0.0] * (len(rows) - 1),
    title="What moves?", subtitle="US$ bn", source="A test"))
slider = W.FloatSlider(value=0.1, min=0, max=1, step=0.1)
def follow(change):
    view.params.changes = [change["new"]] + [0.0] * (len(rows) - 1)
slider.observe(follow, "value")
W.VBox([slider, view])
"""


def notebook_of(folder, *sources):
    notebook = new_notebook(cells=[new_code_cell(text.strip()) for text in sources])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "charts.ipynb")


def test_charts_draw_offline_and_follow_a_slider(tmp_path, chromium, pictures):
    base = tk.load_baseline("2024-25")
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="", to=0.0)
    result = tk.Armington().solve(base, tk.Scenario("Free access", [cut]))
    row = result.balance().loc["exports"] / 1000
    expected = (
        f"{display.number(row['counterfactual'])} "
        f"({display.number(row['change'], sign=True)})"
    )
    notebook_of(tmp_path, STATIC, LIVE)
    with (
        lab.server(tmp_path, tmp_path / "config") as url,
        lab.browser_page(chromium) as (page, outside),
    ):
        lab.run_all(page, url, "charts.ipynb")
        lab.wait_for_text(page, expected)
        lab.wait_for_text(page, "+0.10")
        assert "+0.20" not in lab.texts(page)
        page.locator(".noUi-handle").focus()
        page.keyboard.press("ArrowRight")
        lab.wait_for_text(page, "+0.20", timeout=10)
        page.screenshot(path=pictures / "charts.png")
        assert outside == []


FIGURES = ("exports", "imports", "balance")
MEDICINES = "RUS:Medicines"
PRESSES = 10


def slider_of(base, name):
    """Return a control and its place among the sliders with the same label."""
    controls = [c for c in tk.explore(base).controls if not c.switch]
    control = next(c for c in controls if c.name == name)
    same = [c.name for c in controls if control.label in c.label]
    return control, same.index(name)


def shown_figures(page):
    """Return the three large figures and their changes as the page shows them."""
    texts = {}
    for name in FIGURES:
        box = page.locator(f".tk-figure[data-figure={name}]")
        value = box.locator(".tk-value").inner_text()
        texts[name] = (value, box.locator(".tk-change").inner_text())
    return texts


def solved(base, value):
    """Solve the cut the slider stands for, without the explorer."""
    codes = [x for x, group in base.groups.items() if group == "Medicines"]
    cut = tk.TariffCut(importer="RUS", exporter="IND", products=codes, by=value / 100)
    return tk.Armington().solve(base, tk.Scenario("Medicines", [cut]))


def printed(row):
    """Return a figure after the scenario and its change, US$ bn, as printed."""
    after, change = row["counterfactual"] / 1000, row["change"] / 1000
    return display.number(after), display.number(change, sign=True)


def expected_figures(result):
    return {name: printed(result.balance().loc[name]) for name in FIGURES}


def test_explorer_shows_what_the_model_says(tmp_path, chromium, pictures):
    base = tk.load_baseline("2024-25")
    control, place = slider_of(base, MEDICINES)
    result = solved(base, PRESSES * control.step)
    before, after = (expected_figures(r) for r in (solved(base, 0.0), result))
    assert before["exports"] != after["exports"], "the move must be visible"
    bar = "{} ({})".format(*printed(result.by_product().loc[("exports", "30")]))
    shutil.copy(ROOT / "notebooks" / "02_scenario_explorer.ipynb", tmp_path)
    with (
        lab.server(tmp_path, tmp_path / "config") as url,
        lab.browser_page(chromium, width=1600, height=1700) as (page, outside),
    ):
        lab.run_all(page, url, "02_scenario_explorer.ipynb")
        slider = page.locator(".widget-slider", has_text=control.label).nth(place)
        slider.scroll_into_view_if_needed()
        page.wait_for_selector(".tk-figure")
        lab.wait_for_text(page, "Medicines (30)")
        assert shown_figures(page) == before
        assert bar not in lab.texts(page)
        slider.locator(".noUi-handle").focus()
        for _ in range(PRESSES):
            page.keyboard.press("ArrowRight")
        change = after["exports"][1]
        selector = ".tk-figure[data-figure=exports] .tk-change"
        page.locator(selector, has_text=change).wait_for(timeout=10_000)
        lab.wait_for_text(page, bar, timeout=10)
        assert shown_figures(page) == after
        page.screenshot(path=pictures / "explorer.png")
        assert outside == []
