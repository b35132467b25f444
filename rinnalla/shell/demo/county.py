"""Järvi-Savo: who works there and where they go.

The kinds of places, their rhythms and the make-up of the teams follow Pohjois-Savo's
published model of outreach work; municipalities are real, everything else invented.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from rinnalla.access.roles import Role
from rinnalla.shell.demo.rhythm import (
    FRI,
    LAST,
    MON,
    THU,
    TUE,
    WED,
    Monthly,
    NowAndThen,
    OnDates,
    Weekly,
)

COUNTY = "Järvi-Savon hyvinvointialue"
PARISH = "Rantalan seurakunta"
STREET_NGO = "Kulkijat ry"

# name: (sector, agreement date, end date)
ORGANISATIONS = {
    COUNTY: ("county", None, None),
    PARISH: ("parish", date(2025, 1, 15), None),
    STREET_NGO: ("ngo", None, date(2027, 6, 30)),
    "Leipätupa ry": ("ngo", date(2025, 3, 3), None),
    "Rantatupa ry": ("ngo", date(2025, 2, 10), None),
    "Savon Eväsreppu ry": ("ngo", None, None),
    "Kulmalan tuki ry": ("ngo", None, None),
    "Kuopion kaupunki": ("municipality", None, None),
}
CENTRE, NORTH, SOUTH = "Keskinen", "Pohjoinen", "Etelä"
DIAKONIA, KULKIJAT = "Diakonia", "Kulkijat"
# A partner's people are a team of their own: the county's read none of their records.
TEAMS = {
    CENTRE: COUNTY,
    NORTH: COUNTY,
    SOUTH: COUNTY,
    DIAKONIA: PARISH,
    KULKIJAT: STREET_NGO,
}


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    team: str = ""
    organisation: str = COUNTY

    @property
    def email(self):
        plain = self.name.lower().translate(str.maketrans("äöå", "aoa"))
        return plain.replace(" ", ".") + "@example.fi"


ANNA = Person("Anna Lehtola", Role.WORKER, CENTRE)
MIKKO = Person("Mikko Saarela", Role.WORKER, CENTRE)
SARI = Person("Sari Niittymaa", Role.COORDINATOR, CENTRE)
PAIVI = Person("Päivi Aalto", Role.LEADER)
REIJO = Person("Reijo Kivelä", Role.PARTNER, DIAKONIA, PARISH)
HANNU = Person("Hannu Koivula", Role.ADMINISTRATOR)
PEOPLE = (
    ANNA,
    MIKKO,
    SARI,
    PAIVI,
    REIJO,
    HANNU,
    Person("Tuuli Harjanne", Role.WORKER, CENTRE),
    Person("Jouni Peltola", Role.WORKER, CENTRE),
    Person("Elina Vainio", Role.WORKER, CENTRE),
    Person("Oskari Takala", Role.WORKER, NORTH),
    Person("Riikka Suvanto", Role.WORKER, NORTH),
    Person("Kirsi Lampela", Role.COORDINATOR, NORTH),
    Person("Henna Ylitalo", Role.WORKER, SOUTH),
    Person("Ville Rautala", Role.WORKER, SOUTH),
    Person("Minna Kuusela", Role.COORDINATOR, SOUTH),
    Person("Salla Harjanpää", Role.PARTNER, KULKIJAT, STREET_NGO),
    Person("Paula Purola", Role.PARTNER, KULKIJAT, STREET_NGO),
)


@dataclass(frozen=True)
class Phone:
    """A phone in use: its person's own, or without one shared by the team."""

    name: str
    person: Person | None = None
    team: str = CENTRE
    last_seen: tuple = (15, 20)

    @property
    def key(self):
        return uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.name}.example.fi")

    @property
    def no_token(self):
        """What stands for the digest of a token: no digest looks like this."""
        return f"no token opens {self.key}"


PHONES = (
    Phone("Tiimin puhelin 1"),
    Phone("Mikon puhelin", MIKKO, last_seen=(16, 5)),
)


@dataclass(frozen=True)
class Place:
    """A site: where, when, how many people are usually there."""

    name: str
    kind: str
    municipality: str
    team: str
    rhythm: object
    hours: tuple  # (start hour, end hour)
    met: tuple  # usual fewest and most
    when: str
    where: str
    area: str = ""
    host: str = ""
    phone: str = ""
    staffing: int = 2
    keepers: int = 2  # how many look after it and take turns
    gives_pair: bool = False  # the host does, when needed
    looks_for_pair: bool = False  # in the coming week
    kit: tuple = ()  # what one needs along
    needs_car: bool = False
    season: tuple = ()
    guided: float = 2.0  # usual number a visit
    organisation: str = COUNTY
    partner: str = ""
    safety: str = ""

    @property
    def is_queue(self):
        """Whether people are counted first as a crowd and then guided one by one."""
        return self.kind in {"food_distribution", "food_card_event", "event"}


KUOPIO, SIILINJARVI, KAAVI, TUUSNIEMI = "297", "749", "204", "857"
IISALMI, LAPINLAHTI, KIURUVESI = "140", "402", "263"
VARKAUS, LEPPAVIRTA, SUONENJOKI = "915", "420", "778"

FOOD_QUEUE = Place(
    "Leipätupa",
    "food_distribution",
    KUOPIO,
    CENTRE,
    Monthly(THU, (2, LAST)),
    (10, 12),
    (65, 105),
    "Kahdesti kuussa, pari tuntia kerrallaan. Järjestäjä kertoo päivän ja ajan. "
    "Ole paikalla puoli tuntia ennen.",
    "Entisen koulun piha. Jono kiertää rakennuksen, auton saa takapihalle.",
    area="Särkirinne",
    host="Leipätupa ry",
    phone="+358400000101",
    guided=2.6,
    kit=("vest", "cards", "laptop"),
    needs_car=True,
    safety="Piha on talvella liukas. Sovi kuljettajan kanssa, kumpi jää autolle.",
)
HOME_VISITS = Place(
    "Kuopion seutu",
    "home",
    KUOPIO,
    CENTRE,
    NowAndThen(32),
    (13, 14),
    (1, 2),
    "Pyynnöstä, yleensä iltapäivisin.",
    "Sovitaan pyynnön tehneen kanssa. Osoite on vain asiakastietojärjestelmässä.",
    guided=1.1,
    safety="Kerro tiimille, milloin menet ja milloin palaat.",
)
DAY_CENTRE = Place(
    "Rantatupa",
    "day_centre",
    KUOPIO,
    CENTRE,
    Weekly(TUE),
    (9, 12),
    (10, 25),
    "Kerran viikossa klo 9–12, aina samaan aikaan.",
    "Päiväkeskuksen olohuone. Kahvi on valmiina yhdeksältä.",
    area="Ranta",
    host="Rantatupa ry",
    phone="+358400000102",
    staffing=1,
    keepers=4,
    gives_pair=True,
    kit=("cards", "laptop"),
    guided=2.8,
)
PARISH_TABLE = Place(
    "Diakonian ruokapöytä",
    "parish_office",
    KUOPIO,
    DIAKONIA,
    Weekly(FRI),
    (9, 11),
    (12, 30),
    "Kerran viikossa, seurakunnan omana työnä. Diakoniatoimisto kertoo ajan.",
    "Seurakuntatalon kahvio.",
    area="Asemanseutu",
    host=PARISH,
    staffing=1,
    guided=2.0,
    organisation=PARISH,
)
PLACES = (
    FOOD_QUEUE,
    DAY_CENTRE,
    HOME_VISITS,
    PARISH_TABLE,
    Place(
        "Torstaipata",
        "food_distribution",
        KUOPIO,
        CENTRE,
        Weekly(WED, every=2),
        (14, 16),
        (40, 90),
        "Joka toinen keskiviikko klo 14–15.30.",
        "Seurakuntatalon alakerta, sisäänkäynti parkkipaikan puolelta.",
        area="Asemanseutu",
        host=PARISH,
        guided=2.4,
        partner=PARISH,
    ),
    Place(
        "Tori ja asemanseutu",
        "street",
        KUOPIO,
        CENTRE,
        Weekly(WED),
        (16, 18),
        (8, 24),
        "Huhti–syyskuussa keskiviikkoisin klo 16–18.",
        "Torilta asemalle ja takaisin puiston kautta.",
        area="Keskusta",
        season=(4, 9),
        guided=1.9,
        safety="Liivit päälle. Puistossa kuljetaan parin kanssa näköetäisyydellä.",
    ),
    Place(
        "Ostarin kulma",
        "street",
        KUOPIO,
        CENTRE,
        Weekly(THU, every=2, turn=1),
        (14, 17),
        (6, 18),
        "Touko–syyskuussa joka toinen torstai klo 14–17.",
        "Ostarin edusta ja skeittipuisto.",
        area="Etelärinteet",
        season=(5, 9),
        guided=1.7,
        safety="Liivit päälle. Kioskin väki tuntee meidät.",
    ),
    Place(
        "Pääkirjaston aula",
        "library",
        KUOPIO,
        CENTRE,
        Weekly(MON),
        (13, 15),
        (5, 14),
        "Maanantaisin klo 13–15.",
        "Lehtisalin vieressä, pöytä ja kaksi tuolia. Rauhallinen huone saa pyytämällä.",
        area="Keskusta",
        host="Kuopion kaupunki",
        staffing=1,
        guided=2.1,
    ),
    Place(
        "Asukastila Pihapiiri",
        "residents_space",
        KUOPIO,
        CENTRE,
        Weekly(FRI),
        (10, 12),
        (6, 16),
        "Perjantaisin klo 10–12, aamupuuron aikaan.",
        "Kerrostalon alakerta, sisäpihan ovi.",
        area="Pohjanrinne",
        host="Kuopion kaupunki",
        staffing=1,
        guided=2.0,
    ),
    Place(
        "Terveysneuvonta Satama",
        "health_counselling",
        KUOPIO,
        CENTRE,
        Weekly(THU),
        (13, 15),
        (8, 18),
        "Torstaisin klo 13–15.",
        "Neuvontapisteen odotustila. Hoitajan huoneeseen mennään vain kutsusta.",
        area="Ranta",
        looks_for_pair=True,
        kit=("health_kit",),
        guided=2.3,
    ),
    Place(
        "Terveysaseman aula",
        "health_centre",
        KUOPIO,
        CENTRE,
        Weekly(TUE, every=2, turn=1),
        (12, 14),
        (5, 12),
        "Joka toinen tiistai klo 12–14.",
        "Pääaulan infopöydän vieressä.",
        area="Keskusta",
        staffing=1,
        guided=1.8,
    ),
    Place(
        "Kaavin ruokakorttijako",
        "food_card_event",
        KAAVI,
        CENTRE,
        Monthly(TUE, (1,)),
        (12, 14),
        (20, 44),
        "Kuukauden ensimmäinen tiistai klo 12–14.",
        "Monitoimitalon aula. Jako alkaa tasalta, jono kertyy puolta tuntia ennen.",
        guided=2.2,
    ),
    Place(
        "Tuusniemen ruokakorttijako",
        "food_card_event",
        TUUSNIEMI,
        CENTRE,
        Monthly(WED, (2,)),
        (12, 14),
        (20, 38),
        "Kuukauden toinen keskiviikko klo 12–14.",
        "Seuratalon sali, takaovesta pääsee pyörätuolilla.",
        guided=2.0,
    ),
    Place(
        "Kauppakeskus Niittypiha",
        "shopping_centre",
        SIILINJARVI,
        CENTRE,
        Weekly(MON, every=2),
        (14, 16),
        (6, 15),
        "Joka toinen maanantai klo 14–16.",
        "Alakerran penkit pankkiautomaatin luona. Vartijat tietävät tulosta.",
        guided=1.6,
    ),
    Place(
        "Iltachat",
        "online",
        KUOPIO,
        CENTRE,
        Weekly(THU),
        (18, 20),
        (3, 9),
        "Torstaisin klo 18–20.",
        "Hyvinvointialueen chat. Toinen työntekijä on tavoitettavissa puhelimella.",
        staffing=1,
        guided=2.4,
    ),
    Place(
        "Asunnottomien yö",
        "event",
        KUOPIO,
        CENTRE,
        OnDates(((10, 17),)),
        (16, 20),
        (70, 130),
        "Joka vuosi 17.10. klo 16–20.",
        "Torin kulma: teltta, keitto ja kynttilät.",
        area="Keskusta",
        guided=5.0,
        partner=PARISH,
    ),
    Place(
        "Kesätapahtuma rannassa",
        "event",
        KUOPIO,
        CENTRE,
        OnDates(((6, 11), (8, 20))),
        (11, 15),
        (40, 90),
        "Kesäkuussa ja elokuussa, päivä sovitaan keväällä.",
        "Sataman nurmi, oma pöytä ja esitteet.",
        area="Ranta",
        guided=3.0,
    ),
    Place(
        "Keskustan iltakierros",
        "street",
        KUOPIO,
        KULKIJAT,
        Weekly(MON),
        (18, 20),
        (6, 20),
        "Maanantaisin klo 18–20 ympäri vuoden, järjestön omana työnä.",
        "Tori, asema ja rannan puisto.",
        area="Keskusta",
        guided=1.6,
        organisation=STREET_NGO,
    ),
    Place(
        "Päiväkeskus Kulmala",
        "day_centre",
        IISALMI,
        NORTH,
        Weekly(WED),
        (9, 12),
        (10, 21),
        "Keskiviikkoisin klo 9–12.",
        "Kulmatalon katutaso, soita ovikelloa.",
        host="Kulmalan tuki ry",
        staffing=1,
        guided=2.6,
    ),
    Place(
        "Ruokajako Korinpohja",
        "food_distribution",
        IISALMI,
        NORTH,
        Weekly(FRI, every=2),
        (11, 13),
        (38, 85),
        "Joka toinen perjantai klo 11–13.",
        "Hallin lastauslaituri. Jonoon näkee hyvin portin luota.",
        guided=2.5,
    ),
    Place(
        "Iisalmen tori",
        "street",
        IISALMI,
        NORTH,
        Weekly(THU),
        (15, 17),
        (6, 18),
        "Huhti–syyskuussa torstaisin klo 15–17.",
        "Tori ja linja-autoaseman edusta.",
        season=(4, 9),
        guided=1.7,
        safety="Liivit päälle. Sateella tavataan kioskin katoksessa.",
    ),
    Place(
        "Asumisyksikkö Kataja",
        "housing_unit",
        IISALMI,
        NORTH,
        Weekly(MON),
        (12, 14),
        (5, 12),
        "Maanantaisin klo 12–14.",
        "Yhteinen keittiö. Ohjaaja avaa oven.",
        guided=2.2,
    ),
    Place(
        "Lapinlahden kirjasto",
        "library",
        LAPINLAHTI,
        NORTH,
        Weekly(TUE, every=2),
        (13, 15),
        (4, 10),
        "Joka toinen tiistai klo 13–15.",
        "Kokoushuone, ovi auki aulaan.",
        staffing=1,
        guided=1.8,
    ),
    Place(
        "Kiuruveden ruokakorttijako",
        "food_card_event",
        KIURUVESI,
        NORTH,
        Monthly(WED, (3,)),
        (12, 14),
        (20, 40),
        "Kuukauden kolmas keskiviikko klo 12–14.",
        "Vanhan kunnantalon eteinen.",
        guided=2.2,
    ),
    Place(
        "Iisalmen seutu",
        "home",
        IISALMI,
        NORTH,
        NowAndThen(22),
        (13, 14),
        (1, 2),
        "Pyynnöstä.",
        "Sovitaan pyynnön tehneen kanssa.",
        guided=1.1,
        safety="Kerro tiimille, milloin menet ja milloin palaat.",
    ),
    Place(
        "Päiväkeskus Satamatupa",
        "day_centre",
        VARKAUS,
        SOUTH,
        Weekly(THU),
        (9, 12),
        (10, 23),
        "Torstaisin klo 9–12.",
        "Sataman vanha makasiini, toinen kerros.",
        staffing=1,
        guided=2.7,
    ),
    Place(
        "Ruokajako Eväsreppu",
        "food_distribution",
        VARKAUS,
        SOUTH,
        Monthly(TUE, (2, LAST)),
        (10, 12),
        (48, 95),
        "Kuukauden toinen ja viimeinen tiistai klo 10–12.",
        "Hallin piha, jono alkaa portilta.",
        host="Savon Eväsreppu ry",
        guided=2.6,
        safety="Portin luona on ahdasta. Seisotaan jonon keskivaiheilla.",
    ),
    Place(
        "Sataman puisto",
        "park",
        VARKAUS,
        SOUTH,
        Weekly(TUE),
        (16, 18),
        (6, 16),
        "Touko–syyskuussa tiistaisin klo 16–18.",
        "Laiturin penkit ja grillikatos.",
        season=(5, 9),
        guided=1.8,
        safety="Liivit päälle. Lähdetään, jos katoksessa riidellään.",
    ),
    Place(
        "Kauppakeskus Sulku",
        "shopping_centre",
        VARKAUS,
        SOUTH,
        Weekly(FRI),
        (13, 15),
        (6, 15),
        "Perjantaisin klo 13–15.",
        "Pääovien väliset penkit.",
        guided=1.7,
    ),
    Place(
        "Suonenjoen asukastupa",
        "residents_space",
        SUONENJOKI,
        SOUTH,
        Weekly(WED, every=2, turn=1),
        (10, 12),
        (5, 14),
        "Joka toinen keskiviikko klo 10–12.",
        "Entinen kauppa, kahvihuone perällä.",
        staffing=1,
        guided=1.9,
    ),
    Place(
        "Leppävirran monitoimitalo",
        "other_premises",
        LEPPAVIRTA,
        SOUTH,
        Monthly(THU, (1, 3)),
        (12, 14),
        (4, 11),
        "Kuukauden ensimmäinen ja kolmas torstai klo 12–14.",
        "Aulan kahvila.",
        guided=1.8,
    ),
    Place(
        "Varkauden seutu",
        "home",
        VARKAUS,
        SOUTH,
        NowAndThen(22),
        (13, 14),
        (1, 2),
        "Pyynnöstä.",
        "Sovitaan pyynnön tehneen kanssa.",
        guided=1.1,
        safety="Kerro tiimille, milloin menet ja milloin palaat.",
    ),
)
