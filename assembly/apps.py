from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "assembly"
    verbose_name = "Boxes, bags and hampers"

    def ready(self) -> None:
        from assembly.books import check_runs
        from assembly.pages import good_pages, run_pages
        from assembly.transfer import RUNS
        from assembly.uses import lines_asking_for
        from bakery.core.transfer.arrays import register_array
        from inventory.books import register_check
        from inventory.models import EntryKind, Kind
        from inventory.pages import register_entry_pages, register_item_pages
        from inventory.uses import register_users

        register_users(lines_asking_for)
        register_check(check_runs)
        register_array(RUNS)
        register_entry_pages(EntryKind.ASSEMBLY, run_pages)
        register_item_pages(Kind.FINISHED_GOOD, good_pages)
