"""The sample's print HTML and its PDF, made once for all tests that look at them."""

import sys
from datetime import date, datetime, timedelta, timezone

import pytest

from budgets.domain.documents import Document
from budgets.rendering.pdf.print_html import print_html
from budgets.rendering.pdf.renderer import Attachment, Renderer, pdf_problem
from tests.makers import sample_document as the_sample
from tests.rendering.tagged import Tagged

CREATED = datetime(2023, 2, 10, 9, 0, tzinfo=timezone(timedelta(hours=8)))
ADDRESS = "https://budget.example/130225/483/2023/budget/r1/"
DIGEST = "9f2c41ab77e0" + "5d" * 26
ATTACHMENTS = (
    Attachment("disclosure.xlsx", b"PK\x03\x04 a workbook", "各表的工作簿", "Alternative"),
    Attachment("disclosure.json", '{"年": 2023}'.encode(), "公开内容的数据", "Source"),
)


def print_of(document: Document, **changes) -> str:
    given = {"address": ADDRESS, "revision": 1, "published_on": date(2023, 2, 10), "fingerprint": DIGEST}
    return print_html(document, **{**given, **changes})


@pytest.fixture(autouse=True)
def _needs_pango(request):
    if request.node.get_closest_marker("pango") and (problem := pdf_problem()):
        pytest.skip(problem)


@pytest.fixture(scope="session")
def document() -> Document:
    return the_sample.document()


@pytest.fixture(scope="session")
def printed(document) -> str:
    return print_of(document)


@pytest.fixture(scope="session")
def renderer():
    """A renderer process that lasts for the session."""
    if problem := pdf_problem():
        pytest.skip(problem)
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.fixture(scope="session")
def pdf(renderer, printed) -> bytes:
    """The sample's PDF. Whatever WeasyPrint logs about it is a fault of our HTML or CSS."""
    content = renderer.render(printed, attachments=ATTACHMENTS, created=CREATED)
    assert renderer.report["log"] == []
    return content


@pytest.fixture(scope="session")
def sample(pdf) -> Tagged:
    return Tagged(pdf)


class Altered(Renderer):
    """A renderer whose process runs some lines before it starts to serve."""

    def __init__(self, *lines: str, **options) -> None:
        super().__init__(**options)
        script = "\n".join(
            [*lines, "from budgets.rendering.pdf import renderer_process as renderer", "renderer.main()"]
        )
        self.command = (sys.executable, "-c", script)


@pytest.fixture
def altered():
    """Makes altered renderers and ends them after the test."""
    made: list[Renderer] = []

    def make(*lines: str, **options) -> Renderer:
        made.append(Altered(*lines, **options))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()
