"""What is told when a part that everything rests on is away: the person reads what is wrong, the operator gets an alarm."""

import errno
import logging

from django.db import InterfaceError, OperationalError

alarm = logging.getLogger("budgets.alarm")

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
RETRY_AFTER = 10  # seconds, for the browser
NO_ROOM = (
    "磁盘已满，这一步没有完成",
    "系统没有地方存放新的内容，没有保存任何一半的东西。请告诉系统管理员清理磁盘；已公开的内容不受影响。",
)
AWAY = (
    "系统暂时不能完成这一步",
    "数据库暂时连不上，或者正忙。请过一会儿再试；正在填写的内容请不要关掉页面。已公开的内容不受影响。",
)


STORE_AWAY = (
    "系统暂时不能完成这一步",
    "存放文件的地方（对象存储）暂时连不上。请过一会儿再试；正在填写的内容请不要关掉页面。已公开的内容不受影响。",
)
ALARMS = {NO_ROOM: "no room", AWAY: "database away", STORE_AWAY: "object store away"}


def told(failure: BaseException | None) -> tuple[str, str] | None:
    """Heading and advice for a failure that is an outage, also one beneath it; None for a fault of the program.

    The alarm names the kind of outage and the failure itself: `docs/deployment.md` says what to watch for.
    """
    while failure is not None:
        words = _of(failure)
        if words:
            alarm.critical("%s: %s", ALARMS[words], failure)
            return words
        failure = failure.__cause__ or failure.__context__
    return None


def _of(failure: BaseException) -> tuple[str, str] | None:
    if isinstance(failure, OSError) and failure.errno in FULL:
        return NO_ROOM
    # The library of the object store is an extra: where it is not installed nothing raises what it raises.
    if any(each.__module__ == "botocore.exceptions" for each in type(failure).__mro__):
        return STORE_AWAY
    if isinstance(failure, OperationalError | InterfaceError):
        full = any(word in str(failure) for word in ("disk is full", "No space left", "disk full"))
        return NO_ROOM if full else AWAY
    return None
