"""Hostile input: cells, numbers, texts, frames, levers, YAML and elasticities."""

import dataclasses
import datetime
import decimal
import fractions
import random

import numpy as np
import pandas as pd
from hypothesis import reject
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


ODD = (
    None, True, False, pd.NA, pd.NaT, np.nan, np.inf, -np.inf, 2**1100,
    -(2**1100), 10**30, 1e300, -1e300, 5e-324, -0.0, 1 + 1j, "1", "1.5",
    "", b"1", [], [1.0], [None], [[1]], (), {}, {"a": 1}, set(), object,
    np.array([1, 2]), np.array([]), np.array(3.0), np.array("31"),
    np.bool_(True), np.complex128(1j), np.timedelta64(3, "D"),
    np.datetime64("2024-01-01"), pd.Timestamp("2024-01-01"),
    datetime.date(2024, 1, 1), datetime.timedelta(1),
    decimal.Decimal("1.5"), decimal.Decimal("NaN"),
    fractions.Fraction(1, 3), pd.Series([1.0]), pd.Series(["31", "32"]),
    pd.Series(dtype=float), pd.DataFrame({"a": [1]}), pd.Index([1, 2]), range(3),
    np.str_("IND"), LONG,
)  # fmt: skip


def odd():
    """Return a strategy of values that are no number of a table or a lever."""
    return st.one_of(st.sampled_from(ODD), st.floats(), st.integers(), texts())


def seeded(make):
    """Return a strategy of what a function makes of a source of random numbers.

    The many amounts of a frame or lever come from one drawn number: drawing each by
    itself takes longer than solving the case.
    """
    return st.integers(0, 2**48).map(lambda seed: make(random.Random(seed)))


def size_of(rng):
    """Return an amount from a fraction of a cent to more than the world."""
    kind = rng.random()
    if kind < 0.1:
        return 0.0
    return rng.uniform(0.01, 1_000.0) if kind < 0.7 else 10.0 ** rng.uniform(-14, 14)


def frame_of(rng):
    """Return a frame that is right, its amounts perhaps very far apart."""
    rows = []
    for product in rng.sample(CODES, rng.randint(1, 3)):
        flows = set(rng.sample(FLOWS, rng.randint(1, len(FLOWS))))
        flows |= set(ALWAYS) if rng.random() < 0.9 else set()
        for importer, exporter in sorted(flows):
            rate = 0.0 if importer == exporter else rng.choice(RATES)
            rows.append((importer, exporter, product, size_of(rng), rate))
    frame = pd.DataFrame(sorted(rows), columns=COLUMNS)
    if rng.random() < 0.6:
        frame["kilotonnes"] = frame["value_usd_mn"] * rng.uniform(0.01, 10.0)
    if rng.random() < 0.5:
        frame["ntm_ave"] = rng.uniform(0.0, 1.0)
    if rng.random() < 0.4:
        frame["homogeneous"] = frame["product"] == "2709"
    if rng.random() < 0.5:
        frame["basis"] = rng.choice(["FOB", "CIF", ""])
    return frame


def plain_frames():
    """Return a strategy of frames that are right."""
    return seeded(frame_of)


RATES = (0.0, 0.05, 0.1, 0.37, 1.0, 3.0, 1e-9)
FLOWS = (
    *(("IND", seller) for seller in ("IND", "RUS", "CHN", "ROW")),
    *(("RUS", seller) for seller in ("IND", "RUS", "CHN", "ROW")),
    ("USA", "IND"),
)
ALWAYS = (("IND", "RUS"), ("RUS", "IND"), ("IND", "ROW"), ("USA", "IND"))
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
        with np.errstate(over="ignore"):  # a float too large for 32 bits
            return frame.astype({column: kind})
    except (TypeError, ValueError, OverflowError, Warning):  # pandas itself objects
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
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=2)):
        frame = change(frame, data)
    if draw(st.integers(0, 3)) == 0:
        frame = reshape(frame, data)
    return frame


# Levers


def right_value(name, rng, codes=CODES):
    """Return a value for a field that is mostly right."""
    right = {
        "importer": lambda: rng.choice(PAIR),
        "exporter": lambda: rng.choice((*PAIR * 3, "ALL", "CHN")),
        "market": lambda: rng.choice(("USA",) * 9 + ("CHN",)),
        "products": lambda: rng.choice((*codes, "", codes)),
        "currency": lambda: rng.choice(("RUB", "INR")),
        "start": lambda: rng.choice((None, 2024, 2027)),
        "phase_in": lambda: rng.choice((1, 1, 5)),
        "schedule": lambda: {2024 + n: rng.random() for n in range(rng.randint(0, 2))},
        "members": lambda: PAIR,
        "exclude": lambda: (),
        "staging": lambda: {rng.choice(codes): rng.randint(1, 9)},
        "rent_to": lambda: rng.choice(("importer", "exporter")),
        "paid_by": lambda: rng.choice(("importer", "exporter")),
        "price_source": lambda: rng.choice(("a survey", "")),
        "respect_bound": lambda: rng.random() < 0.5,
    }
    return right[name]() if name in right else number_of(rng)


PAIR = ("IND", "RUS")


def number_of(rng):
    """Return a number that some field may take: a share, a change, an amount."""
    return rng.choice(
        (
            lambda: rng.random(),
            lambda: rng.random(),
            lambda: rng.uniform(-0.9, 1.0),
            lambda: rng.uniform(0.0, 5.0),
            lambda: rng.uniform(0.0, 2_000.0),
            lambda: 10.0 ** rng.uniform(-14, 14),
        )
    )()


def fields_of(kind, rng, codes=CODES):
    """Return values for the fields that a lever needs and for some of the others."""
    fields = dataclasses.fields(kind)
    required = [
        f.name
        for f in fields
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    others = [f.name for f in fields if f.name not in (*required, *PARTS)]
    chosen = rng.sample(others, min(len(others), rng.choice((0, 1, 1, 2, 3))))
    values = {name: right_value(name, rng, codes) for name in (*required, *chosen)}
    if values.get("importer") == values.get("exporter") is not None:
        values["exporter"] = PAIR[values["importer"] == "IND"]
    return values


@st.composite
def lever_fields(draw, hostile):
    """Return a kind of lever and fields for it, up to ``hostile`` of any sort."""
    kind = draw(st.sampled_from(KINDS))
    values = draw(seeded(lambda rng: fields_of(kind, rng)))
    for _ in range(draw(st.integers(0, hostile if values else 0))):
        values[draw(st.sampled_from(sorted(values)))] = draw(odd())
    return kind, values


def lever_of(rng, codes=CODES):
    """Return a lever that checks itself, of any size that it allows."""
    while True:
        kind = rng.choice(KINDS)
        try:
            return kind(**fields_of(kind, rng, codes))
        except ValueError:
            continue


def sound_levers():
    """Return a strategy of levers that check themselves."""
    return seeded(lever_of)


def world_of(rng):
    """Return a frame and levers on goods that it holds."""
    frame = frame_of(rng)
    codes = tuple(sorted(set(frame["product"])))
    return frame, [lever_of(rng, codes) for _ in range(rng.choice((0, 1, 1, 2, 3, 5)))]


def worlds():
    """Return a strategy of frames with levers on goods that they hold."""
    return seeded(world_of)


PARTS = ("resource", "rent", "fee")


def elasticities_of(rng):
    """Return the three elasticities, from tiny to huge; now and then none."""

    def size():
        wide = rng.random() < 0.3
        return 10.0 ** rng.uniform(-6, 6) if wide else rng.uniform(0.05, 15.0)

    if rng.random() < 0.2:
        return {}
    return {
        "substitution_elasticity": rng.choice((1.0, size(), size(), size())),
        "import_demand_elasticity": -rng.choice((0.0, 1.0, size(), size())),
        "export_supply_elasticity": rng.choice((float("inf"), size(), size())),
    }


def elasticities():
    """Return a strategy of the three elasticities."""
    return seeded(elasticities_of)


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
    keys = [(draw(key), draw(key)) for _ in range(count)]
    columns = [[key[n] for key in keys] for n in (0, 1)]
    try:
        if isinstance(names, list):
            index = pd.MultiIndex.from_arrays(columns, names=names)
        else:
            index = pd.Index(columns[0], name=names, dtype=object)
    # pandas itself cannot make it, or warns of what it makes
    except (ValueError, OverflowError, TypeError, Warning):
        reject()
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
