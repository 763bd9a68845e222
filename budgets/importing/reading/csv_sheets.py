"""A table of plain text (CSV, or cells parted by tabs) as a grid."""

import csv
from collections.abc import Iterator

from budgets.importing.reading.encodings import decoded, separator
from budgets.importing.reading.grids import Grid
from budgets.importing.reading.opening import Unreadable
from budgets.importing.reading.plain_cells import MAX_ROWS, TRUNCATED, put


def read_csv(name: str, content: bytes) -> Iterator[Grid]:
    """The one grid of the file. Raises Unreadable."""
    text = decoded(content)
    row = 0
    grid = Grid(name.rpartition(".")[0] or name)
    try:
        for row, values in enumerate(
            csv.reader(text.splitlines(keepends=True), delimiter=separator(text) or ","), 1
        ):
            if row > MAX_ROWS and any(values):
                raise Unreadable(f"文件“{name}”{TRUNCATED}。")
            for column, value in enumerate(values, 1):
                if value.strip():
                    put(name, grid, row, column, value.strip())
    except csv.Error as error:
        raise Unreadable(
            f"文件“{name}”的第 {row + 1} 行不是 CSV，请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
        ) from error
    if grid.cells:
        yield grid
