"""What a person has at a team, in words: what this package keeps of it."""

from collections.abc import Sequence

from flask_babel import ngettext

from booking.services.belongings import Belonging
from calendars.services import belongings

OWN: Sequence[Belonging] = (
    Belonging(
        "feeds",
        ends=True,
        count=belongings.count_feeds,
        settle=belongings.end_feeds,
        words=lambda n: ngettext(
            "One calendar address that they made", "%(num)s calendar addresses that they made", n
        ),
    ),
    Belonging(
        "app-keys",
        ends=True,
        count=belongings.count_app_keys,
        settle=belongings.end_app_keys,
        words=lambda n: ngettext("One key of a calendar app", "%(num)s keys of calendar apps", n),
    ),
)
