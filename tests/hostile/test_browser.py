"""Hostile text in a real browser runs nothing, and no memory is lost while it moves."""

import contextlib
import json

import pytest
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    writes,
)
from playwright.sync_api import sync_playwright

import lab
import toolkit as tk
from markets import both_ways
from test_pages import HOSTILE_SPEC, VEGA

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HIT = "window.hit=1"
HOSTILE = (
    f"</script><script>{HIT}</script><img src=x onerror={HIT}><svg onload={HIT}>"
    f'[a](javascript:{HIT}) =HYPERLINK("http://outside.example") +1+1 '
    "\u202egnp.exe\u202c {{ 7 * 7 }} ${7*7} {% raw %} <!-- ` * _ ~"
    f"<a href='javascript:{HIT}'>x</a> <iframe srcdoc='<script>{HIT}</script>'>"
)


# Machine code that the engine compiles as it goes is no memory of the page's.
ENGINE = "--js-flags=--expose-gc,--no-opt,--no-maglev,--no-sparkplug"


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium,
            headless=True,
            args=[*lab.FLAGS, "--enable-precise-memory-info", ENGINE],
        )
        yield found
        found.close()


@contextlib.contextmanager
def opened(browser, path):
    """Open a file; at the end nothing was run, asked for or answered."""
    context = browser.new_context(offline=True)
    tab = context.new_page()
    asked, dialogs = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: dialogs.append(dialog.message) or dialog.dismiss())
    tab.goto(path.as_uri())
    yield tab
    assert tab.evaluate("window.hit") is None
    assert [frame.evaluate("window.hit") for frame in tab.frames] == [None]
    context.close()
    assert [x for x in asked if not x.startswith(("data:", path.as_uri()))] == []
    assert dialogs == []


def hostile_baseline():
    rows = both_ways().frame.assign(source=HOSTILE, vintage=HOSTILE)
    return tk.Baseline.from_frame(
        rows, source=HOSTILE[:400], year=HOSTILE[:100],
        names={"30": HOSTILE, "31": HOSTILE},
    )  # fmt: skip


def hostile_scenario():
    buy = tk.QuantityTarget(
        importer="IND", exporter="RUS", products="31", usd_mn=150, price_source=HOSTILE
    )
    text = HOSTILE[:500]
    return tk.Scenario(text, [buy], title=text, description=text, author=text,
                       reference=text)  # fmt: skip


@pytest.mark.parametrize("kind", ["page", "brief"])
def test_a_page_of_hostile_text_runs_none_of_it(browser, tmp_path, kind):
    path = tk.share(
        hostile_scenario(), tmp_path / "x.html", kind=kind, baseline=hostile_baseline()
    )
    with opened(browser, path) as tab:
        if kind == "page":
            tab.wait_for_selector(".tk-lead")
            names = tab.evaluate("toolkit.controls.map(c => c.name)")
            for name in names[:6]:
                tab.evaluate("n => toolkit.set({[n]: 1e9})", name)
            for details in tab.locator("summary").all():
                details.click()
        text = tab.inner_text("body")
        assert HIT in text
        assert "{{ 7 * 7 }}" in text
        assert "49" not in tab.inner_text("h1")
        foreign = "document.querySelectorAll('img, iframe, object, embed').length"
        assert tab.evaluate(foreign) == 0
        links = tab.evaluate("[...document.links].map(a => a.href)")
        assert not [link for link in links if link.startswith("javascript")]


def test_a_notebook_of_hostile_outputs_runs_none_of_them(browser, tmp_path):
    data = [
        {VEGA: HOSTILE_SPEC},
        {"text/html": HOSTILE},
        {"text/markdown": HOSTILE},
        {"text/latex": f"$\\text{{{HOSTILE}}}$"},
        {"text/plain": HOSTILE},
        {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload='{HIT}'>"
                          f"<script>{HIT}</script></svg>"},
    ]  # fmt: skip
    outputs = [new_output("display_data", data=one) for one in data]
    cells = [
        new_markdown_cell(f"# {HOSTILE}\n\n{HOSTILE}"),
        new_code_cell(f"# {HOSTILE}", execution_count=1, outputs=outputs),
    ]
    source = tmp_path / "n.ipynb"
    source.write_text(writes(new_notebook(cells=cells)), encoding="utf-8")
    with opened(browser, tk.share(source, tmp_path / "n.html")) as tab:
        tab.wait_for_selector(".canvas svg")
        assert HIT in tab.inner_text("body")


MOVES = 1_000
FEW = 100


def heap(tab):
    """Return the page's live memory in bytes, rubbish collected, and its elements."""
    tab.evaluate("for (let k = 0; k < 3; k += 1) window.gc()")
    return tab.evaluate("[performance.memory.usedJSHeapSize,"
                        " document.getElementsByTagName('*').length]")  # fmt: skip


def test_a_thousand_slider_moves_take_no_more_memory_than_a_hundred(
    browser, tmp_path, pictures
):
    path = tk.share(tk.load_baseline(), tmp_path / "x.html")
    with opened(browser, path) as tab:
        tab.evaluate("(async () => { await window.toolkit.ready; })()")
        tab.evaluate("toolkit.clear()")
        measured = []
        for number in range(MOVES // FEW):
            tab.evaluate(
                """async ([from, to]) => {
                    const sliders = [...document.querySelectorAll('input[type=range]')];
                    for (let k = from; k < to; k += 1) {
                        const one = sliders[k % sliders.length];
                        const [low, high] = [Number(one.min), Number(one.max)];
                        one.value = low + (high - low) * ((k * 37) % 101) / 100;
                        one.dispatchEvent(new Event('input', {bubbles: true}));
                        if (k % 7 === 0) toolkit.clear();
                        await new Promise((done) => setTimeout(done));
                    }
                    toolkit.clear();
                }""",
                [number * FEW, (number + 1) * FEW],
            )
            measured.append(heap(tab))
    (pictures / "slider_memory.json").write_text(json.dumps(measured))
    (first, elements), (last, later) = measured[0], measured[-1]
    assert last <= 1.1 * first, measured
    assert later <= 1.1 * elements, measured
