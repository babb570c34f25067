"""Addresses of the kitchen and of the recipe book."""

from django.urls import path

from production.views import files, recipes, recording, runs, units

app_name = "production"

urlpatterns = [
    path("production/", runs.bake, name="bake"),
    path("production/record/", recording.record, name="record"),
    path("production/runs/<int:run_id>/", runs.run, name="run"),
    path("production/runs/<int:run_id>/void/", runs.void, name="void"),
    path("production/runs/<int:run_id>/edit/", runs.edit, name="edit"),
    path("production/units/<slug:slug>/", units.unit, name="unit"),
    path("production/history/", runs.history, name="history"),
    path("production/history.csv", files.history_csv, name="history_csv"),
    path("production/history.json", files.history_json, name="history_json"),
    path("recipes/", recipes.recipes, name="recipes"),
    path("recipes/<slug:slug>/", recipes.recipe, name="recipe"),
]
