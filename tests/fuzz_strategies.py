"""Hostile input: cells, numbers, texts, frames, levers, YAML and elasticities."""

import dataclasses
import datetime
import decimal
import fractions

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import toolkit as tk
from markets import COLUMNS
from toolkit.levers import KINDS

CODES = ("30", "31", "310210", "2709", "98", "2710x", "")
COUNTRIES = ("IND", "RUS", "CHN", "USA", "ROW")
LONG = "x" * 3_000
STRANGE_TEXT = (
    "", " ", "\x00", "\x0b", "\x1b[2J", "\x85", "\u2028", "\ud800", "\uffff", "\u202e",
    "a\nb", "</script><script>x()</script>", "=1+1", "{{7*7}}", "*a &b !!c", "$x$",
    "[a](javascript:b)", "NaN", "None", "\u0663\u0661", "\u00e9" * 40, LONG,
)  # fmt: skip


RARE = ("Cc", "Cf", "Zl", "Zp", "Cs", "Cn")


def texts():
    """Return a strategy of texts that somebody might type, paste or plant."""
    return st.one_of(
        st.sampled_from(STRANGE_TEXT),
        st.text(max_size=30),
        st.text(
            st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Cs", "Cn"]), max_size=6
        ),
        st.builds("deal {}".format, st.text(max_size=8)),
    )


def odd():
    """Return a strategy of values that are no number of a table or a lever."""
    return st.one_of(
        st.sampled_from(
            [
                None, True, False, pd.NA, pd.NaT, np.nan, np.inf, -np.inf, 2**1100,
                -(2**1100), 10**30, 1e300, -1e300, 5e-324, -0.0, 1 + 1j, "1", "1.5",
                "", b"1", [], [1.0], (), {}, {"a": 1}, set(), object, np.array([1, 2]),
                np.bool_(True), np.complex128(1j), np.timedelta64(3, "D"),
                np.datetime64("2024-01-01"), pd.Timestamp("2024-01-01"),
                datetime.date(2024, 1, 1), datetime.timedelta(1),
                decimal.Decimal("1.5"),
                fractions.Fraction(1, 3), pd.Series([1.0]), np.str_("IND"), LONG,
            ]
        ),
        st.floats(),
        st.integers(),
        texts(),
    )  # fmt: skip


def sizes():
    """Return a strategy of amounts from a fraction of a cent to more than the world."""
    return st.one_of(
        st.just(0.0),
        st.floats(0.01, 1_000.0),
        st.floats(-14, 14).map(lambda power: 10.0**power),
    )


@st.composite
def plain_frames(draw, most=10):
    """Return a frame that is right, its amounts perhaps very far apart."""
    products = draw(
        st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True)
    )
    rows = []
    for product in products:
        for importer, exporter in draw(st.sets(st.sampled_from(FLOWS), min_size=1,
                                               max_size=most)):  # fmt: skip
            rate = 0.0 if importer == exporter else draw(st.floats(0.0, 3.0))
            rows.append((importer, exporter, product, draw(sizes()), rate))
    frame = pd.DataFrame(sorted(rows), columns=COLUMNS)
    if draw(st.booleans()):
        frame["kilotonnes"] = frame["value_usd_mn"] * draw(st.floats(0.01, 10.0))
    if draw(st.booleans()):
        frame["ntm_ave"] = draw(st.floats(0.0, 1.0))
    if draw(st.booleans()):
        frame["basis"] = draw(st.sampled_from(["FOB", "CIF", ""]))
    return frame


FLOWS = (
    *(("IND", seller) for seller in ("IND", "RUS", "CHN", "ROW")),
    *(("RUS", seller) for seller in ("IND", "RUS", "CHN", "ROW")),
    ("USA", "IND"),
)
DRESSES = ("category", "string", "object", "arrow", "Int64", "float32", "str")


def spoil_cell(frame, data):
    column = data.draw(st.sampled_from(list(frame.columns)))
    cells = frame[column].astype(object).tolist()
    cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(odd())
    out = frame.copy()
    out[column] = pd.Series(cells, index=frame.index, dtype=object)
    return out


def spoil_column(frame, data):
    column = data.draw(
        st.sampled_from([*frame.columns, "kilotonnes", "tariff_driven", "source"])
    )
    value = data.draw(odd())
    cells = pd.Series([value] * len(frame), index=frame.index, dtype=object)
    return frame.assign(**{column: cells})


def dress(frame, data):
    column = data.draw(st.sampled_from(list(frame.columns)))
    kind = data.draw(st.sampled_from(DRESSES))
    try:
        if kind == "arrow":
            return frame.convert_dtypes(dtype_backend="pyarrow")
        return frame.astype({column: kind})
    except (TypeError, ValueError, OverflowError):
        return frame


SHAPES = (
    lambda frame: frame.iloc[:0],
    lambda frame: frame.drop(columns=frame.columns[0]),
    lambda frame: frame.rename(columns={"value_usd_mn": "value"}),
    lambda frame: pd.concat([frame, frame]),
    lambda frame: pd.concat([frame, frame.iloc[:, :1]], axis=1),
    lambda frame: frame.set_index(frame.columns[0]),
    lambda frame: frame.set_index(frame.columns[0], drop=False),
    lambda frame: frame.T,
    lambda frame: frame.sample(frac=1.0, random_state=1),
    lambda frame: frame.assign(more=LONG),
    lambda frame: frame.to_dict(),
    lambda frame: frame.to_numpy(),
    lambda frame: None,
)


def reshape(frame, data):
    return data.draw(st.sampled_from(SHAPES))(frame)


CHANGES = (spoil_cell, spoil_cell, spoil_column, dress)


@st.composite
def hostile_frames(draw):
    """Return a frame of which one to three things are wrong, or strange and right."""
    data = draw(st.data())
    frame = draw(plain_frames())
    for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3)):
        frame = change(frame, data)
    if draw(st.booleans()):
        frame = reshape(frame, data)
    return frame


# Levers

CODE, YEARS = st.sampled_from(CODES), st.integers(2024, 2030)


def field_values(name):
    """Return a strategy of values for a field, many of them right."""
    right = {
        "importer": st.sampled_from(COUNTRIES),
        "exporter": st.sampled_from((*COUNTRIES, "ALL")),
        "market": st.sampled_from(COUNTRIES),
        "products": st.sampled_from((*CODES, ("30", "31"))),
        "currency": st.sampled_from(("RUB", "INR")),
        "start": st.one_of(st.none(), st.integers(2020, 2035)),
        "phase_in": st.integers(1, 10),
        "schedule": st.dictionaries(YEARS, st.floats(0, 1), max_size=3),
        "members": st.just(("IND", "RUS")),
        "exclude": st.just(()),
        "staging": st.dictionaries(CODE, st.integers(1, 9), max_size=2),
        "rent_to": st.sampled_from(("importer", "exporter")),
        "paid_by": st.sampled_from(("importer", "exporter")),
        "price_source": texts(),
        "respect_bound": st.booleans(),
        "market_": st.none(),
    }
    number = st.one_of(
        st.floats(0.0, 1.0),
        st.floats(-0.9, 5.0),
        st.floats(0.0, 1e4),
        st.floats(-14, 14).map(lambda power: 10.0**power),
    )
    return right.get(name, number)


@st.composite
def lever_fields(draw, hostile):
    """Return a kind of lever and fields for it, ``hostile`` of them of any sort."""
    kind = draw(st.sampled_from(KINDS))
    fields = [f for f in dataclasses.fields(kind)]
    required = [
        f.name
        for f in fields
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    others = [f.name for f in fields if f.name not in required]
    chosen = draw(st.lists(st.sampled_from(others), max_size=4, unique=True))
    values = {name: draw(field_values(name)) for name in (*required, *chosen)}
    for _ in range(draw(st.integers(0, hostile if values else 0))):
        values[draw(st.sampled_from(sorted(values)))] = draw(odd())
    return kind, values


@st.composite
def sound_levers(draw):
    """Return a lever that checks itself, of any size that it allows."""
    while True:
        kind, values = draw(lever_fields(0))
        if kind.__name__ == "NonTariffEasing":
            values = {k: v for k, v in values.items() if k not in PARTS}
        try:
            return kind(**values)
        except ValueError:
            continue


PARTS = ("resource", "rent", "fee")


def elasticities():
    """Return a strategy of the three elasticities, from tiny to huge."""
    size = st.one_of(st.floats(0.05, 20.0), st.floats(-6, 6).map(lambda x: 10.0**x))
    return st.builds(
        lambda sigma, eta, mu: {
            "substitution_elasticity": sigma,
            "import_demand_elasticity": -eta,
            "export_supply_elasticity": mu,
        },
        st.one_of(st.none().map(lambda _: 3.0), size, st.just(1.0)),
        st.one_of(size, st.just(0.0), st.just(1.0)),
        st.one_of(size, st.just(float("inf"))),
    )


@st.composite
def hostile_elasticities(draw):
    """Return what somebody may pass as an elasticity."""
    if draw(st.booleans()):
        return draw(st.one_of(odd(), st.floats(-10, 10)))
    names = draw(
        st.sampled_from(
            [None, "product", "importer", "exporter", "chapter",
             ["importer", "product"], ["exporter", "exporter"], [None, None]]
        )
    )  # fmt: skip
    count = draw(st.integers(0, 4))
    key = st.one_of(st.sampled_from((*CODES, *COUNTRIES)), odd().filter(_hashable))
    if isinstance(names, list):
        keys = [(draw(key), draw(key)) for _ in range(count)]
        index = pd.MultiIndex.from_arrays(
            [[key[n] for key in keys] for n in (0, 1)], names=names
        )
    else:
        index = pd.Index([draw(key) for _ in range(count)], name=names, dtype=object)
    values = [draw(st.one_of(st.floats(-5, 10), odd())) for _ in range(count)]
    return pd.Series(values, index=index, dtype=object)


def _hashable(value):
    try:
        hash(value)
    except TypeError:
        return False
    return True


# YAML

PIECES = (
    "levers:\n", "- lever: TariffCut\n", "  importer: RUS\n", "  exporter: IND\n",
    "  to: 0.0\n", "  by: 0.5\n", "  products: '30'\n", "- ", "  ", "\n", ": ", "[",
    "]", "{", "}", ",", "&a ", "*a", "!!", "!x ", "? ", "<<: *a\n", "|\n", ">\n", "'",
    '"', "#", "%YAML 1.1\n", "---\n", "...\n", "name: x\n", "title: ", "null", "~",
    "true", ".nan", ".inf", "1:30", "0700", "0x1F", "1e400", "2024-01-01", "9" * 400,
    "\t", "\x00", "\u2028", "\\", "@", "`", "lol: &b [*a, *a, *a, *a]\n", LONG,
)  # fmt: skip


@st.composite
def yaml_texts(draw):
    """Return YAML that was right and was changed, or pieces of it in any order."""
    if draw(st.booleans()):
        return "".join(draw(st.lists(st.sampled_from(PIECES), max_size=25))) + "\n"
    levers = draw(st.lists(sound_levers(), max_size=3))
    text = tk.Scenario("deal", levers, title="A deal").to_yaml()
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 6))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)))
        text = text[:at] + piece + text[at + cut :]
    return text + "\n"
