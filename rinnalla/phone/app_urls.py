"""The addresses of the field app, under /phone/."""

urlpatterns = []
