"""The fourteen allergens of Annex II of regulation (EU) No 1169/2011."""

import uuid

from django.db import migrations

ALLERGENS = (
    "Gluten",
    "Crustaceans",
    "Eggs",
    "Fish",
    "Peanuts",
    "Soybeans",
    "Milk",
    "Nuts",
    "Celery",
    "Mustard",
    "Sesame",
    "Sulphites",
    "Lupin",
    "Molluscs",
)


def seed(apps, schema_editor):
    # The uuid follows from the name, so that two databases agree on it when files go from one to the other.
    allergen = apps.get_model("inventory", "Allergen")
    for name in ALLERGENS:
        allergen.objects.get_or_create(
            name=name, defaults={"uuid": uuid.uuid5(uuid.NAMESPACE_URL, f"bakehouse:allergen:{name}")}
        )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
