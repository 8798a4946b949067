"""The documents' own curl commands, run with only base URL, key and sample media replaced."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

FOLDER = Path(__file__).parent / "curls"


@dataclass(frozen=True)
class Curl:
    """One command, as it stands in its document."""

    text: str

    def run(self, http: httpx.Client, replacing: Mapping[str, str]) -> httpx.Response:
        """Send what curl would send, each key of ``replacing`` replaced by its value."""
        text = self.text
        for old, new in replacing.items():
            text = text.replace(old, new)
        parser = argparse.ArgumentParser()
        parser.add_argument("-X", dest="method")
        parser.add_argument("-H", dest="headers", action="append", default=[])
        parser.add_argument("-d", dest="data")
        parser.add_argument("url")
        sent = parser.parse_args(shlex.split(text.replace("\\\n", " "))[1:])
        headers = dict(header.split(": ", 1) for header in sent.headers)
        if sent.data is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")  # as curl does
        method = sent.method or ("POST" if sent.data is not None else "GET")
        return http.request(method, sent.url, headers=headers, content=sent.data)


def commands(dialect: str) -> dict[str, Curl]:
    """A document's commands by the name above each."""
    curls = {}
    for part in (FOLDER / f"{dialect}.txt").read_text().split("# ")[1:]:
        name, _, text = part.partition("\n")
        curls[name] = Curl(text.strip())
    return curls
