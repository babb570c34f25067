"""Addresses of events, of who is given something, of what, and of what to buy for it."""

from django.urls import path

from events.views import assignments, occasions, overview, packages, recipients, shopping, targets

app_name = "events"

urlpatterns = [
    path("events/", occasions.events, name="events"),
    path("events/<slug:slug>/", overview.overview, name="event"),
    path("events/<slug:slug>/packages/", assignments.packages, name="packages_of"),
    path("events/<slug:slug>/packages/assign/", assignments.assign, name="assign"),
    path("events/<slug:slug>/packages/copy/", assignments.copy, name="copy_assignments"),
    path("events/<slug:slug>/packages/<int:assignment_id>/edit/", assignments.edit, name="edit_assignment"),
    path(
        "events/<slug:slug>/packages/<int:assignment_id>/delete/",
        assignments.delete,
        name="delete_assignment",
    ),
    path("events/<slug:slug>/packages/<int:assignment_id>/pack/", assignments.pack, name="pack"),
    path("events/<slug:slug>/packages/<int:assignment_id>/deliver/", assignments.deliver, name="deliver"),
    path("events/<slug:slug>/packages/<int:assignment_id>/void/", assignments.void, name="void_packing"),
    path("events/<slug:slug>/targets/", targets.targets, name="targets"),
    path("events/<slug:slug>/targets/baking/", targets.set_production_target, name="set_production_target"),
    path("events/<slug:slug>/targets/assembly/", targets.set_assembly_target, name="set_assembly_target"),
    path("events/<slug:slug>/targets/suggested/", targets.apply, name="apply_suggested"),
    path(
        "events/<slug:slug>/targets/baking/<int:recipe_id>/delete/",
        targets.delete_production_target,
        name="delete_production_target",
    ),
    path(
        "events/<slug:slug>/targets/assembly/<int:finished_good_id>/delete/",
        targets.delete_assembly_target,
        name="delete_assembly_target",
    ),
    path("events/<slug:slug>/targets/baking/<int:recipe_id>/record/", targets.record, name="record_batch"),
    path("events/<slug:slug>/shopping/", overview.shopping_tab, name="shopping_for"),
    path("events/<slug:slug>/costs/", overview.costs, name="costs"),
    path("events/<slug:slug>/history/", overview.history, name="history"),
    path("events/<slug:slug>/edit/", occasions.edit, name="edit_event"),
    path("events/<slug:slug>/delete/", occasions.delete, name="delete_event"),
    path("recipients/", recipients.recipients, name="recipients"),
    path("recipients.csv", recipients.recipients_csv, name="recipients_csv"),
    path("recipients/add/", recipients.add, name="add_recipient"),
    path("recipients/<int:recipient_id>/", recipients.recipient, name="recipient"),
    path("recipients/<int:recipient_id>/edit/", recipients.edit, name="edit_recipient"),
    path("recipients/<int:recipient_id>/archive/", recipients.archive, name="archive_recipient"),
    path("packages/", packages.packages, name="packages"),
    path("packages/add/", packages.add, name="add_package"),
    path("packages/<int:package_id>/", packages.package, name="package"),
    path("packages/<int:package_id>/edit/", packages.edit, name="edit_package"),
    path("packages/<int:package_id>/archive/", packages.archive, name="archive_package"),
    path("shopping/", shopping.shopping, name="shopping"),
    path("shopping/csv/", shopping.shopping_csv, name="shopping_csv"),
    path("shopping/add/", shopping.add, name="shopping_add"),
    path("shopping/tick/", shopping.tick, name="shopping_tick"),
    path("shopping/items/<int:item_id>/buy/", shopping.buy, name="shopping_buy"),
    path("shopping/items/<int:item_id>/remove/", shopping.remove, name="shopping_remove"),
]
