"""Who is told of an event."""

from uuid import UUID, uuid4

from booking.domain.states import Side
from notifications.domain.audience import audience

JORIS, COLLEAGUE, CAMILLE, PARTNER, COORDINATOR = (uuid4() for _ in range(5))
HOUSE = [JORIS, COLLEAGUE]
COMPANY = [CAMILLE, PARTNER]


def told(by: UUID | None, house: list[UUID] = HOUSE, company: list[UUID] = COMPANY) -> dict[UUID, Side]:
    return dict(audience(by=by, house=house, company=company))


def test_what_the_company_does_is_told_to_the_house() -> None:
    assert told(CAMILLE) == {JORIS: Side.HOUSE, COLLEAGUE: Side.HOUSE}


def test_what_the_house_does_is_told_to_the_company() -> None:
    assert told(JORIS) == {CAMILLE: Side.COMPANY, PARTNER: Side.COMPANY}


def test_what_time_does_is_told_to_both() -> None:
    assert set(told(None)) == {JORIS, COLLEAGUE, CAMILLE, PARTNER}


def test_what_the_coordinator_does_is_told_to_both() -> None:
    assert set(told(COORDINATOR)) == {JORIS, COLLEAGUE, CAMILLE, PARTNER}


def test_somebody_on_both_sides_tells_everybody_else() -> None:
    assert set(told(JORIS, company=[JORIS, CAMILLE])) == {COLLEAGUE, CAMILLE}


def test_the_houses_own_booking_is_news_to_nobody() -> None:
    assert told(JORIS, company=[]) == {}


def test_nobody_is_ever_told_of_their_own_doing() -> None:
    for person in (JORIS, CAMILLE, COORDINATOR):
        assert person not in told(person)
