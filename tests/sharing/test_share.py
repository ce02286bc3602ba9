"""Sharing: what is written, that text stays text, and that nothing is overwritten."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import mistune
import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    writes,
)

import toolkit as tk
from toolkit import files
from toolkit.explorer import controls_of
from toolkit.market import effects_of
from toolkit.sharing import notebook, page, payload, probe, prose, provenance, verb
from toolkit.sharing.plaintext import escaped

HOSTILE = [
    "</script><script>window.hit = 1</script>",
    '"><img src=x onerror="window.hit=1">',
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "*id001 &anchor !!python/object:os.system",
    "[x](javascript:window.hit=1)",
    "<!-- --><svg onload=window.hit=1>",
    "{{ 7 * 7 }} {% raw %} ${window.hit=1}",
    "a: b\n- c # d",
]
YEAR = "2024-25"


@pytest.fixture(scope="module")
def base():
    return tk.load_baseline(YEAR)


@pytest.fixture(scope="module")
def deal():
    return tk.Scenario(
        "deal",
        [
            tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0),
            tk.QuantityTarget(
                importer="IND", exporter="RUS", products="31", kilotonnes=7000
            ),
        ],
        title="A deal",
    )


@pytest.fixture(scope="module")
def result(base, deal):
    return tk.Armington().solve(base, deal)


@pytest.fixture(scope="module")
def shared_page(result, tmp_path_factory):
    """Return the live page of the deal, made once for all who only read it."""
    path = tk.share(result, tmp_path_factory.mktemp("shared") / "x.html")
    return path.read_text(encoding="utf-8")


def hostile_scenario(text):
    return tk.Scenario(
        text,
        [tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)],
        title=text,
        description=text,
        author=text,
        reference=text,
    )


class Elements(HTMLParser):
    """Every element of a page, as a browser would see it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def spoken(text):
    """Return a text as a page shows it: runs of white space are one blank."""
    return " ".join(text.split())


def without_data(text):
    return re.sub(r"<script.*?</script>|<style>.*?</style>", "", text, flags=re.DOTALL)


# What a page may hold


@pytest.mark.parametrize("kind", ["page", "brief"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_html(tmp_path, text, kind):
    path = tk.share(hostile_scenario(text), tmp_path / "x.html", kind=kind)
    whole = path.read_text(encoding="utf-8")
    elements = Elements(whole)
    names = [tag for tag, _ in elements.found]
    assert names.count("script") == (4 if kind == "page" else 0)
    assert "img" not in names
    assert not [a for _, a in elements.found if any(k.startswith("on") for k in a)]
    assert not [a for _, a in elements.found if "javascript:" in str(a.get("href"))]
    shown = spoken(" ".join(Elements(without_data(whole)).words))
    assert spoken(text) in shown
    assert "49" not in spoken(Elements(without_data(whole)).words[0])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_survives_yaml(text):
    scenario = hostile_scenario(text)
    assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario
    data = payload.Live.of(tk.load_baseline(YEAR), scenario).data()
    levers = "".join(
        c["off"][0]["yaml"] for c in data["controls"] if c["name"].startswith("lever:")
    )
    again = tk.Scenario.from_yaml(f"{data['yaml_head']}levers:\n{levers}")
    assert again == scenario
    assert yaml.safe_load(data["yaml_head"])["name"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_markdown(tmp_path, text):
    path = tk.share(hostile_scenario(text), tmp_path / "x.md")
    written = path.read_text(encoding="utf-8")
    shown = mistune.create_markdown(escape=False, plugins=["table"])(written)
    elements = Elements(shown)
    allowed = {"h1", "h2", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert {tag for tag, _ in elements.found} <= allowed | {"em", "strong"}
    assert spoken(text) in spoken(" ".join(elements.words))
    assert escaped(text) in written


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_excel(tmp_path, text):
    path = tk.share(hostile_scenario(text), tmp_path / "x.xlsx")
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    found = [cell for cell in cells if cell.value == text]
    assert found
    assert all(c.quotePrefix for c in found if text[0] in "=+-@")


def test_the_policy_names_every_script_and_no_origin(shared_page):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', shared_page)[1]
    policy = policy.replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src 'none'" in policy
    assert not re.search(r"https?:|unsafe-eval|\*", policy)
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "unsafe" not in scripts
    assert len(scripts.split()) == 2


def test_a_page_tells_its_sources_version_and_checksums(shared_page):
    registry = json.loads((tk.datasets.folder() / "datapackage.json").read_text())
    digests = {entry["name"]: entry["sha256"] for entry in registry["resources"]}
    for name in provenance.TABLES:
        assert digests[name] in shared_page
    assert f"Toolkit version {tk.__version__}" in shared_page
    assert "Ministry of Commerce and Industry" in shared_page
    assert path_free(shared_page)


def path_free(text):
    return not re.search(r"/(work|tmp|root|home|usr)/", text)


def test_a_page_shows_the_result_without_any_script(shared_page, result):
    words = spoken(" ".join(Elements(without_data(shared_page)).words))
    imports = result.balance().loc["imports"] / 1e3
    assert f"{imports['counterfactual']:.2f}" in words
    assert f"+{imports['change']:.2f}" in words
    for lever in result.levers:
        assert lever.sentence() in words


# What a control does, asked of Python


def unfolded(form, k, n):
    if "all" in form:
        return form["all"]
    if "line" in form:
        return form["line"][n]
    if "at" in form:
        return form["at"][k]
    if "grid" in form:
        return form["grid"][k][n]
    share = (k - form["from"]) / (form["to"] - form["from"])
    return form["low"][n] * (1 - share) + form["high"][n] * share


def number(value):
    return {"inf": np.inf, "-inf": -np.inf, None: np.nan}.get(value, value)


def test_the_described_effects_are_pythons_at_every_position(base):
    """Every control, every position: 1e-12 relative to what the levers give."""
    controls = controls_of(base)
    checked = 0
    for control in controls:
        data = probe.describe(base, control, controls)
        for k, value in enumerate(data["values"]):
            if k == data["neutral"]:
                continue
            found = effects_of(base, tk.Scenario("x", control.levers(value, {})))
            for lever, effect in zip(data["off"], found, strict=True):
                channels = dataclasses.asdict(effect)["values"]
                for name, given in channels.items():
                    kept = ~np.isnan(given)
                    form = lever["channels"][name]
                    lines = np.array(lever["lines"])
                    lines = lines[form["only"]] if "only" in form else lines
                    mine = [number(unfolded(form, k, n)) for n in range(len(lines))]
                    order = np.argsort(np.asarray(effect.where)[kept])
                    theirs = given[kept][order]
                    np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-15)
                    checked += len(mine)
    assert checked > 10_000


def test_a_bent_curve_is_not_taken_for_a_straight_line():
    rows = [np.array([x, x**2]) for x in (1.0, 2.0, 3.0)]
    assert "grid" in probe.described(rows)
    rows = [np.array([x, 3 * x]) for x in (1.0, 2.0, 3.0)]
    assert probe.described(rows)["high"] == [3, 9]


# What can be shared, and what is refused


def test_a_result_with_own_elasticities_needs_its_model(tmp_path, base, deal):
    model = tk.Armington(substitution_elasticity=2.5)
    own = model.solve(base, deal)
    with pytest.raises(ValueError, match="model="):
        tk.share(own, tmp_path / "x.html")
    text = tk.share(own, tmp_path / "x.html", model=model).read_text(encoding="utf-8")
    assert "as given" in text


def test_an_own_baseline_is_shared_with_its_checksum(tmp_path):
    frame = pd.DataFrame(
        {
            "importer": ["CHN", "CHN", "USA"],
            "exporter": ["USA", "ROW", "CHN"],
            "product": ["85", "85", "84"],
            "value_usd_mn": [60.0, 40.0, 90.0],
            "applied_rate": [0.1, 0.1, 0.05],
            "source": "a survey",
        }
    )
    mine = tk.Baseline.from_frame(frame, reporter="CHN", partner="USA", year="2020")
    text = tk.share(mine, tmp_path / "x.html").read_text(encoding="utf-8")
    assert "a survey" in text
    (own, _) = provenance.tables(mine)
    assert own["sha256"] in text
    with pytest.raises(ValueError, match="baseline="):
        tk.share(tk.Armington().solve(mine, tk.Scenario("x")), tmp_path / "y.html")


def test_other_models_are_shared_as_documents_only(tmp_path, base, deal):
    cut = tk.Scenario("cut", deal.levers[:1])
    smart = tk.Smart().solve(base, cut)
    with pytest.raises(ValueError, match="Armington"):
        tk.share(smart, tmp_path / "x.html")
    text = tk.share(smart, tmp_path / "x.html", kind="brief").read_text("utf-8")
    assert "No band" in text
    assert tk.share(smart, tmp_path / "x.xlsx").stat().st_size > 5000


@pytest.mark.parametrize(
    ("source", "name", "kind", "message"),
    [
        (3, "x.html", "page", "int cannot be shared"),
        (tk.Scenario("x"), "x.doc", "page", r"\.doc"),
        (tk.Scenario("x"), "x.html", "breif", "brief"),
        ("no_such.yaml", "x.html", "page", "no_such"),
    ],
)
def test_wrong_input_says_what_is_allowed(tmp_path, source, name, kind, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        tk.share(source, tmp_path / name, kind=kind)
    assert list(tmp_path.iterdir()) == []


# Files


@pytest.mark.parametrize("name", ["x.html", "x.xlsx", "x.md"])
def test_nothing_is_overwritten_unasked(tmp_path, result, name):
    path = tmp_path / name
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        tk.share(result, path)
    assert path.read_text() == "mine"
    tk.share(result, path, overwrite=True)
    assert path.stat().st_size > 1000


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.html"
    path.write_text("old")

    def broken(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.Path, "replace", broken)
    with pytest.raises(KeyboardInterrupt):
        files.write(path, "new", overwrite=True)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.html"]


def test_a_written_file_can_be_read_by_others(tmp_path):
    path = files.write(tmp_path / "x.txt", "x", overwrite=False)
    plain = tmp_path / "y.txt"
    plain.write_text("y")
    assert path.stat().st_mode == plain.stat().st_mode


# The workbook


def test_the_workbook_holds_the_result(tmp_path, result):
    book = openpyxl.load_workbook(tk.share(result, tmp_path / "x.xlsx"))
    assert book.sheetnames == [
        "balance",
        "products",
        "levers",
        "assumptions",
        "sources",
    ]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    values = list(book["balance"].iter_rows(min_row=2, values_only=True))
    table, ends = result.balance(), result.range()
    for row in values:
        assert row[1:4] == pytest.approx(tuple(table.loc[row[0]]), abs=1e-9)
        due = ends.loc[row[0], ["least", "greatest"]]
        assert row[4:] == pytest.approx(tuple(due), abs=1e-9)
    assert "US$ mn" in book["balance"]["B1"].value
    products = list(book["products"].iter_rows(min_row=2, values_only=True))
    change = sum(r[5] * (1 if r[0] == "exports" else -1) for r in products)
    assert change == pytest.approx(table.loc["balance", "change"])
    medicines = next(r for r in products if r[:2] == ("exports", "30"))
    assert medicines[7] == 0
    codes = {row[1] for row in products}
    assert "0306" in codes
    assert len(list(book["levers"].iter_rows(min_row=2))) == len(result.levers)
    used = list(book["assumptions"].iter_rows(min_row=2, values_only=True))
    assert len(used) == len(result.elasticities)
    assert all(row[5] for row in used)


def test_the_workbook_opens_in_libreoffice(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: the workbook is read by openpyxl")
    text = '=HYPERLINK("http://example.org","x")'
    path = tk.share(hostile_scenario(text), tmp_path / "x.xlsx")
    subprocess.run(
        [
            *(office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,"),
            *("--outdir", str(tmp_path), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    subprocess.run(
        [
            *(office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
            *("--convert-to", "fods", "--outdir", str(tmp_path), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    table = pd.read_csv(tmp_path / "x.csv", index_col=0, thousands=",")
    assert list(table.index) == ["exports", "imports", "balance"]
    opened = ElementTree.parse(tmp_path / "x.fods").getroot()
    office_ns = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    sheets = [t.get(f"{office_ns}name") for t in opened.iter(f"{office_ns}table")]
    assert sheets[:2] == ["balance", "products"]
    assert not [c for c in opened.iter() if c.get(f"{office_ns}formula")]
    assert text in (tmp_path / "x.fods").read_text("utf-8").replace("&quot;", '"')


# Briefs


def test_the_brief_says_headline_band_limits_and_sources(tmp_path, base, deal, result):
    path = tk.share(deal, tmp_path / "x.html", kind="brief")
    text = path.read_text(encoding="utf-8")
    words = spoken(" ".join(Elements(without_data(text)).words))
    assert result.explain() in words
    for case in ("low", "central", "high"):
        change = tk.Armington(case=case).solve(base, deal).balance()["change"]
        assert f"{abs(change['balance']) / 1e3:.2f}" in words
    assert "What this does not tell" in words
    assert "<svg" in text
    assert "<script" not in text
    assert path.stat().st_size < 200_000


def test_the_brief_is_two_pages_of_pdf(tmp_path, chromium):
    longest = tk.datasets.folder() / "scenarios" / "summit_package.yaml"
    content = tk.share(longest, tmp_path / "x.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page[^s]", content)) <= 2


def test_a_pdf_without_chromium_says_what_to_do(tmp_path, monkeypatch, deal):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"Chromium.*\.html"):
        tk.share(deal, tmp_path / "x.pdf")
    assert os.listdir(tmp_path) == []  # noqa: PTH208


# Notebooks


def executed(*cells):
    book = new_notebook(cells=list(cells))
    for number, cell in enumerate(c for c in book.cells if c.cell_type == "code"):
        cell.execution_count = number + 1
    return book


def shown(source, tags=(), **data):
    kinds = {"html": "text/html", "markdown": "text/markdown", "plain": "text/plain"}
    bundle = {kinds.get(name, name): content for name, content in data.items()}
    return new_code_cell(
        source,
        outputs=[new_output("display_data", data=bundle)],
        metadata={"tags": list(tags)},
    )


def write_notebook(path, *cells):
    path.write_text(writes(executed(*cells)), encoding="utf-8")
    return path


WIDGET = "application/vnd.jupyter.widget-view+json"


def test_a_notebook_becomes_a_page(tmp_path, result):
    spec = tk.charts.balance(result).to_dict()
    source = write_notebook(
        tmp_path / "n.ipynb",
        new_markdown_cell("# Who pays?\n\nUS$ 5 and US$ 6, $P^{1-\\sigma}$.\n\nMore."),
        shown("chart", **{"application/vnd.vegalite.v5+json": spec}),
        shown("table", html="<table><tr><td>1.5</td><td>tea</td></tr></table>"),
        shown("explore", **{WIDGET: {}, "plain": "Explorer of 2025-26: 42 controls"}),
    )
    text = tk.share(source, tmp_path / "n.html").read_text(encoding="utf-8")
    assert text.count("<math") == 1
    assert "US$ 5 and US$ 6" in text
    assert "<title>Who pays?</title>" in text
    assert 'id="toolkit-static-0"' in text
    assert '<td class="number">1.5</td>' in text
    assert "toolkit-explorer" in text
    data = re.search(r'id="toolkit-data">(.*?)</script>', text)[1]
    assert json.loads(data)["year"] == "2025-26"


def test_hostile_outputs_are_taken_apart(tmp_path):
    source = write_notebook(
        tmp_path / "n.ipynb",
        new_markdown_cell("# T\n\n" + "\n\n".join(HOSTILE)),
        *(shown("x", html=text) for text in HOSTILE),
        *(shown("x", markdown=text) for text in HOSTILE),
        *(shown("x", plain=text) for text in HOSTILE),
        shown("x", html="<style>body{display:none}</style><iframe src=//a></iframe>"),
    )
    text = tk.share(source, tmp_path / "n.html").read_text(encoding="utf-8")
    elements = Elements(text).found
    names = {tag for tag, _ in elements}
    assert not names & {"script", "iframe", "svg", "img", "object"}
    assert text.count("<style>") == 1
    assert not [a for _, a in elements if any(k.startswith("on") for k in a)]
    assert not [a for _, a in elements if "javascript:" in str(a.get("href"))]


def test_a_folder_of_notebooks_gets_an_index(tmp_path):
    for name, title in (("01_a", "What is it?"), ("02 b", "Who <pays>?")):
        write_notebook(
            tmp_path / f"{name}.ipynb", new_markdown_cell(f"# {title}\n\nThe question.")
        )
    index = tk.share(tmp_path, tmp_path / "site")
    text = index.read_text(encoding="utf-8")
    assert 'href="01_a.html"' in text
    assert 'href="02%20b.html"' in text
    assert "Who &lt;pays&gt;?" in text
    assert text.count("The question.") == 2
    with pytest.raises(FileExistsError):
        tk.share(tmp_path, tmp_path / "site")


def test_a_notebook_that_was_not_run_is_refused(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text(writes(new_notebook(cells=[new_code_cell("1 + 1")])))
    with pytest.raises(ValueError, match="not run"):
        tk.share(path, tmp_path / "n.html")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ValueError, match="no notebook"):
        tk.share(empty, tmp_path / "site")


def test_the_project_notebooks_are_shared_whole(tmp_path):
    folder = tk.datasets.folder().parent / "notebooks"
    index = tk.share(folder, tmp_path)
    names = {p.stem for p in folder.glob("*.ipynb")}
    assert {p.stem for p in index.parent.glob("*.html")} == names | {"index"}


def test_formulas_that_cannot_be_converted_stay_readable():
    assert prose.mathml(r"\frac{1}{", "inline").startswith(("<code>", "<math"))
    assert "<script" not in prose.mathml(r"\text{<script>}", "inline")


def test_the_year_of_a_papermill_run_is_the_explorers():
    book = executed(
        shown('year = "2024-25"', tags=["parameters"]),
        shown('year = "2025-26"', tags=["injected-parameters"]),
    )
    assert notebook._year(book) == "2025-26"


# The command line


def test_the_command_line_shares(tmp_path, capsys):
    from toolkit.__main__ import main

    scenario = str(tk.datasets.folder() / "scenarios" / "fertiliser_7mt.yaml")
    out = str(tmp_path / "x.md")
    assert main(["share", scenario, "--out", out, "--case", "high"]) == 0
    assert capsys.readouterr().out.strip() == out
    assert main(["share", scenario, "--out", out]) == 2
    assert "overwrite" in capsys.readouterr().err
    assert main(["share", scenario, "--out", out, "--overwrite"]) == 0


def test_the_verb_is_public_and_the_charts_library_is_the_newest():
    assert tk.share is verb.share
    assert page.newest_vegalite() in page.vl_convert.get_vegalite_versions()
