from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "bakery.core"
    label = "core"
    verbose_name = "Household"
