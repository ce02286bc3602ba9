"""Official clients of the agencies, copies that ask nothing themselves.

An official client knows how its service is asked, and opens a connection of its own
for it. Of such a client we execute a copy, in whose globals the library that connects
is replaced: what it writes goes through :class:`Transport`, and with it through the
cache, the patience and the silence about credentials.
"""

from __future__ import annotations

import importlib.util
from typing import Any


def own_copy(module: str) -> Any:
    """Return a copy of a module whose globals are ours to replace.

    Parameters
    ----------
    module : str
        Dotted name.

    Raises
    ------
    ImportError
        It is not installed; the message names the extra that brings it.

    Examples
    --------
    >>> own_copy("wbgapi").endpoint
    'https://api.worldbank.org/v2'
    """
    package = module.partition(".")[0]
    try:
        spec = importlib.util.find_spec(module)
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError(name=package)
        client = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(client)
    except ImportError as error:
        lacking = error.name or package
        raise ImportError(
            f"{package} asks this service and needs {lacking}, which is not "
            "installed; the extra 'sources' brings it: "
            "pip install 'tariff-scenario-toolkit[sources]'",
            name=lacking,
        ) from error
    return client
