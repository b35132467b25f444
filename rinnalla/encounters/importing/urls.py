from django.urls import path

from rinnalla.encounters.importing import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("<int:pk>", views.import_page, name="import"),
    path("<int:pk>/sheet", views.import_sheet, name="import_sheet"),
    path("<int:pk>/columns", views.import_columns, name="import_columns"),
    path("<int:pk>/decide", views.import_decide, name="import_decide"),
    path("<int:pk>/again", views.import_again, name="import_again"),
    path("<int:pk>/drop", views.import_drop, name="import_drop"),
    path("<int:pk>/undo", views.import_undo, name="import_undo"),
]
