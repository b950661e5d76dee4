"""Who may import whom: read from the syntax trees, so that imports inside functions count too."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = "jupyter_groupchat"
ROOT = Path(__file__).parents[1] / PACKAGE

#: From top to bottom. A part may import those on lines below its own, and nothing else of the package.
LAYERS = [
    {"cli", "__init__"},
    {"server"},
    {"assistant", "transfer"},
    {"threads"},
    {"rooms", "cells"},
    {"storage", "documents"},
    {"wire"},
    {"invitation_types", "reply_types"},
    {"types", "errors", "tooling"},
]
#: Parts that stand beside the layers, and what each may import.
ASIDE = {"kernel": {"wire", "types", "reply_types", "errors"}}

#: Libraries, and the only places that may import them.
PLACES = {
    "sqlalchemy": {"storage"},
    "alembic": {"storage"},
    "psycopg": {"storage"},
    "sqlite3": {"storage"},
    "pycrdt": {"documents", "rooms", "kernel/feed.py"},
    "jupyter_ydoc": {"documents"},
    "openai": {"assistant"},
    "httpx2": {"assistant"},
    "tiktoken": {"assistant"},
    "jsonschema": {"assistant"},
    "PIL": {"cells"},
    "tornado": {"server"},
    "jupyter_server": {"server"},
    "ipywidgets": {"kernel"},
    "IPython": {"kernel"},
}


@dataclass(frozen=True)
class Import:
    """One import: where it stands, and the full name of what it imports."""

    path: Path
    line: int
    target: str
    at_top: bool

    @property
    def where(self) -> str:
        """Path within the package and line."""
        return f"{self.path.relative_to(ROOT)}:{self.line}"

    @property
    def part(self) -> str:
        """The part of the package in which it stands."""
        return part_of(self.path)

    @property
    def library(self) -> str:
        """The top-level name that is imported."""
        return self.target.partition(".")[0]


def part_of(path: Path) -> str:
    """``threads`` for threads/service.py, ``cli`` for cli.py."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    parts = (PACKAGE, *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = sorted(ROOT.rglob("*.py"))
MODULES = {module_of(path) for path in FILES}


def imports_of(path: Path) -> Iterator[Import]:
    """Every import in a file, relative ones resolved."""
    tree = ast.parse(path.read_text())
    top = set(ast.walk(ast.Module(body=[node for node in tree.body if not _is_typing_only(node)], type_ignores=[])))
    inside = {child for node in ast.walk(tree) if isinstance(node, _FUNCTIONS) for child in ast.walk(node)}
    for node in ast.walk(tree):
        at_top = node in top and node not in inside
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name, at_top)
        elif isinstance(node, ast.ImportFrom):
            base = _resolved(path, node)
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield Import(path, node.lineno, name if name in MODULES else base, at_top)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _is_typing_only(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _resolved(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])


IMPORTS = [found for path in FILES for found in imports_of(path)]
WITHIN = [found for found in IMPORTS if found.library == PACKAGE]


def _target_part(found: Import) -> str:
    parts = found.target.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def _may_import(part: str) -> set[str]:
    if part in ASIDE:
        return ASIDE[part] | {part}
    (level,) = (number for number, layer in enumerate(LAYERS) if part in layer)
    below = set().union(*LAYERS[level + 1 :])
    if part in ("cli", "__init__"):
        below |= {"kernel", "cli", "__init__"}
    return below | {part}


def test_every_part_has_its_place() -> None:
    """A new package or module at the top is put into the picture first."""
    assert {part_of(path) for path in FILES} <= set().union(*LAYERS) | set(ASIDE)


def test_imports_point_one_way() -> None:
    """Nothing imports from above it, or from beside it."""
    wrong = [
        f"{found.where} imports {found.target}"
        for found in WITHIN
        if _target_part(found) not in _may_import(found.part)
    ]
    # The version, which is in the package itself, may be read from everywhere.
    assert [line for line in wrong if not line.endswith(f"imports {PACKAGE}")] == []


@pytest.mark.parametrize("library", PLACES)
def test_a_library_stops_at_its_place(library: str) -> None:
    """A third party is imported where it is adapted, and nowhere else."""
    wrong = [
        found.where
        for found in IMPORTS
        if found.library == library
        and not any(str(found.path.relative_to(ROOT)) == place or found.part == place for place in PLACES[library])
    ]
    assert wrong == []


def test_modules_import_each_other_in_no_circle() -> None:
    """What is imported when a module is loaded forms no cycle."""
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in WITHIN:
        here = module_of(found.path)
        if found.at_top and found.target != here:
            graph[here].add(found.target)
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_package_itself_loads_nothing() -> None:
    """Every Jupyter server pays for what is imported with the package, whether or not anybody chats."""
    heavy = sorted(set(PLACES) - {"sqlite3"} | {"pydantic"})
    code = f"import sys, {PACKAGE}; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"
