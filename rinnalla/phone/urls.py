app_name = "phone"
urlpatterns = []
