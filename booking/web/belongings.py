"""What a person has at a team, in words: what this package keeps of it. Others add theirs."""

from collections.abc import Sequence

from flask_babel import ngettext

from booking.services import belongings
from booking.services.belongings import Belonging

OWN: Sequence[Belonging] = (
    Belonging(
        "bookings",
        ends=False,
        count=belongings.count_asked,
        settle=belongings.let_others_be_called,
        words=lambda n: ngettext(
            "One booking to come, about which houses call them",
            "%(num)s bookings to come, about which houses call them",
            n,
        ),
    ),
    Belonging(
        "absences",
        ends=False,
        count=belongings.count_absences,
        settle=belongings.hand_absences_over,
        words=lambda n: ngettext(
            "One arrangement by which somebody stands in for them",
            "%(num)s arrangements by which somebody stands in for them",
            n,
        ),
    ),
    Belonging(
        "imports",
        ends=False,
        count=belongings.count_imports,
        settle=belongings.hand_imports_over,
        words=lambda n: ngettext(
            "One table of the inventory that is not applied yet",
            "%(num)s tables of the inventory that are not applied yet",
            n,
        ),
    ),
    Belonging(
        "plan-sets",
        ends=False,
        count=belongings.count_plan_sets,
        settle=belongings.hand_plan_sets_over,
        words=lambda n: ngettext("One set of rooms for the plan", "%(num)s sets of rooms for the plan", n),
    ),
    Belonging(
        "stand-ins",
        ends=True,
        count=belongings.count_stand_ins,
        settle=belongings.end_stand_ins,
        words=lambda n: ngettext(
            "One arrangement by which they stand in for somebody",
            "%(num)s arrangements by which they stand in for somebody",
            n,
        ),
    ),
    Belonging(
        "keys",
        ends=True,
        count=belongings.count_keys,
        settle=belongings.end_keys,
        words=lambda n: ngettext("One key of a machine", "%(num)s keys of machines", n),
    ),
)
