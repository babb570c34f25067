"""Every address of Bakehouse. Each app writes out its own from the root."""

from django.contrib import admin
from django.urls import include, path

handler400 = "bakery.core.uploads.bad_request"
handler500 = "bakery.core.trouble.server_error"

urlpatterns = [
    path("setup/", admin.site.urls),
    path("", include("bakery.home.urls")),
    path("", include("inventory.urls")),
    path("", include("production.urls")),
    path("", include("assembly.urls")),
    path("", include("events.urls")),
]
