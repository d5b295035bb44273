"""What is drawn in the documents is what the code does."""

from tests.support.map import CONCEPTS, TARGET, states, with_states


def test_the_picture_of_the_states_is_that_of_the_table() -> None:
    assert states() in TARGET.read_text(encoding="utf-8"), "draw it again: make map"


def test_the_page_of_the_words_holds_the_same_picture() -> None:
    page = CONCEPTS.read_text(encoding="utf-8")
    assert with_states(page) == page, "draw it again: make map"
