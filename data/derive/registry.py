"""Write the SHA-256 digest of every table into datapackage.json."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

DATA = Path(__file__).resolve().parents[1]


def refresh(data: Path = DATA) -> None:
    """Bring the digests of the registry up to the files on disk."""
    path = data / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for entry in package["resources"]:
        content = (data / entry["path"]).read_bytes()
        entry["sha256"] = hashlib.sha256(content).hexdigest()
    text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    temporary = path.with_suffix(".json.part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    refresh()
