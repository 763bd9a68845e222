"""Reads a bound book: what its trees name, pieces of pages that no tag reaches, links that lead elsewhere."""

from collections import Counter

import pikepdf


def entries_of(tree, key: str) -> list:
    out = list(tree.get(key, []))
    for kid in tree.get("/Kids", []):
        out += entries_of(kid, key)
    return out


def pairs(tree, key: str) -> list[tuple]:
    flat = entries_of(tree, key)
    return list(zip(flat[::2], flat[1::2], strict=True))


def untagged(pdf: pikepdf.Pdf) -> list[tuple[int, int]]:
    """Pages with the number of pieces of their content whose parent is no element of the tree that names this page."""
    tree = pdf.Root.StructTreeRoot
    parents = {int(key): value for key, value in pairs(tree.ParentTree, "/Nums")}
    reached: Counter = Counter()

    def walk(element) -> None:
        kids = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                if "/S" in kid:
                    assert kid.P.objgen == element.objgen or element.objgen == tree.objgen
                    walk(kid)
            else:
                reached[element.Pg.objgen, int(kid), element.objgen] += 1

    walk(tree)
    found = []
    for n, page in enumerate(pdf.pages, 1):
        held = parents.get(int(page.obj.get("/StructParents", -1)), [])
        marked = {
            int(operands[1]["/MCID"])
            for operands, operator in pikepdf.parse_content_stream(page, "BDC")
            if len(operands) > 1 and "/MCID" in operands[1]
        }
        lost = [i for i in marked if i >= len(held) or reached[page.obj.objgen, i, held[i].objgen] != 1]
        if lost:
            found.append((n, len(lost)))
    return found


def broken_links(pdf: pikepdf.Pdf, starts: list[int]) -> list[tuple[int, str]]:
    """Links that lead nowhere, or out of the document they stand in; those of the front lead to the parts' first pages."""
    spots = {bytes(key): value for key, value in pairs(pdf.Root.Names.Dests, "/Names")}
    number = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
    own = [max((s for s in starts if s <= n), default=0) for n in range(len(pdf.pages))]
    found = []
    for n, page in enumerate(pdf.pages):
        for link in page.obj.get("/Annots", []):
            named = link.get("/Dest", link.get("/A", pikepdf.Dictionary()).get("/D"))
            if named is None:
                continue
            at = number.get(spots[bytes(named)][0].objgen) if bytes(named) in spots else None
            wanted = starts[int(bytes(named).split(b"-")[1]) - 1] if not own[n] else None
            if at is None or (at != wanted if wanted is not None else own[at] != own[n]):
                found.append((n + 1, str(named)))
    return found
