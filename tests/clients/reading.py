"""Run by the tests in the environment of the clients: what the python `caldav` client makes of an account.

`reading.py URL USER KEY COLLECTION [TOKEN]` prints one JSON document.
"""

import json
import sys
import warnings
from datetime import UTC, datetime

import caldav
from caldav.lib.error import AuthorizationError, DAVError

FIRST, LAST = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
NEW = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\nBEGIN:VEVENT\nUID:new\nDTSTAMP:20261123T090000Z\n"
NEW += "DTSTART:20270310T090000Z\nDTEND:20270310T100000Z\nSUMMARY:New\nEND:VEVENT\nEND:VCALENDAR\n"


def refused(deed: object) -> str:
    """What a deed is refused with."""
    try:
        deed()
    except AuthorizationError:
        return "not allowed"
    except DAVError as error:
        return type(error).__name__
    return "done"


def main(url: str, user: str, key: str, name: str, token: str | None = None) -> dict[str, object]:
    """Everything that an app does with an account."""
    client = caldav.DAVClient(url=url, username=user, password=key)
    principal = client.principal()
    calendars = principal.get_calendars()
    calendar = next(each for each in calendars if name in str(each.url))
    events = calendar.get_events()
    found = calendar.search(start=FIRST, end=LAST, event=True)
    expanded = calendar.search(start=FIRST, end=LAST, event=True, expand=True)
    since = calendar.get_objects_by_sync_token(sync_token=token, load_objects=True, disable_fallback=True)
    first = events[0]
    told = {
        "principal": str(principal.url),
        "calendars": {str(each.url).split("/")[-2]: each.get_display_name() for each in calendars},
        "components": list(calendar.get_supported_components()),
        "events": sorted(str(each.icalendar_component["SUMMARY"]) for each in events),
        "found": sorted(str(each.icalendar_component["SUMMARY"]) for each in found),
        "expanded": len(expanded),
        "by_uid": str(calendar.get_event_by_uid(str(first.icalendar_component["UID"])).url) == str(first.url),
        "since": [str(each.url).split("/")[-1] for each in since],
        "token": since.sync_token,
        "refused": {
            "add": refused(lambda: calendar.add_event(NEW)),
            "change": refused(lambda: first.save(increase_seqno=False, only_this_recurrence=False)),
            "delete": refused(first.delete),
            "make": refused(lambda: principal.make_calendar(name="Mine")),
            "remove": refused(calendar.delete),
        },
        "after": len(calendar.get_events()),
    }
    client.close()
    return told


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sys.stdout.write(json.dumps(main(*sys.argv[1:])))
