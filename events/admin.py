"""Setup of events."""

from django.contrib import admin

from bakery.core.admin import SetupAdmin
from events.models import Event


@admin.register(Event)
class EventAdmin(SetupAdmin):
    list_display = ("name", "event_date")
    list_filter = ("event_date",)
    search_fields = ("name",)
    ordering = ("-event_date", "name")
    fields = ("name", "event_date", "notes", "slug")
    readonly_fields = ("slug",)
