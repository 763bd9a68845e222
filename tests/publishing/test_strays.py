"""A file or folder that no publication put into the published folder is named, wherever it lies; what a crash left is not."""

import pytest

from budgets.publishing import folders
from budgets.publishing.strays import NO_RELEASE, OUTSIDE
from budgets.publishing.verification import verify

from .test_verification import edition, serve

pytestmark = pytest.mark.usefixtures("few_pages")

NOWHERE = "公开地址没有指向已生成的页面"
PLANTED = {
    "index.html": OUTSIDE,
    "site/index.html": OUTSIDE,  # a defaced home page
    "site/evil.html": OUTSIDE,
    "site/130225/index.html": OUTSIDE,
    "site/130225/483/index.html": OUTSIDE,
    "site/130225/483/2023/index.html": NOWHERE,
    "site/130225/483/2023/budget.html": NOWHERE,
    "site/130225/483/2023/更正/index.html": NOWHERE,
    "site/公告/483/2023/budget": NOWHERE,
    "releases/evil.html": NO_RELEASE,
    f"releases/{'0' * 64}/index.html": NO_RELEASE,
    "releases/next/index.html": NO_RELEASE,
    "revisions/evil.html": NO_RELEASE,
    f"revisions/{'0' * 64}/disclosure.json": NO_RELEASE,
    "shelf/evil.html": OUTSIDE,
    "shelf/2023/evil.html": OUTSIDE,
    "more/index.html": OUTSIDE,
}


def faults() -> list[tuple[str, str]]:
    return [(each.at, each.what) for each in verify().mismatches]


@pytest.mark.parametrize(("path", "what"), PLANTED.items())
def test_what_was_put_there_is_named_and_nothing_else(path, what):
    serve(edition(), edition(previous=edition().entry, revision=2))
    assert faults() == []
    planted = folders.root() / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text("DEFACED")
    ((at, said),) = faults()
    assert path.startswith(at) and said == what
    planted.unlink()


@pytest.mark.parametrize(
    "path", ["site/130225/evil", "site/130225/483/2023/final", "releases/evil", "shelf/evil"]
)
def test_a_link_to_somewhere_else_is_named(tmp_path, path):
    serve(edition())
    (tmp_path / "elsewhere").mkdir()
    link = folders.root() / path
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(tmp_path / "elsewhere")
    assert [at for at, _ in faults()] == [path]


def test_what_a_crash_left_and_what_was_replaced_is_no_fault():
    first = edition()
    serve(first)
    serve(first, edition(previous=first.entry, revision=2))  # the first release lies there until it is swept
    for folder in (folders.site() / "130225" / "483" / "2023", folders.releases(), folders.revisions()):
        (folder / f"{folders.UNFINISHED}x").mkdir()
    assert faults() == []
