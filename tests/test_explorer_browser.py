"""How fast the committed explorer repaints in a real JupyterLab."""

import json
import statistics
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

import lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = "02_scenario_explorer.ipynb"
# A repaint may cost half as much again as the same chart without a model: the
# kernel and the browser take far longer than the solve.
MOST_TIMES_ECHO = 1.5
PRESSES = 40

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


def test_a_repaint_costs_little_more_than_an_echo(tmp_path, chromium, pictures):
    copy_with_echo(tmp_path)
    with (
        lab.server(tmp_path, tmp_path / "config") as url,
        lab.browser_page(chromium) as (page, outside),
    ):
        lab.run_all(page, url, NOTEBOOK)
        page.wait_for_selector(".tk-figure")
        live, echo = charts_of(page)
        handle = slider(page, "Medicines")
        ours, theirs = [], []
        for n in range(PRESSES):
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
