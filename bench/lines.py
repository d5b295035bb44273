"""What was measured, as lines of the page, with the goals that were promised."""

from collections.abc import Iterator, Sequence
from statistics import median

from bench import s1 as one
from bench import s2 as two
from bench import s3 as three
from bench import s4 as four
from bench import s5 as five
from bench import s6 as six
from bench import s7 as seven
from bench import s8 as eight
from bench import s8_stored as eight_stored
from bench import s9 as nine
from bench import s10 as ten
from bench import s12 as twelve
from bench.peers import Libres, Radicale
from bench.report import Figure, at_least, at_most, yes

CLIENTS = "8 clients, 2 processes"
WHOLE = 100
"""What Lighthouse gives at most."""


def s1(few: one.Result, many: one.Result, *, statements: int) -> Iterator[Figure]:
    """Rates next to the floor, growth, statements."""
    for each in (few, many):
        yield Figure(
            "S1",
            f"create a booking, {each.bookings:,} there already, {CLIENTS}",
            f"{median(each.ours):.0f}/s, median {each.typical * 1000:.1f} ms, p99 {each.slow * 1000:.0f} ms",
            f"floor {median(each.floor):.0f}/s",
            f"{each.ratio:.2f}",
            "≥ 0.5",
            at_least(each.ratio, 0.5),
        )
    cost = median(small / large for small, large in zip(few.ours, many.ours, strict=True))
    yield Figure(
        "S1",
        f"cost of a booking at {many.bookings:,} against {few.bookings:,}",
        f"{cost:.2f} ×",
        f"floor's own: {median(few.floor) / median(many.floor):.2f} ×",
        f"{cost:.2f}",
        "≤ 1.2",
        at_most(cost, 1.2),
    )
    yield Figure(
        "S1", "SQL statements of a booking", str(statements), "floor 2", "–", "≤ 8", at_most(statements, 8)
    )


def s1_peer(ours: one.Result, peer: Libres) -> Figure:
    """Against libres with as many clients."""
    times = median(ours.ours) / peer.rate
    return Figure(
        "S1",
        "against libres, 8 clients",
        f"{median(ours.ours):.0f}/s",
        f"libres {peer.rate:.1f}/s, {peer.abandoned} of {peer.attempts} given up",
        f"{times:.0f} ×",
        "≥ 30 ×",
        at_least(times, 30),
    )


def s2(result: two.Result) -> Iterator[Figure]:
    """Each rush, then deadlocks."""
    for each in result.rushes:
        won = f"{each.won} won of {each.wanted} there, {each.refused} refused, {each.other} other answers"
        yield Figure(
            "S2",
            each.name,
            f"{won}; slowest {each.slowest:.2f} s",
            "S1 with as many clients",
            f"{each.ratio:.2f}",
            "≥ 0.7, each sold once, < 3 s",
            _s2_distance(each),
        )
    yield Figure(
        "S2",
        "deadlocks seen by the database meanwhile",
        str(result.deadlocks),
        "–",
        "–",
        "0",
        yes(not result.deadlocks),
    )


def _s2_distance(rush: two.Rush) -> str:
    if not rush.is_right:
        return "NOT MET: sold twice, lost, or answered otherwise"
    missing = [at_least(rush.ratio, 0.7), at_most(rush.slowest, 3.0)]
    return next((each for each in missing if each != "met"), "met")


def s4(result: four.Result) -> Iterator[Figure]:
    """A refusal that looks for ways out, and one that finds them known."""
    yield Figure(
        "S4",
        f"a refusal with {result.ways:.1f} ways out, over 1,000 resources, one client",
        f"{result.fresh * 1000:.1f} ms; known already {result.shared * 1000:.1f} ms",
        f"a search over the same {result.search * 1000:.1f} ms",
        f"{result.ratio:.2f} ×",
        "≤ 3 ×",
        at_most(result.ratio, 3),
    )


def s3(result: three.Result) -> Iterator[Figure]:
    """The search over HTTP, asked again and after a change, against hello and against ranges subtracted in SQL."""
    where = f"{result.resources:,} resources, {result.bookings:,} bookings, {result.database}"
    what = f"10 to 14 free days in a quarter, sprung, 10 m wide, best 50 ({result.found} found)"
    for how, rate, ratio in (
        ("each time another question", result.differently, result.ratios[1]),
        ("the very same question while nothing changes", result.again, result.ratios[0]),
    ):
        yield Figure(
            "S3",
            f"{what}, {how}; {where}, 4 clients",
            f"{rate:.0f}/s",
            f"hello-world JSON {result.hello:.0f}/s",
            f"{ratio:.3f}",
            "≥ 0.2 at 10,000",
            at_least(ratio, 0.2),
        )
    if result.anti_join is not None:
        times = result.anti_join / result.afresh
        yield Figure(
            "S3",
            f"another question after each change, one client, against an anti-join; {where}",
            f"{result.afresh:.1f} ms; the first of a process {result.loaded:.0f} ms",
            f"anti-join {result.anti_join:.0f} ms",
            f"{times:.1f} ×",
            "≥ 25 × at 10,000",
            at_least(times, 25),
        )
    scans = result.afresh / result.scan
    yield Figure(
        "S3",
        f"the same against reading the free days of what fits from the database and looking at each; {where}",
        f"{result.afresh:.1f} ms; the first of a process {result.loaded:.0f} ms",
        f"scan {result.scan:.1f} ms",
        f"{scans:.2f} ×",
        "≤ 3 × at 100,000",
        at_most(scans, 3),
    )


def s5(result: five.Result) -> Iterator[Figure]:
    """A chain of three stays over a season."""
    most = 1 if result.houses <= 100 else 10
    distance = at_most(result.seconds, most) if result.proved else "NOT MET: not proved"
    yield Figure(
        "S5",
        f"a chain of three stays over {result.houses:,} houses and a season, {result.chains} chains, one client",
        f"{result.seconds:.2f} s",
        "–",
        "–",
        f"proved best in ≤ {most} s",
        distance,
    )


def s6(result: six.Result) -> Iterator[Figure]:
    """GET, 304, revoked."""
    size = f"{result.events:,} events, {result.octets / 1024:.0f} KiB"
    yield Figure(
        "S6",
        f"warm GET of a feed, {size}, {CLIENTS}",
        f"{result.get:.0f}/s",
        f"floor {result.get_floor:.0f}/s",
        f"{result.get_ratio:.2f}",
        "≥ 0.7",
        at_least(result.get_ratio, 0.7),
    )
    yield Figure(
        "S6",
        "the same, nothing changed: 304",
        f"{result.unchanged:.0f}/s",
        f"floor {result.unchanged_floor:.0f}/s",
        f"{result.unchanged_ratio:.2f}",
        "≥ 0.7",
        at_least(result.unchanged_ratio, 0.7),
    )
    yield Figure(
        "S6",
        "a revoked address, asked at once in both processes",
        "404 everywhere" if result.revoked_at_once else "still answered",
        "–",
        "–",
        "404 at once",
        yes(result.revoked_at_once),
    )


def s6_peer(ours: six.Result, peer: Radicale) -> Figure:
    """Against Radicale with the same calendar."""
    times = ours.get / peer.rate
    return Figure(
        "S6",
        "against Radicale, the same calendar",
        f"{ours.get:.0f}/s",
        f"Radicale {peer.rate:.1f}/s, {peer.status_when_unchanged} when nothing changed",
        f"{times:.0f} ×",
        "≥ 100 ×",
        at_least(times, 100),
    )


def s7(result: seven.Result) -> Iterator[Figure]:
    """After a restart, after a change."""
    for what, took, goal in (
        ("the first GET after a restart", result.restart, 8),
        ("the next GET after one booking changed", result.change, 200),
    ):
        times = result.library / took
        yield Figure(
            "S7",
            f"{what}, a feed of {result.events:,} events",
            f"{took:.0f} ms",
            f"the icalendar library writes it in {result.library:.0f} ms",
            f"{times:.0f} ×",
            f"≥ {goal} ×",
            at_least(times, goal),
        )


def s10(result: ten.Result) -> Iterator[Figure]:
    """The heaviest page and the worst score of all: one bad page is a bad product."""
    pages = len(result.weights)
    for what, heaviest, most in (
        ("on a first visit", max(result.weights, key=lambda each: each.first), 100_000),
        ("afterwards", max(result.weights, key=lambda each: each.after), 15_000),
    ):
        octets = heaviest.first if what == "on a first visit" else heaviest.after
        yield Figure(
            "S10",
            f"the heaviest of {pages} pages {what}, {heaviest.path}",
            f"{octets / 1000:.1f} kB",
            "–",
            "–",
            f"≤ {most // 1000} kB",
            at_most(octets, most),
        )
    elsewhere = sum(each.elsewhere for each in result.weights)
    yield Figure("S10", "requests to another host", str(elsewhere), "–", "–", "0", at_most(elsewhere, 0))
    yield from _lighthouse(result.scores) if result.scores else ()


def _lighthouse(scores: Sequence[ten.Score]) -> Iterator[Figure]:
    for what, least in (("accessibility", 100), ("best practices", 100), ("speed", 95)):
        ranked = sorted((each.of[what], each.path) for each in scores)
        worst, path = ranked[0]
        below = sum(score < least for score, _ in ranked)
        yield Figure(
            "S10",
            f"Lighthouse, {what}: the worst of {len(ranked)} pages{f', {path}' if below else ''}",
            str(worst),
            f"median {median(score for score, _ in ranked):.0f}",
            f"{below} below",
            str(least) if least == WHOLE else f"≥ {least}",
            at_least(worst, least),
        )


def s12(result: twelve.Result) -> Iterator[Figure]:
    """Starts and memory."""
    if result.start is not None:
        more = result.start.first - result.start.packages
        yield Figure(
            "S12",
            "`make run` in a clean clone, until it answers",
            f"{result.start.first:.1f} s",
            f"packages alone {result.start.packages:.1f} s",
            f"+ {more:.1f} s",
            "+ ≤ 15 s",
            at_most(more, 15),
        )
        second = result.start.second
        yield Figure("S12", "the second `make run`", f"{second:.1f} s", "–", "–", "≤ 4 s", at_most(second, 4))
    yield Figure(
        "S12",
        "memory of one web process",
        f"{result.memory:.0f} MiB",
        "–",
        "–",
        "≤ 150 MB",
        at_most(result.memory * 1.048576, 150),
    )


def s9(result: nine.Result) -> Iterator[Figure]:
    """A large house over a season, in a browser on one core."""
    size = f"{result.nodes:,} nodes, {result.octets / 1024:.0f} KiB"
    for what, took, most in (
        (
            f"the plan of 60 rooms over a season, 3,000 things, {size}: the server's answer",
            result.answer,
            150,
        ),
        ("from its first byte until it can be used, on one core", result.ready, 1_000),
        ("scrolling through it: the worst frame", result.scrolling, 50),
        ("dragging a booking over it: the worst frame", result.dragging, 50),
    ):
        yield Figure("S9", what, f"{took:.0f} ms", "–", "–", f"≤ {most} ms", at_most(took, most))
    jump = f"{result.jumping:.0f} ms"
    yield Figure("S9", "jumping to its top, a whole window drawn anew: the worst frame", jump, "–", "–", "–", "–")


def s8(result: eight.Result) -> Iterator[Figure]:
    """A foreign calendar, read apart; the same once more; and next to another expander."""
    yield Figure(
        "S8",
        f"read 5,000 events with 500 series over two years ({result.spans:,} stretches), apart",
        f"{median(result.read) * 1000:.0f} ms",
        f"icalendar's parse alone {median(result.parsed) * 1000:.0f} ms",
        f"{eight.ratio(result):.2f}",
        "≤ 2",
        at_most(eight.ratio(result), 2),
    )
    again = eight.unchanged_ratio(result)
    yield Figure(
        "S8",
        "the same file once more",
        f"{median(result.unchanged) * 1000:.1f} ms",
        "the first time",
        f"{again:.4f}",
        "≤ 0.01",
        at_most(again, 0.01),
    )
    faster = result.theirs_per_span / result.ours_per_span
    yield Figure(
        "S8",
        "one occurrence of a series, with everything around it",
        f"{result.ours_per_span * 1e6:.1f} µs",
        f"recurring-ical-events {result.theirs_per_span * 1e6:.1f} µs",
        f"× {faster:.0f}",
        "× ≥ 12",
        at_least(faster, 12),
    )


def s8_stored(result: eight_stored.Result, read: eight.Result) -> Iterator[Figure]:
    """What was read takes effect: in one transaction, and the house waits for part of it."""
    parsed = median(read.parsed)
    for what, took in (
        (f"stored and blocking, the first time: {read.spans:,} stretches", median(result.first)),
        ("stored again with one series more", median(result.changed)),
    ):
        floor = f"icalendar's parse alone {parsed * 1000:.0f} ms"
        yield Figure("S8", what, f"{took * 1000:.0f} ms", floor, f"{took / parsed:.2f}", "–", "–")
