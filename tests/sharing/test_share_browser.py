"""A shared page in a real browser: offline, silent, exact, quick, accessible."""

import contextlib
import json
import statistics
import time

import pytest
from playwright.sync_api import sync_playwright

import panels
import toolkit as tk
from lab import FLAGS
from pages import SCENARIO, differences, expected, found, gap, random_settings
from toolkit.display import signed
from toolkit.explorer import screen_of
from toolkit.sharing import payload

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SETTINGS = 12  # hundreds more are compared in test_page_solver.py, without a browser
MOST_BYTES = 2_500_000


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


def report(pictures, **numbers):
    file = pictures / "share.json"
    old = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**old, **numbers}, indent=1))


PLAINLY = {"ends": {}, "horizon": "long", "year": None}


def apply(tab, settings, choice):
    return tab.evaluate(
        "([settings, choice]) => { toolkit.clear(); toolkit.set(settings, choice);"
        " return toolkit.state; }",
        [settings, choice],
    )


# Milliseconds that a thousand passes of Math.exp take over as many numbers as the page
# has lines: what a computation is held against, in the same page at the same time.
PASSES = """
() => {
  const { length } = toolkit.state.numbers.value;
  const numbers = Float64Array.from({ length }, (_, n) => n / length);
  const out = new Float64Array(length);
  const began = performance.now();
  for (let pass = 0; pass < 1000; pass += 1) {
    for (let n = 0; n < length; n += 1) out[n] = Math.exp(numbers[n]);
  }
  return performance.now() - began + 0 * out[0];
}
"""
MOST_COMPUTE, MOST_REPAINT = 8, 16  # times that


@pytest.mark.alone
def test_every_figure_is_pythons_at_random_settings(browser, shared, live, pictures):
    """The state, and all that stands on screen, against Python's model."""
    worst, refused, compute, repaint, passes = 0.0, 0, [], [], []
    with opened(browser, shared) as tab:
        for settings, choice in random_settings(live.data(), SETTINGS):
            state = apply(tab, settings, choice)
            shown = tab.evaluate(panels.READ)
            try:
                theirs, result, scenario = expected(live, settings, choice)
            except (tk.NotConverged, ValueError):
                assert state["error"], (settings, choice)
                assert shown["unsolved"]
                refused += 1
                continue
            assert not state["error"], (settings, choice, state["error"])
            worst = max(worst, gap(found(state["numbers"]), theirs))
            assert worst <= 1.0, (settings, choice)
            due = screen_of(result, live.baseline)
            assert differences(state["screen"], due) == [], (settings, choice)
            assert panels.differences(shown, result, live.baseline, draws=0) == []
            levers = tk.Scenario.from_yaml(shown["yaml"]).levers
            assert levers == scenario.levers
            compute.append(state["ms"]["compute"])
            repaint.append(state["ms"]["repaint"])
            passes.append(tab.evaluate(PASSES))
    report(
        pictures,
        settings_compared=SETTINGS - refused,
        settings_refused_by_both=refused,
        worst_gap_in_units_of_1e_9=worst,
        compute_ms_median=statistics.median(compute),
        repaint_ms_median=statistics.median(repaint),
        thousand_exp_passes_ms_median=statistics.median(passes),
    )
    assert refused < SETTINGS / 2
    assert statistics.median(compute) < MOST_COMPUTE * statistics.median(passes)
    assert statistics.median(repaint) < MOST_REPAINT * statistics.median(passes)


def test_opens_offline_within_its_size_and_time(browser, shared, pictures):
    assert shared.stat().st_size <= MOST_BYTES
    began = time.monotonic()
    with opened(browser, shared) as tab:
        tab.wait_for_selector(".tk-explorer .tk-lead")
        seconds = time.monotonic() - began
    report(pictures, bytes=shared.stat().st_size, seconds_to_answer=seconds)
    assert seconds < 3


def test_a_key_press_repaints_figures_charts_and_tables(browser, shared, pictures):
    with opened(browser, shared) as tab:
        tab.evaluate("toolkit.clear()")
        slider = tab.locator('[data-control="crude:cut"] input[type=range]')
        slider.focus()
        tab.evaluate(
            "document.querySelector('.tk-levers').addEventListener('input', () => {"
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
        shown = tab.evaluate(panels.READ)
        change = signed(state["numbers"]["balance"]["imports"]["change"] / 1e3)
        assert shown["figures"]["imports"][1] == change
        assert ["total", signed(sum(state["numbers"]["steps"]))] in shown["moves"]
        assert "crude%3Acut=20" in tab.url
        tab.wait_for_timeout(900)
        assert tab.locator("p.tk-spoken").inner_text() == shown["lead"]
        tab.keyboard.press("Control+z")
        assert tab.evaluate("toolkit.get('crude:cut')") == 0
        report(
            pictures, key_to_frame_ms_median=statistics.median(tab.evaluate("waits"))
        )


def test_a_link_opens_the_same_setting(browser, shared):
    choice = {"ends": {"import_demand_elasticity": "high"}, "horizon": "short"}
    with opened(browser, shared) as tab:
        state = apply(tab, {"RUS:Medicines": 40, "lever:2": 5}, choice)
        fragment = "#" + tab.url.split("#")[1]
    with opened(browser, shared, fragment) as tab:
        again = tab.evaluate("toolkit.state")
        same = ("settings", "choices", "screen", "yaml", "python")
        assert [again[name] for name in same] == [state[name] for name in same]


@pytest.mark.alone
def test_the_year_slider_moves_through_the_path(browser, shared, live, pictures):
    """By keys; what stands on screen is Python's, and the link keeps the year."""
    settings, compute, passes = {"agreement": 63, "target:31": 7.0}, [], []
    with opened(browser, shared) as tab:
        apply(tab, settings, {})
        slider = tab.locator(".tk-year input")
        slider.focus()
        for year, _ in live.data()["path"]["years"]:
            tab.keyboard.press("ArrowRight")
            state = tab.evaluate("toolkit.state")
            assert state["choices"]["year"] == year
            choice = {**PLAINLY, "year": year}
            theirs, result, _ = expected(live, settings, choice)
            assert gap(found(state["numbers"]), theirs) <= 1.0, year
            reference = tk.path(tk.Armington(), live.baseline).reference(year)
            shown = tab.evaluate(panels.READ)
            wrong = panels.differences(
                shown, result, reference, draws=0, rows=live.baseline
            )
            assert wrong == [], year
            compute.append(state["ms"]["compute"])
            passes.append(tab.evaluate(PASSES))
        assert slider.get_attribute("aria-valuetext") == "2030-31"
        assert tab.locator("select[data-choice=horizon]").is_disabled()
        tab.wait_for_timeout(900)  # until it rests
        assert tab.evaluate("toolkit.state.rests")
        state = tab.evaluate("toolkit.state")
        fragment = "#" + tab.url.split("#")[1]
        tab.get_by_role("button", name="Take back: Year: 2030-31").click()
        assert tab.evaluate("toolkit.state.choices.year") is None
    assert fragment.endswith("year=2030")
    with opened(browser, shared, fragment) as tab:
        again = tab.evaluate("toolkit.state")
        same = ("settings", "choices", "screen", "yaml", "python")
        assert [again[name] for name in same] == [state[name] for name in same]
    report(pictures, compute_in_a_year_ms_median=statistics.median(compute))
    assert statistics.median(compute) < MOST_COMPUTE * statistics.median(passes)


@pytest.mark.parametrize(
    "fragment",
    [
        "#<script>alert(1)</script>",
        "#crude:cut=1e999&RUS:Medicines=abc&horizon=__proto__&x=1&year=2031",
        "#__proto__=1&constructor=2&horizon=toString&crude%3Acut=&year=",
    ],
)
def test_a_hostile_link_changes_nothing(browser, shared, fragment):
    with opened(browser, shared) as tab:
        plain = tab.evaluate("toolkit.state.places")
        tab.evaluate("f => { location.hash = f; }", fragment)
        tab.wait_for_timeout(100)
        assert tab.evaluate("toolkit.state.places") == plain
        assert tab.evaluate("toolkit.state.choices") == PLAINLY


def test_buttons_reset_and_copy(browser, shared, live):
    with opened(browser, shared) as tab:
        first = tab.evaluate("toolkit.state.numbers.balance")
        tab.get_by_role("button", name="Put every lever back").click()
        assert tab.evaluate("toolkit.state.numbers.balance.balance.change") == 0
        assert tab.locator(".tk-none").is_visible()
        tab.get_by_role("button", name="Undo").click()
        assert tab.evaluate("toolkit.state.numbers.balance") == first
        copied = "navigator.clipboard.writeText = async t => { window.copied = t; };"
        tab.evaluate(f"() => {{ {copied} }}")
        tab.get_by_role("button", name="Copy YAML").click()
        scenario = tk.Scenario.from_yaml(tab.evaluate("copied"))
        assert set(scenario.levers) == set(live.scenario.levers)
        assert scenario.title == live.scenario.title
        tab.get_by_role("button", name="Copy Python").click()
        code = tab.evaluate("copied")
        space = {}
        exec(code.replace("result.balance()", ""), space)
        change = space["result"].balance().loc["balance", "change"]
        assert change == pytest.approx(first["balance"]["change"], rel=1e-9)
        tab.get_by_role("button", name="Copy link").click()
        assert tab.evaluate("copied") == tab.url


def test_the_scenarios_own_levers_are_in_view(browser, tmp_path):
    """The page of the fertiliser scenario has a slider for its own 7,000 kt."""
    path = tk.share(tk.Scenario.from_yaml("fertiliser_7mt"), tmp_path / "x.html")
    options = {"viewport": {"width": 1280, "height": 800}}
    with opened(browser, path, **options) as tab:
        lever = tab.locator('[data-control="target:31"]')
        assert lever.locator(".tk-field").input_value() == "7"
        assert lever.is_visible()
        seen = tab.evaluate(panels.MEASURE)
        assert seen["levers"] >= 6
        assert seen["answer"]
        assert seen["first"]
    path = tk.share(tk.Scenario.from_yaml("sanctions_winter_2025"), tmp_path / "y.html")
    with opened(browser, path, **options) as tab:
        assert tab.locator('[data-control="lever:1"] .tk-field').input_value() == "1.16"


def violations(tab):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.wait_for_timeout(300)
    found = axe.Axe().run(tab).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(browser, shared, scheme):
    with opened(browser, shared, color_scheme=scheme) as tab:
        tab.evaluate("document.querySelectorAll('.tk-help').forEach(b => b.click())")
        assert violations(tab) == []
        tab.evaluate("toolkit.set({'crude:cut': 100, 'target:31': 12})")
        tab.get_by_role("button", name="Keep this scenario").click()
        assert violations(tab) == []


WIDTHS = {360: 800, 768: 1000, 1280: 800}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_layout_is_what_was_promised(browser, shared, pictures, width):
    size = {"width": width, "height": WIDTHS[width]}
    with opened(browser, shared, viewport=size) as tab:
        for number in range(-1, 6):
            if number >= 0:
                tab.locator(".tk-question").nth(number).click()
            seen = tab.evaluate(panels.MEASURE)
            assert min(seen["tracks"]) >= 160, number
            assert seen["clipped"] == [], number
            assert seen["outside"] == [], number
            wide = tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, number
        tab.screenshot(path=pictures / f"share-{width}.png", full_page=True)


def test_pictures_in_the_dark_and_on_paper(browser, shared, pictures):
    size = {"width": 1400, "height": 1000}
    with opened(browser, shared, viewport=size, color_scheme="dark") as tab:
        tab.screenshot(path=pictures / "share-dark.png", full_page=True)
    with opened(browser, shared, viewport={"width": 700, "height": 1000}) as tab:
        tab.emulate_media(media="print")
        assert not tab.locator(".tk-left").is_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") <= 700
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
            assert "fertiliser" in tab.evaluate("toolkit.state.title")
            tab.evaluate("toolkit.set({'crude:cut': 20})")
            change = "toolkit.state.numbers.balance.imports.change"
            assert tab.evaluate(change) < 0


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
                assert words in tab.evaluate("toolkit.state.yaml")
            tab.wait_for_timeout(200)
            assert tab.evaluate("window.hit") is None
            assert words in tab.inner_text("h1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*NOTEBOOKS, "index", "brief"])
def test_every_page_is_accessible(browser, site, live, name, scheme):
    path = site / f"{name}.html"
    if name == "brief":
        tk.share(live.scenario, path, kind="brief", overwrite=True)
    with opened(browser, path, color_scheme=scheme) as tab:
        tab.wait_for_timeout(600)
        assert violations(tab) == []
