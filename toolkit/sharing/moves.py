"""The products that move most, as rows of text."""

from __future__ import annotations

from toolkit.display import signed
from toolkit.result import Result

MOST_ROWS = 10
SMALLEST_USD_MN = 0.05
WHOLE = 1  # decimals of US$ mn


def moved(result: Result) -> list[dict[str, str]]:
    """Return the products that move most, as text, US$ mn."""
    table = result.by_product("value").reset_index()
    table = table[table["change"].abs() > SMALLEST_USD_MN]
    order = table["change"].abs().sort_values(ascending=False, kind="stable").index
    return [
        {
            "name": f"{row['name']} ({row['product']})",
            "direction": str(row["direction"]),
            "before": signed(row["baseline"], WHOLE).removeprefix("+"),
            "after": signed(row["counterfactual"], WHOLE).removeprefix("+"),
            "change": signed(row["change"], WHOLE),
        }
        for row in table.loc[order[:MOST_ROWS]].to_dict("records")
    ]
