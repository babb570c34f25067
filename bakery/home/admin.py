"""Setup knows people by their rights; who comes in is decided on the members page."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from bakery.home.forms import LoginNameForm

admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Names can be put right here. Passwords and rights have their own page, with its own rules."""

    form = LoginNameForm
    list_display = ("username", "first_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "first_name")
    fields = ("username", "first_name", "is_active", "is_superuser", "last_login", "date_joined")
    readonly_fields = ("is_active", "is_superuser", "last_login", "date_joined")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
