"""A shared page in a real browser: offline, silent, exact, quick, accessible."""

import contextlib
import json
import statistics
import time

import pytest
from playwright.sync_api import sync_playwright

import toolkit as tk
from lab import FLAGS
from pages import SCENARIO, expected, found, gap, random_settings
from toolkit.display import signed
from toolkit.explorer import details
from toolkit.sharing import payload

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SETTINGS = 12  # hundreds more are compared in test_page_solver.py, without a browser
MOST_BYTES = 2_500_000
TEXTS = "[...document.querySelectorAll('.canvas svg text')].map(e => e.textContent)"


@pytest.fixture(scope="module")
def live():
    scenario = tk.Scenario.from_yaml(SCENARIO)
    return payload.Live.of(tk.load_baseline("2024-25"), scenario)


@pytest.fixture(scope="module")
def shared(live, tmp_path_factory):
    path = tmp_path_factory.mktemp("shared") / "explorer.html"
    return tk.share(live.scenario, path)


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium, headless=True, args=FLAGS
        )
        yield found
        found.close()


@contextlib.contextmanager
def opened(browser, path, fragment="", **options):
    """Open a file offline; at the end nothing was asked for and nothing failed."""
    context = browser.new_context(offline=True, **options)
    tab = context.new_page()
    trouble, asked = [], []
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("requestfailed", lambda request: trouble.append(request.url))
    tab.on("request", lambda request: asked.append(request.url))
    address = path.as_uri() + fragment
    tab.goto(address)
    yield tab
    context.close()
    assert asked == [path.as_uri()]
    assert trouble == []


def ready(tab):
    tab.evaluate("(async () => { await window.toolkit.ready; })()")


def report(pictures, **numbers):
    file = pictures / "share.json"
    old = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**old, **numbers}, indent=1))


def apply(tab, settings, case):
    return tab.evaluate(
        "([settings, name]) => { toolkit.clear(); toolkit.set(settings, name);"
        " return toolkit.state; }",
        [settings, case],
    )


def test_every_figure_is_pythons_at_random_settings(browser, shared, live, pictures):
    worst, refused, compute, repaint = 0.0, 0, [], []
    with opened(browser, shared) as tab:
        ready(tab)
        for settings, case in random_settings(live.data(), SETTINGS):
            state = apply(tab, settings, case)
            try:
                theirs, result, scenario = expected(live, settings, case)
            except (tk.NotConverged, ValueError):
                assert "error" in state, (settings, case)
                refused += 1
                continue
            assert "error" not in state, (settings, case, state["error"])
            worst = max(worst, gap(found(state), theirs))
            assert worst <= 1.0, (settings, case)
            assert state["notes"] == list(result.notes)
            assert state["sentences"] == [v.sentence() for v in scenario.levers]
            levers = tk.Scenario.from_yaml(state["yaml"]).levers
            assert levers == scenario.levers
            assert state["details"] == details(result)
            compute.append(state["ms"]["compute"])
            repaint.append(state["ms"]["repaint"])
    report(
        pictures,
        settings_compared=SETTINGS - refused,
        settings_refused_by_both=refused,
        worst_gap_in_units_of_1e_9=worst,
        compute_ms_median=statistics.median(compute),
        repaint_ms_median=statistics.median(repaint),
    )
    assert refused < SETTINGS / 2
    assert statistics.median(compute) < 10
    assert statistics.median(repaint) < 50


def test_opens_offline_within_its_size_and_time(browser, shared, pictures):
    assert shared.stat().st_size <= MOST_BYTES
    began = time.monotonic()
    with opened(browser, shared) as tab:
        tab.wait_for_function(
            "document.querySelectorAll('.canvas svg').length === 2"
            " && document.querySelectorAll('.canvas svg text').length > 40"
        )
        seconds = time.monotonic() - began
    report(pictures, bytes=shared.stat().st_size, seconds_to_charts=seconds)
    assert seconds < 3


def test_a_key_press_repaints_figures_charts_and_tables(browser, shared, pictures):
    with opened(browser, shared) as tab:
        ready(tab)
        tab.evaluate("toolkit.clear()")
        before = tab.evaluate(TEXTS)
        tab.locator("summary", has_text="Crude").click()
        slider = tab.get_by_label("Russian crude lost")
        slider.focus()
        tab.evaluate(
            "document.querySelector('.levers').addEventListener('input', () => {"
            " const began = performance.now(); requestAnimationFrame(() =>"
            " setTimeout(() => (window.waits ??= []).push(performance.now() - began)));"
            "}, true)"
        )
        for _ in range(20):
            tab.keyboard.press("ArrowRight")
            tab.wait_for_timeout(30)
        tab.wait_for_function("window.waits.length === 20")
        state = tab.evaluate("toolkit.state")
        assert tab.evaluate("toolkit.get('crude:cut')") == 20
        after = tab.evaluate(TEXTS)
        shown = signed(state["balance"]["imports"]["change"] / 1e3)
        assert tab.inner_text('.imports [data-part="change"]') == shown
        total = signed(sum(state["steps"]))
        assert total in after
        assert total not in before
        row = '[data-chart="steps"] tbody tr:last-child td:last-child'
        assert tab.locator(row).text_content() == total
        assert "crude%3Acut=20" in tab.url
        tab.wait_for_timeout(900)
        spoken = tab.inner_text("#toolkit-spoken")
        assert shown in spoken
        report(
            pictures, key_to_frame_ms_median=statistics.median(tab.evaluate("waits"))
        )


def test_a_link_opens_the_same_setting(browser, shared):
    with opened(browser, shared) as tab:
        ready(tab)
        state = apply(tab, {"RUS:Medicines": 40, "lever:2": 1}, "high")
        fragment = "#" + tab.url.split("#")[1]
    with opened(browser, shared, fragment) as tab:
        ready(tab)
        again = tab.evaluate("toolkit.state")
        assert {**again, "ms": 0} == {**state, "ms": 0}
        assert tab.locator('input[value="high"]').is_checked()


@pytest.mark.parametrize(
    "fragment",
    [
        "#<script>alert(1)</script>",
        "#crude:cut=1e999&RUS:Medicines=abc&elasticities=__proto__&x=1",
        "#__proto__=1&constructor=2&elasticities=toString&crude%3Acut=",
    ],
)
def test_a_hostile_link_changes_nothing(browser, shared, fragment):
    with opened(browser, shared) as tab:
        ready(tab)
        plain = tab.evaluate("toolkit.state.places")
        tab.evaluate("f => { location.hash = f; }", fragment)
        tab.wait_for_timeout(100)
        assert tab.evaluate("toolkit.state.places") == plain
        assert tab.evaluate("toolkit.state.case") == "central"


def test_buttons_reset_and_copy(browser, shared, live):
    with opened(browser, shared) as tab:
        ready(tab)
        first = tab.evaluate("toolkit.state.balance")
        tab.get_by_role("button", name="All levers at rest").click()
        assert tab.evaluate("toolkit.state.balance.balance.change") == 0
        assert tab.locator("#toolkit-none").is_visible()
        tab.get_by_role("button", name="Reset").click()
        assert tab.evaluate("toolkit.state.balance") == first
        copied = "navigator.clipboard.writeText = async t => { window.copied = t; };"
        tab.evaluate(f"() => {{ {copied} }}")
        tab.get_by_role("button", name="Copy YAML").click()
        assert tk.Scenario.from_yaml(tab.evaluate("copied")) == live.scenario
        tab.get_by_role("button", name="Copy Python").click()
        code = tab.evaluate("copied")
        space = {}
        exec(code.replace("result.balance()", ""), space)
        change = space["result"].balance().loc["balance", "change"]
        assert change == pytest.approx(first["balance"]["change"], rel=1e-9)
        assert "copied" in tab.inner_text("#toolkit-message")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(browser, shared, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    with opened(browser, shared, color_scheme=scheme) as tab:
        ready(tab)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        tab.wait_for_timeout(200)
        found = axe.Axe().run(tab).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []


def test_pictures_and_no_sideways_scrolling(browser, shared, pictures):
    sizes = {
        "desktop": {"viewport": {"width": 1400, "height": 1000}},
        "narrow": {"viewport": {"width": 360, "height": 800}},
        "dark": {"viewport": {"width": 1400, "height": 1000}, "color_scheme": "dark"},
    }
    for name, options in sizes.items():
        with opened(browser, shared, **options) as tab:
            ready(tab)
            tab.evaluate("toolkit.set({'RUS:Medicines': 100, 'crude:cut': 30})")
            width = options["viewport"]["width"]
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            tab.screenshot(path=pictures / f"share-{name}.png", full_page=True)
            if name == "desktop":
                tab.emulate_media(media="print")
                assert not tab.locator(".levers").is_visible()
                tab.screenshot(path=pictures / "share-print.png", full_page=True)


def test_a_changed_script_does_not_run(browser, shared, tmp_path):
    """The policy allows the very scripts that were exported, and no other."""
    text = shared.read_text(encoding="utf-8")
    changed = text.replace("function start()", "function start( )")
    assert changed != text
    path = tmp_path / "changed.html"
    path.write_text(changed, encoding="utf-8")
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.goto(path.as_uri())
    tab.wait_for_timeout(300)
    assert tab.evaluate("typeof window.toolkit") == "undefined"
    assert "US$ bn" in tab.inner_text("#toolkit-explorer")
    context.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tk.datasets.folder().parent / "notebooks"
    return tk.share(folder, tmp_path_factory.mktemp("site")).parent


NOTEBOOKS = sorted(
    path.stem for path in (tk.datasets.folder().parent / "notebooks").glob("*.ipynb")
)


@pytest.mark.parametrize("name", [*NOTEBOOKS, "index"])
def test_every_shared_notebook_opens_offline(browser, site, name):
    path = site / f"{name}.html"
    assert path.stat().st_size <= MOST_BYTES
    charts = "document.querySelectorAll('.canvas').length"
    drawn = "document.querySelectorAll('.canvas > svg, .canvas svg.marks').length"
    with opened(browser, path, viewport={"width": 360, "height": 800}) as tab:
        tab.wait_for_function(f"{drawn} === {charts}", timeout=10_000)
        tab.evaluate("window.toolkitCharts")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        assert tab.inner_text("h1").strip()
        if name == "02_scenario_explorer":
            ready(tab)
            tab.evaluate("toolkit.set({'crude:cut': 20})")
            assert tab.evaluate("toolkit.state.balance.imports.change") < 0


def test_hostile_text_does_nothing_in_the_browser(browser, tmp_path):
    words = (
        "</script><script>window.hit=1</script><img src=x onerror=window.hit=1>"
        '"><svg onload=window.hit=1>'
    )
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
    texts = dict.fromkeys(("title", "description", "author", "reference"), words)
    scenario = tk.Scenario(words, [cut], **texts)
    for kind in ("page", "brief"):
        path = tk.share(scenario, tmp_path / f"{kind}.html", kind=kind)
        with opened(browser, path) as tab:
            if kind == "page":
                ready(tab)
                assert words in tab.evaluate("toolkit.state.yaml")
            tab.wait_for_timeout(200)
            assert tab.evaluate("window.hit") is None
            assert words in tab.inner_text("h1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["02_scenario_explorer", "index", "brief"])
def test_notebooks_and_briefs_are_accessible(browser, site, live, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = site / f"{name}.html"
    if name == "brief":
        tk.share(live.scenario, path, kind="brief", overwrite=True)
    with opened(browser, path, color_scheme=scheme) as tab:
        tab.wait_for_timeout(600)
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = axe.Axe().run(tab).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []
