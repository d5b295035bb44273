"""What a template has and never uses: names that it imports, macros, what they take, and what a page hands it."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, nodes

from booking.settings import ROOT

PACKAGES = ("booking", "calendars", "notifications")
Trees = Mapping[str, nodes.Template]


def parsed(sources: Mapping[str, str]) -> Trees:
    """Templates by the name under which others ask for them."""
    environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701 -- only read, never rendered
    return {name: environment.parse(source) for name, source in sources.items()}


def of_the_house() -> Trees:
    """All that there are."""
    folders = [ROOT / package / "web" / "templates" for package in PACKAGES]
    return parsed(
        {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }
    )


def unused(trees: Trees) -> Iterator[str]:
    """One line for each name that a template brings in or makes and nothing reads."""
    taken = {(source, name) for tree in trees.values() for source, name, _ in _imports(tree)}
    for here, tree in trees.items():
        read = _read(trees, here)
        in_it = _read(trees, here, nodes.Include)
        yield from (f"{here} imports {alias}" for _, _, alias in _imports(tree) if alias not in in_it)
        for macro in tree.find_all(nodes.Macro):
            if macro.name not in in_it and not {(here, macro.name), (here, "*")} & taken:
                yield f"{here} has a macro {macro.name}"
            inside = _names(macro.body)
            yield from (
                f"{macro.name} of {here} takes {each.name}" for each in macro.args if each.name not in inside
            )
        for each in tree.find_all(nodes.Assign):
            target = each.target
            if isinstance(target, nodes.Name) and target.name not in read and not target.name.startswith("_"):
                yield f"{here} sets {target.name}"


def unread(trees: Trees, source: str) -> Iterator[str]:
    """What the code of a module hands to a template that nothing there reads, or that its frame hides."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
            continue
        first = call.args[0]
        if call.func.id != "render_template" or not isinstance(first, ast.Constant):
            continue
        read = _read(trees, str(first.value))
        frame = _of_its_frame(trees, str(first.value))
        yield from (
            f"{first.value} gets {each.arg}"
            for each in call.keywords
            if each.arg and (each.arg not in read or each.arg in frame)
        )


def modules() -> Iterator[Path]:
    """The code that may hand something to a template."""
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def _imports(tree: nodes.Template) -> Iterator[tuple[str, str, str]]:
    """From where, which (`*`: all of it), and under which name here."""
    for whole in tree.find_all(nodes.Import):
        yield _constants(whole.template)[0], "*", whole.target
    for some in tree.find_all(nodes.FromImport):
        for name in some.names:
            one, alias = name if isinstance(name, tuple) else (name, name)
            yield _constants(some.template)[0], one, alias


def _of_its_frame(trees: Trees, name: str) -> set[str]:
    """Names that what it extends brings in or makes: what a page hands over under one of them is never seen."""
    hidden: set[str] = set()
    extended = trees[name].find_all(nodes.Extends) if name in trees else ()
    for frame in (each for one in extended for each in _constants(one.template) if each in trees):
        hidden |= {alias for *_, alias in _imports(trees[frame])}
        hidden |= {macro.name for macro in trees[frame].find_all(nodes.Macro)}
        hidden |= _of_its_frame(trees, frame)
    return hidden


def _read(trees: Trees, name: str, *ways: type[nodes.Node]) -> set[str]:
    """What a template reads, with all that sees its names: what it extends, includes, or imports with context.

    `ways`: those alone that are followed.
    """
    ways = ways or (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    todo, seen, read = [name], set(), set[str]()
    while todo:
        here = todo.pop()
        if here in seen or here not in trees:
            continue
        seen.add(here)
        tree = trees[here]
        read |= _names(tree.body)
        for each in tree.find_all(ways):
            todo += _constants(each.template) if getattr(each, "with_context", True) else []
    return read


def _names(body: list[nodes.Node]) -> set[str]:
    return {
        each.name for part in body for each in _all(part) if isinstance(each, nodes.Name) and each.ctx == "load"
    }


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    yield from node.find_all(nodes.Node)


def _constants(expression: nodes.Expr) -> list[str]:
    """The names of templates that an expression may stand for."""
    return [
        each.value for each in _all(expression) if isinstance(each, nodes.Const) and isinstance(each.value, str)
    ]
