"""R8: any history a household may have, with packages handed over and files read back, against a simple model."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from bakery.transfer.exporting import export
from bakery.transfer.importing import import_file
from events.models import EventRecipientPackage, FulfillmentStatus
from events.services import update_fulfillment_status
from inventory import fifo
from inventory.tests.test_ledger_machine import Rolled
from proof.sizes import size

pytestmark = pytest.mark.django_db

MACHINES, STEPS = size(20, 2000), 30
performed = {"machines": 0, "steps": 0}


class Household(Rolled):
    """The machine of the ledger, and what a household does besides that moves no stock."""

    def __init__(self):
        super().__init__()
        performed["machines"] += 1

    @precondition(lambda self: any(entry.kind == "packing" for entry in self.entries))
    @rule(to=st.sampled_from(["", "Oma", "the neighbours"]))
    def deliver(self, to):
        ready = EventRecipientPackage.objects.filter(fulfillment_status=FulfillmentStatus.READY).first()
        if ready:
            given = update_fulfillment_status(ready.pk, "delivered", delivered_to=to)
            assert (given.fulfillment_status, given.delivered_to) == (FulfillmentStatus.DELIVERED, to)

    @precondition(lambda self: self.entries)
    @rule()
    def read_its_own_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "bakery.json"
            with file.open("w", encoding="utf-8") as stream:
                export(stream)
            outcome = import_file(file)
        assert outcome.problems == ()
        assert sum(count.created for count in outcome.counts.values()) == 0

    def teardown(self):
        performed["steps"] += len(self.entries)
        super().teardown()


def run(machines: int) -> None:
    run_state_machine_as_test(
        Household,
        settings=settings(
            max_examples=machines,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
            print_blob=True,
        ),
    )


def test_no_history_diverges_from_the_model(reached):
    run(MACHINES)
    reached(
        "R8 stateful machines",
        f"{MACHINES} machines × {STEPS} steps over all services: 0 divergences",
        f"{performed['machines']} machines, {performed['steps']} entries left standing, 0 divergences",
    )


def test_a_rounding_that_is_wrong_is_noticed(monkeypatch):
    right = fifo.round_half_even

    def always_down(number, places):
        return right(Fraction(int(Fraction(number) * 10**places), 10**places), places)

    monkeypatch.setattr(fifo, "round_half_even", always_down)
    with pytest.raises(AssertionError):
        run(30)
