"""Who is timed, and how."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pandas as pd

__all__ = ["Contender", "fastest", "median", "seconds", "side_by_side"]

ROUNDS: Final = 5


class Contender(NamedTuple):
    """One way to compare a table that lies ready in a tool's own memory.

    `way` is a join or a window, and `form` how the table is held and gone through. `task` is
    `complete` (what `year_over_year` gives) or `bare` (previous figure and change alone). `run`
    computes and keeps the result, and `frame` turns the kept result into pandas.
    """

    tool: str
    way: str
    form: str
    task: str
    run: Callable[[], Any]
    frame: Callable[[Any], pd.DataFrame]


def seconds(run: Callable[[], Any]) -> float:
    """Time one run; its result is let go before the next."""
    gc.collect()
    start = time.perf_counter()
    result = run()
    spent = time.perf_counter() - start
    del result
    return spent


def median(run: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Return the median of some runs after one to warm up."""
    seconds(run)
    return statistics.median(seconds(run) for _ in range(rounds))


def side_by_side(contenders: list[Contender], rounds: int = ROUNDS) -> list[float]:
    """Return the median of each, run in turn: what disturbs one round disturbs all in it."""
    for one in contenders:
        seconds(one.run)
    spent = [[seconds(one.run) for one in contenders] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*spent, strict=True)]


def fastest(contenders: list[Contender]) -> list[Contender]:
    """Keep of each tool and task the join and the window that a trial of two runs finds fastest."""
    best: dict[tuple[str, str, str], tuple[float, Contender]] = {}
    for one in contenders:
        spent = min(seconds(one.run), seconds(one.run))
        key = (one.tool, one.way, one.task)
        if key not in best or spent < best[key][0]:
            best[key] = (spent, one)
    return [one for _, one in best.values()]
