"""Bring a team's past visits in from a spreadsheet, all or nothing."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from rinnalla.access.actions import first_team
from rinnalla.access.models import Municipality, Team
from rinnalla.encounters.importing import actions, columns
from rinnalla.encounters.importing.compare import report_of
from rinnalla.encounters.importing.forms import usual_municipality
from rinnalla.encounters.importing.rows import Past, Told
from rinnalla.encounters.models import ImportSource
from rinnalla.lib.tables import UnreadableTable, read_table
from rinnalla.lib.text_guard import REFUSALS, refusals, tidy
from rinnalla.planning.models import Site

TOLD = ("visits", "met", "guided", "sites_created", "new", "corrected", "same")


class Command(BaseCommand):
    help = (
        "Bring past visits in from XLSX, XLS, ODS or CSV: every row or, when one has "
        "a fault, none. The same rows again change nothing, corrected rows replace; "
        "a row whose place and day hold a recorded visit is left out unless told."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the spreadsheet")
        parser.add_argument(
            "--source", required=True, help="its name; the same name every time"
        )
        parser.add_argument("--shape", choices=columns.SHAPES, required=True)
        parser.add_argument(
            "--map",
            action="extend",
            nargs="+",
            required=True,
            metavar="FIELD=COLUMN",
            help=f"fields: {', '.join(columns.FIELDS)}, topic:CODE, result:CODE",
        )
        parser.add_argument(
            "--new-sites",
            choices=["create", "refuse"],
            default="create",
            help="what becomes of unknown places (refuse: one stops the file)",
        )
        parser.add_argument("--team", help="whose visits; default the first team")
        parser.add_argument(
            "--municipality",
            help="of new places without one; default where most places are",
        )
        parser.add_argument("--sheet", type=int, default=1, help="number of the sheet")
        parser.add_argument(
            "--include-doubles", action="store_true", help="bring likely doubles too"
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args, **options):
        mapping = _mapping(options["map"])
        options["source"] = _source(options["source"])
        report = self._import(mapping, options)
        report |= {"dry_run": options["dry_run"]}
        self._tell(report, options["json"])
        if report["fault_count"]:
            raise CommandError(
                f"{report['fault_count']} faults, nothing was brought in"
            )

    def _import(self, mapping, options):
        try:
            with Path(options["file"]).open("rb") as file:
                sheets = read_table(file, Path(options["file"]).name)
                if not 1 <= options["sheet"] <= len(sheets):
                    raise CommandError(f"The file has {len(sheets)} sheets")
                return self._import_sheet(
                    sheets[options["sheet"] - 1], mapping, options
                )
        except UnreadableTable as refused:
            return report_of(_one_fault(Told(0, "", str(refused))), None)
        except OSError as fault:
            raise CommandError(str(fault)) from fault

    def _import_sheet(self, sheet, mapping, options):
        shape, header = options["shape"], columns.find_header(sheet.rows())
        problems = columns.mapping_problems(shape, mapping, header, columns.code_book())
        if problems:
            faults = [Told(header.row, "", problem) for problem in problems]
            return report_of(_one_fault(*faults), None)
        team = _team(options["team"], options["source"], save=not options["dry_run"])
        name = options["source"]
        source = ImportSource.objects.filter(name=name).first() or ImportSource(
            name=name
        )
        past, plan = actions.look_over(
            sheet,
            source,
            team,
            shape=shape,
            mapping=mapping,
            takes_doubles=options["include_doubles"],
            makes=options["new_sites"] == "create",
        )
        for visit in plan.unknown.values():
            message = _("The place “%(place)s” is not known.") % {"place": visit.place}
            past.fault(visit.row, mapping["site"], message)
        sites = {"municipality": _municipality(options["municipality"], team)}
        report = report_of(past, plan) | {"formulas": sheet.formulas}
        if not past.fault_count and not options["dry_run"]:
            chosen = {"shape": shape, "mapping": mapping, "sites": sites}
            actions.import_at_once(name, team, plan, report, **chosen)
        return report

    def _tell(self, report, as_json):
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            return
        for told in [*report["faults"], *report["contradictions"]]:
            self.stdout.write("row {row}, {column}: {message}".format(**told))
        self.stdout.write(", ".join(f"{name} {report.get(name, 0)}" for name in TOLD))


def _source(name):
    """The name of the source as it is kept. Raises CommandError."""
    name = tidy(name).strip()
    longest = ImportSource._meta.get_field("name").max_length
    if not name or "\0" in name or len(name) > longest:
        raise CommandError(f"--source wants a name of 1 to {longest} letters")
    for kind in refusals(name):
        raise CommandError(f"--source: {REFUSALS[kind]}")
    return name


def _mapping(pairs):
    """{field: column} of FIELD=COLUMN words. Raises CommandError."""
    mapping = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or not column or name in mapping:
            raise CommandError(f"--map wants each FIELD=COLUMN once, not {pair!r}")
        mapping[name] = column
    return mapping


def _one_fault(*faults):
    past = Past()
    for told in faults:
        past.fault(told.row, told.column, told.message)
    return past


def _team(name, source, *, save):
    """The team named, else the first; where there is none yet, one for this source."""
    teams = Team.objects.order_by("pk")
    team = teams.filter(name=name).first() if name else teams.first()
    if name and not team:
        raise CommandError(f"There is no team {name!r}")
    if team or not save:
        return team
    return first_team(source)


def _municipality(name, team):
    """The code of the municipality named, else where most of the team's places are."""
    if name:
        for row in Municipality.objects.all():
            if name in (row.code, row.name_fi, row.name_sv, row.name_en):
                return row.code
        raise CommandError(f"There is no municipality {name!r}")
    usual = usual_municipality(Site.objects.filter(team=team)) if team else None
    first = Municipality.objects.order_by("code").values_list("code", flat=True).first()
    if not (usual or first):
        raise CommandError("There are no municipalities: run manage.py load_facts")
    return usual or first
