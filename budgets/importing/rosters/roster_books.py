"""The kinds of lists by name, and reading a file's bytes as one of them."""

from budgets.importing.reading.csv_sheets import read_csv
from budgets.importing.reading.opening import Unreadable, kind_of
from budgets.importing.reading.workbooks import read_workbook
from budgets.importing.rosters.roster_columns import ROSTER
from budgets.importing.rosters.roster_reading import Roster, read_roster, titled
from budgets.importing.rosters.subject_columns import SUBJECT_LIST

BOOKS = {"roster": ROSTER, "subjects": SUBJECT_LIST}
NO_WORKBOOK = "文件“{name}”不是 Excel 工作簿（.xlsx）{also}。请用模板填写，或另存为 .xlsx 再上传。"


def read_book(name: str, content: bytes, kind: str) -> Roster:
    """The rows and faults of a workbook, or of a CSV where that kind of list is one. Raises Unreadable."""
    book, found = BOOKS[kind], kind_of(name, content)
    if found == "csv" and book.plain_text:
        return read_roster(name, titled(read_csv(name, content), book), book)
    if found != "xlsx":
        raise Unreadable(NO_WORKBOOK.format(name=name, also="，也不是 CSV" if book.plain_text else ""))
    return read_roster(name, read_workbook(name, content), book)
