"""Setup of the pantry: weights as bakers know them, frozen things with sentences, history for the eye only."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from inventory.models import Allergen, Ingredient, Kind, Lot, Product, StockEntry, StockMovement, Supplier
from inventory.services import adjust_stock, void_adjustment
from inventory.tests.factories import (
    IngredientCategoryFactory,
    IngredientFactory,
    PackagingFactory,
    ProductFactory,
    SupplierFactory,
    bought,
)

pytestmark = pytest.mark.django_db


def address(model, page, *arguments):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def errors_of(response):
    """Everything the page complains about, in one text."""
    assert response.status_code == 200, "the form comes back"
    form = response.context["adminform"].form
    return " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)


def ingredient_form(ingredient=None, **changes):
    ingredient = ingredient or Ingredient(name="Flour", stock_unit="g")
    form = {
        "name": ingredient.name,
        "sort": ingredient.kind or Kind.INGREDIENT.value,
        "category": ingredient.category_id or IngredientCategoryFactory().pk,
        "stock_unit": ingredient.stock_unit,
        "cup_weighs": "",
        "piece_weighs": ingredient.grams_per_each or "",
        "reorder_level": "",
        "is_tracked": "on",
    }
    return {**form, **changes}


def product_form(product, **changes):
    form = {
        "ingredient": product.ingredient_id,
        "brand": product.brand,
        "name": product.name,
        "package_quantity": str(product.package_quantity),
        "package_unit": product.package_unit,
        "gtin": product.gtin,
        "preferred_supplier": "",
    }
    return {**form, **changes}


class TestIngredients:
    def test_what_a_cup_weighs_is_kept_per_millilitre_to_six_places(self, owner_client):
        form = ingredient_form(cup_weighs="125", piece_weighs="50.5")
        assert owner_client.post(address(Ingredient, "add"), form).status_code == 302
        flour = Ingredient.objects.get()
        assert flour.grams_per_ml == Decimal("0.528344")
        assert flour.grams_per_each == Decimal("50.5")
        assert flour.kind == Kind.INGREDIENT

    def test_the_page_says_the_cup_as_it_was_typed_and_saving_it_again_changes_nothing(self, owner_client):
        flour = IngredientFactory(name="Flour", grams_per_ml=Decimal("0.528344"))
        page = owner_client.get(address(Ingredient, "change", flour.pk))
        assert 'value="125"' in page.content.decode()
        form = ingredient_form(flour, cup_weighs="125", name="Flour, white")
        assert owner_client.post(address(Ingredient, "change", flour.pk), form).status_code == 302
        flour.refresh_from_db()
        assert (flour.name, flour.grams_per_ml) == ("Flour, white", Decimal("0.528344"))

    def test_a_weight_with_more_places_than_a_cup_shows_survives_an_untouched_form(self, owner_client):
        honey = IngredientFactory(name="Honey", grams_per_ml=Decimal("1.420001"))
        cup = str((Decimal("1.420001") * Decimal("236.5882365")).quantize(Decimal("0.001")))
        form = ingredient_form(honey, cup_weighs=cup)
        owner_client.post(address(Ingredient, "change", honey.pk), form)
        honey.refresh_from_db()
        assert honey.grams_per_ml == Decimal("1.420001")

    def test_packaging_is_a_kind_of_its_own_chosen_once(self, owner_client):
        form = ingredient_form(sort=Kind.PACKAGING.value, stock_unit="each", name="Box")
        owner_client.post(address(Ingredient, "add"), form)
        box = Ingredient.objects.get()
        assert box.is_packaging
        change = ingredient_form(box, sort=Kind.INGREDIENT.value)
        owner_client.post(address(Ingredient, "change", box.pk), change)
        box.refresh_from_db()
        assert box.is_packaging

    def test_a_second_one_of_the_same_name_is_refused_with_a_sentence(self, owner_client):
        IngredientFactory(name="Flour")
        response = owner_client.post(address(Ingredient, "add"), ingredient_form())
        assert "There is already one of this name." in errors_of(response)

    def test_packaging_may_have_the_name_of_an_ingredient(self, owner_client):
        IngredientFactory(name="Flour")
        form = ingredient_form(sort=Kind.PACKAGING.value)
        assert owner_client.post(address(Ingredient, "add"), form).status_code == 302

    @pytest.mark.parametrize(
        "typed", ["NaN", "1e9", "1000000000", "1,250", "-3", "0", "heavy", "inf", "1.23456"]
    )
    @pytest.mark.parametrize("field", ["cup_weighs", "piece_weighs"])
    def test_an_amount_that_is_none_is_said_to_be_none(self, owner_client, field, typed):
        response = owner_client.post(address(Ingredient, "add"), ingredient_form(**{field: typed}))
        assert errors_of(response)
        assert not Ingredient.objects.exists()

    def test_a_comma_and_a_fraction_are_understood(self, owner_client):
        form = ingredient_form(piece_weighs="2,5", reorder_level="1 1/2")
        owner_client.post(address(Ingredient, "add"), form)
        flour = Ingredient.objects.get()
        assert (flour.grams_per_each, flour.reorder_level) == (Decimal("2.5"), Decimal("1.5"))

    def test_the_unit_is_frozen_once_there_are_lots(self, owner_client):
        flour = IngredientFactory(name="Flour")
        bought(flour, "1000", "2")
        form = ingredient_form(flour, stock_unit="ml")
        response = owner_client.post(address(Ingredient, "change", flour.pk), form)
        assert "Flour already has lots counted in g, so its unit stays g." in errors_of(response)

    def test_what_is_on_the_shelf_stays_tracked(self, owner_client):
        flour = IngredientFactory(name="Flour")
        bought(flour, "1000", "2")
        form = ingredient_form(flour, is_tracked="")
        response = owner_client.post(address(Ingredient, "change", flour.pk), form)
        assert "Use it up or adjust it to 0 first." in errors_of(response)

    def test_what_a_void_put_back_later_keeps_nobody_from_renaming_it(self, owner_client):
        flour = IngredientFactory(name="Flour")
        bought(flour, "1000", "2")
        taken = adjust_stock(item_id=flour.pk, quantity=-1000, reason="Spilled")
        change = address(Ingredient, "change", flour.pk)
        assert owner_client.post(change, ingredient_form(flour, is_tracked="")).status_code == 302
        void_adjustment(entry_id=taken.pk, reason="It was sugar")
        form = ingredient_form(flour, is_tracked="", name="Wheat flour")
        assert owner_client.post(change, form).status_code == 302
        flour.refresh_from_db()
        assert (flour.name, flour.lots.get().quantity_remaining) == ("Wheat flour", 1000)

    def test_its_kind_is_chosen_once(self):
        flour = IngredientFactory(name="Flour")
        flour.kind = Kind.PACKAGING
        with pytest.raises(ValidationError, match="Flour stays ingredient"):
            flour.full_clean()

    def test_a_weight_that_a_package_needs_cannot_be_taken_away(self, owner_client):
        eggs = IngredientFactory(name="Eggs", grams_per_each=Decimal(50))
        ProductFactory(ingredient=eggs, package_quantity=Decimal(1), package_unit="dozen")
        form = ingredient_form(eggs, piece_weighs="")
        response = owner_client.post(address(Ingredient, "change", eggs.pk), form)
        assert "Eggs could then no longer be converted for the package (1 dozen)." in errors_of(response)
        eggs.refresh_from_db()
        assert eggs.grams_per_each == Decimal(50)


class TestProducts:
    def test_the_former_preferred_product_steps_back(self, owner_client):
        flour = IngredientFactory()
        former = ProductFactory(ingredient=flour, is_preferred=True)
        other = ProductFactory(is_preferred=True)
        product = ProductFactory(ingredient=flour)
        form = product_form(product, is_preferred="on")
        assert owner_client.post(address(Product, "change", product.pk), form).status_code == 302
        assert set(Product.objects.filter(is_preferred=True)) == {product, other}
        former.refresh_from_db()
        assert not former.is_preferred

    def test_a_barcode_belongs_to_one_product(self, owner_client):
        ProductFactory(gtin="4006381333931")
        product = ProductFactory()
        form = product_form(product, gtin="4006381333931")
        response = owner_client.post(address(Product, "change", product.pk), form)
        assert "Another product already has this barcode." in errors_of(response)

    def test_many_products_may_have_no_barcode(self, owner_client):
        ProductFactory()
        product = ProductFactory()
        form = product_form(product, brand="Mill")
        assert owner_client.post(address(Product, "change", product.pk), form).status_code == 302

    def test_the_same_package_twice_is_refused(self, owner_client):
        product = ProductFactory(brand="Mill")
        response = owner_client.post(address(Product, "add"), product_form(product))
        assert "This product is already there" in errors_of(response)

    @pytest.mark.parametrize("change", [{"package_quantity": "2"}, {"package_unit": "kg"}])
    def test_the_package_is_frozen_once_there_are_lots(self, owner_client, change):
        flour = IngredientFactory()
        product = bought(flour, "1000", "2").product
        form = product_form(product, **change)
        response = owner_client.post(address(Product, "change", product.pk), form)
        assert "Lots of this product were already bought" in errors_of(response)

    def test_a_package_that_does_not_convert_is_refused_with_what_to_add(self, owner_client):
        eggs = IngredientFactory(name="Eggs")
        product = Product(ingredient=eggs, package_quantity=Decimal(1), package_unit="dozen")
        response = owner_client.post(address(Product, "add"), product_form(product))
        assert "enter what one egg weighs" in errors_of(response)

    @pytest.mark.parametrize("typed", ["", "NaN", "1e9", "0", "-1", "999999999999999999999", "1,250"])
    def test_a_package_of_no_amount_is_refused(self, owner_client, typed):
        product = Product(ingredient=IngredientFactory(), package_unit="g", package_quantity=Decimal(1))
        response = owner_client.post(address(Product, "add"), product_form(product, package_quantity=typed))
        assert errors_of(response)

    def test_a_package_too_large_to_count_is_refused(self, owner_client):
        product = Product(
            ingredient=IngredientFactory(), package_unit="kg", package_quantity=Decimal(999_999_999)
        )
        response = owner_client.post(address(Product, "add"), product_form(product))
        assert f"more {product.ingredient} than can be counted" in errors_of(response)


class TestDeleting:
    def test_what_is_used_says_by_what_and_offers_the_archive(self, owner_client):
        flour = IngredientFactory(name="Flour")
        lot = bought(flour, "1000", "2")
        page = owner_client.get(address(Ingredient, "delete", flour.pk)).content.decode()
        assert "Flour cannot be deleted, because this uses it:" in page
        assert address(Product, "change", lot.product_id) in page
        assert address(Lot, "change", lot.pk) in page
        assert address(Ingredient, "archive", flour.pk) in page

    def test_what_is_used_stays_even_if_the_question_is_skipped(self, owner_client):
        flour = IngredientFactory()
        bought(flour, "1000", "2")
        response = owner_client.post(address(Ingredient, "delete", flour.pk), {"post": "yes"})
        assert response.status_code == 409
        assert Ingredient.objects.filter(pk=flour.pk).exists()

    def test_the_list_of_uses_ends(self, owner_client):
        flour = IngredientFactory()
        for _ in range(30):
            ProductFactory(ingredient=flour)
        page = owner_client.get(address(Ingredient, "delete", flour.pk)).content.decode()
        assert "and 5 more" in page

    def test_a_long_list_of_uses_costs_what_a_short_one_does(
        self, owner_client, django_assert_max_num_queries
    ):
        mill = SupplierFactory()
        for count in (1, 5):
            for _ in range(count):
                lot = bought(IngredientFactory(), "1000", "2")
                Lot.objects.filter(pk=lot.pk).update(supplier=mill)
            with django_assert_max_num_queries(12):
                owner_client.get(address(Supplier, "delete", mill.pk))

    def test_archiving_from_there_keeps_everything(self, owner_client):
        flour = IngredientFactory()
        bought(flour, "1000", "2")
        assert owner_client.get(address(Ingredient, "archive", flour.pk)).status_code == 405
        response = owner_client.post(address(Ingredient, "archive", flour.pk))
        assert response.url == address(Ingredient, "changelist")
        flour.refresh_from_db()
        assert flour.is_archived
        page = owner_client.get(address(Ingredient, "delete", flour.pk)).content.decode()
        assert "It is archived already" in page

    def test_what_nothing_uses_is_deleted_after_a_question(self, owner_client):
        flour = IngredientFactory()
        assert owner_client.get(address(Ingredient, "delete", flour.pk)).status_code == 200
        assert owner_client.post(address(Ingredient, "delete", flour.pk), {"post": "yes"}).status_code == 302
        assert not Ingredient.objects.exists()

    def test_a_category_in_use_has_no_archive_to_go_to(self, owner_client):
        flour = IngredientFactory()
        category = flour.category
        page = owner_client.get(address(type(category), "delete", category.pk)).content.decode()
        assert address(Ingredient, "change", flour.pk) in page
        assert "Archive" not in page

    @pytest.mark.parametrize(
        ("action", "before", "after"),
        [("archive_selected", False, True), ("restore_selected", True, False)],
    )
    def test_several_are_archived_and_restored_at_once(self, owner_client, action, before, after):
        chosen = [IngredientFactory(is_archived=before).pk for _ in range(2)]
        other = IngredientFactory(is_archived=before)
        form = {"action": action, "_selected_action": chosen}
        owner_client.post(address(Ingredient, "changelist"), form)
        assert set(Ingredient.objects.filter(is_archived=after).values_list("pk", flat=True)) == {*chosen}
        assert Ingredient.objects.get(pk=other.pk).is_archived is before

    def test_nothing_that_can_be_archived_is_deleted_in_bulk(self, owner_client):
        flour = IngredientFactory()
        form = {"action": "delete_selected", "_selected_action": [flour.pk], "post": "yes"}
        owner_client.post(address(Ingredient, "changelist"), form)
        assert Ingredient.objects.exists()


class TestSearch:
    @pytest.mark.parametrize("typed", ["creme", "CRÈME", "fraiche crème", "Crème fraîche"])
    def test_accents_do_not_matter(self, owner_client, typed):
        IngredientFactory(name="Crème fraîche")
        IngredientFactory(name="Flour")
        page = owner_client.get(address(Ingredient, "changelist"), {"q": typed})
        assert [found.name for found in page.context["cl"].result_list] == ["Crème fraîche"]

    def test_a_product_is_found_by_brand_and_ingredient_together(self, owner_client):
        product = ProductFactory(ingredient=IngredientFactory(name="Crème fraîche"), brand="Alpe")
        ProductFactory(brand="Alpe")
        page = owner_client.get(address(Product, "changelist"), {"q": "alpe creme"})
        assert list(page.context["cl"].result_list) == [product]

    def test_choosing_an_ingredient_finds_without_accents_and_leaves_out_the_archive(self, owner_client):
        IngredientFactory(name="Crème fraîche")
        IngredientFactory(name="Crème double", is_archived=True)
        where = {"app_label": "inventory", "model_name": "product", "field_name": "ingredient"}
        found = owner_client.get(reverse("admin:autocomplete"), {**where, "term": "creme"}).json()
        assert [result["text"] for result in found["results"]] == ["Crème fraîche"]

    @pytest.mark.parametrize(
        ("page", "make", "name"),
        [
            ("supplier", SupplierFactory, "Épicerie Löwe"),
            ("ingredientcategory", IngredientCategoryFactory, "Crèmes de Löwe"),
        ],
    )
    def test_a_search_in_setup_folds_accents(self, owner_client, page, make, name):
        make(name=name)
        make(name="Lowland")
        found = owner_client.get(f"/setup/inventory/{page}/", {"q": "lowe"}).context["cl"].queryset
        assert [each.name for each in found] == [name]

    def test_a_search_for_a_broken_character_finds_nothing_and_breaks_nothing(self, owner_client):
        where = {"app_label": "inventory", "model_name": "product", "field_name": "ingredient"}
        response = owner_client.get(reverse("admin:autocomplete"), {**where, "term": "flour\0"})
        assert response.json()["results"] == []


HISTORY = [Lot, StockEntry, StockMovement]


class TestHistory:
    @pytest.fixture
    def lot(self, db):
        return bought(IngredientFactory(name="Flour"), "1000", "2")

    @pytest.mark.parametrize("model", HISTORY)
    def test_it_can_be_looked_at(self, owner_client, lot, model):
        record = model.objects.get()
        page = owner_client.get(address(model, "change", record.pk))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert owner_client.get(address(model, "changelist"), {"q": "flour"}).status_code == 200

    @pytest.mark.parametrize("model", HISTORY)
    def test_it_is_never_added_to_changed_or_deleted(self, owner_client, lot, model):
        record = model.objects.get()
        assert owner_client.get(address(model, "add")).status_code == 403
        assert owner_client.post(address(model, "add"), {}).status_code == 403
        assert owner_client.post(address(model, "change", record.pk), {"note": "x"}).status_code == 403
        assert owner_client.post(address(model, "delete", record.pk), {"post": "yes"}).status_code == 403
        form = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        owner_client.post(address(model, "changelist"), form)
        assert model.objects.filter(pk=record.pk).exists()

    @pytest.mark.parametrize("model", HISTORY)
    def test_its_list_offers_no_action(self, owner_client, lot, model):
        page = owner_client.get(address(model, "changelist"))
        assert 'name="action"' not in page.content.decode()


@pytest.mark.parametrize("filtered", ["quantity__icontains=1", "quantity__gt=x", "quantity=1.23456", "o=99"])
def test_a_filter_made_up_in_the_address_breaks_nothing(owner_client, filtered):
    bought(IngredientFactory(), "1000", "2")
    assert owner_client.get(f"{address(Lot, 'changelist')}?{filtered}").status_code in {200, 302, 400}


LISTS = [Ingredient, Product, Supplier, Allergen, Lot, StockEntry, StockMovement]


@pytest.mark.parametrize("model", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_four(owner_client, django_assert_max_num_queries, model):
    def fill():
        ingredient = IngredientFactory(grams_per_ml=Decimal(1))
        product = ProductFactory(ingredient=ingredient, preferred_supplier=SupplierFactory())
        bought(ingredient, "1000", "2", product=product)

    fill()
    PackagingFactory()
    with django_assert_max_num_queries(15) as one:
        owner_client.get(address(model, "changelist"))
    for _ in range(3):
        fill()
    with django_assert_max_num_queries(len(one)) as four:
        owner_client.get(address(model, "changelist"))
    assert len(four) == len(one)


def test_members_stay_outside(member_client):
    assert member_client.get(address(Ingredient, "changelist")).status_code == 302
