"""A region's folder opened from a disk, without any network: its pages, its search, its downloads."""

import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from .test_public import violations
from .waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_it_works_without_a_network(page, no_pdf, tmp_path):
    call_command("make_county", 3, years=[2024], without_pdf=True, verbosity=0)
    call_command("pack_site", "990001", output=tmp_path / "site.zip")
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        archive.extractall(tmp_path / "site")
    page.context.set_offline(True)
    failed = []
    page.on("requestfailed", lambda request: failed.append(f"{request.failure} {request.url} on {page.url}"))
    page.on("console", lambda message: failed.append(message.text))
    files = sorted((tmp_path / "site").rglob("*.html"))
    for file in files[:: max(1, len(files) // 40)]:
        page.goto(file.as_uri())
        assert page.locator("h1, h2").count(), file
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).borderTopStyle") == "solid"

    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.fill("#q", "行政运行")
    page.press("#q", "Enter")
    until(page, "document.querySelectorAll('.hit').length == 3")
    assert page.locator("mark").first.inner_text() == "行政运行"
    page.locator(".hit p a").first.click()
    until(page, "document.querySelector(':target') !== null")
    assert page.url.startswith("file:")
    with page.expect_download() as download:
        page.locator(".get a", has_text="Excel").click()
    name = page.url.partition("#")[0].removeprefix("file://").replace("index.html", "disclosure.xlsx")
    assert Path(download.value.path()).read_bytes() == Path(name).read_bytes()

    page.goto((tmp_path / "site" / "search.html").as_uri() + "?q=没有这样的词")
    until(page, "document.getElementById('said').textContent.startsWith('没有找到')")
    # A page that is left, and a link that becomes a download, end what they had begun.
    faults = [words for words in failed if "ERR_ABORTED" not in words]
    assert not faults, "\n".join(faults)
    page.goto((tmp_path / "site" / "search.html").as_uri() + "?q=行政运行")
    until(page, "document.querySelectorAll('.hit').length == 3")
    assert violations(page) == []
