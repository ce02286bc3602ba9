"""Reading YAML that somebody else wrote: bounded while it is read, never after.

Plain data only: text, numbers, truth values, lists and mappings. Size, depth, aliases
and what they multiply to are counted before any of it is built, so that a file of a few
bytes cannot take all memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from toolkit.schema import cut, nearest, on_one_line, shown

MOST_BYTES = 200_000
MOST_DEPTH = 12
MOST_BESIDE = 200  # files that are looked into for a suggestion
MOST_NODES = 50_000  # with aliases written out
LONGEST = 600  # of what the parser says
# Octal and sexagesimal numbers of YAML 1.1 (0700 is 448) are nobody's meaning here.
DECIMAL = re.compile(
    r"[-+]?((0|[1-9][\d_]*)(\.[\d_]*)?|\.\d[\d_]*|0+\.\d*)"
    r"([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF|nan|NaN|NAN)",
    re.ASCII,
)
TAGS = ("bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp")


def parse(text: str) -> Any:
    r"""Return YAML text as plain data.

    Raises
    ------
    ValueError
        Not YAML, a key twice, or more of anything than is allowed; with the line.

    Examples
    --------
    >>> parse("name: deal\nlevers: []\n")
    {'name': 'deal', 'levers': []}
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise ValueError(f"{size:,} bytes of YAML; at most {MOST_BYTES:,} are read.")
    try:
        return yaml.load(text, Loader=_Bounded)
    except yaml.YAMLError as error:
        raise ValueError(f"not valid YAML: {_said(error)}") from error


def scenario_text(
    source: object, shipped: Callable[[], Mapping[str, Path]]
) -> tuple[str, str]:
    """Return the text of a scenario and where it is from: a path, a name, the text.

    Raises
    ------
    ValueError
        None of them, or a file that is not UTF-8.
    FileNotFoundError
        No such file; names the scenario files beside it and the shipped ones.
    """
    if not isinstance(source, str | Path) or "\n" in str(source):
        return text_of(source)
    if not _is_file(Path(source)):
        known = shipped()
        if str(source) not in known:
            path = Path(source)
            beside = [p.name for p in _yaml_beside(path) if _has_levers(p)]
            name = cut(on_one_line(source), 200)
            raise FileNotFoundError(
                f"No scenario file {name}; {nearest(path.name, [*beside, *known])}"
            )
        source = known[str(source)]
    return text_of(source)


def _yaml_beside(path: Path) -> list[Path]:
    try:
        return sorted(path.parent.glob("*.y*ml"))[:MOST_BESIDE]
    except (OSError, ValueError):
        return []


def _has_levers(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(MOST_BYTES)
    return any(line.startswith("levers:") for line in text.splitlines())


def text_of(source: object, what: str = "scenario") -> tuple[str, str]:
    """Return the text of a source and where it is from.

    Parameters
    ----------
    source : path or str
        A file, or text with line breaks.
    what : str
        What kind of file it is.

    Raises
    ------
    ValueError
        Neither, or a file that is not UTF-8.
    FileNotFoundError
        No such file; names the files beside it.
    """
    if isinstance(source, str) and "\n" in source:
        return source, f"The {what} text"
    if not isinstance(source, str | Path):
        raise ValueError(
            f"A {what} is read from a path, or from text with line breaks; not from "
            f"{shown(source)}."
        )
    path, name = Path(source), cut(on_one_line(source), 200)
    if not _is_file(path):
        raise FileNotFoundError(f"No {what} file {name}; {_beside(path)}")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(
            f"{name} has {path.stat().st_size:,} bytes; a {what} file has at most "
            f"{MOST_BYTES:,}."
        )
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n"), name
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{name}, line {line}: the byte 0x{content[error.start]:02x} is not UTF-8; "
            "save the file as UTF-8."
        ) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _beside(path: Path) -> str:
    try:
        names = [found.name for found in path.parent.glob("*.y*ml")]
    except (OSError, ValueError):
        names = []
    return nearest(path.name, names)


def _said(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None)
    if mark is None or problem is None:
        return cut(on_one_line(error), LONGEST)
    place = f"line {mark.line + 1}, column {mark.column + 1}"
    return f"{place}: {cut(on_one_line(problem), LONGEST)}"


class _Bounded(yaml.SafeLoader):
    """A safe loader that counts as it composes, and refuses a key written twice."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.depth = 0
        self.written_out = 0
        self.sizes: dict[int, int] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        mark = self.peek_event().start_mark
        if self.check_event(yaml.AliasEvent):
            node = super().compose_node(parent, index)
            if id(node) not in self.sizes:
                raise _refusal("an alias stands inside what it names", mark)
            self._count(self.sizes[id(node)], mark)
            return node
        if self.depth == MOST_DEPTH:
            raise _refusal(f"nested more than {MOST_DEPTH} levels deep", mark)
        self.depth += 1
        before = self.written_out
        self._count(1, mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        self.sizes[id(node)] = self.written_out - before
        return node

    def _count(self, more: int, mark: Any) -> None:
        self.written_out += more
        if self.written_out > MOST_NODES:
            raise _refusal(
                f"more than {MOST_NODES:,} values, aliases written out", mark
            )

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind not in TAGS or kind == node.tag:
            raise _refusal(f"the tag {shown(node.tag)} is not read", node.start_mark)
        if kind in ("int", "float") and not DECIMAL.fullmatch(node.value):
            raise _refusal(_not_decimal(node.value), node.start_mark)
        try:
            return super().construct_object(node, deep)
        except yaml.YAMLError:
            raise
        except Exception as error:  # the constructors of scalars raise many kinds
            raise _refusal(f"{shown(node.value)} is no {kind}", node.start_mark) from (
                error
            )

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        if not isinstance(node, yaml.MappingNode):
            raise _refusal("a list or a value is no mapping", node.start_mark)
        seen: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _refusal("a key is one word or number", key_node.start_mark)
            if key_node.value in seen:
                said = f"the key {shown(key_node.value)} stands twice"
                raise _refusal(said, key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


def _not_decimal(written: str) -> str:
    said = f"{shown(written)} is not written as a decimal number"
    if not re.fullmatch(r"0\d+", written, re.ASCII):
        return said
    bare = shown(written.lstrip("0") or "0").strip("'")
    return f"{said}; a code is quoted, not {bare} alone: leading zeros matter"


def _refusal(problem: str, mark: Any) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, mark)
