"""Serves KohakuHub, a self-hosted hub, on loopback: ``PYTHON kohakuhub.py CHECKOUT``, in an empty folder.

The Python is one that has what the hub needs, and moto: storage is moto's S3 and the object store of the hub's own tests, in memory. It
writes its address, reads from standard input the public one (the gate's, for hubs write absolute addresses into their answers), writes
where its storage lists what it has once it is ready, and ends with its standard input. It imports nothing of cardlint.
"""

import hashlib
import os
import socket
import sys
import threading
import time
import urllib.request

BUCKET = "hub"
KEYS = {"access_key": "key", "secret_key": "secret"}


def storage():
    """The address of an S3 of our own."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


def configure(store, own, public):
    """Nothing is asked of the outside, and nothing of an optional kind runs."""
    values = {
        "BASE_URL": public, "INTERNAL_BASE_URL": own, "DB_BACKEND": "sqlite", "DATABASE_URL": "sqlite:///hub.db", "DATABASE_KEY": "0" * 64,
        "S3_ENDPOINT": store, "S3_PUBLIC_ENDPOINT": store, "S3_BUCKET": BUCKET, "S3_REGION": "us-east-1", "S3_SIGNATURE_VERSION": "s3v4",
        "SESSION_SECRET": "session", "ADMIN_ENABLED": "false", "REQUIRE_EMAIL_VERIFICATION": "false", "INVITATION_ONLY": "false",
        "FALLBACK_ENABLED": "false", "CACHE_ENABLED": "false", "DISABLE_DATASET_VIEWER": "true",
        "LOG_LEVEL": "WARNING", "LOG_FORMAT": "terminal",
        **{f"S3_{name.upper()}": value for name, value in KEYS.items()},
    }  # fmt: skip
    os.environ.update({f"KOHAKU_HUB_{name}": value for name, value in values.items()}, HUB_CONFIG="no-such-file.toml")


def versions(store):
    """The store of versions: that of the hub's own tests, whose small objects go to S3 as well, where the hub sends downloads."""
    import boto3
    from test.kohakuhub.support.fakes import FakeLakeFSClient, FakeS3Service

    s3 = boto3.client("s3", endpoint_url=store, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1")

    class Versions(FakeLakeFSClient):
        async def upload_object(self, repository, branch, path, content, force=False):
            await super().upload_object(repository, branch, path, content, force)
            key = f"{repository}/data/{hashlib.sha256(content).hexdigest()}"
            s3.put_object(Bucket=BUCKET, Key=key, Body=content)
            kept = self.repositories[repository]["branches"][branch]["staging"][path]
            kept.physical_address = f"s3://{BUCKET}/{key}"
            return kept.to_stat()

        async def aclose(self):
            pass

    return Versions(FakeS3Service(), BUCKET)


def announce(own, store):
    while True:
        try:
            urllib.request.urlopen(own + "/openapi.json", timeout=5).close()
            break
        except OSError:
            time.sleep(0.05)
    print(f"{store}/{BUCKET}", flush=True)
    sys.stdin.read()
    os._exit(0)


def main(checkout):
    sys.path[:0] = [checkout, f"{checkout}/src"]
    here = socket.create_server(("127.0.0.1", 0))
    own = "http://{}:{}".format(*here.getsockname())
    print(own, flush=True)
    store = storage()
    configure(store, own, sys.stdin.readline().strip())

    import kohakuhub.lakefs_rest_client as rest
    import uvicorn

    rest._singleton_client = versions(store)
    from kohakuhub.main import app

    threading.Thread(target=announce, args=[own, store], daemon=True).start()
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[here])


if __name__ == "__main__":
    main(sys.argv[1])
