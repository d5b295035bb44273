"""Every table of this package, for migrations and for a look at the whole."""

from booking.storage.base import Base
from booking.storage.bookings import (
    Booking,
    Claim,
    Closure,
    Enquiry,
    Occupancy,
    Series,
    Trajectory,
)
from booking.storage.events import Event, KeptAnswer
from booking.storage.people import Hat, Organisation, Person, Token
from booking.storage.places import NoisePair, Resource, ResourceAtom, Venue

__all__ = [
    "Base",
    "Booking",
    "Claim",
    "Closure",
    "Enquiry",
    "Event",
    "Hat",
    "KeptAnswer",
    "NoisePair",
    "Occupancy",
    "Organisation",
    "Person",
    "Resource",
    "ResourceAtom",
    "Series",
    "Token",
    "Trajectory",
    "Venue",
]
