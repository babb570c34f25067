from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events.books import check_packed
        from events.pages import packing_pages
        from events.uses import lines_asking_for
        from inventory.books import register_check
        from inventory.models import EntryKind
        from inventory.pages import register_entry_pages
        from inventory.uses import register_users

        register_users(lines_asking_for)
        register_check(check_packed)
        register_entry_pages(EntryKind.FULFILMENT, packing_pages)
