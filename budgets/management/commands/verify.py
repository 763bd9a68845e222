"""Prove that what is public was not altered."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from budgets.keeping.sealing import sealed_faults
from budgets.publishing import chain_log, object_store, proofs, verification
from budgets.publishing.editions import Edition
from budgets.publishing.signed_notes import VerifierKey
from budgets.publishing.store_proofs import store_faults


class Command(BaseCommand):
    help = (
        "核验已公开的内容：只读公开文件夹和封存的审计日志，逐个核对内容摘要、公开链、数据文件、页面和地址。"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--render",
            action="store_true",
            help="由公开内容重新生成数据文件和网页、重新核对并比较（其他版本生成的只按清单核对）",
        )
        parser.add_argument("--database", action="store_true", help="同时与数据库比较，并核验审计日志")
        parser.add_argument("--store", action="store_true", help="同时与对象存储（OBJECT_STORE）里的比较")
        parser.add_argument(
            "--anchor", metavar="文件", type=Path, help="以前保存的检查点：证明现在的公开内容由它接续而来"
        )
        parser.add_argument("--key", metavar="公钥", help="核对检查点签名的公钥；不写时用本站设置的密钥")

    def handle(self, *args: Any, **options: Any) -> None:
        key, anchor = _key(options["key"]), _anchor(options["anchor"])
        if anchor is not None and key is None:
            raise CommandError("没有可以核对签名的公钥：请用 --key 写出保存检查点时一并保存的公钥。")
        proof = verification.verify(render=options["render"], certifier=_same_checks, key=key, anchor=anchor)
        sealed = sealed_faults(database=options["database"])
        mismatches = [*proof.mismatches, *(proofs.Mismatch(at, what) for at, what in sealed)]
        if options["database"]:
            from budgets.workflow import operating

            mismatches += [*self._trail(), *_against_database(proof)]
            operating.keep_verified(good=not mismatches)
        if options["store"]:
            mismatches += _against_store()
        for mismatch in mismatches:
            self.stdout.write(f"✗ {mismatch.at}：{mismatch.what}")
        for name in proof.pending:
            self.stdout.write(f"· {name}：PDF 待生成")
        if proof.otherwise_made:
            self.stdout.write(
                f"· {len(proof.otherwise_made)} 个工作簿、CSV 和勾稽关系文件由本程序的其他版本生成，"
                "内容与公开时的清单一致，没有重新生成比较。"
            )
        if proof.other_pages:
            self.stdout.write(
                f"· {len(proof.other_pages)} 个地址的网页由本程序的其他版本生成，只与清单核对；publish --rebuild 可以重新生成。"
            )
        if proof.other_rules:
            self.stdout.write(f"· {len(proof.other_rules)} 份核对清单：规则已更新，未重算。")
        looked = f"{proof.releases} 个公开地址、{proof.revisions} 个版本、{proof.files} 个文件"
        if mismatches:
            raise CommandError(f"核验了 {looked}，发现 {len(mismatches)} 处不符。", returncode=1)
        self.stdout.write(f"✓ 核验了 {looked}，全部相符。")

    def _trail(self) -> Iterator[proofs.Mismatch]:
        """What is wrong with the audit trail; the ends of its chains are printed, to be kept elsewhere."""
        from budgets.publishing.audit_proofs import chains
        from budgets.workflow import trail

        trail.link()
        for chain in chains():
            if chain.fault:
                yield proofs.Mismatch(chain.name, chain.fault)
            else:
                self.stdout.write(f"· {chain.name}：{chain.head.number} 条，链头 {chain.head.entry}")


def _key(given: str | None) -> VerifierKey | None:
    """The key by which checkpoints are verified: the given one, else the portal's own."""
    try:
        if given:
            return VerifierKey.read(given)
        own = chain_log.signing_key()
    except (OSError, ValueError) as error:
        raise CommandError(f"检查点的密钥不能读取：{error}") from None
    return own.verifier if own else None


def _anchor(file: Path | None) -> bytes | None:
    try:
        return file.read_bytes() if file else None
    except OSError as error:
        raise CommandError(f"保存的检查点不能读取：{error}") from None


def _same_checks(edition: Edition, first_published: date, editions: Mapping[str, Edition]) -> bool | None:
    """By the rules of today and the codes of the database; None without one."""
    from budgets.workflow.certifying import same_as_frozen

    try:
        return same_as_frozen(edition, first_published, editions)
    except DatabaseError:
        return None


def _against_store() -> list[proofs.Mismatch]:
    store = object_store.shared()
    if store is None:
        raise CommandError("没有设置 OBJECT_STORE，没有可以比较的对象存储。")
    try:
        return [proofs.Mismatch(f"对象存储 {at}", what) for at, what in store_faults(store)]
    except object_store.StoreAway as failure:
        raise CommandError(f"对象存储读不到，没有比较：{failure}") from failure


def _against_database(proof: proofs.Proof) -> list[proofs.Mismatch]:
    from budgets.models import Release
    from budgets.publishing import rows_proved, year_sums
    from budgets.publishing.pointers import place_of

    served = {
        "/".join(map(str, place_of(release))): release.name
        for release in Release.objects.select_related("department__region")
    }
    sums = (
        proofs.Mismatch(f"{region} {year}年度", "首页和地区页的数与公开的内容不符，请运行 reindex")
        for region, year in year_sums.wrong()
    )
    rows = (proofs.Mismatch(at, what) for at, what in rows_proved.row_faults())
    return [*verification.differences(proof, rows_proved.readable(), served), *sums, *rows]
