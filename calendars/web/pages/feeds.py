"""The page of calendars: make an address, take it to an app, revoke it."""

from flask import Blueprint

pages = Blueprint("calendars", __name__, template_folder="../templates")
