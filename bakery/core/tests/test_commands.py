"""Commands work by the household's clock and currency."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from bakery.core.commands import HouseholdCommand
from bakery.core.formatting import money
from bakery.core.models import Household


class Report(HouseholdCommand):
    def handle(self, *args, **options):
        self.stdout.write(f"{money(1)} {timezone.get_current_timezone_name()}")


@pytest.mark.django_db
def test_a_command_sees_the_clock_and_the_currency_of_the_household():
    Household.objects.create(pk=1, currency="EUR", time_zone="Pacific/Auckland")
    said = io.StringIO()
    call_command(Report(), stdout=said)
    assert said.getvalue() == "€1.00 Pacific/Auckland\n"
    assert timezone.get_current_timezone_name() == "UTC"


def test_before_migrate_a_command_says_what_to_do(monkeypatch):
    def no_table():
        raise OperationalError("no such table: core_household")

    monkeypatch.setattr(Household, "current", no_table)
    with pytest.raises(CommandError, match="manage.py migrate"):
        call_command(Report())
