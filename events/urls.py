"""Addresses of the events."""

from django.urls import path

from events.views import shopping

app_name = "events"

urlpatterns = [
    path("shopping/", shopping.shopping, name="shopping"),
    path("shopping/csv/", shopping.shopping_csv, name="shopping_csv"),
    path("shopping/add/", shopping.add, name="shopping_add"),
    path("shopping/tick/", shopping.tick, name="shopping_tick"),
    path("shopping/items/<int:item_id>/buy/", shopping.buy, name="shopping_buy"),
    path("shopping/items/<int:item_id>/remove/", shopping.remove, name="shopping_remove"),
]
