"""The bureau's year as one script: a county set up, approved, published and taken along, in Chromium on a whole portal.

    uv run python -m tests.long.bureau_county --departments 60 --seed 0 --folder /tmp/county

In an empty folder (on PostgreSQL with DATABASE_URL=postgres://…, an empty database). Prints a Markdown table; ends with status 1
when something is not what it must be, with --strict also when something took longer than its target.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from tests.deploy.portal import free_port
from tests.long.counted_hand import PASSWORD, Hand
from tests.long.planned_county import (
    NEXT,
    OFFICER,
    REGION,
    YEAR,
    Planned,
    contained,
    files,
    handed_in,
    own_sets,
    planned,
    roster,
)
from tests.long.whole_portal import Memory, Started, environment, running

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FEWEST = 4  # departments: of the files three are no department's
GIB = 1 << 30


@dataclass
class Figures:
    """The rows of the table, what is wrong, and what took longer than its target."""

    ends: float
    rows: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    def tell(self, name: str, value: float, words: str, most: float | None = None, target: str = "") -> None:
        """A row; with `most` what may not be more on an idle machine."""
        self.rows.append(f"| {name} | {words} | {target} |")
        print(self.rows[-1], flush=True)
        if most is not None and value > most:
            self.slow.append(f"{name}: {words}, target {target}")

    def seconds(self, name: str, value: float, most: float) -> None:
        """A row of seconds."""
        self.tell(name, value, f"{value:.1f} s", most, f"≤ {most:.0f} s")

    def hold(self, name: str, faults: Iterable[str]) -> None:
        """A row of what must be right."""
        found = list(faults)
        self.rows.append(f"| {name} | {'; '.join(found) or '0 wrong'} | 0 wrong |")
        print(self.rows[-1], flush=True)
        self.wrong += [f"{name}: {fault}" for fault in found]

    def until(self, what: str, is_so: Callable[[], bool]) -> float:
        """Wait for what workers do: the seconds. Raises SystemExit when the time of the script is over."""
        began = time.monotonic()
        while not is_so():
            if time.monotonic() > self.ends:
                raise SystemExit(f"time is over: {what}")
            time.sleep(0.5)
        return time.monotonic() - began


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
    told.tell("　clicks, key presses", hand.clicks, f"{hand.clicks}, {hand.keys}")
    told.hold("　departments, people, year", _set_up_faults(county, made))


def open_year(hand: Hand, year: int, approved_on: str) -> None:
    """Open a year, with the date on which the budgets of all were approved."""
    hand.open("/admin/years/")
    hand.type("预算年度", str(year))
    hand.fill_date("批复日期（全部部门）", approved_on)
    hand.click("开放", exact=True)
    hand.see(f"已开放{year}年度")


def _set_up_faults(county: list[Planned], slips: int) -> Iterable[str]:
    from budgets.models import Department, FiscalYear, Person

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
    from budgets.models import Job, JobState, Publication, PublicationStatus

    hand.click("看全部部门的年度总览", "link")
    began, clicks = time.monotonic(), hand.clicks
    hand.tick("全选")
    hand.click("批准", exact=True)
    hand.see(f"已批准 {len(county)} 个部门")
    told.tell("all approved", 0, f"{time.monotonic() - began:.1f} s")
    hand.tick("全选")
    began = time.monotonic()
    hand.click("公开", exact=True)
    hand.see(f"已公开 {len(county)} 个部门")
    current = Publication.objects.filter(state__status=PublicationStatus.CURRENT, state__pdf_pending=False)
    failed = Job.objects.filter(state=JobState.FAILED)
    told.until("publication", lambda: current.count() == len(county) or failed.exists())
    told.tell("the last one public, with PDF", 0, f"{time.monotonic() - began:.1f} s")
    told.tell("　clicks of both", hand.clicks - clicks, f"{hand.clicks - clicks}", 10, "≤ 10")
    told.hold("　public pages", [*failed.values_list("message", flat=True), *_not_public(county, url)])


def _not_public(county: list[Planned], url: str) -> Iterable[str]:
    for each in county:
        with urlopen(f"{url}/{REGION[0]}/{each.code}/{YEAR}/budget/") as answer:
            if each.name.encode() not in answer.read():
                yield f"{each.name} is not on its page"


def take_along(hand: Hand, county: list[Planned], told: Figures, portal: Started) -> None:
    """The county's book, all PDFs, and the consolidated tables."""
    from budgets.models import Region
    from budgets.workflow.consolidation import scope_of
    from tests.long import county_held

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
    told.tell(
        "　peak of its largest process", memory.largest, f"{memory.largest / GIB:.2f} GB", GIB, "≤ 1 GB"
    )
    told.tell("　the worker and all below it at once", 0, f"{memory.together / GIB:.2f} GB")
    told.tell("　pages, size", 0, f"{county_held.pages_of(book):,}, {book.stat().st_size / 2**20:.0f} MB")
    told.hold("　qpdf, bookmarks, links, tags", county_held.of_book(book, county, pdfs))
    hand.open(f"/admin/overview/{YEAR}/")
    archive, took = hand.download("下载 PDF")
    told.seconds("ZIP of all PDFs", took, 10)
    told.hold("　its files", county_held.of_archive(archive, pdfs))
    hand.click("汇总表", "link", exact=True)
    workbook, took = hand.download("全部下载（Excel）")
    told.tell("consolidated tables as Excel", 0, f"{took:.1f} s")
    payloads = {code: payload for code, (payload, _) in public.items()}
    left = len(contained(county))
    told.hold(
        f"　sums, {left} units inside others left out",
        county_held.of_sums(scope_of(Region.objects.get(), YEAR), county, payloads, workbook.read_bytes()),
    )


def many_files(hand: Hand, county: list[Planned], told: Figures, seed: int) -> None:
    """As many files as departments at once."""
    from budgets.models import BatchFile, FileState, Verdict
    from tests.long import county_held

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
    told.tell("　written into drafts as well", 0, f"{time.monotonic() - began:.1f} s")
    told.hold("　fits, unknown, double, other year", county_held.of_batch(county))
    for file in BatchFile.objects.exclude(verdict=Verdict.TAKEN).order_by("position"):
        told.tell(f"　{file.name}", 0, f"{file.get_verdict_display()}：{file.reason}{file.remedy}")


def measured(browser: Browser, portal: Started, number: int, seed: int, told: Figures) -> None:
    """All of it."""
    county = planned(number)
    hand = Hand(browser.new_page(accept_downloads=True), portal.url)
    set_up(hand, county, told)
    own_sets(county, YEAR)
    handed_in(county, seed)
    hand.open("/admin/")
    review(hand, county, told, portal.url)
    take_along(hand, county, told, portal)
    many_files(hand, county, told, seed)
    told.tell("the whole, drafts drawn meanwhile", 0, f"{hand.seconds:.0f} s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--departments", type=int, default=60)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--folder", type=Path, required=True, help="for database and files; empty")
    asked.add_argument("--minutes", type=float, default=40, help="after which the script gives up")
    asked.add_argument("--strict", action="store_true", help="what takes longer than its target is wrong")
    wish = asked.parse_args()
    if wish.departments < FEWEST:
        asked.error(f"at least {FEWEST} departments")
    wish.folder.mkdir(parents=True, exist_ok=True)
    if any(wish.folder.iterdir()):
        asked.error(f"{wish.folder} is not empty")
    port = free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # its processes end with it
    os.environ |= environment(wish.folder, port) | {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    import django

    django.setup()
    told = Figures(time.monotonic() + wish.minutes * 60)
    told.tell("figure", 0, f"{wish.departments} departments, seed {wish.seed}", None, "target")
    told.tell("---", 0, "---", None, "---")
    with running(wish.folder, port) as portal, sync_playwright() as playwright:
        chromium = next(path for path in CHROMIUM if Path(path).exists())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        measured(browser, portal, wish.departments, wish.seed, told)
        browser.close()
    sys.exit("\n".join([*told.wrong, *(told.slow if wish.strict else [])]) or 0)


if __name__ == "__main__":
    main()
