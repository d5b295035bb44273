"""What a person has at a team, in words: what this package keeps of it."""

from collections.abc import Sequence

from flask_babel import ngettext

from booking.services.belongings import Belonging
from notifications.services import belongings

OWN: Sequence[Belonging] = (
    Belonging(
        "messages",
        ends=False,
        count=belongings.count_messages,
        settle=belongings.hand_messages_over,
        words=lambda n: ngettext(
            "One message that they have not read", "%(num)s messages that they have not read", n
        ),
    ),
    Belonging(
        "letters",
        ends=False,
        count=belongings.count_letters,
        settle=belongings.hand_letters_over,
        words=lambda n: ngettext("One letter on its way to them", "%(num)s letters on their way to them", n),
    ),
    Belonging(
        "webhooks",
        ends=True,
        count=belongings.count_webhooks,
        settle=belongings.end_webhooks,
        words=lambda n: ngettext("One webhook", "%(num)s webhooks", n),
    ),
)
