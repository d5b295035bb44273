"""Planning a chain on a page: the needs in order, and the best few chains with what each costs. The address is
the view."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext

from booking.domain.needs import LONGEST_PERIOD_DAYS, Need, Period
from booking.domain.wall_clock import DAY
from booking.services import planning, settling
from booking.services.planning import MOST_GAP, Answer, Asked, Planned, Stage
from booking.web.context import database, now, roads
from booking.web.pages import words
from booking.web.pages.blueprint import pages
from booking.web.pages.chain_form import SEPARATOR
from booking.web.pages.hats import hatted
from booking.web.pages.sign_in import signed_in
from booking.web.pages.typed import Typed
from booking.web.planned import blocked_in_words

FEWEST, MOST = 2, 6
SECONDS = 3.0
SIDES = ("BE", "FR")
KINDS = ("studio", "stage", "room")

WEEKDAYS: Mapping[int, Any] = {
    1: lazy_gettext("Monday"),
    2: lazy_gettext("Tuesday"),
    3: lazy_gettext("Wednesday"),
    4: lazy_gettext("Thursday"),
    5: lazy_gettext("Friday"),
    6: lazy_gettext("Saturday"),
    7: lazy_gettext("Sunday"),
}


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The form as the address has it. `asked` None: not enough to plan, or something makes no sense."""

    typed: Typed
    needs: int
    asked: Asked | None

    @property
    def moves(self) -> bool:
        """Whether each stay is to be in another house: that is what a chain is for, unless somebody unticks it."""
        return self.typed.ticked("moves") or "from" not in self.typed.form

    def value(self, name: str, usual: str = "") -> str:
        """What stands in a field."""
        return self.typed.form.get(name, usual)


@pages.get("/trajectories/plan")
def plan_page() -> tuple[str, int]:
    """The form, and the answers when there is enough to plan with; 422 where something makes no sense."""
    person, at = signed_in(), now()
    form = _read(request.args)
    answer: Answer | None = None
    if form.asked is not None:
        settling.settle_due(database(), at=at)
        with database().read() as connection:
            answer = planning.make(connection, person, form.asked, at=at, seconds=SECONDS, roads=roads())
    page = render_template(
        "trajectory-plan.html",
        form=form,
        errors=form.typed.errors,
        answer=answer,
        address=address,
        blocked=blocked_in_words(answer.blocked) if answer and answer.blocked else None,
        kinds=[(kind, words.KINDS[kind]) for kind in KINDS],
        weekdays=list(WEEKDAYS.items()),
        may_make=bool(person.organisations),
    )
    return page, 422 if form.typed.errors else 200


def _read(args: Mapping[str, str]) -> PlanForm:
    typed = Typed(args)
    shown = typed.whole("needs", most=99) or 0
    last = max((n for n in range(1, MOST + 1) if args.get(f"need-{n}-days")), default=0)
    needs = min(max(last, shown, FEWEST) + int("more" in args), MOST)
    sent = "from" in args and "more" not in args
    first, end = typed.day("from"), typed.day("to")
    stages = [stage for n in range(1, needs + 1) if (stage := _stage(typed, n)) is not None]
    if sent:
        for name in ("from", "to", *(() if stages else ("need-1-days",))):
            if not typed.raw(name):
                typed.refuse(name, "required")
    if first is None or end is None or not stages or "more" in args:
        return PlanForm(typed, needs, None)
    if end < first:
        typed.refuse("to", "not-after-start")
    elif (end - first).days >= LONGEST_PERIOD_DAYS:
        typed.refuse("to", "out-of-range")
    km = typed.whole("km", least=1, most=20_000)
    if typed.errors:
        return PlanForm(typed, needs, None)
    countries = SIDES if typed.ticked("border") else ()
    period, moves = Period(first, end + DAY), typed.ticked("moves")
    return PlanForm(typed, needs, Asked(tuple(stages), period, countries, km, moves=moves))


def _stage(typed: Typed, n: int) -> Stage | None:
    name = f"need-{n}"
    days = typed.whole(f"{name}-days", least=1, most=MOST_GAP)
    if not days:
        return None
    kind = typed.raw(f"{name}-kind") or KINDS[0]
    if kind not in KINDS:
        typed.refuse(f"{name}-kind", "unknown")
    need = Need(
        kind=kind,
        min_width_m=typed.whole(f"{name}-width", most=1000),
        sprung_floor=True if typed.ticked(f"{name}-sprung") else None,
    )
    gap = typed.whole(f"{name}-gap", most=MOST_GAP)
    weekday = typed.whole(f"{name}-weekday", least=1, most=7)
    beds = typed.whole(f"{name}-beds", most=1000) or 0
    return Stage(need, days, 0, MOST_GAP if gap is None else gap, beds, weekday)


def address(chain: Planned) -> str:
    """Where this chain is asked: the form, filled in."""
    stays = []
    for stay in chain.stays:
        beds = [str(claim.quantity) for claim in stay.claims[1:]]
        stays.append(SEPARATOR.join((stay.room.code, stay.first.isoformat(), stay.end.isoformat(), *beds)))
    return hatted("/trajectories/new?" + "&".join(f"stay={each}" for each in stays))
