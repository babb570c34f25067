"""How every page of Setup behaves: it searches without accents, archives what is used, and keeps history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects, unquote
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models, router, transaction
from django.db.models import Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from bakery.core.formatting import plural
from bakery.core.forms import AmountField
from bakery.core.locks import lock_tables
from bakery.core.numbers import MAX_COUNT
from bakery.core.text import search_name

SHOWN_USES = 25


def page_of(record: models.Model) -> str | None:
    """The address of a record's own page in the bakehouse, or None where it has none."""
    try:
        return record.get_absolute_url()  # type: ignore[attr-defined]
    except (AttributeError, NoReverseMatch):
        return None


class NamedAutocomplete(AutocompleteSelect):
    """Type to choose. While nothing is chosen it says what for, where Django's says nothing to a screen reader.

    `known` is the record chosen already, where it was loaded with its line: Django's asks for it line by line.
    """

    known: models.Model | None = None

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        built = super().build_attrs(base_attrs, extra_attrs)
        return {**built, "data-placeholder": f"Choose: {self.field.verbose_name}"}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        if self.known is None or [str(chosen) for chosen in value] != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        blank = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        chosen = self.create_option(name, self.known.pk, str(self.known), True, len(blank))
        return [(None, [*blank, chosen], 0)]


class ChoosesByTyping(admin.options.BaseModelAdmin):
    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", NamedAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.PositiveIntegerField):
            # SQLite would keep a scanned barcode as minutes or pieces, and PostgreSQL could never take it over.
            kwargs.setdefault("max_value", MAX_COUNT)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # To choose another flour and to delete the flour are too far apart for two icons in a row.
            field.widget.can_delete_related = False
        return field


class SetupAdmin(ChoosesByTyping, admin.ModelAdmin):
    """Reference data. What is used stays; it is archived, with a way back."""

    list_per_page = 50
    lines_as_a_whole: type[models.Model] | None = None
    """Lines that are compared with those of all other records before they are saved: one admin at a time."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *more: Any, **options: Any
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, *more, **options)
        with transaction.atomic():
            # Before anything else is locked: two who wait here hold nothing the other one needs.
            self.lock(object_id)
            return super().changeform_view(request, object_id, *more, **options)

    def lock(self, object_id: str | None) -> None:
        """Lock what must not change between the checks and the saving of a record; None is a new one."""
        if self.lines_as_a_whole is not None:
            lock_tables([self.lines_as_a_whole._meta.db_table])

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With what a record needs to say its name, on its list and on its own page alike."""
        related = self.list_select_related
        records = super().get_queryset(request)
        return records.select_related(*related) if isinstance(related, tuple) and related else records

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Every word must be found, without regard to accents."""
        fields = list(self.get_search_fields(request))
        words = search_term.replace("\0", " ").split()
        if fields and words:
            queryset = self.matching(queryset, fields, words)
        is_choosing = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        if is_choosing:
            queryset = queryset.filter(**self.offered_for(request))
            if self.can_archive:
                queryset = queryset.filter(is_archived=False)
        return queryset, False

    def matching(self, records: QuerySet, fields: list[str], words: list[str]) -> QuerySet:
        """Those with every word in one of `fields`. Read here, because no database folds accents as people
        do, and reference data is short."""
        folded = [search_name(word) for word in words]
        rows = records.order_by().values_list("pk", *fields)
        named = ((pk, search_name(" ".join(text or "" for text in texts))) for pk, *texts in rows)
        return records.filter(pk__in={pk for pk, name in named if all(word in name for word in folded)})

    @staticmethod
    def offered_for(request: HttpRequest) -> dict[str, Any]:
        """What may be chosen for the field that asks: a model says so in `offers`, and its clean() why."""
        asking = apps.get_model(request.GET["app_label"], request.GET["model_name"])
        return getattr(asking, "offers", {}).get(request.GET.get("field_name"), {})

    def view_on_site(self, obj: models.Model) -> str | None:
        return page_of(obj)

    # archiving ---------------------------------------------------------------------------------------

    @property
    def can_archive(self) -> bool:
        return any(field.name == "is_archived" for field in self.opts.get_fields())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if self.can_archive and actions:
            actions.pop("delete_selected", None)
            for action in (archive_selected, restore_selected):
                said = action.short_description  # type: ignore[attr-defined]
                actions[action.__name__] = (action, action.__name__, said)
        return actions

    def get_urls(self) -> list[URLPattern]:
        if not self.can_archive:
            return super().get_urls()
        archive = path(
            "<path:object_id>/archive/",
            self.admin_site.admin_view(require_POST(self.archive_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_archive",
        )
        return [archive, *super().get_urls()]

    def archive_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        set_archived(self.model._default_manager.filter(pk=record.pk), True)
        self.log_change(request, record, "Archived.")
        messages.success(request, f"{record} is archived: no longer offered, and nothing is lost.")
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    # deleting ----------------------------------------------------------------------------------------

    def delete_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Ask before deleting; what is used is not deleted, and the page says by whom."""
        record = self.get_object(request, unquote(object_id))
        if record is None or not self.has_delete_permission(request, record):
            return super().delete_view(request, object_id, extra_context)
        uses = self.uses_of(record)
        if not uses:
            return super().delete_view(request, object_id, extra_context)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{record} is in use",
            "opts": self.opts,
            "record": record,
            "uses": list(self.described(request, uses[:SHOWN_USES])),
            "more": max(len(uses) - SHOWN_USES, 0),
            "can_archive": self.can_archive and not record.is_archived,  # type: ignore[attr-defined]
            "is_archived": self.can_archive and record.is_archived,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/in_use.html", context, status=409 if request.POST else 200)

    def uses_of(self, record: models.Model) -> list[tuple[type[models.Model], Any]]:
        """What keeps `record` from being deleted, by (model, primary key), each once."""
        collector = NestedObjects(using=router.db_for_write(self.model))
        collector.collect([record])
        uses = {self.with_a_page(user) for user in collector.protected}
        return sorted(uses, key=lambda use: (str(use[0]._meta.verbose_name), use[1]))

    def with_a_page(self, user: models.Model) -> tuple[type[models.Model], Any]:
        """A line of a recipe is shown as the recipe: what is not in Setup itself goes with its owner."""
        if not self.admin_site.is_registered(type(user)):
            for field in user._meta.concrete_fields:
                if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE:
                    owner = field.remote_field.model
                    if self.admin_site.is_registered(owner):
                        return owner, getattr(user, field.attname)
        return type(user), user.pk

    def described(
        self, request: HttpRequest, uses: list[tuple[type[models.Model], Any]]
    ) -> Iterator[tuple[str, str, str | None]]:
        """What each use is, its name and its address: one query for each kind of it."""
        for model, group in groupby(uses, key=lambda use: use[0]):
            records: QuerySet = model._default_manager.all()
            if self.admin_site.is_registered(model):
                records = self.admin_site.get_model_admin(model).get_queryset(request)
            for user in records.filter(pk__in=[pk for _, pk in group]):
                yield str(model._meta.verbose_name), str(user), self.setup_page_of(user)

    def setup_page_of(self, record: models.Model) -> str | None:
        if not self.admin_site.is_registered(type(record)):
            return page_of(record)
        return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def set_archived(records: QuerySet, is_archived: bool) -> int:
    """Archive or restore `records` and return how many changed."""
    changing = records.exclude(is_archived=is_archived)
    return changing.update(is_archived=is_archived, updated_at=timezone.now())


@admin.action(description="Archive: no longer offer")
def archive_selected(modeladmin: SetupAdmin, request: HttpRequest, queryset: QuerySet) -> None:
    count = set_archived(queryset, True)
    messages.success(request, f"{plural(count, str(modeladmin.opts.verbose_name))} archived.")


@admin.action(description="Restore from the archive")
def restore_selected(modeladmin: SetupAdmin, request: HttpRequest, queryset: QuerySet) -> None:
    count = set_archived(queryset, False)
    messages.success(request, f"{plural(count, str(modeladmin.opts.verbose_name))} restored.")


class HistoryAdmin(SetupAdmin):
    """What happened. To be looked at; it is changed by recording, voiding and correcting it elsewhere."""

    actions = None
    show_full_result_count = False

    def matching(self, records: QuerySet, fields: list[str], words: list[str]) -> QuerySet:
        """Those with every word in one of `fields`, asked of the database: history is long."""
        for word in words:
            found = Q()
            for field in fields:
                folded = field.endswith("search_name")
                found |= Q(**{f"{field}__icontains": search_name(word) if folded else word})
            records = records.filter(found)
        return records

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class LinesFormSet(BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete this line"
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, NamedAutocomplete):
                widget.known = form.instance._state.fields_cache.get(name)


class LinesInline(ChoosesByTyping, admin.TabularInline):
    """Lines of a record, one under the other; each field says its name to those who cannot see the heading."""

    formset = LinesFormSet
    view_on_site = False

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget.can_change_related = field.widget.can_view_related = False
        return field


class HistoryInline(admin.TabularInline):
    """The lines of something that happened."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class NamedAdmin(SetupAdmin):
    """Something that is little more than its name: a category, an allergen."""

    list_display = ("name",)
    search_fields = ("name",)
    fields = ("name",)


__all__ = [
    "AmountField",
    "HistoryAdmin",
    "HistoryInline",
    "LinesFormSet",
    "LinesInline",
    "NamedAdmin",
    "SetupAdmin",
    "page_of",
    "set_archived",
]
