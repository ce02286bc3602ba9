"""Input-output links: what each good costs to make, and what is finally bought."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from toolkit.market.flows import Floats
from toolkit.market.world import Layout
from toolkit.schema import nearest, shown

LOOSE = 1e-4  # shares that add up to one so nearly are scaled to one


@dataclasses.dataclass(frozen=True, eq=False)
class InputOutput:
    """Cost shares of every good in every country, as in Caliendo and Parro (2015).

    Parameters
    ----------
    countries : sequence of str, length N
        Codes in the order of the arrays; all countries of the baseline.
    products : sequence of str, length J
        Product codes in the order of the arrays; all goods of the baseline.
    value_added : array, shape (N, J)
        Share of factors in the cost of a good.
    inputs : array, shape (N, J, J)
        At ``[n, k, j]`` the share of input k in the cost of good j of country n.
    final : array, shape (N, J), optional
        Shares of goods in final spending. Default: what the baseline's expenditure
        leaves after inputs.

    Raises
    ------
    ValueError
        A shape that does not fit, shares that do not add up to one (within 1e-4;
        what is left of that is scaled away), a country or good of the baseline that
        is missing.

    Examples
    --------
    >>> links = InputOutput(["IND"], ["01"], [[0.4]], [[[0.6]]])
    >>> links.inputs.shape
    (1, 1, 1)
    """

    countries: Sequence[str]
    products: Sequence[str]
    value_added: ArrayLike
    inputs: ArrayLike
    final: ArrayLike | None = None

    def __post_init__(self) -> None:
        n, j = len(self.countries), len(self.products)
        added = _checked(self.value_added, (n, j), "value_added")
        inputs = _checked(self.inputs, (n, j, j), "inputs")
        cost = added + inputs.sum(axis=1)
        self._refuse_gap(cost, "value added and inputs")
        if (added <= 0).any():
            raise ValueError("value_added must be above zero in every good.")
        keep = {"value_added": added / cost, "inputs": inputs / cost[:, None, :]}
        if self.final is not None:
            final = _checked(self.final, (n, j), "final")
            whole = final.sum(axis=1, keepdims=True)
            self._refuse_gap(whole, "final shares")
            keep["final"] = final / whole
        for name, values in keep.items():
            values.setflags(write=False)
            object.__setattr__(self, name, values)

    def _refuse_gap(self, whole: Floats, what: str) -> None:
        off = np.abs(whole - 1.0)
        if (off > LOOSE).any():
            country = self.countries[int(np.argmax(off.max(axis=1)))]
            raise ValueError(
                f"The {what} of {country} add up to {whole.flat[int(off.argmax())]:g}, "
                "not to 1."
            )

    def on(self, layout: Layout) -> tuple[Floats, Floats, Floats | None]:
        """Return value added (J, N), inputs (N, J, J), final (J, N) as laid out."""
        rows = _places(layout.countries, self.countries, "country")
        columns = _places(layout.products, self.products, "product")
        added = np.asarray(self.value_added)[np.ix_(rows, columns)].T
        inputs = np.asarray(self.inputs)[np.ix_(rows, columns, columns)]
        if self.final is None:
            return np.ascontiguousarray(added), inputs, None
        final = np.asarray(self.final)[np.ix_(rows, columns)].T
        return np.ascontiguousarray(added), inputs, np.ascontiguousarray(final)


def _checked(values: ArrayLike, shape: tuple[int, ...], what: str) -> Floats:
    array = np.array(values, dtype=float)
    if array.shape != shape:
        raise ValueError(f"{what} has the shape {array.shape}; wanted is {shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{what} must be finite numbers.")
    if (array < -LOOSE * 10).any():
        raise ValueError(f"{what} holds {array.min():g}: a share is not negative.")
    return array


def _places(wanted: NDArray[np.str_], given: Sequence[str], what: str) -> list[int]:
    place = {code: n for n, code in enumerate(given)}
    for code in wanted.tolist():
        if code not in place:
            raise ValueError(
                f"The input-output table lacks the {what} {shown(code)} of the "
                "baseline; " + nearest(code, place)
            )
    return [place[code] for code in wanted.tolist()]
