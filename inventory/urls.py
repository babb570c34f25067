"""Addresses of the pantry."""

from django.urls import path

from inventory.views import changes, files, shelf, trace

app_name = "inventory"

urlpatterns = [
    path("pantry/", shelf.pantry, name="pantry"),
    path("pantry.csv", files.pantry_csv, name="pantry_csv"),
    path("pantry/count/", shelf.count, name="count"),
    path("pantry/receive/", changes.receive, name="receive"),
    path("pantry/items/new/", changes.new_item, name="new_item"),
    path("pantry/items/<int:item_id>/", shelf.item, name="item"),
    path("pantry/items/<int:item_id>/lots.csv", files.lots_csv, name="lots_csv"),
    path("pantry/items/<int:item_id>/adjust/", changes.adjust, name="adjust"),
    path("pantry/items/<int:item_id>/archive/", shelf.archive, name="archive"),
    path("pantry/lots/<int:lot_id>/", changes.lot, name="lot"),
    path("pantry/lots/<int:lot_id>/cost/", changes.correct_cost, name="correct_cost"),
    path("pantry/lots/<int:lot_id>/edit/", changes.edit_lot, name="edit_lot"),
    path("pantry/lots/<int:lot_id>/void/", changes.void_receipt, name="void_receipt"),
    path("pantry/lots/<int:lot_id>/trace/", trace.lot_trace, name="trace"),
    path("pantry/entries/<int:entry_id>/", changes.entry, name="entry"),
    path("pantry/entries/<int:entry_id>/trace/", trace.entry_trace, name="entry_trace"),
    path("pantry/entries/<int:entry_id>/void/", changes.void_entry, name="void_entry"),
]
