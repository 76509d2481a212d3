"""A year against the year before in DuckDB: by a join and by a window."""

from functools import partial
from typing import Final, NamedTuple

import duckdb
import pandas as pd
from lookups import BITS, marks, ranks
from race import Contender

__all__ = ["contenders"]


class _Keys(NamedTuple):
    """How a figure is found again: by its four columns, or by one number that holds them."""

    key: str
    series: str
    before: str


_COLUMNS: Final = _Keys(
    key="place, year, span, indicator",
    series="place, span, indicator",
    before="p.place = c.place AND p.span = c.span AND p.indicator = c.indicator"
    " AND p.year = c.year - 1",
)
_PACKED: Final = _Keys(key="key", series="series", before="p.key = c.key - (SELECT step FROM size)")

_SEVERAL: Final = """
CREATE OR REPLACE TEMP TABLE several AS
SELECT {key} FROM rows GROUP BY {key} HAVING count(*) > 1
"""
_TWICE: Final = """
SELECT place, year, span, indicator, source FROM rows SEMI JOIN several USING ({key})
GROUP BY ALL HAVING count(*) > 1
"""
_SINGLE: Final = """
SELECT *, round(value - change, 9) AS stated, source AS stated_source, status AS stated_status
FROM rows {where} WHERE value IS NOT NULL
"""
_PREFERRED: Final = """
UNION ALL BY NAME
SELECT * EXCLUDE (nth, rank) FROM (
    SELECT *,
        first_value(round(value - change, 9)) OVER stating AS stated,
        first_value(source) OVER stating AS stated_source,
        first_value(status) OVER stating AS stated_status,
        row_number() OVER (PARTITION BY {key} ORDER BY status = 'e', rank DESC) AS nth
    FROM rows SEMI JOIN several USING ({key}) JOIN ranks USING (source)
    WHERE value IS NOT NULL
    WINDOW stating AS (PARTITION BY {key} ORDER BY change IS NULL, status = 'e', rank DESC)
) WHERE nth = 1
"""
_JOINED: Final = """
SELECT c.*, p.value AS before, p.status AS before_status, p.source AS before_source
FROM ({chosen}) c LEFT JOIN ({chosen}) p ON {before}
"""
_WINDOWED: Final = """
SELECT *,
    CASE WHEN lag(year) OVER w = year - 1 THEN lag(value) OVER w END AS before,
    lag(status) OVER w AS before_status,
    lag(source) OVER w AS before_source
FROM ({chosen}) WINDOW w AS (PARTITION BY {series} ORDER BY year)
"""
_COMPLETE: Final = """
CREATE TEMP TABLE result AS
SELECT {columns}, previous,
    (CASE WHEN before IS NOT NULL THEN 'published'
          WHEN previous IS NOT NULL THEN 'derived' END)::basis AS basis,
    round(value - previous, 9) AS absolute_change,
    CASE WHEN NOT rate AND previous <> 0
         THEN round(value - previous, 9) / previous END AS relative_change,
    (CASE WHEN previous IS NULL THEN {no_previous} ELSE crossed
        + (CASE WHEN NOT rate AND previous = 0 THEN {zero_base} ELSE 0 END)
        + (CASE WHEN NOT rate AND abs(previous) < 20 THEN {small_base} ELSE 0 END)
        + (CASE WHEN status = 'e' OR origin_status = 'e' THEN {approximate} ELSE 0 END)
     END)::UTINYINT AS flag,
    CASE WHEN previous IS NOT NULL THEN origin_source END AS previous_source
FROM (
    SELECT *,
        coalesce(before, CASE WHEN stated >= 0 THEN stated END) AS previous,
        CASE WHEN before IS NULL THEN stated_status ELSE before_status END AS origin_status,
        CASE WHEN before IS NULL THEN stated_source ELSE before_source END AS origin_source
    FROM ({matched})
) JOIN marks USING (span, year, indicator)
ORDER BY {key}
"""
_BARE: Final = """
CREATE TEMP TABLE result AS
SELECT place, year, span, indicator, value, before AS previous,
    value - before AS absolute_change, (value - before) / before AS relative_change
FROM ({matched})
"""
_BARE_JOINED: Final = """
SELECT c.*, p.value AS before FROM rows c LEFT JOIN rows p ON {before} WHERE c.value IS NOT NULL
"""
_BARE_WINDOWED: Final = """
SELECT *, CASE WHEN lag(year) OVER w = year - 1 THEN lag(value) OVER w END AS before
FROM rows WHERE value IS NOT NULL WINDOW w AS (PARTITION BY {series} ORDER BY year)
"""


def contenders(table: pd.DataFrame) -> list[Contender]:
    """Load the table and return the ways to compare it."""
    found = []
    for form, keys in (("ENUM", _COLUMNS), ("VARCHAR", _COLUMNS), ("ENUM", _PACKED)):
        con = _load(table, form, packed=keys is _PACKED)
        how = f"{form}, packed keys" if keys is _PACKED else form
        for way in ("join", "window"):
            for task, run in (("complete", _complete), ("bare", _bare)):
                go = partial(run, con, way, keys, list(table.columns))
                found.append(Contender("DuckDB", way, how, task, go, _frame))
    return found


def _load(table: pd.DataFrame, form: str, *, packed: bool) -> duckdb.DuckDBPyConnection:
    """Make a database in memory: the figures, the look-up tables, and a view of the rows."""
    con = duckdb.connect()
    con.execute("CREATE TYPE basis AS ENUM ('published', 'derived')")
    for name, frame in (("figures", table), ("marks", marks(table)), ("ranks", ranks(table))):
        columns = [_column(con, table, column, form) for column in frame.columns]
        con.register("frame", frame)
        con.execute(f"CREATE TABLE {name} AS SELECT {', '.join(columns)} FROM frame")
        con.unregister("frame")
    packing = _packing(con, table) if packed else ""
    con.execute(f"CREATE VIEW rows AS SELECT * {packing} FROM figures")
    return con


def _column(con: duckdb.DuckDBPyConnection, table: pd.DataFrame, name: str, form: str) -> str:
    """Name a column; text becomes VARCHAR, or an ENUM in alphabetical order."""
    if name not in table.columns or not isinstance(table[name].dtype, pd.CategoricalDtype):
        return name
    if form == "VARCHAR":
        return f"{name}::VARCHAR AS {name}"
    values = ", ".join(f"'{text}'" for text in sorted(table[name].cat.categories))
    con.execute(f"CREATE TYPE IF NOT EXISTS {name}_names AS ENUM ({values})")
    return f"{name}::VARCHAR::{name}_names AS {name}"


def _packing(con: duckdb.DuckDBPyConnection, table: pd.DataFrame) -> str:
    """Write the two numbers that hold a key and a series; a year before the first one is free."""
    spans, names = (len(table[name].cat.categories) for name in ("span", "indicator"))
    first, last = int(table["year"].min()), int(table["year"].max())
    con.execute(f"CREATE TABLE size AS SELECT {spans * names} AS step")
    rest = f"* {spans} + enum_code(span)) * {names} + enum_code(indicator)"
    years = f"enum_code(place)::BIGINT * {last - first + 2} + year - {first - 1}"
    return f", (({years}) {rest} AS key, (enum_code(place)::BIGINT {rest} AS series"


def _complete(
    con: duckdb.DuckDBPyConnection, way: str, keys: _Keys, columns: list[str]
) -> duckdb.DuckDBPyConnection:
    """Look for duplicates, choose the sources, compare, flag and order."""
    con.execute("DROP TABLE IF EXISTS result")
    con.execute(_SEVERAL.format(key=keys.key))
    chosen = _SINGLE.format(where="")
    if con.execute("SELECT count(*) FROM several").fetchone() != (0,):
        if con.execute(_TWICE.format(key=keys.key)).fetchone():
            message = "a source prints a figure twice"
            raise ValueError(message)
        alone = _SINGLE.format(where=f"ANTI JOIN several USING ({keys.key})")
        chosen = alone + _PREFERRED.format(key=keys.key)
    matched = (_JOINED if way == "join" else _WINDOWED).format(chosen=chosen, **keys._asdict())
    names = ", ".join(columns)
    con.execute(_COMPLETE.format(matched=matched, columns=names, key=keys.key, **BITS))
    return con


def _bare(
    con: duckdb.DuckDBPyConnection, way: str, keys: _Keys, _: list[str]
) -> duckdb.DuckDBPyConnection:
    """Compare and no more."""
    con.execute("DROP TABLE IF EXISTS result")
    matched = _BARE_JOINED if way == "join" else _BARE_WINDOWED
    con.execute(_BARE.format(matched=matched.format(**keys._asdict())))
    return con


def _frame(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return con.execute("FROM result").df()
