from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events.books import check_packed
        from events.uses import lines_asking_for
        from inventory.books import register_check
        from inventory.uses import register_users

        register_users(lines_asking_for)
        register_check(check_packed)
