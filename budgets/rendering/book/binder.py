"""Tagged PDFs bound into one: pages, structure tree, bookmarks, links, attached files. Binder process only.

qpdf copies pages alone. What is named for a whole file (IDs of header cells, destinations, attached files) gets the
number of its part in front; what is counted through a file (the keys of the parent tree) goes on counting. Everything
is renamed in the source, then copied: pages first, because a page that is not there yet becomes null in the tree.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import batched
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from budgets.rendering.book.page_stamps import Stamps

LEAF = 64  # entries of a number or name tree in one node
FILES = ("/FontFile2", "/FontFile3")
type Say = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One document behind the front, with its bookmark."""

    title: str
    content: bytes


def bind(front: bytes, parts: Sequence[Part], say: Say = lambda done, of: None) -> bytes:
    """The book: the front's metadata and pages, then every part as a Part of its structure; the same bytes each time.

    Every page bears its number in the book. `say` hears how many parts are bound, of how many.
    """
    with Pdf.open(BytesIO(front)) as book:
        binder = _Binder(book)
        sources = []  # streams are read when the book is written
        for n, part in enumerate(parts, 1):
            sources.append(Pdf.open(BytesIO(part.content)))
            binder.add(n, part.title, sources[-1])
            say(n, len(parts) + 1)
        binder.finish()
        out = BytesIO()
        book.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        say(len(parts) + 1, len(parts) + 1)
    return out.getvalue()


def pages_of(content: bytes) -> int:
    """How many pages a PDF has."""
    with Pdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


class _Binder:
    def __init__(self, book: Pdf) -> None:
        self.book, self.root = book, book.Root.StructTreeRoot
        self.parents = list(_pairs(self.root.ParentTree, "/Nums"))
        self.next = 1 + max((int(key) for key, _ in self.parents), default=-1)
        self.ids = _named(self.root.get("/IDTree"))
        names = book.Root.get("/Names", Dictionary())
        self.places = _named(names.get("/Dests"))
        self.files = _named(names.get("/EmbeddedFiles"))
        self.whole = self.root.K[0] if isinstance(self.root.K, Array) else self.root.K
        self.bookmarks: list[OutlineItem] = []

    def add(self, n: int, title: str, source: Pdf) -> None:
        """Bind one document behind what is there."""
        prefix = f"{n}-".encode()
        first = len(self.book.pages)
        tree = source.Root.StructTreeRoot
        parents = [(int(key) + self.next, value) for key, value in _pairs(tree.ParentTree, "/Nums")]
        self._rename(source, prefix)
        self.book.pages.extend(source.pages)
        copied = self.book.copy_foreign(tree)
        part = self.book.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Part, P=self.whole, T=String(title), K=Array())
        )
        for kid in copied.K if isinstance(copied.K, Array) else [copied.K]:
            kid.S, kid.P = Name.Sect, part
            part.K.append(kid)
        self.whole.K.append(part)
        self.parents += [
            (key, value)
            for (key, _), (_, value) in zip(parents, _pairs(copied.ParentTree, "/Nums"), strict=True)
        ]
        self.next = 1 + max((key for key, _ in self.parents), default=-1)
        self.ids |= {prefix + key: value for key, value in _named(copied.get("/IDTree")).items()}
        self._names(n, prefix, first, source)

    def _rename(self, source: Pdf, prefix: bytes) -> None:
        for item in source.objects:
            if not isinstance(item, Dictionary):
                continue
            kind = item.get("/Type")
            if kind == Name.StructElem:
                if "/ID" in item:
                    item.ID = String(prefix + bytes(item.ID))
                about = item.get("/A")
                if isinstance(about, Dictionary) and "/Headers" in about:
                    about.Headers = Array([String(prefix + bytes(key)) for key in about.Headers])
            elif kind == Name.Annot:
                self._relink(item, prefix)
            if "/StructParents" in item:
                item.StructParents = int(item.StructParents) + self.next
            if "/StructParent" in item:
                item.StructParent = int(item.StructParent) + self.next

    @staticmethod
    def _relink(link: Dictionary, prefix: bytes) -> None:
        holders = [(link, "/Dest"), (link.get("/A"), "/D")]
        for holder, key in holders:
            if isinstance(holder, Dictionary) and isinstance(holder.get(key), String):
                holder[key] = String(prefix + bytes(holder[key]))

    def _names(self, n: int, prefix: bytes, first: int, source: Pdf) -> None:
        """Destinations, bookmarks and attached files, which are not copied with pages."""
        where = {page.obj.objgen: first + i for i, page in enumerate(source.pages)}
        names = source.Root.get("/Names", Dictionary())
        for key, place in _named(names.get("/Dests")).items():
            self.places[prefix + key] = self._moved(place, where)
        kept = {}
        for key, file in _named(names.get("/EmbeddedFiles")).items():
            copy = kept[file.objgen] = self.book.copy_foreign(file)
            for name in ("/F", "/UF"):
                if name in copy:
                    copy[name] = String(f"{n}-{copy[name]}")
            self.files[prefix + key] = copy
        for file in source.Root.get("/AF", []):
            if file.objgen in kept:
                self.book.Root.AF = self.book.Root.get("/AF", Array())
                self.book.Root.AF.append(kept[file.objgen])
        with source.open_outline() as outline:
            top = OutlineItem(str(self.whole.K[-1].T), first, "Fit")
            top.is_closed = True
            top.children = [self._bookmark(item, where) for item in outline.root]
        self.bookmarks.append(top)

    def _bookmark(self, item: OutlineItem, where: dict[Any, int]) -> OutlineItem:
        place = item.destination
        moved = self._moved(place, where) if isinstance(place, Array) else None
        out = OutlineItem(item.title, moved)
        out.is_closed = True
        out.children = [self._bookmark(child, where) for child in item.children]
        return out

    def _moved(self, place: Any, where: dict[Any, int]) -> Array:
        page, *rest = place
        return Array([self.book.pages[where[page.objgen]].obj, *rest])

    def finish(self) -> None:
        """Write the trees anew, number the pages, keep equal fonts once."""
        book, root = self.book, self.root
        root.ParentTree = self._tree("/Nums", self.parents)
        root.ParentTreeNextKey = self.next
        if self.ids:
            root.IDTree = self._tree("/Names", [(String(k), v) for k, v in sorted(self.ids.items())])
        names = book.Root.get("/Names") or book.make_indirect(Dictionary())
        book.Root.Names = names
        for key, held in (("/Dests", self.places), ("/EmbeddedFiles", self.files)):
            if held:
                names[key] = self._tree("/Names", [(String(k), v) for k, v in sorted(held.items())])
        with book.open_outline() as outline:
            outline.root.extend(self.bookmarks)
        Stamps(book).number()
        self._share_fonts()

    def _tree(self, key: str, pairs: Sequence[tuple[Any, Any]]) -> Dictionary:
        kids = []
        for leaf in batched(pairs, LEAF):
            flat = [part for pair in leaf for part in pair]
            limits = Array([leaf[0][0], leaf[-1][0]])
            kids.append(self.book.make_indirect(Dictionary({key: Array(flat), "/Limits": limits})))
        return self.book.make_indirect(Dictionary(Kids=Array(kids)))

    def _share_fonts(self) -> None:
        seen: dict[bytes, Any] = {}
        for item in self.book.objects:
            for key in FILES:
                if isinstance(item, Dictionary) and key in item:
                    digest = sha256(item[key].read_raw_bytes()).digest()
                    item[key] = seen.setdefault(digest, item[key])


def _pairs(tree: Any, key: str) -> Iterator[tuple[Any, Any]]:
    """The entries of a number or name tree in order."""
    if tree is None:
        return
    held = tree.get(key)
    if held is not None:
        items = list(held)
        yield from zip(items[::2], items[1::2], strict=True)
    for kid in tree.get("/Kids", []):
        yield from _pairs(kid, key)


def _named(tree: Any) -> dict[bytes, Any]:
    return {bytes(key): value for key, value in _pairs(tree, "/Names")}
