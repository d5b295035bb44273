"""What is drawn in the documents is what the code does."""

from tests.support.map import TARGET, states


def test_the_picture_of_the_states_is_that_of_the_table() -> None:
    assert states() in TARGET.read_text(encoding="utf-8"), "draw it again: make map"
