"""Files in a bucket instead of a folder, for portals of several machines. Any storage that speaks S3 will do."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN = {"endpoint", "region", "prefix"}
EXAMPLE = "FILES_URL=s3://bucket?region=eu-west-2, or s3://bucket?endpoint=https://minio.example.gov.uk&prefix=portal"


def file_store(address: str) -> dict[str, Any]:
    """FILES_URL as Django's STORAGES takes it.

    Who we are is not in it: boto3 finds AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the machine's own role.
    """
    from botocore.config import Config

    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    endpoint = asked.get("endpoint")
    if parts.scheme != "s3" or not parts.hostname or parts.path.strip("/") or not asked.keys() <= KNOWN:
        raise ImproperlyConfigured(f"FILES_URL cannot be read. Set it like this: {EXAMPLE}. Keys are not part of it.")
    if endpoint and urlsplit(endpoint).scheme != "https" and urlsplit(endpoint).hostname not in LOOPBACK:
        raise ImproperlyConfigured("FILES_URL leads to its endpoint without https: evidence would travel in clear.")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.hostname,
            "endpoint_url": endpoint,
            "region_name": asked.get("region", "eu-west-2"),
            "location": asked.get("prefix", ""),
            "file_overwrite": False,  # a file keeps its name, and no other file takes it
            "default_acl": None,  # the bucket's own rules; it must not be public
            "client_config": Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": "path" if endpoint else "auto"},
                # Sums in the newest manner are refused by many storages that otherwise speak S3 well.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }


LOOPBACK = ("localhost", "127.0.0.1", "::1")
