"""One JupyterLab in a real browser: charts, the explorer, and how fast it repaints."""

import json
import shutil
import statistics
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import lab
import toolkit as tk
from toolkit import display

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "02_scenario_explorer.ipynb"


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """Run one JupyterLab; return its address and the folder it shows."""
    folder = tmp_path_factory.mktemp("lab")
    with lab.server(folder, tmp_path_factory.mktemp("config")) as url:
        yield url, folder


def room(folder, name):
    """Return a folder of the server for one test."""
    (folder / name).mkdir()
    return folder / name


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


def test_charts_draw_offline_and_follow_a_slider(jupyter, chromium, pictures):
    base = tk.load_baseline("2024-25")
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="", to=0.0)
    result = tk.Armington().solve(base, tk.Scenario("Free access", [cut]))
    row = result.balance().loc["exports"] / 1000
    expected = (
        f"{display.number(row['counterfactual'])} "
        f"({display.number(row['change'], sign=True)})"
    )
    url, folder = jupyter
    notebook_of(room(folder, "charts"), STATIC, LIVE)
    with lab.browser_page(chromium) as (page, outside):
        lab.run_all(page, url, "charts/charts.ipynb")
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


def test_explorer_shows_what_the_model_says(jupyter, chromium, pictures):
    base = tk.load_baseline("2024-25")
    control, place = slider_of(base, MEDICINES)
    result = solved(base, PRESSES * control.step)
    before, after = (expected_figures(r) for r in (solved(base, 0.0), result))
    assert before["exports"] != after["exports"], "the move must be visible"
    bar = "{} ({})".format(*printed(result.by_product().loc[("exports", "30")]))
    url, folder = jupyter
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, room(folder, "explorer"))
    with lab.browser_page(chromium, width=1600, height=1700) as (page, outside):
        lab.run_all(page, url, f"explorer/{NOTEBOOK}")
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


# A repaint may cost half as much again as the same chart without a model: the
# kernel and the browser take far longer than the solve.
MOST_TIMES_ECHO = 1.5
ECHOES = 40

ECHO = """
import ipywidgets as W
echo_figures = list(explorer.sums.start)
echo_view = tk.charts.live_view(tk.charts.live_dashboard(
    explorer.sums.steps, explorer.sums.bars, echo_figures,
    titles=("Echo", "Echo"), source="the same chart without a model"))
echo_slider = W.FloatSlider(min=0, max=100, step=5, description="Echo")
def follow(change):
    figures = list(echo_figures)
    figures[3] = change["new"] / 1000
    echo_view.params.figures = figures
echo_slider.observe(follow, "value")
W.VBox([echo_slider, echo_view])
"""

# Time from the key to the first frame after the chart's text has changed.
TIMER = """
([chart, key]) => new Promise(done => {
    const svg = document.querySelectorAll('.vega-embed svg, .vega-embed canvas')[chart];
    const root = svg.closest('.vega-embed');
    const texts = () => [...root.querySelectorAll('text')].map(e => e.textContent)
        .join('|');
    const before = texts();
    const start = performance.now();
    const watcher = new MutationObserver(() => {
        if (texts() === before) return;
        watcher.disconnect();
        requestAnimationFrame(() => done(performance.now() - start));
    });
    watcher.observe(root, {subtree: true, childList: true, characterData: true});
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
        {key, code: key, bubbles: true, keyCode: key === 'ArrowRight' ? 39 : 37}));
    setTimeout(() => { watcher.disconnect(); done(-1); }, 5000);
})
"""


def copy_with_echo(folder):
    notebook = nbformat.read(ROOT / "notebooks" / NOTEBOOK, 4)
    cells = notebook.cells
    at = next(i for i, c in enumerate(cells) if "tk.explore(" in c.source)
    notebook.cells = [*cells[: at + 1], new_code_cell(ECHO.strip())]
    nbformat.write(notebook, folder / NOTEBOOK)


def slider(page, label):
    row = page.locator(".widget-slider", has_text=label)
    return row.locator(".noUi-handle").first


def charts_of(page):
    """Return the positions of the explorer's and the echo's live charts."""
    found = "[...document.querySelectorAll('.vega-embed')].map(e => e.textContent)"
    page.wait_for_function(f"{found}.filter(t => t.includes('Echo')).length === 1")
    texts = page.evaluate(found)
    mine = next(i for i, t in enumerate(texts) if "What moves the balance" in t)
    return mine, next(i for i, t in enumerate(texts) if "Echo" in t)


def press(page, handle, chart, key):
    handle.focus()
    return page.evaluate(TIMER, [chart, key])


@pytest.mark.alone
def test_a_repaint_costs_little_more_than_an_echo(jupyter, chromium, pictures):
    url, folder = jupyter
    copy_with_echo(room(folder, "echo"))
    with lab.browser_page(chromium) as (page, outside):
        lab.run_all(page, url, f"echo/{NOTEBOOK}")
        page.wait_for_selector(".tk-figure")
        live, echo = charts_of(page)
        handle = slider(page, "Medicines")
        ours, theirs = [], []
        for n in range(ECHOES):
            key = "ArrowRight" if n % 2 == 0 else "ArrowLeft"
            ours.append(press(page, handle, live, key))
            theirs.append(press(page, slider(page, "Echo"), echo, key))
        report(pictures, ours, theirs)
        assert min(ours) > 0
        assert min(theirs) > 0
        assert statistics.median(ours) <= MOST_TIMES_ECHO * statistics.median(theirs)
        assert outside == []


def report(pictures, ours, theirs):
    """Keep the medians beside the screenshots."""
    lines = {
        "explorer_ms": [round(x, 1) for x in ours],
        "echo_ms": [round(x, 1) for x in theirs],
        "explorer_median_ms": round(statistics.median(ours), 1),
        "echo_median_ms": round(statistics.median(theirs), 1),
    }
    (pictures / "explorer_repaint.json").write_text(json.dumps(lines, indent=1))
