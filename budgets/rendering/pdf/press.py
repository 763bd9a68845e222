"""WeasyPrint with our fonts and stylesheet loaded once. Imported by the renderer process only."""

import io
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from budgets.confined.serving import Refused
from budgets.rendering.pdf import justification
from budgets.rendering.pdf.finishing import finish, identify

FOLDER = Path(__file__).parent
VARIANT = "pdf/a-3a"


class Messages(logging.Handler):
    """Keeps what WeasyPrint logs: a message is always a fault of our HTML or CSS."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname}: {record.getMessage()}")


class NoFetcher(URLFetcher):  # type: ignore[misc] # the library has no types
    """Fetches nothing: a document holds all it needs. A request ends the rendering."""

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        raise Refused(f"文档引用了不允许的地址：{url[:200]}")


class Markup(weasyprint.HTML):  # type: ignore[misc] # the library has no types
    """A document with `elements` in place of WeasyPrint's own, ten times longer element styles."""

    def __init__(self, html: str, elements: weasyprint.CSS, fetcher: URLFetcher) -> None:
        self.elements = elements
        super().__init__(string=html, url_fetcher=fetcher)

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        return [self.elements]


class Press:
    """Makes one PDF after another; `messages.lines` holds what was logged since it was last emptied."""

    def __init__(self) -> None:
        self.messages = Messages()
        logger = logging.getLogger("weasyprint")
        logger.handlers[:] = [self.messages]
        logger.setLevel(logging.WARNING)
        justification.install()
        self.fetcher = NoFetcher()
        self.fonts = FontConfiguration()
        self.elements, self.paper = (
            weasyprint.CSS(
                string=(FOLDER / name).read_text(encoding="utf-8"),
                font_config=self.fonts,
                url_fetcher=self.fetcher,
            )
            for name in ("elements.css", "paper.css")
        )

    @property
    def complete(self) -> bool:
        """False when HarfBuzz cannot subset fonts, which would make every document many times slower."""
        return ffi.harfbuzz_subset is not None

    def pdf(
        self, html: str, attachments: list[tuple[dict[str, Any], bytes]], created: datetime
    ) -> tuple[bytes, int]:
        """The PDF of one document and its number of pages. Raises Refused."""
        try:
            document = Markup(html, self.elements, self.fetcher).render(
                font_config=self.fonts, stylesheets=[self.paper], pdf_variant=VARIANT
            )
            identify(document, created)
            files = [
                weasyprint.Attachment(
                    file_obj=io.BytesIO(content),
                    url_fetcher=self.fetcher,
                    name=head["name"],
                    description=head["description"],
                    relationship=head["relationship"],
                    created=created.astimezone(UTC),  # WeasyPrint writes it with a Z
                    modified=created.astimezone(UTC),
                )
                for head, content in attachments
            ]
            content = document.write_pdf(pdf_variant=VARIANT, attachments=files, finisher=finish)
        except FatalURLFetchingError as error:
            raise Refused(str(error.__cause__)) from None
        return content, len(document.pages)
