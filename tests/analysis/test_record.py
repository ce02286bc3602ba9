"""The record: in a world made by the model itself its scores are known."""

import datetime as dt
import zlib
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from markets import both_ways
from toolkit.analysis.days import FOREVER, mean_rate, months, span
from toolkit.analysis.events import read_events
from toolkit.analysis.forecasts import flow_ratio
from toolkit.analysis.scoring import scores, spread_of, widened
from toolkit.elasticities.lookup import default_spread
from toolkit.market import shocks_of
from toolkit.models.parameters import Parameters, resolve

GOODS = ["30", "84", "29", "85", "07", "72"]
MODEL = tk.Armington()
BASE = both_ways()
EVENTS = 300


def event(number, kind, product, rate_before, rate_after, ratio, share=0.3):
    return {
        "id": f"{kind}{number}",
        "kind": kind,
        "importer": "IND",
        "exporter": "RUS",
        "product": product,
        "instrument": "none" if kind == "placebo" else "duty",
        "scope": "RUS",
        "period_before": "2020",
        "period_after": "2021",
        "value_before_usd_mn": 50.0,
        "value_after_usd_mn": 50.0 * ratio,
        "share_before": share,
        "mean_before": rate_before,
        "mean_after": rate_after,
        "reason": "made up",
    }


def drawn(rng, product, count):
    """Return elasticities drawn from the distributions of the defaults."""
    out = {}
    for concept, sign in (
        ("substitution", 1),
        ("import_demand", -1),
        ("export_supply", 1),
    ):
        (centre,), (spread,) = default_spread(concept, ["IND"], [product])
        shift = np.where(np.isnan(spread), 0.0, spread) * rng.standard_normal(count)
        out[f"{concept}_elasticity"] = sign * np.exp(centre + shift)
    return out


def truth_of(one, **elasticities):
    """Return the flow's ratio in a world with given elasticities, before any noise."""
    (read,) = read_events(pd.DataFrame([one]), None)
    model = tk.Armington(**{k: float(v) for k, v in elasticities.items()})
    return flow_ratio(model, read.market(BASE), read, "long")


class Draws:
    """An ensemble of the model's own: changes of many draws, and their quantiles."""

    def __init__(self, model, base, scenario, horizon):
        assert horizon == "long"
        (product,) = set(base.frame["product"])
        rng = np.random.default_rng(zlib.crc32(scenario.name.encode()))
        shock = shocks_of(base, scenario, model.effects(base, scenario))
        values = drawn(rng, product, 400)
        whole = [
            np.repeat(values[name][:, None], len(shock.flows), axis=1)
            for name in resolve(model, base).sources
        ]
        changes = model.evaluate(shock, Parameters(shock.flows, *whole), ("imports",))
        self.changes = changes[..., 0]

    def quantiles(self, at):
        found = np.quantile(self.changes, at)[None]
        return pd.DataFrame(found, index=["imports_change"], columns=at)


@pytest.fixture(scope="module")
def world():
    """Return events whose outcomes are the model's own at drawn elasticities, noisy."""
    rng = np.random.default_rng(20260331)
    rows, spread = [], 0.08
    for number in range(EVENTS):
        product = GOODS[number % len(GOODS)]
        rates = (0.4, float(rng.uniform(0.0, 0.25)))
        one = event(number, "policy", product, *rates, 1.0)
        values = {k: v[0] for k, v in drawn(rng, product, 1).items()}
        ratio = truth_of(one, **values) * np.exp(spread * rng.standard_normal())
        rows.append(event(number, "policy", product, *rates, ratio))
        still = np.exp(spread * rng.standard_normal())
        rows.append(event(number, "placebo", product, 0.4, 0.4, still))
    return pd.DataFrame(rows), spread


def within(count, level):
    """Return three standard errors of a share; the draws of each band add a little."""
    return 3 * np.sqrt(level * (1 - level) / count) + 0.02


def test_the_toolkits_own_ensemble_gives_the_bands(official):
    drawn_band = partial(tk.simulate, draws=400, progress=False)
    record = tk.backtest(
        tk.Armington(), tk.load_baseline(), ensemble=drawn_band, progress=False
    )
    ours, theirs = record.table(), official.table()
    moved = ours["high90"] > ours["low90"]
    assert moved.sum() >= 4
    known = ours[ours["predicted"].notna()]
    assert (known["low90"] <= known["low50"]).all()
    assert (known["high50"] <= known["high90"]).all()
    assert not np.allclose(ours.loc[moved, "low90"], theirs.loc[moved, "low90"])
    assert ours["predicted"].equals(theirs["predicted"])


def test_bands_cover_at_their_nominal_rate_in_a_world_of_the_models_own(world):
    frame, spread = world
    record = tk.backtest(
        MODEL, BASE, events=frame, ensemble=Draws, horizon="long", progress=False
    )
    assert record.noise[0] == pytest.approx(spread, rel=0.15)
    found = record.scores()
    for level in (0.5, 0.9):
        row = found.loc[f"inside the {100 * level:.0f} % band, all that moves"]
        assert row["count"] == EVENTS
        assert abs(row["value"] - level) < within(EVENTS, level)
    assert found.loc["sign hits", "value"] > 0.95
    assert (
        found.loc["error of the model", "value"]
        < 0.6 * found.loc["error of no change", "value"]
    )
    assert "too few" not in record.sentence


def test_a_model_with_wrong_elasticities_covers_less(world):
    """Planted fault: the world's substitution is a quarter of the model's."""
    frame, _ = world
    few = frame[frame["kind"] == "placebo"]
    wrong = []
    for number in range(60):
        one = event(number, "policy", "30", 0.4, 0.05, 1.0)
        ratio = truth_of(one, substitution_elasticity=0.8)
        wrong.append(event(number, "policy", "30", 0.4, 0.05, ratio))
    planted = pd.concat([few, pd.DataFrame(wrong)])
    record = tk.backtest(
        MODEL, BASE, events=planted, ensemble=Draws, horizon="long", progress=False
    )
    assert record.scores().loc["inside the 90 % band, all that moves", "value"] < 0.5


def test_placebos_stay_at_zero(world):
    frame, _ = world
    record = tk.backtest(
        MODEL, BASE, events=frame[frame["kind"] == "placebo"], progress=False
    )
    assert (record.table("placebo")["predicted"] == 1.0).all()
    assert "the models said at most 0" in record.placebo_sentence
    assert record.scores().loc["sign hits", "count"] == 0
    assert "nothing is scored" in record.sentence


@pytest.mark.parametrize(("truth", "inside"), [(3.5, True), (20.0, False)])
def test_a_planted_elasticity_is_found(truth, inside):
    """Only its value is wrong in the model; the implied one is the world's."""
    one = event(1, "policy", "30", 0.1, 0.0, 1.0)
    ratio = truth_of(one, substitution_elasticity=truth)
    frame = pd.DataFrame([event(1, "policy", "30", 0.1, 0.0, ratio)])
    record = tk.backtest(MODEL, BASE, events=frame, horizon="long", progress=False)
    row = record.elasticities().iloc[0]
    assert row["concept"] == "substitution"
    assert row["value"] == pytest.approx(truth, rel=1e-6)
    assert row["inside"] == inside
    assert row["low"] < row["central"] < row["high"]


def test_a_planted_demand_elasticity_is_found_from_a_duty_for_all():
    one = {**event(1, "policy", "07", 0.0, 0.3, 1.0), "scope": "ALL"}
    ratio = truth_of(one, import_demand_elasticity=-2.2)
    frame = pd.DataFrame([{**one, "value_after_usd_mn": 50.0 * ratio}])
    record = tk.backtest(MODEL, BASE, events=frame, horizon="long", progress=False)
    row = record.elasticities().iloc[0]
    assert row["concept"] == "import demand"
    assert row["value"] == pytest.approx(-2.2, rel=1e-6)


def test_no_elasticity_explains_an_outcome_of_the_wrong_sign():
    frame = pd.DataFrame([event(1, "policy", "30", 0.1, 0.0, 0.8)])
    record = tk.backtest(MODEL, BASE, events=frame, progress=False)
    assert np.isnan(record.elasticities()["value"].iloc[0])
    assert "other way" in record.elasticities()["verdict"].iloc[0]


@pytest.fixture(scope="module")
def official():
    return tk.backtest(tk.Armington(), tk.load_baseline("2024-25"), progress=False)


def test_the_official_list_is_whole_and_says_why(official):
    table = official.table()
    assert table["kind"].value_counts().to_dict() == {
        "policy": 7,
        "placebo": 6,
        "confounded": 14,
    }
    assert (table["reason"] != "").all()
    assert (table["refused"] == "").all()
    assert len(table) == len(tk.datasets.load("events"))


def test_fiscal_averages_hide_the_sunflower_duty(official):
    """166 days at 5.5 and 199 at 27.5; 59 at 27.5 and 306 at 16.5."""
    row = official.table().loc["sunflower_cut"]
    assert row["rate_before"] == pytest.approx((166 * 0.055 + 199 * 0.275) / 365)
    assert row["rate_after"] == pytest.approx((59 * 0.275 + 306 * 0.165) / 365)
    assert abs(row["predicted"] - 1) < 0.01


def test_days_of_the_other_official_rates(official):
    rates = official.table()[["rate_before", "rate_after"]]
    us = (20 * 0.25 + 164 * 0.5 + 13 * 0.18 + 36 * 0.15) / 365
    assert rates.loc["us_duties"].tolist() == pytest.approx([0.0, us])
    pulses = [0.5 * 0.1 * 24 / 365, 0.5 * (0.1 + 0.3 * 151 / 365)]
    assert rates.loc["pulses_duties"].tolist() == pytest.approx(pulses)
    sanctions = 0.6 * 104 / 365
    assert rates.loc["sanctions_year", "rate_after"] == pytest.approx(sanctions)


def test_only_policies_are_scored_and_few_are_called_few(official):
    found = official.scores()
    known = official.table("policy")["happened"].notna().sum()
    assert found.loc["error of no change", "count"] == known == 4
    assert "too few to say" in official.sentence
    assert official.sentence in repr(official)
    assert official.noise[1] == 6


def test_outcomes_of_unequal_periods_are_compared_by_month(official):
    row = official.table().loc["war_discount_crude"]
    assert row["happened"] == pytest.approx((11412.15 / 5) / (2470.91 / 12))


def test_the_controls_and_values_of_2024_25_are_the_baselines(official):
    """The list repeats what the flows already hold: they must agree."""
    base = tk.load_baseline("2024-25")
    rows = base.frame
    for one in official.events:
        if one.period_before != "2024-25" or not np.isfinite(one.happened):
            continue
        flow = (rows["importer"] == one.importer) & (rows["exporter"] == one.exporter)
        goods = rows["product"].str.startswith(one.product)
        held = rows.loc[flow & goods, "value_usd_mn"].sum()
        assert held == pytest.approx(one.value_before_usd_mn, abs=0.05), one.id


def test_a_step_of_a_rate_by_hand():
    steps = [(FOREVER, 0.0), (dt.date(2024, 7, 2), 1.0)]
    assert mean_rate(steps, "2024") == pytest.approx(183 / 366)
    assert mean_rate(steps, "2024-07") == pytest.approx(30 / 31)
    assert mean_rate(steps, "2025-26") == 1.0
    assert mean_rate(steps, "2020-21") == 0.0
    assert months("2024-11..2025-02") == 4
    assert [d.isoformat() for d in span("2023-24")] == ["2023-04-01", "2024-03-31"]


@given(
    days=st.lists(st.dates(dt.date(2023, 1, 1), dt.date(2026, 1, 1)), max_size=5),
    rates=st.lists(st.floats(0, 1), min_size=6, max_size=6),
)
def test_a_mean_by_days_is_the_mean_of_the_days(days, rates):
    steps = list(zip([FOREVER, *sorted(set(days))], rates, strict=False))
    first, last = span("2024-25")
    every = []
    day = first
    while day <= last:
        every.append([rate for start, rate in steps if start <= day][-1])
        day += dt.timedelta(days=1)
    assert mean_rate(steps, "2024-25") == pytest.approx(np.mean(every))


def test_widening_by_hand():
    """Without a band of its own a prediction has that of what moves anyway."""
    low, high = widened(1.2, 1.1, 1.4, (0.0, 0), 0.9)
    assert (low, high) == pytest.approx((1.1, 1.4))
    low, high = widened(1.0, np.exp(-0.3), np.exp(0.3), (0.4 / 1.6448536, 0), 0.9)
    assert np.log([low, high]) == pytest.approx([-0.5, 0.5])
    assert widened(1.0, 1.0, 1.0, (0.2, 3), 0.9)[1] > widened(1, 1, 1, (0.2, 0), 0.9)[1]
    assert spread_of(np.array([np.nan, np.e, 1 / np.e])) == pytest.approx((1.0, 2))


def test_scores_by_hand():
    table = pd.DataFrame(
        {
            "predicted": [1.2, 0.9, 1.1, np.nan],
            "happened": [1.5, 1.1, 1.0, 2.0],
            "control": [1.5, np.nan, 1.1, 1.0],
            **{f"low{n}{end}": 0.95 for n in (50, 90) for end in ("", "_all")},
            **{f"high{n}{end}": 1.2 for n in (50, 90) for end in ("", "_all")},
        }
    )
    found = scores(table)
    assert found.loc["sign hits", ["value", "count"]].tolist() == [1 / 3, 3]
    inside = found.loc["inside the 90 % band, elasticities alone"]
    assert inside[["value", "count"]].tolist() == [2 / 3, 3]
    still = np.abs(np.log([1.5, 1.1, 1.0])).mean()
    assert found.loc["error of no change", "value"] == pytest.approx(still)
    world = found.loc["error of growing like the world's"]
    assert world["value"] == pytest.approx(np.log(1.1) / 2)
    assert world["count"] == 2


def test_smart_says_what_it_cannot_carry():
    record = tk.backtest(tk.Smart(), tk.load_baseline("2024-25"), progress=False)
    table = record.table()
    assert "cannot carry" in table.loc["sanctions_year", "refused"]
    assert np.isnan(table.loc["sanctions_year", "predicted"])
    assert np.isfinite(table.loc["pulses_duties", "predicted"])


def frame_of(**changed):
    return pd.DataFrame([{**event(1, "policy", "30", 0.1, 0.0, 1.0), **changed}])


WRONG = [
    (frame_of(kind="polcy"), "did you mean 'policy'"),
    (frame_of(instrument="dty"), "did you mean 'duty'"),
    (frame_of(reason=""), "needs a reason"),
    (frame_of(period_after="2021-13"), "A period is written"),
    (frame_of(importer="India"), "ISO 3166"),
    (frame_of().drop(columns="kind"), "lack the columns"),
    (pd.concat([frame_of(), frame_of()]), "twice"),
]


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_a_wrong_list_is_refused(case):
    frame, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        tk.backtest(MODEL, BASE, events=frame, progress=False)


def test_an_unknown_kind_is_refused(official):
    with pytest.raises(ValueError, match="kind"):
        official.table("policies")
