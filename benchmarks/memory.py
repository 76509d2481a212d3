"""How much memory `year_over_year` takes at its highest, beside the table's own.

Run in a process of its own: `python benchmarks/memory.py 10000` (places). It prints as JSON the
table's bytes, and by how much the resident memory rose above what it was, result included.
"""

import ctypes
import gc
import json
import sys
from pathlib import Path

from made_up import made_up_table

from petitionlib import year_over_year


def main() -> None:
    """Print the bytes of the table and of the rise."""
    year_over_year(made_up_table(places=20))
    table = made_up_table(places=int(sys.argv[1]))
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    result = year_over_year(table)
    own = int(table.memory_usage(deep=True).sum())
    rise = _status("VmHWM") - before
    kept = int(result.memory_usage(deep=True).sum())
    print(json.dumps({"rows": len(table), "table": own, "rise": rise, "result": kept}))


def _status(field: str) -> int:
    """Read a size of this process, in bytes; writing 5 to clear_refs resets the highest."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return 1024 * int(line.split()[1])
    message = f"/proc/self/status has no {field}; this needs Linux"
    raise OSError(message)


if __name__ == "__main__":
    main()
