"""`cells.csv` as Parquet, where DuckDB is installed (the extra `parquet`)."""

import tempfile
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from budgets.rendering.data.data_package import LONG

TYPES = {"string": "varchar", "integer": "integer", "number": "decimal(38,10)"}
MOST_PLACES = 10
# Nothing is fetched, and one thread writes the rows in the order of the CSV: the same cells give the same bytes.
QUIET: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
    "memory_limit": "1GB",
}


@cache
def writer() -> str:
    """The library with its version, which the bytes depend on; blank where none is installed."""
    try:
        return f"duckdb {version('duckdb')}" if find_spec("duckdb") else ""
    except PackageNotFoundError:
        return ""


def parquet(cells: bytes) -> bytes | None:
    """The cells of a `cells.csv` with exact decimal amounts; blank text and blank amounts are null.

    None where the library is missing, or an amount has more decimal places than a column of all years could keep.
    """
    if not writer():
        return None
    import duckdb

    columns = {name: TYPES[kind] for name, kind, _ in LONG}
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config=QUIET) as connection:
        source, target = Path(folder) / "cells.csv", Path(folder) / "cells.parquet"
        source.write_bytes(cells)
        read = "read_csv(?, columns=?, header=true, delim=',', quote='\"', escape='\"')"
        finer = f"select count(*) from {read} where length(split_part(amount, '.', 2)) > ?"  # noqa: S608 - fixed words
        as_text = columns | {"amount": "varchar"}
        if connection.execute(finer, [str(source), as_text, MOST_PLACES]).fetchall() != [(0,)]:
            return None
        copied = f"copy (from {read}) to '{target}' (format parquet, compression zstd)"
        connection.execute(copied, [str(source), columns])
        return target.read_bytes()
