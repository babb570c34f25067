from django.apps import AppConfig
from django.contrib.admin import apps as admin


class HomeConfig(AppConfig):
    name = "bakery.home"
    label = "home"
    default = True


class SetupConfig(admin.AdminConfig):
    """Django's admin, with our site in place of its own."""

    default = False
    default_site = "bakery.home.setup.SetupSite"
