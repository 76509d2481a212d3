"""`year_over_year` and `reconcile` on 4 million rows, beside DuckDB, polars and pandas.

Every tool has the table ready in its own memory and all the cores. `complete` is all that
`year_over_year` gives: duplicates refused, sources chosen, flags and sources of the base, ordered
by key. `bare` is the previous figure and the change alone. First all results are compared with
ours on a smaller table, the complete ones with several sources. A number of places makes another
size: `python benchmarks/changes.py 1000`.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any, Final

import in_duckdb
import in_pandas
import in_polars
import numpy as np
import pandas as pd
from lookups import flag_text
from made_up import made_up_table
from race import Contender, fastest, median, seconds, side_by_side

from petitionlib import reconcile, year_over_year

PLACES: Final = 10_000
MILLION: Final = 1_000_000


def main() -> None:
    """Check that the tools agree, then print what each needs."""
    places = int(sys.argv[1]) if sys.argv[1:] else PLACES
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in ("pandas", "numpy", "duckdb", "polars"):
        print(f"  {name} {version(name)}")
    _check_equal()
    print()
    _print_race(made_up_table(places))
    print()
    _print_memory(places)
    print()
    _print_sizes([places // 10, places // 4, places])


def _check_equal() -> None:
    """Compare every result with ours, row by row; raise where one differs."""
    plain = made_up_table(places=100)
    table = _with_other_sources(plain)
    ours = _comparable(year_over_year(table))
    for one in [*in_duckdb.contenders(table), *in_polars.contenders(table)]:
        if one.task == "complete":
            theirs = one.frame(one.run())
            theirs["flag"] = theirs["flag"].map(flag_text)
            pd.testing.assert_frame_equal(ours, _comparable(theirs), rtol=1e-12, obj=str(one[:3]))
    ours = year_over_year(plain)
    ours = _bare(ours.assign(previous=ours["previous"].where(ours["basis"] == "published")))
    for tool in (in_duckdb, in_polars, in_pandas):
        for one in tool.contenders(plain):
            if one.task == "bare":
                theirs = _bare(one.frame(one.run()))
                pd.testing.assert_frame_equal(ours, theirs, obj=str(one[:3]))
    print(f"  every result on {len(table):,} rows with several sources is equal to ours")


def _bare(result: pd.DataFrame) -> pd.DataFrame:
    """Return keys and previous figures in the order of the keys."""
    key = ["place", "year", "span", "indicator"]
    texts = result[[*key, "value", "previous"]].astype(dict.fromkeys(key, "str"))
    return texts.sort_values(key, ignore_index=True).astype({"previous": "float64"})


def _with_other_sources(table: pd.DataFrame) -> pd.DataFrame:
    """Let another source print one row in ten too, with another value, status and change."""
    other = table[::10].copy()
    names = other["source"].cat.categories
    code = (other["source"].cat.codes + 1) % 3
    other["source"] = pd.Categorical.from_codes(code, names)
    other["source_order"] = code.astype("Int64")
    other["published"] = pd.Categorical.from_codes(code, other["published"].cat.categories)
    other["value"] += np.arange(len(other))
    other.iloc[::3, other.columns.get_loc("status")] = "e"
    other.iloc[::2, other.columns.get_loc("value")] = float("nan")
    other.iloc[::5, other.columns.get_loc("change")] = 7
    both = pd.concat([table, other], ignore_index=True)
    both.attrs = table.attrs
    return both


def _comparable(result: pd.DataFrame) -> pd.DataFrame:
    """Return text as text with blanks for what is missing, and numbers as floats."""
    texts = {"place", "span", "indicator", "status", "source", "locator"}
    texts |= {"basis", "flag", "previous_source", "published", "codebook"}
    return pd.DataFrame(
        {
            name: result[name].astype("object").where(result[name].notna(), "").astype("str")
            if name in texts
            else result[name].astype("float64")
            for name in result.columns
        }
    )


def _print_race(table: pd.DataFrame) -> None:
    """Print the seconds of each tool, and how many times ours that is."""
    tools = (in_duckdb, in_polars, in_pandas)
    rivals = fastest([one for tool in tools for one in tool.contenders(table)])
    compare = partial(year_over_year, table)
    us = Contender("petitionlib", "year_over_year", "category", "complete", compare, pd.DataFrame)
    ours, *theirs = side_by_side([us, *rivals])
    print(f"| {len(table):,} rows, a year against the year before | task | seconds | of ours |")
    print("|---|---|--:|--:|")
    for one, spent in zip([us, *rivals], [ours, *theirs], strict=True):
        name = f"{one.tool} {one.way} ({one.form})"
        print(f"| {name} | {one.task} | {spent:.2f} | {spent / ours:.1f} |")
    for task, tool in product(("complete", "bare"), ("DuckDB", "polars")):
        both = zip(rivals, theirs, strict=True)
        best = min(spent for one, spent in both if (one.tool, one.task) == (tool, task))
        print(f"| **{tool}, the faster** | {task} | {best:.2f} | **{best / ours:.1f}** |")


def _print_memory(places: int) -> None:
    script = Path(__file__).with_name("memory.py")
    done = subprocess.run(
        [sys.executable, script, str(places)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    print("| memory of `year_over_year` | MB | of the table |")
    print("|---|--:|--:|")
    for name, key in (("the table", "table"), ("its result", "result"), ("highest rise", "rise")):
        print(f"| {name} | {found[key] / MILLION:.0f} | {found[key] / found['table']:.1f} |")


def _print_sizes(sizes: list[int]) -> None:
    """Print the seconds for each million rows at three sizes, and reconcile beside the changes."""
    print("| rows | `year_over_year` | s / million | `reconcile` | s / million | ratio |")
    print("|--:|--:|--:|--:|--:|--:|")
    for places in sizes:
        table = made_up_table(places)
        share = len(table) / MILLION
        change, ledger = (
            _spent(partial(function, table)) for function in (year_over_year, reconcile)
        )
        print(
            f"| {len(table):,} | {change:.2f} s | {change / share:.2f}"
            f" | {ledger:.2f} s | {ledger / share:.2f} | {ledger / change:.1f} |"
        )


def _spent(run: Callable[[], Any]) -> float:
    """Time a run: five times and the middle, or once if it takes long."""
    first = seconds(run)
    return first if first > 30 else median(run)  # noqa: PLR2004 - half a minute


if __name__ == "__main__":
    main()
