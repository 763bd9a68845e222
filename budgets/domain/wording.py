"""Wording as published: captions of one disclosure that differ from the standard ones, keyed by place.

Keys: `<table>/title`, `<table>/meta/<index>`, `<table>/column/<column key>/<header level>`, `<table>/row/<caption key>`,
`<table>/note/<index>`. Goal tables share the table key `goal`. Codes and keys, not captions, carry meaning.
"""

from collections.abc import Mapping


def title_key(table: str) -> str:
    return f"{table}/title"


def meta_key(table: str, index: int) -> str:
    return f"{table}/meta/{index}"


def column_key(table: str, column: str, level: int) -> str:
    return f"{table}/column/{column}/{level}"


def row_key(table: str, key: str) -> str:
    return f"{table}/row/{key}"


def note_key(table: str, index: int) -> str:
    return f"{table}/note/{index}"


def worded(wording: Mapping[str, str], key: str, standard: str) -> str:
    """The disclosure's own words for a place, else the standard ones."""
    return wording.get(key, standard)
