"""The rows of a small table one by one, without what a `Series` a row costs."""

from typing import Any, Final

import pandas as pd

__all__ = ["CODES", "Record", "Row", "records_of"]

CODES: Final = frozenset({
    "status", "source", "flag", "cause", "cause_part", "arithmetic", "published",
})  # fmt: skip


class Record(dict[str, Any]):
    """A row of a table: its cells by column, and what its table carries."""

    def __init__(self, cells: Any, attrs: dict[Any, Any]) -> None:
        """Take the cells of the row and the `attrs` of the table."""
        super().__init__(cells)
        self.attrs: Final = attrs


Row = pd.Series | Record


def records_of(table: pd.DataFrame) -> list[Record]:
    """Return the rows of a table; where a code is missing, as a CSV file leaves it, it is blank.

    >>> [record["year"] for record in records_of(pd.DataFrame({"year": [2021, 2022]}))]
    [2021, 2022]
    """
    names = list(table.columns)
    columns = (_cells(name, column.tolist()) for name, column in table.items())
    rows = zip(*columns, strict=True)
    return [Record(zip(names, row, strict=True), table.attrs) for row in rows]


def _cells(name: object, cells: list[Any]) -> list[Any]:
    if name not in CODES:
        return cells
    return ["" if not isinstance(cell, str) and pd.isna(cell) else cell for cell in cells]
