"""A revision of contents is theirs, whatever their order, and another one when one of them is another."""

from booking.domain.revisions import of_contents

FACTS = {"name": "Buda", "town": None, "languages": ["nl", "fr"]}


def test_the_same_contents_have_one_revision_in_any_order():
    assert of_contents(FACTS) == of_contents(dict(reversed(FACTS.items())))


def test_other_contents_have_another_one_that_fits_into_31_bits():
    others = [FACTS | {name: "other"} for name in FACTS]
    seen = {of_contents(each) for each in (FACTS, *others)}
    assert len(seen) == len(FACTS) + 1
    assert all(0 <= each < 2**31 for each in seen)
