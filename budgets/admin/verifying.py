"""One public version held against its own hashes: payload, chain, files. `manage.py verify` proves the whole."""

from dataclasses import dataclass

from budgets.domain.snapshots import digest
from budgets.models import Publication
from budgets.publishing import folders, revision_files
from budgets.publishing.chain import GENESIS
from budgets.publishing.editions import edition_of


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison and what was compared; `fault` is blank when it holds."""

    label: str
    detail: str
    fault: str = ""


def checks(publication: Publication) -> list[Check]:
    """Payload against its hash, the entry against its parts and its predecessor, each file against the manifest."""
    edition = edition_of(publication)
    content = digest(publication.content)
    entry = edition.link.entry
    return [
        Check(
            "内容摘要",
            publication.payload_hash,
            "" if content == publication.payload_hash else f"实为 {content}",
        ),
        Check("链值", publication.chain_entry, "" if entry == publication.chain_entry else f"实为 {entry}"),
        _predecessor(publication),
        _files(publication),
    ]


def _predecessor(publication: Publication) -> Check:
    own = Publication.objects.filter(department=publication.department_id)
    before = own.filter(chain_entry=publication.chain_previous).first()
    if before is not None:
        return Check("上一版本", f"{before}")
    first = publication.chain_previous == GENESIS
    return Check(
        "上一版本", "本部门第一个公开版本" if first else "", "" if first else "链值指向的上一版本不存在"
    )


def _files(publication: Publication) -> Check:
    folder = revision_files.folder_of(edition_of(publication))
    try:
        known = folders.read_manifest(folder)["files"]
        wrong = [
            name
            for name, expected in known.items()
            if folders.sha256((folder / name).read_bytes()) != expected["sha256"]
        ]
    except (OSError, ValueError, KeyError):
        return Check("文件", "", "文件或清单缺失、不能读取")
    return Check("文件", f"{len(known)} 个文件与清单相符" if not wrong else "", "、".join(wrong))
