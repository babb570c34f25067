"""What may stand in a composition."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assembly.models import Composition
from assembly.tests.factories import FinishedGoodFactory, add_line, good_of
from inventory.tests.factories import PackagingFactory, ProductFactory
from production.tests.factories import FinishedUnitFactory

pytestmark = pytest.mark.django_db


def test_a_line_is_exactly_one_thing_in_python_and_in_the_database():
    good, cookie = FinishedGoodFactory(), FinishedUnitFactory()
    ribbon = ProductFactory(ingredient=PackagingFactory())
    for components in ({}, {"component_unit": cookie, "packaging_product": ribbon}):
        line = Composition(finished_good=good, quantity=Decimal(1), **components)
        with pytest.raises(ValidationError, match="exactly one"):
            line.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            line.save()


def test_pieces_are_whole_and_have_no_unit():
    good, cookie = FinishedGoodFactory(), FinishedUnitFactory(name="Cookie")
    with pytest.raises(ValidationError, match="Cookie is counted in whole pieces"):
        add_line(good, cookie, "0.5")
    with pytest.raises(ValidationError, match="only packaging has a unit"):
        add_line(good, cookie, "1", "each")


def test_half_a_yard_of_a_ribbon_kept_in_centimetres_is_fine_and_a_cup_of_it_is_not():
    good = FinishedGoodFactory()
    ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))
    with pytest.raises(ValidationError, match="Ribbon is measured by length, the composition"):
        add_line(good, ribbon, "1", "cup")
    assert add_line(good, ribbon, "0.5", "yd").pk


def test_food_is_no_packaging():
    with pytest.raises(ValidationError, match="not packaging"):
        add_line(FinishedGoodFactory(), ProductFactory(), "1")


def test_the_same_component_stands_once():
    good, cookie = FinishedGoodFactory(), FinishedUnitFactory()
    add_line(good, cookie, "1")
    with pytest.raises(ValidationError, match="already a part"):
        add_line(good, cookie, "2")


def test_a_circle_is_refused_naming_the_path():
    bag = good_of(name="Bag")
    box = good_of((bag, "2"), name="Box")
    hamper = good_of((box, "1"), name="Hamper")
    with pytest.raises(ValidationError, match="Bag → Hamper → Box → Bag"):
        add_line(bag, hamper, "1")
    with pytest.raises(ValidationError, match="itself|circle"):
        add_line(bag, bag, "1")


def test_packaging_keeps_its_unit_while_a_composition_needs_it():
    ribbon = PackagingFactory(name="Ribbon", stock_unit="cm")
    good_of((ProductFactory(ingredient=ribbon), "0.5", "yd"), name="Bag")
    ribbon.stock_unit = "each"
    with pytest.raises(ValidationError, match="Bag"):
        ribbon.full_clean()
