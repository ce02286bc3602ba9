"""What is said of a product that a flow does not hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toolkit.schema import nearest, shown


def no_product(
    prefix: str, importer: str | None, exporter: str | None, held: NDArray[np.str_]
) -> str:
    """Return the error's sentence, with the nearest product that there is."""
    finer = [str(code) for code in held if code and prefix.startswith(code)]
    flow = f"from {exporter or 'anyone'} to {importer or 'anyone'}"
    if finer:
        return (
            f"Product {shown(prefix)} is finer than the baseline {flow}, which holds "
            f"{shown(finer[-1])}: use that."
        )
    return f"No product {shown(prefix)} {flow}; {nearest(prefix, held)}"
