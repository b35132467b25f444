"""The addresses of getting home, under /planning/safety/."""

from django.urls import path

from rinnalla.planning.safety import answering, upkeep, views

urlpatterns = [
    path("", views.safety, name="safety"),
    path("go", views.check_in, name="safety_check_in"),
    path("help", views.call_for_help, name="safety_help"),
    path("out/<uuid:check_in>/longer", views.extend, name="safety_extend"),
    path("out/<uuid:check_in>/home", views.home_safe, name="safety_home_safe"),
    path("out/<uuid:check_in>/", views.home, name="safety_home"),
    path("alarms/<uuid:alarm>/", views.one_alarm, name="safety_alarm"),
    path("alarms/<uuid:alarm>/spot", views.spot, name="safety_spot"),
    path("answer/<str:token>", answering.answer, name="safety_answer"),
    path("ladder", upkeep.set_ladder, name="safety_ladder"),
    path("number", upkeep.number, name="safety_number"),
    path("talk", upkeep.talk, name="safety_talk"),
    path("incidents/", upkeep.incidents, name="safety_incidents"),
    path("incidents/new", upkeep.incident_new, name="safety_incident"),
    path(
        "incidents/<uuid:note>/pass-on",
        upkeep.incident_pass_on,
        name="safety_pass_on",
    ),
]
