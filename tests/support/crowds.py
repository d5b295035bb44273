"""Eight people at one house, each doing anything that they may, over HTTP and all at once."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from time import perf_counter
from typing import Any

from tests.support.api import Answer, Api
from tests.support.asks import a_claim, answer, ask_for_the_house
from tests.support.sequences import FIRST, LAMPS, ROOMS, STOCK
from tests.support.serving import Served

PLANNERS = ("maud", "maud")
COMPANIES = ("camille", "wout", "samira", "lotte", "theo", "pauline")
STEPS = (600, 3_600, 86_400, 172_800, 432_000)
REASON = "anything may happen"


@dataclass
class Somebody:
    """One client with a will of its own; `random` makes what it wants repeatable, though not who is first."""

    api: Api
    random: Random
    organisation: str | None
    everybody: Sequence[str]
    heard: Counter[tuple[int, str | None]] = field(default_factory=Counter)
    slowest: float = 0.0
    odd: list[str] = field(default_factory=list)

    def do(self, deed: Callable[["Somebody"], Answer | None]) -> bool:
        """One deed, timed; whatever the house answers is fine, so long as it answers. False: nothing to do."""
        begun = perf_counter()
        said = deed(self)
        self.slowest = max(self.slowest, perf_counter() - begun)
        if said is None:
            return False
        self.heard[said.status, said.code] += 1
        if said.status >= 500 or said.status in {400, 401, 403}:
            self.odd.append(f"{deed.__name__}: {said!r}")
        return True

    def one(self, *states: str) -> dict[str, Any] | None:
        """A booking that this client knows, in one of these states."""
        items = self.api.get(f"/bookings?from={FIRST}&to={FIRST + timedelta(days=9)}&limit=200").json["items"]
        found = [each for each in items if each["state"] in states]
        return self.random.choice(found) if found else None

    def span(self) -> tuple[str, str]:
        """Some days of one week."""
        start = FIRST + timedelta(days=self.random.randrange(5))
        return start.isoformat(), (start + timedelta(days=self.random.randint(1, 4))).isoformat()

    def claims(self) -> list[dict[str, Any]]:
        """One place, sometimes two."""
        chosen: list[str] = self.random.choice([[each] for each in (*ROOMS, LAMPS)] + [["HAD-PSA", LAMPS]])
        span = self.span()
        return [a_claim(code, *span, self.random.randint(1, STOCK) if code == LAMPS else 1) for code in chosen]

    def says(self, booking: dict[str, Any] | None, verb: str, **body: Any) -> Answer | None:
        """The verb, on a booking if there is one."""
        return answer(self.api, booking["id"], verb, **body) if booking else None


def asks(who: Somebody) -> Answer:
    """For a company."""
    body = {"organisation": who.organisation, "title": "Marées", "claims": who.claims()}
    return who.api.post("/bookings", body)


def commits(who: Somebody) -> Answer | None:
    return who.says(who.one("option"), "commit")


def withdraws(who: Somebody) -> Answer | None:
    return who.says(who.one("requested", "pending"), "withdraw")


def releases(who: Somebody) -> Answer | None:
    return who.says(who.one("option", "suspended"), "release", reason=REASON)


def releases_a_part(who: Somebody) -> Answer | None:
    start, end = who.span()
    return who.says(who.one("option", "suspended"), "release", **{"from": start, "to": end, "reason": REASON})


def extends(who: Somebody) -> Answer | None:
    return who.says(who.one("option"), "extend")


def challenges(who: Somebody) -> Answer | None:
    return who.says(who.one("option"), "challenge")


def answers_a_challenge(who: Somebody) -> Answer | None:
    asked = who.one("option")
    if asked is None or not asked.get("challenge") or "id" not in asked["challenge"]:
        return None
    said = {"answer": who.random.choice(["commit", "release"])}
    answered = who.api.post(f"/challenges/{asked['challenge']['id']}/answer", said)
    return None if answered.status == 403 else answered  # one's own: the answer is for others


def cancels(who: Somebody) -> Answer | None:
    return who.says(who.one("confirmed"), "cancel", reason=REASON)


def accepts(who: Somebody) -> Answer | None:
    known = who.one("beaten", "option", "suspended", "confirmed")
    answered = who.says(known, who.random.choice(["accept", "refuse"]))
    return None if answered and answered.status == 403 else answered  # one's own: the answer is for others


def shrinks(who: Somebody) -> Answer | None:
    booking = who.one("option", "requested")
    return who.api.patch(f"/bookings/{booking['id']}", {"claims": who.claims()}) if booking else None


def enters(who: Somebody) -> Answer:
    """A planner, on somebody's behalf."""
    state = who.random.choice(["option", "option", "option", "confirmed", "requested"])
    return ask_for_the_house(who.api, *who.claims(), organisation=who.random.choice(who.everybody), state=state)


def grants(who: Somebody) -> Answer | None:
    return who.says(who.one("requested"), "grant")


def confirms(who: Somebody) -> Answer | None:
    booking = who.one("option", "pending", "pending", "requested")
    return who.says(booking, "confirm", force=who.random.random() < 0.4, reason=REASON)


def declines(who: Somebody) -> Answer | None:
    return who.says(who.one("requested"), "decline", reason=REASON)


def takes_back(who: Somebody) -> Answer | None:
    return who.says(who.one("pending"), "take-back", reason=REASON)


def orders(who: Somebody) -> Answer | None:
    return who.says(who.one("option"), "order", rank=who.random.randint(1, 3), reason=REASON)


def closes(who: Somebody) -> Answer | None:
    code, (start, end) = who.random.choice(ROOMS), who.span()
    body = {"start": start, "end": end, "reason": REASON}
    seen = who.api.post(f"/resources/{code}/closures", {**body, "preview": True})
    if seen.status != 200:
        return seen
    decided = [
        {"booking": each["id"], "decision": who.random.choice(["move", "cancel", "keep"])}
        for each in seen.json["confirmed"]
    ]
    return who.api.post(f"/resources/{code}/closures", {**body, "decisions": decided})


def opens_again(who: Somebody) -> Answer | None:
    closed = who.api.get("/resources/HAD-PS/closures").json["items"]
    if not closed:
        return None
    return who.api.delete(f"/closures/{who.random.choice(closed)['id']}")


def counts_the_lamps(who: Somebody) -> Answer:
    body = who.random.choice([{"capacity": who.random.randint(3, 5)}, {"out_of_order": who.random.randint(0, 2)}])
    return who.api.patch(f"/resources/{LAMPS}", body)


def clears_the_desk(who: Somebody) -> Answer | None:
    found = who.api.get("/conflicts?venue=HAD&state=open").json["items"]
    return who.api.post(f"/conflicts/{found[0]['id']}/resolve", {"reason": REASON}) if found else None


COMPANY: Sequence[Callable[[Somebody], Answer | None]] = (
    *(asks, asks, asks, commits, commits, withdraws, releases, releases_a_part, extends),
    *(challenges, challenges, answers_a_challenge, cancels, accepts, shrinks),
)
HOUSE: Sequence[Callable[[Somebody], Answer | None]] = (
    *(enters, enters, grants, grants, confirms, confirms, declines, takes_back, orders),
    *(closes, opens_again, counts_the_lamps, clears_the_desk, cancels, accepts, releases),
)


def crowd(served: Served, deeds: int, *, seed: int, days: int = 60) -> list[Somebody]:
    """Let eight clients do so many deeds each. Meanwhile the clock moves, at most so many days in all."""
    companies = {name: served.api(name) for name in COMPANIES}
    mine = {name: str(api.get("/me").json["organisations"][0]["id"]) for name, api in companies.items()}
    everybody = tuple(mine.values())
    clients = [Somebody(served.api(name), Random(seed + n), None, everybody) for n, name in enumerate(PLANNERS)]
    clients += [
        Somebody(companies[name], Random(seed + 10 + n), mine[name], everybody) for n, name in enumerate(COMPANIES)
    ]
    together = threading.Barrier(len(clients))

    def live(who: Somebody) -> None:
        together.wait()
        for n in range(deeds):
            deeds_of = COMPANY if who.organisation else HOUSE
            any(who.do(deed) for deed in who.random.sample(deeds_of, 5))
            if who is clients[0] and n % 3 == 2:
                served.clock.advance(seconds=min(who.random.choice(STEPS), days * 86_400 // (deeds // 3 + 1)))

    with ThreadPoolExecutor(len(clients)) as many:
        list(many.map(live, clients))
    return clients


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """All of these in the same instant, each from a client of its own; answers in the order of the calls."""
    together = threading.Barrier(len(calls))

    def call(one: Callable[[], Answer]) -> Answer:
        together.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as many:
        return list(many.map(call, calls))


def week(number: int) -> tuple[date, date]:
    """Monday to Friday of some week of 2027, each its own."""
    monday = date(2027, 5, 3) + timedelta(weeks=number)
    return monday, monday + timedelta(days=5)
