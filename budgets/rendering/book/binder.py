"""Tagged PDFs bound into one: pages, structure tree, bookmarks, links, attached files. Binder process only.

qpdf copies pages alone. What is named for a whole file (IDs of header cells, destinations, attached files) gets the
number of its part in front; what is counted through a file (the keys of the parent tree) goes on counting. Everything
is renamed in the source, then copied: pages first, because a page that is not there yet becomes null in the tree.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from itertools import batched
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream, String

from budgets.rendering.book.book_binding import Bound, place
from budgets.rendering.book.page_stamps import Stamps

LEAF = 64  # entries of a number or name tree in one node
FILES = ("/FontFile2", "/FontFile3")
type Say = Callable[[int, int], None]


def bind(front: bytes, specimen: bytes, parts: Sequence[Bound], say: Say = lambda done, of: None) -> bytes:
    """The book: the front's metadata and pages, then every part as a Part of its structure; the same bytes each time.

    The front's destination of the n-th part is moved to where that begins. Every page bears its number in the book,
    set with the glyphs of `specimen`. `say` hears how many parts are bound, of how many.
    """
    with Pdf.open(BytesIO(front)) as book, Pdf.open(BytesIO(specimen)) as glyphs:
        binder = _Binder(book)
        for n, part in enumerate(parts, 1):
            held = len(book.objects)
            with Pdf.open(BytesIO(part.content)) as source:
                binder.add(n, part, source)
                binder.let_go(held)
            say(n, len(parts) + 1)
        binder.finish()
        Stamps(book, glyphs).number()
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

    def add(self, n: int, bound: Bound, source: Pdf) -> None:
        """Bind one document behind what is there."""
        prefix = f"{n}-".encode()
        first = len(self.book.pages)
        tree = source.Root.StructTreeRoot
        parents = [(int(key) + self.next, value) for key, value in _pairs(tree.ParentTree, "/Nums")]
        self._rename(source, prefix)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # names are moved below
            self.book.pages.extend(source.pages)
        copied = self.book.copy_foreign(tree)
        part = self.book.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Part, P=self.whole, T=String(bound.title), K=Array())
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
        self._mark(bound, first, source)

    def let_go(self, held: int) -> None:
        """Take over the bytes of every stream since the first `held` objects: their source may be closed, and half the
        memory is free again."""
        for number in range(held + 1, len(self.book.objects) + 1):
            item = self.book.get_object(number, 0)
            if isinstance(item, Stream):
                named: dict[str, Any] = {
                    "filter": item.get("/Filter"),
                    "decode_parms": item.get("/DecodeParms"),
                }
                item.write(item.read_raw_bytes(), **named)

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
        """Destinations and attached files, which are not copied with pages."""
        where = self._where(first, source)
        self.places[place(n).encode()] = Array([self.book.pages[first].obj, Name.Fit])
        names = source.Root.get("/Names", Dictionary())
        for key, spot in _named(names.get("/Dests")).items():
            self.places[prefix + key] = self._moved(spot, where)
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

    def _mark(self, bound: Bound, first: int, source: Pdf) -> None:
        """The bookmark, with those of the document below it where it stands for a whole one."""
        mark = OutlineItem(bound.title, first, "Fit")
        mark.is_closed = True
        if not bound.within:
            with source.open_outline() as outline:
                mark.children = [self._bookmark(item, self._where(first, source)) for item in outline.root]
            self.bookmarks.append(mark)
            return
        if not self.bookmarks or self.bookmarks[-1].title != bound.within:
            self.bookmarks.append(OutlineItem(bound.within, first, "Fit"))
        self.bookmarks[-1].children.append(mark)

    @staticmethod
    def _where(first: int, source: Pdf) -> dict[Any, int]:
        return {page.obj.objgen: first + i for i, page in enumerate(source.pages)}

    def _bookmark(self, item: OutlineItem, where: dict[Any, int]) -> OutlineItem:
        spot = item.destination
        out = OutlineItem(item.title, self._moved(spot, where) if isinstance(spot, Array) else None)
        out.is_closed = True
        out.children = [self._bookmark(child, where) for child in item.children]
        return out

    def _moved(self, spot: Any, where: dict[Any, int]) -> Array:
        page, *rest = spot
        return Array([self.book.pages[where[page.objgen]].obj, *rest])

    def finish(self) -> None:
        """Write the trees anew, keep equal fonts once."""
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
