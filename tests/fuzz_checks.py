"""What must hold of whatever was accepted, worked out anew from what a user sees."""

import contextlib
import os
import re
import signal
import traceback
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import settings

import tally
import toolkit
import toolkit as tk

SECONDS = 10
MOST = 2_000  # characters of a message
TIGHT = 1e-9
CASES = {"long": 100_000}
CLEAR = (ValueError, tk.NotConverged, FileNotFoundError, FileExistsError)
PACKAGE = str(Path(toolkit.__file__).parent)
# Words of the libraries below, which tell a user nothing about the input.
UNCLEAR = re.compile(
    r"Traceback|object has no attribute|unhashable|ambiguous|subscriptable|'NoneType'|"
    r"could not (convert|broadcast)|cannot (convert|cast|reindex)|unsupported operand|"
    r"ufunc|dtype|out of bounds|invalid literal|positional argument|codec can|iterable|"
    r"truth value|not callable|concatenat|Length mismatch|object at 0x",
)

# A table that was passed where a word belongs is named as pandas prints it, with
# "dtype: object" as its last line: that is the input, not a library's complaint.
ECHOED = re.compile(r"(Name: [^,]*, )?(Length: \d+, )?dtype: \w+")


def cases(share):
    """Return how many cases a test tries: its share of 2,000, or of the profile's."""
    whole = CASES.get(settings.get_current_profile_name(), 2_000)
    return settings(max_examples=max(1, round(share * whole)))


class HungError(Exception):
    """A case took longer than ten seconds."""


@contextlib.contextmanager
def at_once():
    """Raise where a case takes longer than ten seconds."""

    def late(*_):
        raise HungError(f"longer than {SECONDS} s")

    if os.name != "posix":
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def tried(kind, make):
    """Return what a case makes, or None where it is refused with a clear error."""
    try:
        with at_once():
            found = make()
    except CLEAR as error:
        check_clear(error)
        refused = "not converged" if isinstance(error, tk.NotConverged) else "refused"
        tally.count(kind, refused)
        return None
    tally.count(kind, "accepted, all identities hold")
    return found


def check_clear(error):
    """Hold an error to what a user needs: short, in words of the input, by us."""
    said = str(error)
    where = traceback.extract_tb(error.__traceback__)[-1].filename
    assert where.startswith(PACKAGE), (where, said)
    assert type(error) in CLEAR, (type(error), said)
    assert 10 <= len(said) <= MOST, (len(said), said[:300])
    assert not UNCLEAR.search(ECHOED.sub("", said)), said
    assert all(mark.isprintable() or mark == "\n" for mark in said), repr(said)


def check_frame(base):
    """Hold a baseline that was accepted to what a trade frame is."""
    frame = base.frame
    assert list(frame["product"].map(type).unique()) == [str]
    for name in ("value_usd_mn", "applied_rate", "ntm_ave"):
        values = frame[name].to_numpy()
        assert values.dtype == float
        assert np.isfinite(values).all(), name
        assert (values >= 0).all(), name
    assert not frame.duplicated(["importer", "exporter", "product"]).any()
    assert not set(frame["source"]) & {"nan", "<NA>", "NaT"}
    balance = base.balance()
    assert balance["balance"] == balance["exports"] - balance["imports"]
    check_shown(repr(base))


def check_shown(text):
    """Hold a text for a terminal to lines of what can be printed."""
    assert all(mark.isprintable() for mark in text if mark != "\n"), repr(text)


def near(one, other, scale):
    """Hold two numbers to be one, to rounding of what they are made of."""
    assert abs(one - other) <= TIGHT * max(scale, 1e-300), (one, other, scale)


class Long:
    """The long frame of a result as arrays, variable by variable."""

    def __init__(self, result):
        frame = result.frame
        names = frame["variable"].to_numpy(dtype=object)
        keys = frame[["importer", "exporter", "product"]].to_numpy(dtype=object)
        numbers = frame[["baseline", "counterfactual", "change"]].to_numpy(dtype=float)
        assert not np.isinf(numbers).any(), frame[np.isinf(numbers).any(axis=1)]
        self.keys, self.numbers = {}, {}
        for name in set(names):
            mine = names == name
            self.keys[name] = [tuple(key) for key in keys[mine]]
            self.numbers[name] = numbers[mine]

    def after(self, name):
        """Return the counterfactual of a variable by key."""
        return dict(zip(self.keys[name], self.numbers[name][:, 1], strict=True))


def check_result(result, base, *, deep=True):
    """Hold a result to every identity, worked out from its long frame."""
    long = Long(result)
    before, after = long.numbers["value"][:, 0], long.numbers["value"][:, 1]
    assert np.isfinite(after).all()
    assert (after >= 0).all()
    assert before.tolist() == base.frame["value_usd_mn"].tolist()
    gross = float(before.sum() + after.sum())
    check_balance(result, long, gross)
    rates, paid = long.after("applied_rate"), long.after("tariff_revenue")
    assert min(rates.values()) >= 0
    values = long.after("value")
    near(sum(abs(paid[k] - rates[k] * values[k]) for k in values), 0.0, gross)
    for name in ("quantity", "consumer_price", "producer_price", "composite_price"):
        if name in long.numbers:  # not where nothing is traded
            known = long.numbers[name][:, 1]
            assert (known[~np.isnan(known)] >= 0).all(), name
    if deep:
        checked = result.check()
        assert checked["holds"].all(), checked
        check_shown(repr(result))
    return long


def check_balance(result, long, gross):
    """Hold balance and products to the flows of the pair."""
    table = result.balance()
    found = {name: table.loc[name].to_numpy() for name in table.index}
    pairs = {
        "exports": (result.partner, result.reporter),
        "imports": (result.reporter, result.partner),
    }
    for name, pair in pairs.items():
        mine = [key[:2] == pair for key in long.keys["value"]]
        for place, due in enumerate(long.numbers["value"][mine].sum(axis=0)):
            near(found[name][place], due, gross)
    for place in range(3):
        due = found["exports"][place] - found["imports"][place]
        near(found["balance"][place], due, gross)
    near(found["balance"][2], found["balance"][1] - found["balance"][0], gross)


def check_demand(result, long):
    """Hold each market to CES demand: ln q + sigma ln p is one number in it.

    So the demand for a variety falls in its own price, at the substitution
    elasticity that the result says it used.
    """
    if not {"quantity", "consumer_price"} <= set(long.numbers):
        return
    used = result.elasticities
    used = used[used["concept"] == "substitution_elasticity"]
    names = used[["importer", "exporter", "product"]].itertuples(index=False, name=None)
    sigma = dict(zip(names, used["value"], strict=True))
    price, markets = long.after("consumer_price"), {}
    for key, quantity in long.after("quantity").items():
        if np.isinf(sigma[key]):
            continue  # one good: its sellers have no demand of their own
        if quantity > 1e-250 and price.get(key, np.nan) > 1e-250:
            terms = np.log(quantity), sigma[key] * np.log(price[key])
            markets.setdefault((key[0], key[2]), []).append(terms)
    for terms in markets.values():
        levels = [one + other for one, other in terms]
        scale = 1.0 + max(abs(one) + abs(other) for one, other in terms)
        assert max(levels) - min(levels) <= 1e-7 * scale, terms


def same(one, other):
    """Hold two results to be the same to the bit."""
    for mine, theirs in zip(one.blocks, other.blocks, strict=True):
        for name, variable in mine.variables.items():
            np.testing.assert_array_equal(
                variable.counterfactual, theirs.variables[name].counterfactual
            )


def untouched(frame):
    """Return a check that a user's frame is as it was, cell for cell."""
    if not isinstance(frame, pd.DataFrame):
        return lambda: True
    copy, kinds = frame.copy(deep=True), list(map(str, frame.dtypes))
    columns, index = list(frame.columns), frame.index.copy()

    def check():
        assert list(frame.columns) == columns
        assert list(map(str, frame.dtypes)) == kinds
        assert frame.index.equals(index)
        for place in range(len(columns)):
            mine, theirs = frame.iloc[:, place], copy.iloc[:, place]
            assert list(map(repr, mine.tolist())) == list(map(repr, theirs.tolist()))
        return True

    return check
