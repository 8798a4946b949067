"""From `sam build`'s folder to a template the emulator can deploy.

A function goes up as a zip of its (small) folder. A layer goes up as a pointer to the built folder: the
emulator unpacks every layer for every worker process, which for 100 MB of wheels costs seconds and disk.
"""

import hashlib
import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import yaml

from local.emulator.clients import Clients
from local.emulator.dialect import Template, translate
from tools.paths import BUILD

_BUCKET = "darkroom-artifacts"
_FIXED_TIME = (2020, 1, 1, 0, 0, 0)
_POINTER = "python/lib/python3.13/site-packages/dev.pth"


def load() -> Template:
    """The built template."""
    template: Template = yaml.safe_load((BUILD / "template.yaml").read_text())
    return template


def resource_names(template: Template, kind: str) -> list[str]:
    """The logical ids of every resource of a type."""
    return [name for name, resource in template["Resources"].items() if resource["Type"] == kind]


def upload(clients: Clients, template: Template, build_fingerprint: str) -> str:
    """Upload everything the template points at, then the template itself; returns the template's URL."""
    with suppress(clients.s3.exceptions.BucketAlreadyOwnedByYou):  # on AWS, in this region, that is no error
        clients.s3.create_bucket(Bucket=_BUCKET)
    zips: dict[str, bytes] = {}
    resources = template["Resources"]
    for name in resource_names(template, "AWS::Serverless::Function"):
        resources[name]["Properties"]["CodeUri"] = _location(zips, _zip_folder(BUILD / name))
    for name in resource_names(template, "AWS::Serverless::LayerVersion"):
        pointer = _layer_pointer(BUILD / name, build_fingerprint)
        resources[name]["Properties"]["ContentUri"] = _location(zips, pointer)
    for key, content in zips.items():
        clients.s3.put_object(Bucket=_BUCKET, Key=key, Body=content)
    translate(template)
    body = json.dumps(template, default=str).encode()
    clients.s3.put_object(Bucket=_BUCKET, Key="template.json", Body=body)
    return f"{clients.endpoint}/{_BUCKET}/template.json"


def _location(zips: dict[str, bytes], content: bytes) -> dict[str, str]:
    key = f"{hashlib.sha256(content).hexdigest()}.zip"
    zips[key] = content
    return {"Bucket": _BUCKET, "Key": key}


def _layer_pointer(folder: Path, build_fingerprint: str) -> bytes:
    # A `.pth` line that starts with `import` is run: the layer must come before the emulator's own packages.
    # The fingerprint makes a new layer version of every build, so that warm workers are replaced.
    line = f"import sys; sys.path.insert(0, {str(folder / 'python')!r})  # {build_fingerprint}\n"
    return _zip({_POINTER: line.encode()})


def _zip_folder(folder: Path) -> bytes:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _zip({str(path.relative_to(folder)): path.read_bytes() for path in files})


def _zip(files: dict[str, bytes]) -> bytes:
    """Zip with a fixed date, so that the same content always has the same name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
