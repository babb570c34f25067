from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bakery.desktop import DesktopFileError, take_over
from bakery.desktop.document import load_document
from bakery.desktop.references import check_references
from inventory.models import IngredientCategory, StockItem
from production.models import Recipe

pytestmark = pytest.mark.django_db

HEAD = '{"version": "4.2", "application": "bake-tracker", "ingredients": '
FLOUR = {"slug": "flour", "display_name": "Flour", "category": "Flours"}
EVENT = {"name": "Advent", "event_date": "2026-12-01"}
RECIPE = {"name": "Bread", "slug": "bread", "category": "Bread", "ingredients": []}


def refused(*files, **options) -> CommandError:
    with pytest.raises(CommandError) as error:
        call_command("import_bake_tracker", *files, **options)
    assert StockItem.objects.count() == Recipe.objects.count() == IngredientCategory.objects.count() == 0
    said = str(error.value)
    assert said.endswith("Nothing was written.")
    assert "\n" not in said
    return error.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "export.json cannot be taken over. There is nothing in it. Nothing was written."),
        ("PK\x03\x04", "It is not JSON: expecting value (line 1, column 1)."),
        ("[]", "export.json is no export of the desktop application"),
        ('{"version": "4.2"}', "export.json is no export of the desktop application"),
        ('{"application": "bake-tracker"}', "export.json says no version, and only 4.0"),
        ('{"application": "bake-tracker", "version": "3.5"}', "export.json says version '3.5', and only 4.0"),
        ('{"application": "bake-tracker", "version": 4.2}', "export.json says no version"),
        ('{"application": "bake-tracker", "version": "4.2; DROP"}', "says version '4.2; DROP'"),
        (HEAD + "[NaN]}", "NaN is not a number that can be counted with (line 1, column 67)."),
        (HEAD + "[1e400]}", "A number is too large or too small to count with"),
        (HEAD + '[], "ingredients": []}', "A key stands twice in one object"),
        (HEAD + '[{"slug": "\\ud800"}]}', "A text holds half a character (a lone surrogate)"),
        (HEAD + '[{"slug": "a\\u0000"}]}', "A text holds the character NUL"),
        ("[" * 60_000_000, "The file is larger than 20 MiB"),
        ("[" * 200_000, "Lists and objects stand more than 32 deep in one another"),
    ],
    ids=range(15),
)
def test_what_is_no_export_of_version_4_is_refused_with_status_2(tmp_path, text, expected):
    path = tmp_path / "export.json"
    path.write_text(text, encoding="utf-8")
    error = refused(path)
    assert expected in str(error)
    assert error.returncode == 2


def test_a_folder_and_a_missing_file_are_refused_with_status_2(tmp_path, export):
    assert refused(tmp_path).returncode == 2
    assert refused(tmp_path / "none.json").returncode == 2
    assert refused(export(), prices=tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({"ingredients": {"flour": 1}}, "ingredients is no list"),
        ({"ingredients": ["flour"]}, "ingredients[0] is no row with fields."),
        ({"ingredients": [{"slug": "flour"}]}, "ingredients[0].display_name is missing."),
        ({"ingredients": [FLOUR | {"slug": 7}]}, "ingredients[0].slug is no text."),
        ({"ingredients": [FLOUR | {"display_name": "x" * 201}]}, "is longer than 200 letters."),
        ({"ingredients": [FLOUR | {"is_packaging": "no"}]}, "is neither true nor false."),
        ({"ingredients": [FLOUR, FLOUR]}, "“flour” stands twice among the ingredients."),
        ({"ingredients": [FLOUR | {"parent_slug": "x"}]}, "ingredients[0].parent_slug names “x”, which is not in the"),
        ({"ingredients": [FLOUR | {"parent_slug": "flour"}]}, "The ingredients go round in a circle: flour → flour."),
        ({"products": [{"ingredient_slug": "x"}]}, "products[0].ingredient_slug names “x”"),
        (
            {"ingredients": [FLOUR], "products": [{"ingredient_slug": "flour", "preferred_supplier_id": 9}]},
            "products[0].preferred_supplier_id names “9”, which is not in the file.",
        ),
        (
            {"ingredients": [FLOUR], "inventory_items": [{"ingredient_slug": "flour", "product_brand": "Mill"}]},
            "inventory_items[0].product_name names “Mill”, which is not in the file.",
        ),
        (
            {"recipes": [RECIPE | {"ingredients": [{"ingredient_slug": "x"}]}]},
            "recipes[0].ingredients[0].ingredient_slug names “x”",
        ),
        (
            {"recipes": [RECIPE | {"components": [{"recipe_name": "Bread", "quantity": 1}]}]},
            "The recipes go round in a circle: Bread → Bread.",
        ),
        ({"finished_units": [{"slug": "a", "display_name": "A", "recipe_name": "x"}]}, "recipe_name names “x”"),
        ({"compositions": [{"finished_good_slug": "x"}]}, "compositions[0].finished_good_slug names “x”"),
        ({"package_finished_goods": [{"package_name": "x", "finished_good_slug": "y"}]}, "names “x”"),
        ({"events": [EVENT | {"event_date": "Christmas"}]}, "events[0].event_date is no date."),
        ({"events": [{"name": "Advent"}]}, "events[0].event_date is missing."),
        (
            {"events": [EVENT], "event_recipient_packages": [{"event_name": "x", "recipient_name": "A", "package_name": "B"}]},
            "event_recipient_packages[0].event_name names “x”",
        ),
        ({"event_production_targets": [{"event_name": "x", "recipe_name": "y"}]}, "names “x”"),
        ({"event_assembly_targets": [{"event_name": "x", "finished_good_slug": "y"}]}, "names “x”"),
        ({"recipes": [RECIPE], "production_runs": [{"recipe_name": "Bread", "event_name": "x"}]}, "names “x”"),
        ({"assembly_runs": [{"finished_good_slug": "x"}]}, "names “x”"),
        ({"material_products": [{"material": "x", "display_name": "y"}]}, "material_products[0].material names “x”"),
    ],
    ids=range(25),
)  # fmt: skip
def test_what_does_not_hold_together_is_refused_with_status_1(export, sections, expected):
    error = refused(export(**sections))
    assert expected in str(error)
    assert error.returncode == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Mill,Flour,1,lb,Flour,Shop,about five"], "prices.csv, line 2 has a price of “about five”"),
        (["Mill,Flour,1,lb,Flour,Shop,-5"], "has a price of “-5”"),
        (["Mill,Flour,1,lb,Flour,Shop,1e400"], "has a price of “1e400”"),
        (["Mill,Flour,1e99999,lb,Flour,Shop,5"], "has a package of “1e99999”, which is no amount"),
        (["Mill,Flour,1,lb,Flour,Shop,5,6"], "prices.csv, line 2 has more cells than the table has columns"),
        (["x" * 201 + ",Flour,1,lb,Flour,Shop,5"], "has a cell of more than 200 letters"),
        (['"Mill,Flour,1,lb'], "is no table with commas"),
        (["\0,Flour,1,lb,Flour,Shop,5"], "holds the character NUL"),
    ],
)
def test_a_price_list_that_cannot_be_read_is_refused(export, prices, lines, expected):
    assert expected in str(refused(export(ingredients=[FLOUR]), prices=prices(*lines)))


def test_a_price_list_without_its_columns_is_refused(export, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("brand,price\r\n")
    error = refused(export(), prices=path)
    assert "it has no column ingredient_name, product_name, unit_price" in str(error)
    assert error.returncode == 2


MEASURE = """
import re, sys, time
from pathlib import Path
from bakery.desktop.document import load_document
from bakery.desktop.references import check_references
from bakery.desktop.rows import DesktopFileError
before = time.process_time()
try:
    check_references(load_document([Path(sys.argv[1])]))
except DesktopFileError as error:
    print(error)
# Not ru_maxrss: a child begins with that of the test run it came from.
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(time.process_time() - before, int(peak[1]) // 1024)
"""


@pytest.mark.parametrize(
    "rows",
    [
        "[" * 19_000_000,
        "[" + "{}," * 400_000 + "1]",
        json.dumps(
            [{"slug": f"s{n}", "display_name": "A", "parent_slug": f"s{n + 1}"} for n in range(30_000)]
        ),
    ],
    ids=["brackets", "empty rows", "a long way to nowhere"],
)
def test_hostile_files_are_refused_within_two_seconds_and_300_mebibytes(tmp_path, rows):
    path = tmp_path / "hostile.json"
    path.write_text(HEAD + rows + "}")
    done = subprocess.run(
        [sys.executable, "-c", f"import django\nimport os\nos.environ['DJANGO_SETTINGS_MODULE']='bakery.settings'\ndjango.setup()\n{MEASURE}", path],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert "Nothing was written." in done.stdout
    seconds, mebibytes = done.stdout.splitlines()[-1].split()
    assert Decimal(seconds) < 2
    assert int(mebibytes) < 300


VALID = json.dumps(
    {
        "version": "4.2",
        "application": "bake-tracker",
        "suppliers": [{"id": 1, "name": "Costco", "is_active": True}],
        "ingredients": [FLOUR | {"density_volume_value": 1.0, "density_volume_unit": "cup"}],
        "products": [
            {"ingredient_slug": "flour", "brand": "Mill", "package_unit": "lb", "package_unit_quantity": 5.0}
        ],
        "inventory_items": [
            {
                "ingredient_slug": "flour",
                "product_brand": "Mill",
                "quantity": 2.5,
                "package_unit": "lb",
                "package_unit_quantity": 5.0,
                "purchase_date": "2025-12-21",
            }
        ],
        "recipes": [RECIPE | {"ingredients": [{"ingredient_slug": "flour", "quantity": 2.0, "unit": "cup"}]}],
        "finished_units": [
            {"slug": "loaf", "display_name": "Loaf", "recipe_name": "Bread", "items_per_batch": 2}
        ],
        "events": [EVENT],
        "production_runs": [
            {
                "recipe_name": "Bread",
                "num_batches": 1,
                "actual_yield": 2,
                "produced_at": "2025-12-24T10:00:00Z",
            }
        ],
    }
)
WRONG = [b"null", b"-1", b'"x"', b"[]", b"{}", b"true", b"0", b"1e12", b'""', b"[[]]"]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_valid_file_with_something_changed_is_refused_or_read_and_never_fails(tmp_path, data):
    text = VALID.encode()
    places = [n for n, letter in enumerate(text) if chr(letter) in '0123456789"']
    start = data.draw(st.sampled_from(places))
    end = start + data.draw(st.integers(0, 12))
    text = text[:start] + data.draw(st.binary(max_size=4) | st.sampled_from(WRONG)) + text[end:]
    path = tmp_path / "changed.json"
    path.write_bytes(text)
    try:
        check_references(load_document([path]))
    except DesktopFileError as error:
        assert str(error).endswith("Nothing was written.")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_values_of_the_wrong_kind_never_end_in_a_traceback(db, tmp_path, data):
    document = json.loads(VALID)
    section = data.draw(st.sampled_from([name for name, rows in document.items() if isinstance(rows, list)]))
    row = document[section][0]
    field = data.draw(st.sampled_from(sorted(row)))
    row[field] = data.draw(
        st.sampled_from(
            [None, "", "x", 0, -1, 10**8, 10**20, 1.5, 1e-9, True, [], {}, [1], "2.5", "lb", "\x1b[31m", "٣"]
        )
    )
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(document))
    try:
        take_over([path], dry_run=True)
    except DesktopFileError as error:
        assert str(error).endswith("Nothing was written.")
