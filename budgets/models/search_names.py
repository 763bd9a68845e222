"""Columns by which regions and departments are found: made of name and code whenever a row is saved.

`QuerySet.update` does not pass here: who updates a name or a code with it gives these columns too.
"""

import re
from abc import ABC, abstractmethod
from typing import Any

from django.db import models

from budgets.data.initials import spoken, spoken_parts
from budgets.domain.word_grams import PART, folded, grams

# Letters of private use, by which an index tells these from words: with the key of a row behind them, and of a title.
OF_REGION, OF_DEPARTMENT, OF_TITLE = "\ue002", "\ue001", "\ue000"
KIND = re.compile(r"(?:自治州|自治县|自治旗|新区|[省市区县旗盟])$")
SHORTEST_INITIALS = 3  # two letters stand for too many places


def only_parts(text: str) -> str:
    """The text folded, its letters, digits and Chinese characters alone."""
    return "".join(part[0] for part in PART.finditer(folded(text)))


def callings(name: str, code: str) -> str:
    """What a region is called, parted by blanks: its name, that without 县 or 区, both spoken, its initials, its code."""
    whole = only_parts(name)
    short = KIND.sub("", whole)
    names = {whole, short} if len(short) > 1 else {whole}
    sounds = {sound for each in names for sound in spoken(each) if len(sound) >= SHORTEST_INITIALS}
    return " ".join(sorted({*names, *sounds, code}))


def name_words(name: str, code: str, region: int) -> str:
    """The grams of a department's name, its parts as they are spoken, its code and its region, parted by blanks."""
    return " ".join(sorted({*grams(name), *spoken_parts(only_parts(name)), code, f"{OF_REGION}{region}"}))


class _Made(models.TextField[str, str], ABC):
    """A column that is made of others when the row is saved, and that nobody edits."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"editable": False, "default": "", **options})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.made(model_instance)
        setattr(model_instance, self.attname, value)
        return value

    @abstractmethod
    def made(self, row: Any) -> str:
        """What the column of that row holds."""


class RegionWords(_Made):
    def made(self, row: Any) -> str:
        return callings(row.name, row.code)


class DepartmentWords(_Made):
    def made(self, row: Any) -> str:
        return name_words(row.name, row.code, row.region_id)
