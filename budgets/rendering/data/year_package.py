"""A year of a region for machines: every cell of every disclosure in one file, every table in one, and what they are.

    datapackage.json     what lies here (Frictionless)
    disclosures.csv      a line a disclosure, with its main figures in yuan
    cells.csv            a line a cell: those of each disclosure's own `cells.csv`, one below the other
    cells.parquet        the same for columnar readers, where the library for it is installed
    tables/<key>.csv     a table of all departments that print it alike, a line a row
    package.zip          all of these but the Parquet file

The same disclosures give the same bytes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from budgets.domain.documents import Document, Sheet
from budgets.domain.key_figures import MONEY, PIECES, KeyFigure
from budgets.rendering.data.data_package import (
    LONG,
    LONG_KEY,
    cells,
    csv_of,
    resource,
    safe,
    schema_of,
    wide,
)
from budgets.rendering.fixed_archives import packed

DESCRIPTION, ARCHIVE, CELLS, PARQUET = "datapackage.json", "package.zip", "cells.csv", "cells.parquet"
OF = (*LONG[:5], ("table_row", "integer", "该表的第几行，从 1 起，空行不计"))
LISTED = (
    *LONG[:5],
    ("revision", "integer", "版次"),
    ("published_on", "date", "公开日期"),
    ("approved_on", "date", "批复日期"),
    ("payload_sha256", "string", "公开内容（JSON）的 SHA-256"),
    ("contained_in", "string", "已含在哪个部门的公开件里；求和时不应再加"),
    *((key, "number", f"{label}（元）") for key, label in MONEY.items()),
    *((key, "number", label) for key, label in PIECES.items()),
)
PLACE = [name for name, *_ in LONG[:5]]
NO_LICENCE = "公布者没有给出使用许可。"


@dataclass(frozen=True, slots=True)
class Line:
    """A disclosure as `disclosures.csv` lists it; what its document does not print is blank there."""

    region: str
    unit: str
    name: str
    year: int
    stage: str
    revision: int
    published_on: str
    approved_on: str
    digest: str
    contained_in: str = ""
    figures: Mapping[str, KeyFigure] = field(default_factory=dict)

    @property
    def values(self) -> list[str]:
        plain = (
            self.region, self.unit, safe(self.name), str(self.year), self.stage, str(self.revision),
            self.published_on, self.approved_on, self.digest, self.contained_in,
        )  # fmt: skip
        amounts = (self.figures.get(key) for key in (*MONEY, *PIECES))
        return [*plain, *(f"{figure.amount:f}" if figure else "" for figure in amounts)]


@dataclass(frozen=True, slots=True)
class About:
    """What a package says of itself. `page` is the address of the year's page; `licence` may be blank."""

    region_name: str
    year: int
    page: str
    licence: str = ""


def year_package(about: About, lines: Sequence[Line], documents: Iterable[Document]) -> dict[str, bytes]:
    """Its files by path, without the Parquet file; the documents come in the order of the lines, and one at a time."""
    long: list[list[str]] = []
    tables: dict[str, tuple[Sheet, list[list[str]]]] = {}
    for document in documents:
        long += cells(document)
        for sheet in document.sheets():
            _, rows = tables.setdefault(_form(sheet), (sheet, []))
            rows += _rows(document, sheet)
    made = [
        ("disclosures.csv", "公开件及其主要数", _fields(LISTED), [line.values for line in lines]),
        (CELLS, "全部表格，一行一格", _fields(LONG), long),
        *_tables(tables),
    ]
    files: dict[str, bytes] = {}
    resources = []
    for path, title, fields, rows in made:
        files[path] = csv_of([each["name"] for each in fields], rows)
        resources.append(resource(path, title, fields, files[path]))
    resources[0]["schema"]["primaryKey"] = PLACE
    resources[1]["schema"]["primaryKey"] = [*PLACE, *LONG_KEY]
    files[DESCRIPTION] = described(about, lines, resources)
    files[ARCHIVE] = packed(files)
    return files


def described(about: About, lines: Sequence[Line], resources: list[dict[str, Any]]) -> bytes:
    """`datapackage.json`: what the files are, what sums leave out, and the licence or that none was given."""
    region = lines[0].region
    contained = sum(bool(line.contained_in) for line in lines)
    words = f"{about.region_name}{about.year}年度现行公开的 {len(lines)} 份公开件，更正或撤回后随即更新。"
    if contained:
        words += f"其中 {contained} 份已含在主管部门的公开件里（contained_in），求和时不应再加。"
    told: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"{region}-{about.year}",
        "title": f"{about.region_name}{about.year}年度部门预算公开数据",
        "description": words + ("" if about.licence else NO_LICENCE),
        "homepage": about.page,
        "resources": resources,
    }
    if about.licence.startswith(("http://", "https://")):
        told["licenses"] = [{"path": about.licence}]
    elif about.licence:
        told["licenses"] = [{"title": about.licence, "name": about.licence}]
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _fields(described: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [{"name": name, "type": kind, "title": title} for name, kind, title in described]


def _form(sheet: Sheet) -> str:
    """What two tables share that may stand in one file: key, heads, kinds of columns and unit."""
    return json.dumps([sheet.key, schema_of(sheet)], ensure_ascii=False)


def _rows(document: Document, sheet: Sheet) -> Iterable[list[str]]:
    place = [document.region_code, document.unit_code, safe(document.unit_name)]
    place += [str(document.year), document.stage]
    for n, values in enumerate(wide(sheet), 1):
        yield [*place, str(n), *values]


def _tables(
    tables: Mapping[str, tuple[Sheet, list[list[str]]]],
) -> Iterable[tuple[str, str, list[dict[str, Any]], list[list[str]]]]:
    """The files of the tables; a second form of one table has a number in its name."""
    seen: dict[str, int] = {}
    for sheet, rows in tables.values():
        n = seen[sheet.key] = seen.get(sheet.key, 0) + 1
        path = f"tables/{sheet.key}{f'-{n}' if n > 1 else ''}.csv"
        yield path, sheet.title, [*_fields(OF), *schema_of(sheet)], rows


def digest_of(about: About, lines: Sequence[Line], maker: str) -> str:
    """SHA-256 of all that the files are made of: another one where anything of it changed."""
    told = [maker, about.region_name, about.year, about.page, about.licence]
    return sha256(
        json.dumps([told, [line.values for line in lines]], ensure_ascii=False).encode()
    ).hexdigest()
