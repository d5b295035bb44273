"""Why a company goes where it goes in a call, or nowhere, in words; never to whom else."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

WHY: Mapping[str, Callable[[int, int], str]] = {
    "placed": lambda wish, of: str(gettext("Wish %(num)d of %(all)d.", num=wish, all=of)),
    "by-hand": lambda _, __: str(gettext("Chosen by the coordinator.")),
    "nothing-fits": lambda _, __: str(
        gettext("No house of the call is free for this need in any of its periods.")
    ),
    "others-first": lambda _, __: str(
        gettext("Everything that fits goes to other companies: so more of them are served.")
    ),
}


def why_in_words(code: str, wish: int | None, wishes: int) -> str:
    """One reason. `wish`: which of its `wishes` a company got, from 1."""
    return WHY[code](wish or 0, wishes)
