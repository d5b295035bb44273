"""Companies: what is known of one, and whether its registration number can be right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType

from stdnum import exceptions
from stdnum.be import vat as be_enterprise
from stdnum.fr import siren as fr_siren
from stdnum.fr import tva as fr_vat


class SizeClass(StrEnum):
    """Commission Recommendation 2003/361/EC, annex, article 2."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


REGIONS: Mapping[str, tuple[str, ...]] = {
    "FR": ("Hauts-de-France",),
    "BE": ("Vlaanderen", "Wallonie", "Bruxelles"),
}
"""The regions of the programme, and Brussels between them, by country (ISO 3166-1)."""

LONGEST_REGION = 80

REGISTERS: Mapping[str, ModuleType] = {"FR": fr_siren, "BE": be_enterprise}
"""Who checks a number: SIREN in France (INSEE), the Crossroads Bank's enterprise number in Belgium."""

VAT: Mapping[str, ModuleType] = {"FR": fr_vat, "BE": be_enterprise}
"""Who checks a VAT number: in Belgium it is the enterprise number."""

TIDY: Mapping[str, Callable[[str], str]] = {
    "FR": lambda number: (
        number[:9] if len(number) == len("12345678900012") else number
    ),  # a SIRET begins with its SIREN
    "BE": lambda number: number.removeprefix("BE"),
}


@dataclass(frozen=True, slots=True)
class Company:
    """A company as somebody writes it down. `country`: ISO 3166-1; `language`: nl, fr or en."""

    name: str
    legal_form: str
    non_profit: bool
    country: str
    region: str
    town: str
    language: str
    vat: str | None
    enterprise_number: str | None
    size: SizeClass
    programme_company: bool


def enterprise_number(country: str, typed: str) -> str | None:
    """The number in its one form, or None when it cannot be right. Of other countries it is taken as typed.

    >>> enterprise_number("BE", "BE 0428.759.497"), enterprise_number("FR", "552 008 443")
    ('0428759497', '552008443')
    >>> enterprise_number("BE", "0428759498") is None
    True
    """
    register = REGISTERS.get(country)
    if register is None:
        return typed.strip() or None
    try:
        number = TIDY[country]("".join(each for each in typed.upper() if each.isalnum()))
        return str(register.validate(number))
    except exceptions.ValidationError:
        return None


def vat_number(country: str, typed: str) -> str | None:
    """The same of a VAT number, with its country before it.

    >>> vat_number("BE", "0428.759.497"), vat_number("FR", "FR 83 404 833 048"), vat_number("LU", "LU 1")
    ('BE0428759497', 'FR83404833048', 'LU 1')
    >>> vat_number("FR", "FR 84 404 833 048") is None
    True
    """
    register = VAT.get(country)
    if register is None:
        return typed.strip() or None
    try:
        return f"{country}{register.validate(''.join(each for each in typed.upper() if each.isalnum()))}"
    except exceptions.ValidationError:
        return None
