"""What the guide tells each role: five to nine steps, a picture where one helps.

A picture is named here and lies in `static/shell/guide/<language>/<name>.webp`;
`tools/guide_pictures.py` takes it anew from the demo county.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from rinnalla.access.roles import Role

PHONE, DESK = "phone", "desk"


@dataclass(frozen=True)
class Step:
    """One thing to know: what it is, in a few sentences, and where it is."""

    title: str
    text: str
    picture: str = ""
    shape: str = PHONE
    url_name: str = ""


TAKE_INTO_USE = Step(
    _("Take your phone into use"),
    _(
        "Sign in, open Phones and press Take a phone into use. Read the code with the "
        "phone's camera: it works once, for ten minutes. Put Rinnalla on the home "
        "screen. After that it opens without signing in and counts without a network."
    ),
    url_name="phone:devices",
)
TODAY = Step(
    _("Your day is on one page"),
    _(
        "Today says where you go next, when and with whom. When you arrive, press "
        "Start the visit. If you meet somebody on the way, Street +1 is enough."
    ),
    picture="today",
    url_name="phone:app",
)
COUNT = Step(
    _("Count with your thumb"),
    _(
        "Met +1 for everybody who answers, even with a nod. The button takes half of "
        "the screen, so your eyes can stay with people. Two phones on one visit add up."
    ),
    picture="counter",
)
GUIDED = Step(
    _("Guided +1 is a record at once"),
    _(
        "Press it when somebody got advice of their own. If there is a moment, choose "
        "the topic and what was done. If there is not, the choices may wait."
    ),
    picture="meeting",
)
UNDO = Step(
    _("A wrong press does no harm"),
    _(
        "Undo takes back what you pressed during the last half a minute. Numbers can "
        "be corrected when you end the visit, and the next day too."
    ),
)
WRAP_UP = Step(
    _("End and wrap up in a minute and a half"),
    _(
        "Say how the number was got, what the street showed and how it felt. Leave it "
        "for tomorrow if the day was long."
    ),
    picture="wrap_up",
)
NO_NAMES = Step(
    _("Nobody's name, ever"),
    _(
        "There is no field for a name. If an identity code, a phone number or an "
        "email address slips into your own words, the page asks you to take it out. "
        "The words go by themselves after a year and a month."
    ),
)
PAPER = Step(
    _("When the phone stays in the pocket"),
    _(
        "Print the tally sheet from the visit's page and tick boxes on paper. The code "
        "in its corner opens the page where the numbers are entered in a minute."
    ),
    picture="tally",
    shape=DESK,
)
PRACTISE = Step(
    _("Practise first"),
    _(
        "An invented queue walks by in two minutes. Nothing is stored, nothing is "
        "sent, and you can do it as often as you like."
    ),
    picture="practice",
    url_name="phone:app",
)

COORDINATOR = [
    Step(
        _("Places and their cards"),
        _(
            "A place has a card with five headings: why, when, where, resources and "
            "special features. It tells a new pair all it needs, and prints on one A5."
        ),
        picture="place",
        shape=DESK,
        url_name="planning:sites",
    ),
    Step(
        _("Plan the visits"),
        _(
            "Choose the place and the time: who could go comes first, and one press "
            "takes the proposal. Visits still without a pair stand first on the list. "
            "If somebody goes alone to a place that asks for two, the plan asks why."
        ),
        picture="visits",
        shape=DESK,
        url_name="planning:visits",
    ),
    Step(
        _("Is a place still needed"),
        _(
            "Each card has a day to look at the need again. The review shows the "
            "place's last year and what others say; then you go on, change, move or "
            "stop, and say why."
        ),
        url_name="statistics:reviews",
    ),
    Step(
        _("The team's phones"),
        _(
            "One list shows the team's phones and when each was last heard of. Take a "
            "lost one out of use at once: what is stored stays, and what it still "
            "sends waits for your decision."
        ),
        url_name="phone:devices",
    ),
    Step(
        _("A guest may count too"),
        _(
            "Make a link on the visit's page: a guest records that one visit's numbers "
            "on an own phone, sees nothing else, and the link closes by itself."
        ),
    ),
    Step(
        _("What was recorded, never by whom"),
        _(
            "A visit's page shows its numbers, meetings in codes and observations. You "
            "can correct them as long as the single records are kept."
        ),
        picture="visit",
        shape=DESK,
    ),
    Step(
        _("Read what the street shows"),
        _(
            "The team's own words are on one page. If a text tells of a single person, "
            "strike it out: its choices stay, the words are gone for good."
        ),
        picture="observations",
        shape=DESK,
        url_name="encounters:texts",
    ),
    Step(
        _("Bring the old spreadsheets along"),
        _(
            "Choose a file, check how its columns were understood and look at the "
            "preview. Nothing is stored before you say so, and the same file twice "
            "changes nothing."
        ),
        picture="import",
        shape=DESK,
        url_name="encounters:imports",
    ),
    Step(
        _("Tell others with figures"),
        _(
            "A month, a place and a year each have a page with a sentence, a chart, "
            "the same as a table, and a definition of every number."
        ),
        picture="month",
        shape=DESK,
        url_name="statistics:now",
    ),
]
LEADER = [
    Step(
        _("A month in one sentence"),
        _(
            "The page begins with what happened. Below it are the number, the chart "
            "and the same as a table. A visit that ends now is in the figures a moment "
            "later."
        ),
        picture="month",
        shape=DESK,
        url_name="statistics:now",
    ),
    Step(
        _("Met means times, not persons"),
        _(
            "The same person may be met many times. Guided means individual guidance. "
            "Every number carries its definition and says what it must not be used for."
        ),
    ),
    Step(
        _("Places and the whole year"),
        _(
            "Look at one place over a year, or all places side by side. Places differ "
            "by nature: a street at night is not a worse place than a food queue."
        ),
        picture="places",
        shape=DESK,
        url_name="statistics:places",
    ),
    Step(
        _("Small numbers are protected"),
        _(
            "How many were met and guided in all is told as it is. What they talked "
            "about or how old they were is told when the month has closed, and a "
            "number under five there is shown as [c]."
        ),
    ),
    Step(
        _("Take the figures along"),
        _(
            "Every table can be taken as CSV or XLSX, and a month prints on two pages. "
            "What is missing is said on the page, so say it too."
        ),
    ),
    Step(
        _("What is not here"),
        _(
            "You see no single meetings and nothing about who did what. That is a "
            "promise to people on the street and to the workers, not a fault."
        ),
    ),
]
PARTNER = [
    TAKE_INTO_USE,
    TODAY,
    COUNT,
    GUIDED,
    WRAP_UP,
    Step(
        _("You see your own organisation's visits"),
        _(
            "When your organisation has a dated agreement with the county, you also "
            "see the records of its visits. Without one you see the numbers."
        ),
    ),
    PRACTISE,
]
ADMINISTRATOR = [
    Step(
        _("Invite people and give roles"),
        _(
            "An invitation goes to a work email address. There are five roles, and "
            "each sees only what its work needs. One who leaves is signed out at once."
        ),
        picture="workers",
        shape=DESK,
        url_name="access:workers",
    ),
    Step(
        _("Organisations, agreements and teams"),
        _(
            "A partner sees more than numbers only when its agreement has a date. A "
            "team shares places and reads each other's records."
        ),
        picture="organisations",
        shape=DESK,
        url_name="access:organisations",
    ),
    Step(
        _("Words of your own county"),
        _(
            "Labels of topics, kinds of places and the rest can be changed, in three "
            "languages. A choice no longer used is retired, not deleted, so that old "
            "figures stay readable."
        ),
        picture="codes",
        shape=DESK,
        url_name="access:code_lists",
    ),
    Step(
        _("Who did what, without contents"),
        _(
            "The log has one line an action: who, what, when. Never what was written, "
            "and it is not for watching anybody's performance."
        ),
        picture="audit",
        shape=DESK,
        url_name="access:audit",
    ),
    Step(
        _("The nights look after themselves"),
        _(
            "Each night the figures are proved, what is too old is deleted, and a "
            "fault is said. Look here in the mornings; a quiet list is a good list."
        ),
        picture="nights",
        shape=DESK,
        url_name="shell:nights",
    ),
]
GUIDE = {
    Role.WORKER: [
        *(TAKE_INTO_USE, PRACTISE, TODAY, COUNT, GUIDED),
        *(UNDO, WRAP_UP, NO_NAMES, PAPER),
    ],
    Role.COORDINATOR: COORDINATOR,
    Role.LEADER: LEADER,
    Role.PARTNER: PARTNER,
    Role.ADMINISTRATOR: ADMINISTRATOR,
}
