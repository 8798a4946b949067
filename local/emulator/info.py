"""`.local/stack.json`: what a client needs to talk to the local stack."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tools.errors import LocalError


@dataclass(frozen=True)
class StackInfo:
    """`base_url` + `/memes/v1/images` is a URL; `keys` has one secret per dialect, `admin` and `other`.

    `templates` are the ids of the demo workspace's by what they are called.
    """

    base_url: str
    workspace_id: str
    keys: dict[str, str]
    templates: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it whole or not at all, readable by its owner only."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n")
        draft.replace(path)

    @staticmethod
    def read(path: Path) -> "StackInfo":
        """Raises LocalError when there is none."""
        try:
            return StackInfo(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            raise LocalError("the local AWS is not up; run `make up`") from None
