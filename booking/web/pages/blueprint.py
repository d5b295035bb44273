"""The one blueprint of all pages, apart so that every page module can import it."""

from flask import Blueprint

pages = Blueprint("pages", __name__)
