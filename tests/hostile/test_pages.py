"""Stored charts and labels lead nowhere: what a page of strangers' text is made of."""

import json
import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output, writes

import toolkit as tk
from markets import both_ways
from toolkit.sharing.vegalite import contained

VEGA = "application/vnd.vegalite.v5+json"
OUTSIDE = "http://outside.example"
HOSTILE_SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "title": "deal\x0b\u2028",
    "usermeta": {"embedOptions": {"patch": f"{OUTSIDE}/patch.json", "actions": True}},
    "layer": [
        {
            "usermeta": {"embedOptions": {"patch": f"{OUTSIDE}/inner.json"}},
            "data": {"url": f"{OUTSIDE}/data.json"},
            "mark": {"type": "image", "url": f"{OUTSIDE}/x.png"},
        },
        {
            "data": {"values": [{"a": "<b>x</b>", "url": f"{OUTSIDE}/kept", "b": 1}]},
            "mark": {"type": "bar", "href": "javascript:window.hit=1"},
            "encoding": {
                "x": {"field": "b", "type": "quantitative"},
                "y": {"field": "a", "type": "nominal"},
                "href": {"field": "url"},
            },
        },
    ],
}


def notebook_with(*outputs):
    cells = [new_code_cell("1", execution_count=1, outputs=list(outputs))]
    return writes(new_notebook(cells=cells))


def test_a_stored_chart_keeps_no_way_out():
    spec = contained(HOSTILE_SPEC)
    text = json.dumps(spec)
    assert "usermeta" not in text
    assert "patch" not in text
    assert "href" not in text
    assert text.count(OUTSIDE) == 1  # a cell of its data, which is only shown
    assert spec["title"] == "deal  "
    assert spec["layer"][0]["data"] == {"values": []}
    assert HOSTILE_SPEC["usermeta"]


def test_the_page_of_a_notebook_carries_no_embedding_options(tmp_path):
    path = tmp_path / "n.ipynb"
    output = new_output("display_data", data={VEGA: HOSTILE_SPEC})
    path.write_text(notebook_with(output), encoding="utf-8")
    page = tk.share(path, tmp_path / "n.html").read_text(encoding="utf-8")
    block = re.search(r'id="toolkit-static">(.*?)</script>', page)[1]
    (stored,) = json.loads(block)
    assert stored["spec"] == contained(HOSTILE_SPEC)


@pytest.mark.parametrize(
    "label",
    ["[Urea](javascript:x)", "<script>x</script>", "**bold** _it_", "`code`", "# title",
     "![p](http://x/y.png)", "$x^2$", "a | b", "~~gone~~", "&lt;b&gt;", "\\[x\\]"],
)  # fmt: skip
def test_labels_in_sentences_are_no_markdown(label):
    base = tk.Baseline.from_frame(both_ways().frame, names={"31": label})
    buy = tk.QuantityTarget(importer="IND", exporter="RUS", products="31", usd_mn=200)
    told = tk.Armington(3.0, -1.0).solve(base, tk.Scenario("x", [buy])).explain()
    assert label in told
    for shown in (
        told._repr_markdown_(),
        tk.Sentence(f"**x** {told}")._repr_markdown_(),
    ):
        found = shown.replace("**x** ", "").replace(r"<span>\$</span>", "$")
        bare = re.sub(r"\\([\\`*_\[\]<>#!|~&$])", "", found)
        assert not set(bare) & set("`*_[]<>#!|~"), bare


def test_an_ordinary_sentence_is_as_it_was():
    base = tk.load_baseline()
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
    told = tk.Armington().solve(base, tk.Scenario("x", [cut])).explain()
    assert told._repr_markdown_() == told.replace("$", r"<span>\$</span>")
    assert f"{told}" == str(told)
