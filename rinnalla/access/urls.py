from django.urls import path, re_path

from rinnalla.access.views import audit, codes, home, organisations, own, workers

app_name = "access"
urlpatterns = [
    path("", home.upkeep, name="upkeep"),
    path("me", own.me, name="me"),
    path("me/language", own.choose_language, name="choose_language"),
    path("me/sessions/end", own.end_other_sessions, name="end_other_sessions"),
    path("me/sessions/<slug:public_id>/end", own.end_session, name="end_session"),
    path("me/second-step", own.second_factor, name="second_factor"),
    path("join/<str:seal>", own.join, name="join"),
    path("workers", workers.workers, name="workers"),
    path("workers/new", workers.invite, name="invite"),
    path("workers/<int:pk>", workers.worker, name="worker"),
    path("workers/<int:pk>/invite", workers.invite_again, name="invite_again"),
    re_path(
        r"^workers/(?P<pk>[0-9]{1,18})/(?P<verb>close|open|reset)$",
        workers.account,
        name="account",
    ),
    path("organisations", organisations.organisations, name="organisations"),
    path("organisations/new", organisations.organisation, name="new_organisation"),
    path("organisations/<int:pk>", organisations.organisation, name="organisation"),
    path("teams", organisations.teams, name="teams"),
    path("teams/new", organisations.team, name="new_team"),
    path("teams/<int:pk>", organisations.team, name="team"),
    path("municipalities", organisations.municipalities, name="municipalities"),
    path("codes", codes.code_lists, name="code_lists"),
    path("codes/<slug:code_list>", codes.codes, name="codes"),
    path("codes/<slug:code_list>/new", codes.new_code, name="new_code"),
    path("code/<int:pk>", codes.code, name="code"),
    re_path(
        r"^code/(?P<pk>[0-9]{1,18})/(?P<way>up|down)$",
        codes.move_code,
        name="move_code",
    ),
    re_path(
        r"^code/(?P<pk>[0-9]{1,18})/(?P<way>retire|return)$",
        codes.retire_code,
        name="retire_code",
    ),
    path("audit", audit.audit, name="audit"),
]
