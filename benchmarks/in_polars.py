"""A year against the year before in polars: by a join, by a window, and by sorting and shifting.

Text is held as Enum: as Categorical or String no way was faster (put them in FORMS to see it).
"""

from functools import partial
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
from lookups import BITS, marks, ranks
from polars import col, lit, when
from race import Contender

__all__ = ["contenders"]

FORMS: Final = ("Enum",)
Engine = Literal["in-memory", "streaming"]


class _Keys(NamedTuple):
    """How a figure is found again: by its four columns, or by one number that holds them.

    `following` gives a figure the key that the same figure has one year later.
    """

    key: list[str]
    series: list[str]
    packing: list[pl.Expr]
    following: list[pl.Expr]


_COLUMNS: Final = _Keys(
    key=["place", "year", "span", "indicator"],
    series=["place", "span", "indicator"],
    packing=[],
    following=[col("place"), col("year") + 1, col("span"), col("indicator")],
)
_STATED: Final = [
    (col("value") - col("change")).round(9).alias("stated"),
    col("source").alias("stated_source"),
    col("status").alias("stated_status"),
]
_BEFORE: Final = {"before": "value", "before_source": "source", "before_status": "status"}


class _Loaded(NamedTuple):
    rows: pl.DataFrame
    marks: pl.DataFrame
    ranks: pl.DataFrame


def contenders(table: pd.DataFrame) -> list[Contender]:
    """Load the table and return the ways to compare it."""
    found = []
    for form in FORMS:
        loaded = _Loaded(*(_load(f, table, form) for f in (table, marks(table), ranks(table))))
        for keys in (_COLUMNS, _packed(table)) if form == "Enum" else (_COLUMNS,):
            for way in ("join", "window", "shift"):
                sort = ", sort and shift" if way == "shift" else ""
                how = f"{form}{', packed keys' if keys.packing else ''}{sort}"
                for engine in ("in-memory", "streaming"):
                    for task, run in (("complete", _complete), ("bare", _bare)):
                        go = partial(run, loaded, way, keys, engine)
                        kind = "join" if way == "join" else "window"
                        name = f"{how}, {engine}"
                        found.append(Contender("polars", kind, name, task, go, _frame))
    return found


def _load(frame: pd.DataFrame, table: pd.DataFrame, form: str) -> pl.DataFrame:
    return pl.DataFrame([_column(frame[name], table, form) for name in frame.columns])


def _column(column: pd.Series, table: pd.DataFrame, form: str) -> pl.Series:
    """Convert a column; text takes the form named, its categories in alphabetical order."""
    name = str(column.name)
    if name in table.columns and isinstance(table[name].dtype, pd.CategoricalDtype):
        names = sorted(table[name].cat.categories)
        codes = pd.Categorical(column, categories=names).codes.astype("uint32")
        texts = pl.Series(name, names, dtype=pl.String).gather(pl.Series(codes))
        return texts.cast({"Enum": pl.Enum(names), "String": pl.String}.get(form, pl.Categorical))
    if pd.api.types.is_extension_array_dtype(column.dtype) and column.dtype != "str":
        numbers = column.to_numpy("float64", na_value=np.nan)
        return pl.Series(name, numbers).fill_nan(None).cast(pl.Int8)
    if column.dtype == "float64":
        return pl.Series(name, column.to_numpy()).fill_nan(None)
    return pl.Series(name, column.to_list() if column.dtype == "str" else column.to_numpy())


def _packed(table: pd.DataFrame) -> _Keys:
    """Pack keys and series into one number each; a year before the first one is free."""
    spans, names = (len(table[name].cat.categories) for name in ("span", "indicator"))
    first, last = int(table["year"].min()), int(table["year"].max())
    place, span, indicator = (
        col(name).to_physical().cast(pl.Int64) for name in ("place", "span", "indicator")
    )
    years = place * (last - first + 2) + col("year") - (first - 1)
    key = ((years * spans + span) * names + indicator).alias("key")
    series = ((place * spans + span) * names + indicator).alias("series")
    return _Keys(["key"], ["series"], [key, series], [col("key") + spans * names])


def _complete(loaded: _Loaded, way: str, keys: _Keys, engine: Engine) -> pl.DataFrame:
    """Look for duplicates, choose the sources, compare, flag and order."""
    chosen = _chosen(loaded, keys, engine)
    matched = _matched(chosen, way, keys, _BEFORE)
    compared = _compare(matched.join(loaded.marks.lazy(), on=["span", "year", "indicator"]))
    names = [
        *loaded.rows.columns,
        "previous", "basis", "absolute_change", "relative_change", "flag", "previous_source",
    ]  # fmt: skip
    return compared.sort(keys.key).select(names).collect(engine=engine)


def _bare(loaded: _Loaded, way: str, keys: _Keys, engine: Engine) -> pl.DataFrame:
    """Compare and no more."""
    rows = loaded.rows.lazy().select("place", "year", "span", "indicator", "value", *keys.packing)
    known = rows.filter(col("value").is_not_null())
    change = col("value") - col("before")
    return (
        _matched(known, way, keys, {"before": "value"})
        .select(
            "place", "year", "span", "indicator", "value",
            col("before").alias("previous"),
            change.alias("absolute_change"),
            (change / col("before")).alias("relative_change"),
        )
        .collect(engine=engine)
    )  # fmt: skip


def _chosen(loaded: _Loaded, keys: _Keys, engine: Engine) -> pl.LazyFrame:
    """Choose one row for each key, with what it states about the year before."""
    rows = loaded.rows.lazy().with_columns(keys.packing)
    counts = rows.group_by(keys.key).len().filter(col("len") > 1).select(keys.key)
    several = counts.collect(engine=engine).lazy()
    single = rows.filter(col("value").is_not_null()).with_columns(_STATED)
    if several.collect().is_empty():
        return single
    among = rows.join(several, on=keys.key, how="semi")
    twice = among.group_by([*keys.key, "source"]).len().filter(col("len") > 1).collect()
    if len(twice):
        message = "a source prints a figure twice"
        raise ValueError(message)
    alone = single.join(several, on=keys.key, how="anti")
    return pl.concat([alone, _preferred(among, loaded.ranks.lazy(), keys)])


def _preferred(among: pl.LazyFrame, ranks: pl.LazyFrame, keys: _Keys) -> pl.LazyFrame:
    """Take the exact before the approximate, then the newest source."""
    known = among.filter(col("value").is_not_null()).join(ranks, on="source")
    best = known.sort(col("status") == "e", -col("rank")).drop("rank")
    first = best.unique(keys.key, keep="first", maintain_order=True)
    stating = best.filter(col("change").is_not_null())
    stated = stating.unique(keys.key, keep="first", maintain_order=True).select(*keys.key, *_STATED)
    return first.join(stated, on=keys.key, how="left")


def _matched(rows: pl.LazyFrame, way: str, keys: _Keys, before: dict[str, str]) -> pl.LazyFrame:
    """Put beside each figure what the same series had one year before."""
    if way == "join":
        earlier = rows.select(*keys.following, **{name: col(of) for name, of in before.items()})
        return rows.join(earlier, on=keys.key, how="left")
    if way == "window":
        same = [col("year").shift(1).over(keys.series, order_by="year").alias("year_before")]
        same += [
            col(of).shift(1).over(keys.series, order_by="year").alias(name)
            for name, of in before.items()
        ]
        follows = col("year_before") == col("year") - 1
        names = list(before)
        return rows.with_columns(same).with_columns(when(follows).then(col(names)).name.keep())
    follows = pl.all_horizontal(col(name) == col(name).shift(1) for name in keys.series)
    follows &= col("year").shift(1) == col("year") - 1
    shifted = {name: when(follows).then(col(of).shift(1)) for name, of in before.items()}
    return rows.sort(*keys.series, "year").with_columns(**shifted)


def _compare(matched: pl.LazyFrame) -> pl.LazyFrame:
    """Compute the changes, and the flags as a number."""
    found = col("before").is_not_null()
    derived = when(col("stated") >= 0).then(col("stated"))
    previous, count = col("previous"), ~col("rate")
    origin = when(found).then(col("before_source")).otherwise(col("stated_source"))
    rough = when(found).then(col("before_status")).otherwise(col("stated_status")) == "e"
    change = (col("value") - previous).round(9)
    flags = (
        col("crossed")
        + lit(BITS["zero_base"]) * (count & (previous == 0))
        + lit(BITS["small_base"]) * (count & (previous.abs() < 20))  # noqa: PLR2004 - our default
        + lit(BITS["approximate"]) * ((col("status") == "e") | rough.fill_null(value=False))
    )
    return matched.with_columns(previous=pl.coalesce("before", derived)).with_columns(
        basis=when(found).then(lit("published", _BASIS)).when(previous.is_not_null())
        .then(lit("derived", _BASIS)),
        absolute_change=change,
        relative_change=when(count & (previous != 0)).then(change / previous),
        flag=when(previous.is_null()).then(BITS["no_previous"]).otherwise(flags).cast(pl.UInt8),
        previous_source=when(previous.is_not_null()).then(origin),
    )  # fmt: skip


_BASIS: Final = pl.Enum(["published", "derived"])


def _frame(result: pl.DataFrame) -> pd.DataFrame:
    """Turn a result into pandas, without pyarrow."""
    return pd.DataFrame({name: result[name].to_list() for name in result.columns})
