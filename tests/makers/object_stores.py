"""An object store for tests: moto's server in this process. It proves calls and conditions, not durability."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

KEYS = ("a-key", "a-secret")


@contextmanager
def an_object_store() -> Iterator[str]:
    """The address of an empty bucket, served on a port of its own."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        yield f"{endpoint}/{a_bucket(endpoint)}"
    finally:
        server.stop()


def a_bucket(endpoint: str) -> str:
    """The name of a new bucket there."""
    import boto3

    name = f"mingzhang-{uuid4().hex[:8]}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEYS[0],
        aws_secret_access_key=KEYS[1],
    )
    client.create_bucket(Bucket=name)
    return name
