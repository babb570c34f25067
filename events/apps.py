from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events.uses import lines_asking_for
        from inventory.uses import register_users

        register_users(lines_asking_for)
