"""A lever's number known within a range: centre, distribution, YAML, refusals."""

import dataclasses
import pickle

import jsonschema
import numpy as np
import pytest
from scipy import stats

import toolkit as tk

BOUGHT = {"importer": "IND", "exporter": "RUS", "products": "2709"}


@pytest.mark.parametrize(
    ("number", "law"),
    [
        (tk.Uncertain(0.2, 0.6), stats.uniform(0.2, 0.4)),
        (tk.Uncertain(0.0, 1.0, 0.25, "triangular"), stats.triang(0.25, 0.0, 1.0)),
        (
            tk.Uncertain(-1.0, 3.0, distribution="normal"),
            stats.norm(1.0, 2.0 / stats.norm.ppf(0.95)),
        ),
        (
            tk.Uncertain(0.5, 2.0, distribution="lognormal"),
            stats.lognorm(np.log(2.0) / stats.norm.ppf(0.95)),
        ),
    ],
)
def test_quantiles_are_scipys(number, law):
    share = np.linspace(0.01, 0.99, 25)
    assert number.at(share) == pytest.approx(law.ppf(share), abs=1e-12)


def test_a_plain_solve_takes_the_centre():
    base, model = tk.load_baseline(), tk.Armington()
    known = tk.Scenario("known", [tk.PriceChange(**BOUGHT, by=-0.05)])
    drawn = tk.Scenario("drawn", [tk.PriceChange(**BOUGHT, by=tk.Uncertain(-0.2, 0.1))])
    both = [model.solve(base, deal).balance() for deal in (known, drawn)]
    assert both[0].equals(both[1])
    assert drawn.levers[0].sentence() == known.levers[0].sentence()


def test_yaml_goes_both_ways_and_fits_the_schema():
    text = (
        "name: prices\nlevers:\n- lever: PriceChange\n  importer: IND\n"
        "  exporter: RUS\n  products: '2709'\n  by: {low: -0.2, high: 0.1}\n"
    )
    deal = tk.Scenario.from_yaml(text)
    assert deal.levers[0].uncertain == {"by": tk.Uncertain(-0.2, 0.1)}
    again = tk.Scenario.from_yaml(deal.to_yaml())
    assert again == deal
    jsonschema.validate(deal.to_dict(), tk.Scenario.schema())
    bad = deal.to_dict()
    bad["levers"][0]["by"] = {"low": 0.1}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, tk.Scenario.schema())


def test_a_copy_keeps_the_range_and_a_turned_dial_drops_it():
    lever = tk.SupplyDisruption(**BOUGHT, by=tk.Uncertain(0.1, 0.5))
    assert dataclasses.replace(lever, months=6).uncertain == lever.uncertain
    assert lever.turned(0.3).uncertain == {}
    assert pickle.loads(pickle.dumps(lever)).uncertain == lever.uncertain
    assert lever != dataclasses.replace(lever, by=tk.Uncertain(0.2, 0.4))


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ({"low": 0.5, "high": 0.2}, "by: low 0.5 is above high 0.2"),
        ({"low": 0.5}, "by needs high"),
        ({"low": 0.2, "high": 0.5, "sd": 1}, "by has no 'sd'"),
        ({"low": 0.2, "high": 0.5, "distribution": "gauss"}, "'gauss' is unknown"),
        ({"low": 0.0, "high": 1.0, "distribution": "lognormal"}, "above 0"),
        ({"low": 0.2, "high": 0.4, "centre": 0.9, "distribution": "triangular"}, "out"),
        ({"low": 0.2, "high": 0.4, "centre": 0.35}, "is 0.3, not 0.35"),
        ({"low": 0.2, "high": 1.4}, "by"),
    ],
)
def test_a_bad_range_is_named(by, message):
    with pytest.raises(ValueError, match=message):
        tk.SupplyDisruption(**BOUGHT, by=by)


def test_only_numbers_may_be_ranges():
    with pytest.raises(ValueError, match="start cannot be a range"):
        tk.SupplyDisruption(**BOUGHT, by=0.2, start={"low": 2026, "high": 2028})
