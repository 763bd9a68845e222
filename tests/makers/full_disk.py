"""A database on a disk that has no room: statements that write find none."""

from collections.abc import Callable

from django.db import OperationalError


def rows_need_room(write: Callable[[], None]) -> Callable[..., object]:
    """A wrapper of the connection's execute: where `write`, called before each INSERT and UPDATE, raises OSError, the
    database says that it is full.
    """

    def execute(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            try:
                write()
            except OSError as error:
                raise OperationalError("database or disk is full") from error
        return execute(sql, params, many, context)

    return execute
