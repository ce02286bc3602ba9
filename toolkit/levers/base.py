"""What all levers share: fields, checks, plain data, one sentence."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from toolkit.display import percent
from toolkit.levers.goods import (
    as_products,
    goods_of,
    products_text,
)
from toolkit.levers.timing import (
    check_phase_in,
    check_schedule,
    check_year,
    share_phased_in,
    share_scheduled,
)
from toolkit.levers.uncertain import Uncertain, put_back, set_aside
from toolkit.schema import check_choice, check_country, is_list, shown

Codes = NDArray[np.str_]


def as_mapping(value: object, what: str) -> dict[Any, Any]:
    """Return a mapping, given as one or as pairs, as a dict.

    Examples
    --------
    >>> as_mapping((("04", 5),), "staging"), as_mapping((), "staging")
    ({'04': 5}, {})
    """
    try:
        pairs = list(value.items() if isinstance(value, Mapping) else value)  # pyright: ignore
        out = dict(pairs)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} must be a mapping, not {shown(value)}.") from error
    if len(out) < len(pairs):
        raise ValueError(f"{what} names something twice: {shown(pairs)}.")
    return out


@dataclasses.dataclass(frozen=True)
class Dial:
    """The field of a lever that a slider, a goal or a tornado turns.

    Attributes
    ----------
    field : str
    low, high : float
        Sensible ends; the lever's own checks may allow more.
    unit : str
    neutral : float or None
        Where the lever does nothing; None where today's rate alone can tell.
    """

    field: str
    low: float
    high: float
    unit: str
    neutral: float | None = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lever:
    """A change that a user can make; a value: equal fields, equal levers.

    Subclasses are frozen dataclasses of plain numbers and text. They say what
    changes; :mod:`toolkit.market` alone turns them into shocks.

    Parameters
    ----------
    start, phase_in : int, optional
        First year of the change, and the number of equal yearly steps.
    schedule : mapping of int to float, optional
        Year -> share of the change in force (0 to 1), instead of equal steps.
    """

    start: int | None = None
    phase_in: int = 1
    schedule: Any = ()

    dials: ClassVar[tuple[Dial, ...]] = ()
    summary: ClassVar[str] = ""
    unit: ClassVar[str] = ""
    default_source: ClassVar[str] = ""

    def __post_init__(self) -> None:
        drawn = set_aside(self)
        if self.start is not None:
            self._set("start", check_year(self.start, "start"))
        self._set("phase_in", check_phase_in(self.phase_in, self.start))
        pairs = as_mapping(self.schedule, "schedule").items()
        self._set("schedule", check_schedule(pairs))
        self._check()
        put_back(self, drawn)

    @property
    def uncertain(self) -> dict[str, Uncertain]:
        """The fields that are known within a range only."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {name: v for name, v in fields.items() if isinstance(v, Uncertain)}

    def _check(self) -> None:
        """Check the fields of the subclass."""

    def share_in_force(
        self, year: int | None = None, products: Codes | None = None
    ) -> float | NDArray[np.float64]:
        """Return the share of the change in force in a year, by product if it differs.

        Parameters
        ----------
        year : int, optional
            Calendar year; without it the change is fully in force.
        products : ndarray of str, optional
            HS codes.
        """
        if self.schedule:
            return share_scheduled(year, self.schedule)
        return share_phased_in(year, self.start, self.phase_in)

    @property
    def dial(self) -> Dial:
        """The field to turn: of several ways to say the size, the one that is used."""
        given = [d for d in self.dials if getattr(self, d.field) is not None]
        return (given or list(self.dials))[0]

    def turned(self, value: float) -> Self:
        """Return a copy with the dial set to a value.

        Raises
        ------
        ValueError
            A value that the lever refuses.
        """
        return dataclasses.replace(self, **{self.dial.field: value})

    def timing(self) -> str:
        """Return when the lever is in force, for the end of its sentence."""
        text = "" if self.start is None else f", from {self.start}"
        text += f", over {self.phase_in} years" if self.phase_in > 1 else ""
        if self.schedule and self.schedule[-1][1] < 1.0:
            text += f", {percent(self.schedule[-1][1], 2)} of the change in force"
        return text

    def to_dict(self) -> dict[str, Any]:
        """Return the lever as plain data: its name and the fields that were set."""
        out: dict[str, Any] = {"lever": type(self).__name__}
        for field in sorted(dataclasses.fields(self), key=_place):
            value = getattr(self, field.name)
            everything = field.name == "products" and value == ("",)
            if value != _default(field) and not everything:
                out[field.name] = _plain(value)
        return out

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.sentence()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


@dataclasses.dataclass(frozen=True, kw_only=True)
class GoodsLever(Lever):
    """A lever on some products, named by HS prefixes ("" is all goods)."""

    products: str | tuple[str, ...] = ""

    def __post_init__(self) -> None:
        self._set("products", as_products(self.products))
        super().__post_init__()

    @property
    def prefixes(self) -> tuple[str, ...]:
        """HS prefixes the lever touches."""
        return as_products(self.products)

    def _goods(self) -> str:
        return products_text(self.prefixes)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FlowLever(GoodsLever):
    """A lever on the flows of some products from an exporter to an importer."""

    importer: str
    exporter: str

    def __post_init__(self) -> None:
        self._set("importer", check_country(self.importer, "importer"))
        exporter = check_country(self.exporter, "exporter", everyone=True)
        self._set("exporter", exporter)
        super().__post_init__()

    def _flow(self) -> str:
        return goods_of(self.exporter, self.prefixes)


def check_members(value: object) -> tuple[str, str]:
    """Return a pair of different countries, or raise.

    Examples
    --------
    >>> check_members(["IND", "RUS"])
    ('IND', 'RUS')
    """
    if not is_list(value):
        raise ValueError(
            f"members are two countries such as ('IND', 'RUS'), not {shown(value)}."
        )
    pair = tuple(check_country(code, "each of members") for code in value)
    if len(pair) != 2 or pair[0] == pair[1]:
        raise ValueError(f"members must be two different countries, not {shown(pair)}.")
    return pair[0], pair[1]


def _place(field: dataclasses.Field[Any]) -> int:
    """Return where a field is written: who trades first, when last."""
    first, last = ("importer", "exporter"), ("start", "phase_in", "schedule")
    if field.name == "products":
        return 1
    return 0 if field.name in first else 3 if field.name in last else 2


def one_of(value: object, allowed: tuple[str, ...], what: str) -> str:
    """Return the value if it is allowed, or raise.

    Examples
    --------
    >>> one_of("importer", ("importer", "exporter"), "rent_to")
    'importer'
    """
    return check_choice(value, allowed, what)


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return dataclasses.MISSING


def _plain(value: Any) -> Any:
    if isinstance(value, Uncertain):
        return value.to_dict()
    if isinstance(value, tuple):
        if len(value) == 1 and isinstance(value[0], str):
            return value[0]
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "item"):  # a NumPy number, which YAML cannot write
        return value.item()
    return value
