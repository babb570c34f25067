"""Addresses of the table where boxes are put together."""

from django.urls import path

from assembly.views import files, recording, runs

app_name = "assembly"

urlpatterns = [
    path("assembly/", runs.assemble, name="assemble"),
    path("assembly/record/", recording.record, name="record"),
    path("assembly/runs/<int:run_id>/", runs.run, name="run"),
    path("assembly/runs/<int:run_id>/void/", runs.void, name="void"),
    path("assembly/runs/<int:run_id>/edit/", runs.edit, name="edit"),
    path("assembly/history/", runs.history, name="history"),
    path("assembly/history.csv", files.history_csv, name="history_csv"),
    path("assembly/history.json", files.history_json, name="history_json"),
    path("assembly/goods/<slug:slug>/", runs.good, name="good"),
]
