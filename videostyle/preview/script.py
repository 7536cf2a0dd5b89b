"""The page's script: ES modules of one idea each, joined into one that a page from disk may run.

A browser loads no module from disk by itself, so imports are resolved here, when the page is
written: each module becomes a function that is called once, after those that it imports.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

SCRIPTS = Path(__file__).parent / "templates" / "script"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) (\w+))", re.MULTILINE)
_EXPORTS = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)


def join_script(*names: str, folders: Sequence[Path] = (SCRIPTS,)) -> str:
    """Modules and all that they import as one classic script, in a scope of its own.

    Args:
        names: of the modules, without their suffix.
        folders: where modules are; a name is in one of them.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in _modules_in(folders)}
    parts = [_scoped(name, texts[name]) for name in _in_order(texts, *names)]
    return '(() => {\n"use strict";\nconst $ = {};\n' + "\n".join(parts) + "\n})();\n"


def _modules_in(folders: Sequence[Path]) -> list[Path]:
    return [path for folder in folders for path in folder.glob("*.js")]


def _in_order(texts: Mapping[str, str], *names: str) -> list[str]:
    """The names of modules and of all that they import, imported ones first."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        for _, needed in _IMPORT.findall(texts[name]):
            visit(needed)
        order.append(name)

    for name in names:
        visit(name)
    return order


def _scoped(name: str, text: str) -> str:
    """One module as a constant that holds what it exports."""
    exported = [*_EXPORT.findall(text), *(_pairs(found) for found in _EXPORTS.findall(text))]
    text = _EXPORTS.sub("", _EXPORT.sub("", text))
    text = _IMPORT.sub(lambda found: f"const {{ {_renamed(found[1])} }} = $.{found[2]};\n", text)
    return f"$.{name} = (() => {{\n{text}return {{ {', '.join(exported)} }};\n}})();"


def _renamed(names: str) -> str:
    """`a as b` of an import is `a: b` of an assignment."""
    return re.sub(r"(\w+) as (\w+)", r"\1: \2", names).strip()


def _pairs(names: str) -> str:
    """`a as b` of an export is `b: a` of an object."""
    return re.sub(r"(\w+) as (\w+)", r"\2: \1", names).strip()
