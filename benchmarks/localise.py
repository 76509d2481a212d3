"""Which figure is wrong: the ledger beside Banff, Statistics Canada's error localisation.

python benchmarks/localise.py [--seed N] [--each N] [--missing SHARE]
Records of 19 petition figures that keep the equalities of the codebook, with one slip each, two
figures exchanged, or none; `--missing` leaves a share of the figures out. Banff runs in an
environment of its own (`banff.lock`), by its defaults; it names a figure, never a value or a cause.
"""

import argparse
import json
import random
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path
from typing import Final

import pandas as pd

from petitionlib import reconcile
from petitionlib.codebook import identities

HOME: Final = Path(__file__).resolve().parents[1] / ".venv" / "banff"
LOCK: Final = Path(__file__).with_name("banff.lock")
KINDS: Final = ("none", "digit", "neighbours", "lost", "added", "part left out", "exchanged")
TYPES: Final = ("complaints", "denunciations", "feedback")
RUN: Final = """
import json, logging, sys
logging.disable(logging.CRITICAL)
import banff, pandas as pd
given = json.load(sys.stdin)
names = [f"V{n}" for n in range(len(given["records"][0]))]
table = pd.DataFrame(given["records"], columns=names).astype("float64")
table.insert(0, "ID", [f"R{n:06}" for n in range(len(table))])
done = banff.errorloc(indata=table, unit_id="ID", edits=given["edits"], outstatus="pandas",
                      outreject="pandas", seed=7, time_per_obs=given["seconds"])
found = zip(done.outstatus["ID"], done.outstatus["FIELDID"])
print("FOUND" + json.dumps([[int(one[1:]), int(field[1:])] for one, field in found]))
"""


def record(chance: random.Random) -> dict[str, int]:
    """Make the figures of one office, which keep every equality and limit."""
    found = {}
    for kind, most in zip(TYPES, (4000, 900, 4000), strict=True):
        eligible = chance.randint(350, most)
        found[f"petitions.eligible.{kind}"] = eligible
        found[f"petitions.in_jurisdiction.{kind}"] = chance.randint(110, eligible - 40)
        found[f"petitions.received.{kind}"] = eligible + chance.randint(40, 700)
    for whole in ("eligible", "in_jurisdiction", "received"):
        parts = [found[f"petitions.{whole}.{kind}"] for kind in TYPES]
        found[f"petitions.{whole}"] = sum(parts)
        if whole != "received":
            found[f"petitions.{whole}.complaints_denunciations"] = sum(parts[:2])
    found["petitions.out_of_jurisdiction"] = (
        found["petitions.eligible"] - found["petitions.in_jurisdiction"]
    )
    found["petitions.carried_over"] = chance.randint(110, 900)
    found["petitions.total"] = found["petitions.carried_over"] + found["petitions.received"]
    low, high = found["petitions.eligible"] + 5, found["petitions.received"] - 5
    found["petitions.processed"] = chance.randint(low, high)
    found["petitions.pending"] = found["petitions.total"] - found["petitions.processed"]
    return found


def slip(chance: random.Random, right: dict[str, int], kind: str) -> dict[str, int]:
    """Put one slip of a kind into a record."""
    rules = [row for row in identities().itertuples() if row.relation == "=" and not row.plus]
    rules = [row for row in rules if {row.whole, *row.parts.split(" + ")} <= {*right}]
    while True:
        name, other = chance.sample(sorted(right), 2)
        digits = str(right[name])
        spot = chance.randrange(len(digits) - 1)
        digit = chance.choice("0123456789")
        wrong = {
            "digit": digits[:spot] + digit + digits[spot + 1 :],
            "neighbours": digits[:spot] + digits[spot + 1] + digits[spot] + digits[spot + 2 :],
            "lost": digits[:spot] + digits[spot + 1 :],
            "added": digits[: spot + 1] + digit + digits[spot + 1 :],
        }.get(kind, digits)
        changed = {name: int(wrong)}
        if kind == "part left out":
            rule = chance.choice(rules)
            part = chance.choice(rule.parts.split(" + "))
            changed = {rule.whole: right[rule.whole] - right[part]}
        if kind == "exchanged":
            changed = {name: right[other], other: right[name]}
        if wrong[0] != "0" and all(right[each] != value for each, value in changed.items()):
            return right | changed


def edits(names: list[str]) -> str:
    """Write the identities of the codebook as Banff reads them."""
    variable = {name: f"V{number}" for number, name in enumerate(names)}
    rules = [row for row in identities().itertuples() if row.severity == "error" and not row.plus]
    return " ".join(
        f"{variable[row.whole]} {row.relation} "
        f"{' + '.join(variable[part] for part in row.parts.split(' + '))};"
        for row in rules
        if row.relation in {"=", "<="} and {row.whole, *row.parts.split(" + ")} <= {*names}
    )


def banff(names: list[str], records: list[list[int | None]], seconds: float) -> list[set[str]]:
    """Return the figures that Banff would change in each record; the missing ones it fills in."""
    python = HOME / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK]
        subprocess.run(install, check=True)
    given = json.dumps({"records": records, "edits": edits(names), "seconds": seconds})
    done = subprocess.run(
        [python, "-c", RUN], input=given, check=True, capture_output=True, text=True
    )
    found: list[set[str]] = [set() for _ in records]
    for row, field in json.loads(done.stdout.partition("FOUND")[2].splitlines()[0]):
        if records[row][field] is not None:
            found[row].add(names[field])
    return found


def ours(names: list[str], records: list[list[int | None]]) -> list[dict[str, str]]:
    """Return the suspects of each record with their right values."""
    rows = [
        {"place": f"record-{number:06}", "year": 2022, "span": "Y", "indicator": name,
         "value": float(value), "source": "made-up"}
        for number, record_ in enumerate(records)
        for name, value in zip(names, record_, strict=True)
        if value is not None
    ]  # fmt: skip
    ledger = reconcile(pd.DataFrame(rows))
    found: list[dict[str, str]] = [{} for _ in records]
    for place, suspect, value in ledger.loc[
        ledger["suspect"] != "", ["place", "suspect", "suspect_value"]
    ].itertuples(index=False):
        both = zip(suspect.split(" + "), value.split(" + "), strict=True)
        found[int(place[7:])].update(both)
    return found


def main() -> None:
    """Print how often each names the right figure, a sound one, or none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--missing", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=2.0, help="that Banff may take a record")
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311  # nothing is secret
    kinds = [kind for kind in KINDS for _ in range(given.each)]
    truth = [record(chance) for _ in kinds]
    seen = [r if k == "none" else slip(chance, r, k) for r, k in zip(truth, kinds, strict=True)]
    names = sorted(truth[0])
    records = [
        [None if chance.random() < given.missing else each[name] for name in names] for each in seen
    ]
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    both = zip(ours(names, records), banff(names, records, given.seconds), strict=True)
    for (mine, theirs), kind, right, printed in zip(both, kinds, truth, seen, strict=True):
        bad = {name: str(right[name]) for name in names if right[name] != printed[name]}
        counts[kind]["ours, figure and value"] += mine == bad != {}
        counts[kind]["ours, wrong"] += bool({*mine} - {*bad}) or any(
            mine[name] != bad[name] for name in {*mine} & {*bad}
        )
        counts[kind]["Banff, figure"] += theirs == {*bad} != set()
        counts[kind]["Banff, wrong"] += bool(theirs - {*bad})
    heads = ("ours, figure and value", "ours, wrong", "Banff, figure", "Banff, wrong")
    print(f"seed {given.seed}, {given.each} records of each kind, {given.missing:.0%} missing")
    print(f"| slip | {' | '.join(heads)} |", f"|---|{'--:|' * len(heads)}", sep="\n")
    for kind, found in counts.items():
        print(f"| {kind} | {' | '.join(str(found[head]) for head in heads)} |")


if __name__ == "__main__":
    main()
