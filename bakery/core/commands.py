"""The base of our commands: they show and read time and money as the household does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from bakery.core.formatting import using
from bakery.core.models import Household


class HouseholdCommand(BaseCommand):
    """A command that works by the household's clock and currency, like a page of it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            household = Household.current()
        except (OperationalError, ProgrammingError) as error:
            raise CommandError("The database is not ready: run “manage.py migrate” first.") from error
        with using(household), timezone.override(household.zone):
            return super().execute(*args, **options)
