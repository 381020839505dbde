"""A server of S3's API on this machine, which counts what it is asked and fails as it is told."""

import os
import threading
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

ACCOUNT = "123456789012"


class Asked(NamedTuple):
    """A request: LIST, GET, HEAD or whatever else; the key or prefix it is about; its range."""

    kind: str
    key: str
    range: str | None = None


class Quiet(WSGIRequestHandler):
    """A handler that prints nothing."""

    def log(self, type, message, *args):
        """Print nothing."""

    def make_environ(self):
        """Keep the path as it was sent: moto wants it so."""
        return super().make_environ() | {"RAW_URI": self.path}


class Server:
    """What stands before moto: `asked` has the requests, `fault` says of each how it fails."""

    def __init__(self):
        self.asked, self.fault = [], None
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self, True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{self.server.port}"

    def __call__(self, environ, start):
        """Answer a request, or fail."""
        query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
        key = environ["PATH_INFO"].encode("latin-1").decode().lstrip("/").partition("/")[2]
        kind = "LIST" if "list-type" in query else environ["REQUEST_METHOD"]
        if kind == "LIST":
            key = query["prefix"][0]
        asked = Asked(kind, key, environ.get("HTTP_RANGE"))
        self.asked.append(asked)
        failed = self.fault(asked) if self.fault else None
        if failed == "cut":  # the head of an answer, and then nothing
            return self.cut(environ, start)
        if failed:
            status, code = failed
            start(f"{status} Failed", [("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()]
        return self.moto(environ, start)

    def cut(self, environ, start):
        """Answer as it is, but for the second half."""
        body = b"".join(self.moto(environ, start))
        return [body[: len(body) // 2]]

    def kinds(self):
        """How many requests of each kind there were; forget them."""
        kinds = [asked.kind for asked in self.asked]
        self.asked = []
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}

    def bucket(self, name, objects=()):
        """Make a bucket with objects, anew and without a request."""
        backend = s3_backends[ACCOUNT]["aws"]
        backend.buckets.pop(name, None)
        s3_backends.bucket_accounts.pop(name, None)
        backend.create_bucket(name, "us-east-1")
        for key, body in dict(objects).items():
            backend.put_object(name, key, body)
        return f"s3://{name}"

    def put(self, bucket, key, body):
        """Write one object."""
        s3_backends[ACCOUNT]["aws"].put_object(bucket, key, body)

    def remove(self, bucket, key):
        """Remove one."""
        s3_backends[ACCOUNT]["aws"].delete_object(bucket, key)

    def first(self, times, failed):
        """Let so many requests fail, and no more."""
        left = iter([failed] * times)
        self.fault = lambda asked: next(left, None)


@contextmanager
def serving():
    """Serve, with credentials and the address in the environment, and forget all after it."""
    from fsspec.implementations.memory import MemoryFileSystem
    from s3fs import S3FileSystem

    server = Server()
    thread = threading.Thread(target=server.server.serve_forever, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("AWS_", "FSSPEC_")):
                patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", server.address)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setattr("analysis.logs.asking.WAIT", 0.001)
        S3FileSystem.clear_instance_cache()
        yield server
        S3FileSystem.clear_instance_cache()
        MemoryFileSystem.store.clear()
    server.server.shutdown()
    server.server.server_close()
    thread.join()
