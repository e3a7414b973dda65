"""Puts what a running server needs beside its code into the wheel: the built PWA and the migrations.

`pip install` of the wheel then needs no Node. The PWA is built before (`make build`), never here: a build hook
that fetches packages would hide the network from whoever makes the wheel.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SURFACES = ("field", "desk", "falt")


class WheelContents(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # the checkout itself is served; it may well be installed before the PWA is built
        static = Path(self.root, "trygghetsvandring", "static")
        missing = [name for name in SURFACES if not (static / name / "index.html").is_file()]
        if missing:
            raise FileNotFoundError(f"the PWA is not built ({', '.join(missing)}): run `make build` first")
        # Forced, because git ignores what is built and hatchling leaves out what git ignores.
        build_data["force_include"][str(static)] = "trygghetsvandring/static"
        build_data["force_include"][str(Path(self.root, "migrations"))] = "trygghetsvandring/migrations"
