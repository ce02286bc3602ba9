"""What a trade frame may hold, and how every wrong one is named."""

import numpy as np
import pandas as pd
import pytest

from markets import frame
from toolkit import schema

GOOD = ("IND", "RUS", "31", 100.0, 0.05)


def spoiled(**columns):
    return frame(GOOD, ("IND", "ROW", "31", 300.0, 0.05)).assign(**columns)


def test_completes_and_sorts_a_copy():
    mine = frame(("RUS", "IND", "30", 1.0, 0.0), ("IND", "RUS", "31", 2.0, 0.1))
    before = mine.copy(deep=True)
    checked = schema.check_trade_frame(mine)
    pd.testing.assert_frame_equal(mine, before)
    assert checked["importer"].tolist() == ["IND", "RUS"]
    assert checked["ntm_ave"].tolist() == [0.0, 0.0]
    assert checked["tariff_driven"].all()
    assert checked["kilotonnes"].isna().all()


def test_accepts_an_index_that_repeats():
    twice = pd.concat([frame(GOOD), frame(("IND", "ROW", "31", 300.0, 0.05))])
    assert len(schema.check_trade_frame(twice)) == 2


WRONG = {
    "missing column": (frame(GOOD).drop(columns="applied_rate"), "applied_rate"),
    "near column": (
        frame(GOOD).rename(columns={"value_usd_mn": "value_usd"}),
        "lacks.*value_usd_mn.*did you mean 'value_usd'",
    ),
    "no rows": (frame(GOOD).iloc[:0], "no rows"),
    "duplicates": (frame(GOOD, GOOD), "1 duplicate rows.*'IND', 'RUS', '31'"),
    "rate in per cent": (spoiled(applied_rate=20.0), "20.*2000 %.*write 0.2 for 20 %"),
    "negative rate": (spoiled(applied_rate=-0.1), "applied_rate.*not negative.*-0.1"),
    "NaN rate": (spoiled(applied_rate=np.nan), "applied_rate must be finite.*nan"),
    "NaN value": (spoiled(value_usd_mn=[1.0, np.nan]), "value_usd_mn.*ROW.*nan"),
    "infinite value": (spoiled(value_usd_mn=np.inf), "value_usd_mn.*inf"),
    "negative value": (spoiled(value_usd_mn=-1.0), "value_usd_mn.*-1"),
    "text value": (spoiled(value_usd_mn="much"), "much"),
    "barrier in per cent": (spoiled(ntm_ave=15.0), "ntm_ave.*15.*0.15 for 15 %"),
    "negative tonnes": (spoiled(kilotonnes=-2.0), "kilotonnes.*-2"),
    "number as product": (spoiled(product=31), "31.*quote it"),
    "odd digits": (spoiled(product="310"), "'310' is not an HS code"),
    "name as country": (spoiled(exporter=["Russia", "ROW"]), "exporter.*'Russia'"),
    "small letters": (spoiled(exporter=["rus", "ROW"]), "Did you mean 'RUS'"),
    "everyone": (spoiled(exporter=["ALL", "ROW"]), "'ALL' is not allowed"),
    "missing country": (spoiled(importer=[None, "IND"]), "importer.*[Nn]one|nan"),
}


@pytest.mark.parametrize("case", WRONG)
def test_names_what_is_wrong_with_a_frame(case):
    wrong, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        schema.check_trade_frame(wrong)


def test_refuses_what_is_not_a_frame():
    with pytest.raises(ValueError, match="DataFrame, not dict"):
        schema.check_trade_frame({"importer": ["IND"]})


@pytest.mark.parametrize(
    "code", ["", "01", "0701", "310210", "2710x", "27-rest", "27_b2"]
)
def test_product_codes(code):
    assert schema.check_product(code) == code


@pytest.mark.parametrize("code", ["1", "310", "x27", "27 10", "27.10.19", 27, None])
def test_refuses_other_product_codes(code):
    with pytest.raises(ValueError, match="HS code"):
        schema.check_product(code)


@pytest.mark.parametrize("rate", [0, 0.0, 0.05, 1.0, schema.HIGHEST_RATE])
def test_rates(rate):
    assert schema.check_rate(rate, "to") == rate


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        (20, "20.*Rates are decimals: write 0.2 for 20 %"),
        (-0.1, "cannot be negative"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        ("5 %", "must be a number, not '5 %'"),
        (True, "must be a number, not True"),
        (None, "must be a number, not None"),
    ],
)
def test_refuses_other_rates(rate, message):
    with pytest.raises(ValueError, match=message):
        schema.check_rate(rate, "to")


def test_a_share_meant_as_per_cent():
    with pytest.raises(ValueError, match=r"between 0 and 1: write 0.5 for 50 %"):
        schema.check_share(50, "by")


def test_the_nearest_name_comes_first():
    message = schema.nearest("Armngton", ["Smart", "Armington", "Gsim"])
    assert message.startswith("did you mean 'Armington'?")
    assert "Gsim" in message


def test_long_lists_are_cut():
    assert "and 88 more" in schema.nearest("x", [f"{n:02}" for n in range(100)])
