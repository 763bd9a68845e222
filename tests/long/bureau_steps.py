"""What the bureau does in a year, at its desk in Chromium, and what comes of it. Django is set up before this is imported."""

import time
from collections.abc import Iterable
from urllib.error import HTTPError
from urllib.request import urlopen

from budgets.models import (
    BatchFile,
    Department,
    FileState,
    FiscalYear,
    Job,
    JobState,
    Person,
    Publication,
    PublicationStatus,
    Region,
    Verdict,
)
from budgets.workflow.consolidation import scope_of
from tests.long import county_held
from tests.long.counted_hand import PASSWORD, Hand
from tests.long.planned_county import NEXT, OFFICER, REGION, YEAR, Planned, contained, files, own_sets, roster
from tests.long.told_figures import Figures
from tests.long.whole_portal import Memory, Started

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GIB = 1 << 30
MOST_CLICKS = 10  # for approving and publishing all


def set_up(hand: Hand, county: list[Planned], told: Figures) -> None:
    """From an empty database to departments, people and an opened year."""
    hand.open("/admin/")
    given = {"行政区划代码": REGION[0], "地区名称": REGION[1], "管理员用户名": "guan", "管理员姓名": "王管理"}
    for label, text in {**given, "密码": PASSWORD, "再输一次密码": PASSWORD}.items():
        hand.type(label, text)
    hand.click("完成设置")
    hand.click("导入部门和人员", "link")
    hand.choose("file", {"name": "名单.xlsx", "mimeType": XLSX, "buffer": roster(county)})
    hand.click("上传并对照")
    hand.click("确认导入")
    hand.click("发设密码的链接", "link")
    hand.click("生成链接并列出")
    slips = hand.page.locator(".slips li")
    link = slips.filter(has_text=OFFICER).locator(".slip-address").inner_text()
    made = slips.count()
    hand.open("/admin/region-settings/")
    hand.type("公开前可以撤回的分钟数", "0")
    hand.click("保存")
    hand.see("已保存")
    hand.click("退出")
    hand.open(link)
    hand.type("新密码", PASSWORD)
    hand.type("新密码确认", PASSWORD)
    hand.click("设好密码")
    hand.see("密码已设好")
    hand.sign_in(OFFICER)
    open_year(hand, YEAR, "2023-01-16")
    told.seconds("set up in the browser", hand.seconds, 600)
    told.tell("　clicks, key presses", f"{hand.clicks}, {hand.keys}")
    told.hold("　departments, people, year", _set_up_faults(county, made))


def open_year(hand: Hand, year: int, approved_on: str) -> None:
    """Open a year, with the date on which the budgets of all were approved."""
    hand.open("/admin/years/")
    hand.type("预算年度", str(year))
    hand.fill_date("批复日期（全部部门）", approved_on)
    hand.click("开放", exact=True)
    hand.see(f"已开放{year}年度")


def _set_up_faults(county: list[Planned], slips: int) -> Iterable[str]:
    people = 2 * len(county) + 1
    found = (Department.objects.count(), Person.objects.count(), slips, FiscalYear.objects.get().fiscal_year)
    if found != (len(county), people + 1, people, YEAR):
        yield f"departments, people, slips, year are {found}"
    if sorted(Department.objects.values_list("code", "supervising_department__code")) != sorted(
        (each.code, each.above or None) for each in county
    ):
        yield "units are below others than the list says"


def review(hand: Hand, county: list[Planned], told: Figures, url: str) -> None:
    """Every draft approved and published: clicks, and seconds until the last one is public."""
    hand.click("看全部部门的年度总览", "link")
    began, clicks = time.monotonic(), hand.clicks
    hand.tick("全选")
    hand.click("批准", exact=True)
    hand.see(f"已批准 {len(county)} 个部门")
    told.tell("all approved", f"{time.monotonic() - began:.1f} s")
    hand.tick("全选")
    began = time.monotonic()
    hand.click("公开", exact=True)
    hand.click("马上公开", exact=True)  # nothing can be taken back: it asks first
    hand.see(f"已公开 {len(county)} 个部门")
    current = Publication.objects.filter(state__status=PublicationStatus.CURRENT, state__pdf_pending=False)
    failed = Job.objects.filter(state=JobState.FAILED)
    told.until("publication", lambda: current.count() == len(county) or failed.exists())
    told.tell("the last one public, with PDF", f"{time.monotonic() - began:.1f} s")
    told.tell("　clicks of both", f"{hand.clicks - clicks}", f"≤ {MOST_CLICKS}")
    if hand.clicks - clicks > MOST_CLICKS:
        told.wrong.append("too many clicks")
    told.hold("　public pages", [*failed.values_list("message", flat=True), *_not_public(county, url)])


def _not_public(county: list[Planned], url: str) -> Iterable[str]:
    for each in county:
        try:
            with urlopen(f"{url}/{REGION[0]}/{each.code}/{YEAR}/budget/") as answer:
                if each.name.encode() not in answer.read():
                    yield f"{each.name} is not on its page"
        except HTTPError as refused:
            yield f"{each.name}: {refused}"


def take_along(hand: Hand, county: list[Planned], told: Figures, portal: Started) -> None:
    """The county's book, all PDFs, and the consolidated tables."""
    public = county_held.published()
    pdfs = [pdf for _, pdf in public.values()]
    hand.open(f"/admin/overview/{YEAR}/")
    began = time.monotonic()
    with Memory(portal.parts["worker"]) as memory:
        hand.click("全县汇编")
        hand.see("部门预算公开汇编", "link")
        took = time.monotonic() - began
    book, _ = hand.download("部门预算公开汇编", "link")
    told.seconds("book", took, 90)
    peak = f"{memory.largest / GIB:.2f} GB"
    told.tell("　peak of its largest process", peak, "≤ 1 GB", slow=memory.largest > GIB)
    told.tell("　the worker and all below it at once", f"{memory.together / GIB:.2f} GB")
    told.tell("　pages, size", f"{county_held.pages_of(book):,}, {book.stat().st_size / 2**20:.0f} MB")
    told.hold("　qpdf, bookmarks, links, tags", county_held.of_book(book, county, pdfs))
    hand.open(f"/admin/overview/{YEAR}/")
    archive, took = hand.download("下载 PDF")
    told.seconds("ZIP of all PDFs", took, 10)
    told.hold("　its files", county_held.of_archive(archive, pdfs))
    hand.click("汇总表", "link", exact=True)
    workbook, took = hand.download("全部下载（Excel）")
    told.tell("consolidated tables as Excel", f"{took:.1f} s")
    payloads = {code: payload for code, (payload, _) in public.items()}
    left = len(contained(county))
    told.hold(
        f"　sums, {left} units inside others left out",
        county_held.of_sums(scope_of(Region.objects.get(), YEAR), county, payloads, workbook.read_bytes()),
    )


def many_files(hand: Hand, county: list[Planned], told: Figures, seed: int) -> None:
    """As many files as departments at once."""
    open_year(hand, NEXT, "2024-01-16")
    own_sets(county, NEXT)
    given = [{"name": name, "mimeType": XLSX, "buffer": content} for name, content in files(county, seed)]
    hand.open("/admin/batches/")
    hand.choose("upload", given)
    began = time.monotonic()
    hand.click("上传并读取")
    open_ = BatchFile.objects.exclude(state=FileState.READ)
    told.until("reading", lambda: BatchFile.objects.count() == len(county) and not open_.exists())
    told.seconds(f"{len(given)} files read", time.monotonic() - began, 300)
    hand.click("把选中的写入草稿")
    hand.see("个文件正在写入草稿")
    told.until("taking", lambda: not open_.exists())
    told.tell("　written into drafts as well", f"{time.monotonic() - began:.1f} s")
    told.hold("　fits, unknown, double, other year", county_held.of_batch(county))
    for file in BatchFile.objects.exclude(verdict=Verdict.TAKEN).order_by("position"):
        told.tell(f"　{file.name}", f"{file.get_verdict_display()}：{file.reason}{file.remedy}")
