"""`make map`: the house as a picture, drawn from the code itself into docs/map.md."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp

from booking.domain.states import MOVES, TURNS, Side
from booking.settings import ROOT

PACKAGES = ("notifications", "calendars", "booking")
FLOORS = ("cli", "web", "jobs", "services", "storage", "domain")
TARGET = ROOT / "docs" / "map.md"
CONCEPTS = ROOT / "docs" / "concepts.md"
BEGINS, ENDS = "<!-- states: drawn by `make map` -->\n", "<!-- /states -->"

HEAD = """# The map of the house

Drawn from the code by `make map`; do not edit it by hand.

"""


def written() -> str:
    """The whole page."""
    parts = (HEAD, "## Who uses whom\n\n", uses(), "\n## The states of a booking\n\n", states(), "\n", rooms())
    return "".join(parts)


def uses() -> str:
    """Packages with their floors; an arrow for every floor that imports another, with how often."""
    graph = grimp.build_graph(*PACKAGES)
    counts: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            ends = (_floor(module), _floor(imported))
            if ends[0] != ends[1] and all(end.partition(".")[2] in FLOORS for end in ends):
                counts[ends] += 1
    lines = ["flowchart TB"]
    for package in PACKAGES:
        lines.append(f"  subgraph {package}")
        floors = [floor for floor in FLOORS if f"{package}.{floor}" in graph.modules]
        lines += [f'    {package}_{floor}["{floor}"]' for floor in floors]
        lines.append("  end")
    lines += [
        f"  {a.replace('.', '_')} -- {count} --> {b.replace('.', '_')}" for (a, b), count in sorted(counts.items())
    ]
    return _drawing(lines)


def states() -> str:
    """Every move of the table `MOVES` to another state, with who makes it, and the turns that nobody makes."""
    lines = ["stateDiagram-v2", "  [*] --> requested: ask", "  [*] --> option: ask", "  [*] --> confirmed: ask"]
    for move in MOVES.values():
        who = " or ".join(side for side in Side if side in move.sides)
        if move.target is not None:
            lines += [f"  {source} --> {move.target}: {move.verb} ({who})" for source in sorted(move.sources)]
    for turn in TURNS:
        what = turn.event.partition(".")[2]
        lines += [f"  {source} --> {turn.target}: {what}" for source in sorted(turn.sources)]
    return _drawing(lines)


def with_states(page: str) -> str:
    """The page of the words, with the picture of the states in its place."""
    before, _, rest = page.partition(BEGINS)
    return f"{before}{BEGINS}\n{states()}\n{ENDS}{rest.partition(ENDS)[2]}"


def rooms() -> str:
    """Every module with the first sentence that it says about itself."""
    lines = ["## The rooms", ""]
    for package in reversed(PACKAGES):
        lines += [f"### {package}", "", "| module | what it is |", "|---|---|"]
        lines += [f"| `{name}` | {sentence} |" for name, sentence in _sentences(ROOT / package)]
        lines.append("")
    return "\n".join(lines)


def _floor(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _sentences(package: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(package.rglob("*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        name = path.relative_to(package).as_posix().removesuffix("__init__.py")
        if docstring:
            yield name or f"{package.name}/", docstring.split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _drawing(lines: list[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```", ""])


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(written(), encoding="utf-8")
    CONCEPTS.write_text(with_states(CONCEPTS.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Drawn: {TARGET.relative_to(ROOT)}")  # noqa: T201 -- a tool for people
