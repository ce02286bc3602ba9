"""What text may hold, and how what users wrote is shown: the one place for both.

Names, titles, labels and sources end in charts, pages, workbooks, YAML and terminals.
Some characters break one of these: a control character kills the chart renderer, a lone
surrogate makes a corrupt workbook, U+2028 ends a line of a script, U+0085 does not
survive YAML. Text that a user types is refused with such a character
(:func:`check_text`); text that comes with data, labels and sources, is cleaned and a
note says so (:func:`clean_text`). Right-to-left marks are text: they are kept, and
shown as escapes on a terminal.
"""

from __future__ import annotations

import html
import re
import reprlib
import unicodedata
from collections.abc import Iterable
from numbers import Number

LONGEST_TEXT = 30_000  # characters; a cell of a workbook holds 32,767
LONGEST_NAME = 500  # of names, titles and labels, which charts draw
LONGEST_SHOWN = 120  # of a value in a message
LONGEST_MESSAGE = 1_800

# Controls but tab and line feed, line and paragraph separators, surrogates, and the
# code points that Unicode keeps from being characters.
_ENDS = "".join(chr(n << 16 | end) for n in range(1, 17) for end in (0xFFFE, 0xFFFF))
BANNED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    f"{_ENDS}]"
)


def check_text(value: object, what: str, most: int = LONGEST_TEXT) -> str:
    """Return text that every chart, page, workbook and file can hold, or raise.

    Raises
    ------
    ValueError
        Not text, longer than ``most`` characters, or a character that text may not
        hold, named with its place.

    Examples
    --------
    >>> check_text("Shrimp, frozen", "name")
    'Shrimp, frozen'
    """
    if not isinstance(value, str):
        raise ValueError(f"{what} is text, not {shown(value)}.")
    if len(value) > most:
        raise ValueError(
            f"{what} is {len(value):,} characters long; allowed are at most {most:,}."
        )
    found = BANNED.search(value)
    if found:
        raise ValueError(
            f"{what} holds the character {_named(found[0])} at place "
            f"{found.start() + 1}: delete it. Text may hold any character but controls "
            "(tab and line feed are allowed), line separators and halves of pairs."
        )
    return str(value)


def clean_text(value: object, most: int = LONGEST_NAME) -> str:
    r"""Return text from data with what text may not hold replaced by blanks.

    Examples
    --------
    >>> clean_text("Mackerel\x0bfrozen")
    'Mackerel frozen'
    """
    return BANNED.sub(" ", str(value))[:most]


def cleaning_note(what: str, texts: Iterable[object]) -> tuple[str, ...]:
    r"""Return a note where cleaning changes some texts; none where it does not.

    Examples
    --------
    >>> cleaning_note("source", ["a\x0bb", "c"])
    ('1 text of source was cleaned of characters that text may not hold: U+000B.',)
    """
    changed, found = 0, set()
    for text in map(str, texts):
        if clean_text(text) != text:
            changed += 1
            found |= set(BANNED.findall(text))
    if not changed:
        return ()
    codes = ", ".join(sorted(f"U+{ord(mark):04X}" for mark in found)[:6])
    held = f" of characters that text may not hold: {codes}" if codes else " by cutting"
    several = "texts" if changed > 1 else "text"
    verb = "were" if changed > 1 else "was"
    return (f"{changed} {several} of {what} {verb} cleaned{held}.",)


def on_one_line(text: object) -> str:
    r"""Return text for a terminal: one line, nothing that moves the cursor.

    Examples
    --------
    >>> print(on_one_line("Deal\nbalance  +9\x1b[2J\u202e"))
    Deal balance +9\x1b[2J\u202e
    """
    flat = " ".join(str(text).split())
    return "".join(c if c.isprintable() else _escaped(c) for c in flat)


def in_html(text: str) -> str:
    """Return text for HTML in which no dollar starts a formula.

    Examples
    --------
    >>> in_html("Oil & gas, US$ bn")
    'Oil &amp; gas, US<span>$</span> bn'
    """
    return html.escape(text).replace("$", "<span>$</span>")


def shown(value: object, most: int = LONGEST_SHOWN) -> str:
    """Return a value for a message: its repr, cut, whatever the value is.

    Examples
    --------
    >>> shown("RSU"), shown([["x"] * 9] * 9)
    ("'RSU'", "[['x', 'x', 'x', ...], ['x', 'x', 'x', ...], ['x', 'x', 'x', ...], ...]")
    """
    try:
        if hasattr(value, "dtype") and not isinstance(value, str | Number):
            text = f"a {type(value).__name__}"
        else:
            text = _Short(most).repr(value)
    except Exception:  # a repr of someone else's class may raise anything
        text = f"a {type(value).__name__}"
    return cut(" ".join(text.split()), most)


def cut(text: str, most: int = LONGEST_MESSAGE) -> str:
    """Return text of at most so many characters, the middle left out.

    Examples
    --------
    >>> cut("abcdefghijklmnop", 11)
    'abc ... nop'
    """
    if len(text) <= most:
        return text
    kept = (most - 5) // 2
    return f"{text[:kept]} ... {text[-kept:]}"


class _Short(reprlib.Repr):
    """Representations of a few items and levels, whatever is inside."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = 3
        self.maxfrozenset = self.maxdeque = self.maxarray = 3
        self.maxstring = self.maxlong = self.maxother = most


def _named(mark: str) -> str:
    name = unicodedata.name(mark, "")
    return f"U+{ord(mark):04X}" + (f" ({name.lower()})" if name else "")


def _escaped(mark: str) -> str:
    return mark if mark == " " else mark.encode("unicode_escape").decode("ascii")
