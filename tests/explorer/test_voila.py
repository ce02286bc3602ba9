"""The explorer as a web page (Voila), and a notebook run unattended (papermill)."""

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

import lab
import toolkit as tk
from toolkit import display

pytestmark = [pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "02_scenario_explorer.ipynb"


@contextlib.contextmanager
def voila(folder):
    """Serve the explorer notebook; yield its address."""
    port = lab.free_port()
    url = f"http://127.0.0.1:{port}"
    options = ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "voila", NOTEBOOK, *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        lab.wait_for(url + "/voila/static/voila.js")
        yield url
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.browser
def test_the_explorer_is_a_web_page(tmp_path, chromium, pictures):
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, tmp_path)
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="30", by=1.0)
    base = tk.load_baseline("2024-25")
    table = tk.Armington().solve(base, tk.Scenario("x", [cut])).balance() / 1e3
    expected = display.number(float(table["change"].to_numpy()[0]), sign=True)
    with voila(tmp_path) as url, lab.browser_page(chromium) as (page, _):
        page.goto(url, wait_until="domcontentloaded")
        page.wait_for_selector(".tk-figure")
        page.locator("summary", has_text="Duties").click()
        page.locator('[data-control="RUS:Medicines"] input[type=range]').focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        change = page.locator(".tk-figure[data-figure=exports] .tk-change")
        change.filter(has_text=expected).wait_for(timeout=30_000)
        page.screenshot(path=pictures / "voila.png")


def test_a_scenario_file_runs_through_the_notebook_unattended(tmp_path):
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        ROOT / "notebooks" / NOTEBOOK,
        out,
        parameters={"scenario_file": "crude_minus_a_third.yaml", "year": "2025-26"},
        progress_bar=False,
        log_output=False,
    )
    notebook = nbformat.read(out, 4)
    said = "".join(str(cell.get("outputs", "")) for cell in notebook.cells)
    assert "A third of Russian crude is lost" in said
    base = tk.load_baseline("2025-26")
    path = tk.datasets.folder() / "scenarios" / "crude_minus_a_third.yaml"
    result = tk.Armington().solve(base, tk.Scenario.from_yaml(path))
    assert str(result).splitlines()[0] in said
