"""A claim set at its place: what people typed, when they are in, and what is taken."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking.domain.claims import ClaimTerms, outer_span, resolve
from tests.support.places import a_room, a_whole, asking, some_stock, span

STAGE = a_room("BUD-TA", rules={"buffer_minutes": {"before": 15, "after": 60}})


def test_presence_has_set_up_and_strike_and_occupation_has_the_buffers_around_it():
    claim = asking(STAGE, "2027-05-10 12:00", "2027-05-10 14:00", setup_minutes=30, strike_minutes=45)
    assert claim.presence == span("2027-05-10 11:30", "2027-05-10 14:45")
    assert claim.occupied == span("2027-05-10 11:15", "2027-05-10 15:45")


def test_whole_days_have_no_buffers_but_keep_their_set_up():
    claim = asking(STAGE, "2027-05-10", "2027-05-12", setup_minutes=30)
    assert claim.occupied == claim.presence == span("2027-05-10 05:30", "2027-05-12 06:00")


def test_a_bedroom_from_the_7th_to_the_19th_is_twelve_nights():
    beds = some_stock(15, "BUD-RH", kind="accommodation")
    claim = asking(beds, "2027-03-07", "2027-03-19", quantity=4)
    assert claim.span.length == timedelta(days=12)


def test_whole_days_in_march_are_an_hour_shorter():
    assert asking(STAGE, "2027-03-27", "2027-03-29").span.length == timedelta(hours=47)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2027, 5, 10), date(2027, 5, 10)),
        (date(2027, 5, 11), date(2027, 5, 10)),
        (datetime(2027, 5, 10, 9, tzinfo=UTC), datetime(2027, 5, 10, 9, tzinfo=UTC)),
        (date(2027, 5, 10), datetime(2027, 5, 12, 9, tzinfo=UTC)),
        (datetime(2027, 5, 10, 9), datetime(2027, 5, 10, 12)),
    ],
)
def test_terms_that_do_not_run_forward_or_are_of_two_kinds_are_refused(start: date, end: date):
    with pytest.raises(ValueError, match=r"."):
        resolve(ClaimTerms("BUD-TA", start, end), STAGE)


def test_a_whole_takes_everything_of_its_parts_and_a_part_what_is_asked():
    chairs = some_stock(60, "CHAIRS")
    whole = asking(a_whole("HOUSE", [STAGE, chairs]), "2027-05-10", "2027-05-11")
    assert [whole.quantity_of(atom) for atom in whole.place.atoms] == [1, 60]
    assert asking(chairs, "2027-05-10", "2027-05-11", quantity=7).quantity_of(chairs.atoms[0]) == 7


def test_the_outer_span_holds_every_claim_with_its_buffers():
    claims = [
        asking(STAGE, "2027-05-10 12:00", "2027-05-10 14:00"),
        asking(STAGE, "2027-05-12 12:00", "2027-05-12 14:00"),
    ]
    assert outer_span(claims) == span("2027-05-10 11:45", "2027-05-12 15:00")
