"""Every table of this package, for migrations and for a look at the whole."""

from booking.storage.arrivals import Arrival
from booking.storage.base import Base
from booking.storage.bookings import (
    Booking,
    Claim,
    Closure,
    Enquiry,
    EnquiryAnswer,
    EnquiryHouse,
    Leg,
    Occupancy,
    Series,
    Skipped,
    Trajectory,
)
from booking.storage.calls import Application, Call, Score, Seating, SeatingWork
from booking.storage.drafts import Draft
from booking.storage.events import Event, KeptAnswer
from booking.storage.free_days import FreeDays
from booking.storage.house_affairs import ClosureDecision, DeskConflict, Movement, OfferedWindow, Waiting
from booking.storage.imports import InventoryImport
from booking.storage.options import Challenge, ChallengeDay, Loss, Reinstatement
from booking.storage.people import Hat, Organisation, Person, Token
from booking.storage.pictures import Picture, PictureContent
from booking.storage.places import NoisePair, Resource, ResourceAtom, ResourceNumber, Venue
from booking.storage.plan_sets import PlanSet
from booking.storage.proposals import Proposal, Referral
from booking.storage.teams import Deputy, Leaver
from booking.storage.threads import AnswerTemplate, File, FileContent, Message
from booking.storage.undoing import Undo

__all__ = [
    "AnswerTemplate",
    "Application",
    "Arrival",
    "Base",
    "Booking",
    "Call",
    "Challenge",
    "ChallengeDay",
    "Claim",
    "Closure",
    "ClosureDecision",
    "Deputy",
    "DeskConflict",
    "Draft",
    "Enquiry",
    "EnquiryAnswer",
    "EnquiryHouse",
    "Event",
    "File",
    "FileContent",
    "FreeDays",
    "Hat",
    "InventoryImport",
    "KeptAnswer",
    "Leaver",
    "Leg",
    "Loss",
    "Message",
    "Movement",
    "NoisePair",
    "Occupancy",
    "OfferedWindow",
    "Organisation",
    "Person",
    "Picture",
    "PictureContent",
    "PlanSet",
    "Proposal",
    "Referral",
    "Reinstatement",
    "Resource",
    "ResourceAtom",
    "ResourceNumber",
    "Score",
    "Seating",
    "SeatingWork",
    "Series",
    "Skipped",
    "Token",
    "Trajectory",
    "Undo",
    "Venue",
    "Waiting",
]
