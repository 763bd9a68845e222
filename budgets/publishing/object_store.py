"""The object store (S3) that several machines share, where one is set: objects by key, written on a condition."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import batched
from typing import Any

from django.conf import settings

CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
ABSENT = {"NoSuchKey", "404"}
REGION = "us-east-1"  # what a store of one's own takes; it is part of each signature


class StoreAway(OSError):
    """The store does not answer, or refuses."""


class Changed(Exception):
    """The object is not what it was when it was read: somebody else wrote it meanwhile."""


@dataclass(frozen=True, slots=True)
class Object:
    """Content, and the tag that names this very state of its key."""

    content: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class Listed:
    tag: str
    modified: datetime


class Store:
    """One bucket. Every method raises StoreAway."""

    def __init__(self, address: str, key: str, secret: str) -> None:
        import boto3  # an extra: one machine does without

        endpoint, _, self._bucket = address.rpartition("/")
        self._client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=_manners(),
        )

    def get(self, key: str) -> Object | None:
        """The object of that key; None where there is none."""
        with _told(key):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
            except self._client.exceptions.ClientError as error:
                if _code(error) in ABSENT:
                    return None
                raise
            return Object(answer["Body"].read(), answer["ETag"])

    def put(self, key: str, content: bytes, over: str = "") -> None:
        """Write the object over the state with that tag, over none when it is blank. Raises Changed where it is another."""
        condition = {"IfMatch": over} if over else {"IfNoneMatch": "*"}
        with _told(key):
            try:
                self._client.put_object(Bucket=self._bucket, Key=key, Body=content, **condition)
            except self._client.exceptions.ClientError as error:
                if _code(error) in CHANGED | (ABSENT if over else set()):
                    raise Changed(key) from error
                raise

    def listed(self, prefix: str) -> dict[str, Listed]:
        """Each key that begins so, in order; a thousand a request."""
        with _told(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            return {
                item["Key"]: Listed(item["ETag"], item["LastModified"])
                for page in pages
                for item in page.get("Contents", ())
            }

    def remove(self, keys: Iterable[str]) -> None:
        """Remove the objects, those too that are not there."""
        for some in batched(keys, 1000):
            with _told(some[0]):
                objects = {"Objects": [{"Key": key} for key in some], "Quiet": True}
                self._client.delete_objects(Bucket=self._bucket, Delete=objects)


def shared() -> Store | None:
    """The store that is set (`OBJECT_STORE`); None on a machine that stands alone."""
    address = settings.OBJECT_STORE
    return _store(address, *settings.OBJECT_STORE_KEYS) if address else None


_store = cache(Store)


def uploads(address: str, key: str, secret: str) -> dict[str, Any]:
    """The entry of STORAGES by which files that are handed in lie in the store, below uploads/."""
    endpoint, _, bucket = address.rpartition("/")
    options = {
        "endpoint_url": endpoint,
        "bucket_name": bucket,
        "region_name": REGION,
        "access_key": key,
        "secret_key": secret,
        "client_config": _manners(),
        "location": "uploads",
        "default_acl": None,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def _manners() -> Any:
    """How the store is asked: as any S3 service takes it, and never so long that a page would hang."""
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=2,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 2},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _told(key: str) -> Iterator[None]:
    """A failure of the store as StoreAway, which `outages` tells the person."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as failure:
        raise StoreAway(f"{key}: {failure}") from failure
