"""JupyterLab in a real browser: charts draw offline and sliders move them."""

import lab
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import toolkit as tk
from toolkit.charts import theme

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
        f"{theme.number(row['counterfactual'])} "
        f"({theme.number(row['change'], sign=True)})"
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
