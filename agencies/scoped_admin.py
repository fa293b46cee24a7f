"""The base of every admin page: it shows what ``permissions.objects_for`` gives, and changes nothing but by a verb.

Scoping the list alone is not enough: filters, choices, history, autocomplete and shortcuts of Django admin each find
their rows in their own way. Everything here closes one of those ways; ``tests/test_wall.py`` walks them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import FileField, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from agencies import access_log, audit, presses
from agencies.narrowing import narrowed
from agencies.parts import Parts, Way
from agencies.permissions import held_somewhere, holds, objects_for
from agencies.roles import Permission
from agencies.scoped_checks import ScopedAdminChecks
from agencies.scoped_links import with_ways
from agencies.scoped_lists import ScopedList, cannot_be_asked, rows_of, shortened
from agencies.verb_pages import VerbForm, VerbPages

if TYPE_CHECKING:
    from django.urls import URLPattern

    from agencies.models import User

#: How Django's own filters spell what they filter by.
FILTER_LOOKUPS = ("exact", "isnull", "gte", "lt", "id__exact")


class Scoped(BaseModelAdmin):
    """What lists and inlines share: rows by ``objects_for``, questions by ``holds``, choices by the related admin."""

    #: What one needs to hold on a row to see it here.
    view_permission: ClassVar[Permission] = Permission.READ_PLAN
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the person may see."""
        return objects_for(request.user, self.view_permission, self.model).order_by(*self.get_ordering(request))

    def get_ordering(self, request: HttpRequest) -> Any:
        """The order named, or the model's own, said outright: counting with GROUP BY would lose it."""
        return self.ordering or self.opts.ordering or ("pk",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The fields named, but for the empty ones, or all. No file: its address is the portal's to give."""
        if self.fields:
            names = [name for name in self.fields if obj is None or getattr(obj, str(name), name) not in (None, "")]
        else:
            own = [field for field in self.opts.fields if not (field.primary_key or isinstance(field, FileField))]
            names = [field.name for field in (*own, *self.opts.many_to_many)]
        exactly = isinstance(self, ScopedAdmin)
        return with_ways(names, self.model, self.admin_site, request, exactly=exactly)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """All of them."""
        return self.get_fields(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest | None) -> QuerySet[Any]:
        """The choices of a relation: never more than its own list shows."""
        model = db_field.remote_field.model
        return model._default_manager.none() if request is None else rows_of(model, self.admin_site, request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether a typed filter is one that stands on the page; any other could guess at what is not shown."""
        return lookup in self._declared_lookups(request)

    def _declared_lookups(self, request: HttpRequest | None) -> set[str]:
        declared: set[str] = set()
        for item in getattr(self, "list_filter", ()):
            if isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
                declared.add(str(item.parameter_name))
            else:
                field = item if isinstance(item, str) else item[0]
                declared |= {f"{field}__{end}" for end in FILTER_LOOKUPS}
        if period := getattr(self, "date_hierarchy", None):
            declared |= {f"{period}__{part}" for part in ("year", "month", "day")}
        return declared

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the list stands on the first page."""
        return self._may_somewhere(request, self.view_permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never: rows end or are voided, and stay."""
        return False

    def _may_somewhere(self, request: HttpRequest, permission: str) -> bool:
        if "_held_somewhere" not in request.__dict__:
            request.__dict__["_held_somewhere"] = held_somewhere(request.user)
        return permission in request.__dict__["_held_somewhere"]

    def _may(self, request: HttpRequest, permission: str, obj: Model) -> bool:
        """``holds``, asked once a request and row."""
        answers = request.__dict__.setdefault("_held_on", {})
        key = (permission, type(obj), obj.pk)
        if key not in answers:
            answers[key] = holds(request.user, permission, obj)
        return bool(answers[key])


class ScopedAdmin(VerbPages, Scoped, admin.ModelAdmin):
    """Base of every ModelAdmin. Reads only, unless ``adding`` or ``verbs`` name forms that call a verb.

    A row that is missing and a row of somebody else are the same 404.
    """

    checks_class = ScopedAdminChecks
    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    object_history_template = "admin/scoped/history.html"
    change_form_template = "admin/scoped/change_form.html"
    change_list_template = "admin/scoped/change_list.html"

    #: Whether it is written down who opens a row: what tells of a case.
    tells_of_a_case: ClassVar[bool] = False
    #: What the search looks in, said above its box: described by it, the box would need a label of more than a sign.
    searched_in: ClassVar[str] = ""
    #: The form by which a new row comes to be.
    adding: ClassVar[type[VerbForm] | None] = None
    #: The forms that do something to a row, each on a page of its own.
    verbs: ClassVar[tuple[type[VerbForm], ...]] = ()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the person may see the row; without one, whether they see such rows anywhere."""
        if obj is None:
            return self._may_somewhere(request, self.view_permission)
        return self._may(request, self.view_permission, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether a form adds such rows and the person may use it somewhere."""
        return self.adding is not None and self._may_somewhere(request, self.adding.permission)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never by Django's form: a change is a verb with a page of its own."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The pages of the verbs, the list, a row and its history; adding only where a form does it."""
        routed = ("_changelist", "_change", "_history", *(["_add"] if self.adding else []))
        return [*self.verb_urls(), *(entry for entry in super().get_urls() if str(entry.name or "").endswith(routed))]

    def object_or_404(self, request: HttpRequest, object_id: str, permission: str = "") -> Model:
        """The row if the person may see it here; the same 404 if it is missing and if it is not theirs.

        403 for who sees it and lacks ``permission``. Who comes through here to what tells of a case is written down.
        """
        found = self.get_object(request, unquote(str(object_id)))
        if found is None:
            raise Http404
        if permission and not self._may(request, permission, found):
            raise PermissionDenied
        if self.tells_of_a_case:
            access_log.opened(found, by=cast("User", request.user))
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, by its own number where the address names an empty field to look in."""
        return super().get_object(request, object_id, from_field or None)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """The page of the form that adds, where there is one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.verb_page(request, cast("type[VerbForm]", self.adding), None)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ScopedList]:
        """What makes a page of the list."""
        return ScopedList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list. What no database can look for would break it; it is answered as a filter gone wrong."""
        if cannot_be_asked(request, self.date_hierarchy):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if self.has_view_permission(request) and (answer := narrowed(request, self)):
            return answer
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        )

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The row, read-only, with the verbs that the person may use on it."""
        found = self.object_or_404(request, object_id)
        if request.method == "POST":  # where a form adds rows, Django would take "save as new" for one
            raise PermissionDenied
        verbs = self.verbs_open_to(request, found)
        named = {"title": shortened(str(found), 120), "subtitle": None}
        context = {**named, "verbs": verbs, "mark": presses.fresh(), **(extra_context or {})}
        if self.tells_of_a_case and self._may_somewhere(request, Permission.READ_LOG):
            asked = urlencode({"about": f"{found._meta.label_lower}-{found.pk}"})
            context["opened_href"] = f"{reverse('admin:agencies_opened_changelist')}?{asked}"
        return super().change_view(request, object_id, form_url, context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> TemplateResponse:
        """What was done to the row, from the audit; who looked at it is for those who read the logs."""
        found = self.object_or_404(request, object_id)
        reads_log = self._may(request, Permission.READ_LOG, found)
        told = audit.history(found, of_whom=reads_log, of_all=_is_site_administrator(request))
        entries = list(told[:200])
        people = {f"user:{person.pk}": str(person) for person in get_user_model().objects.filter(pk__in=_ids(entries))}
        context = {
            **self.admin_site.each_context(request),
            "title": "What was done",
            "subtitle": str(found),
            "object": found,
            "opts": self.opts,
            "entries": [(entry, people.get(entry.actor, "the portal")) for entry in entries],
        }
        return TemplateResponse(request, str(self.object_history_template), context)

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> NoReturn:
        raise Http404

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionDenied("rows change by verbs only")

    save_model = save_formset = save_related = delete_model = delete_queryset = _refuse
    log_addition = log_change = log_deletions = _refuse


class ScopedInline(Scoped, InlineModelAdmin):  # type: ignore[misc]
    """Base of every inline: the parts of a row, read-only. The parent has been looked up before it is shown."""

    template = "admin/scoped/parts.html"
    formset = Parts
    extra = 0
    can_delete = False
    show_change_link = False
    #: What it takes to press a button beside a part.
    way_permission: ClassVar[Permission] = Permission.EDIT_PLAN
    #: Where one goes from each part.
    ways: ClassVar[tuple[Way, ...]] = ()

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **options: Any) -> Any:
        """A page of the parts, with the ways on from each that the person may go."""
        formset = super().get_formset(request, obj, **options)
        name = f"{self.opts.model_name}-page"
        ways = tuple(way for way in self.ways if not way.presses or self._may_somewhere(request, self.way_permission))
        asked = request.GET.copy()
        asked.pop(name, None)
        facts = {"number": request.GET.get(name, ""), "page_name": name, "ways": ways, "asked": asked.urlencode()}
        return type(formset.__name__, (formset,), facts)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the person sees such rows anywhere; which, the query set says."""
        return self._may_somewhere(request, self.view_permission)

    def has_add_permission(self, request: HttpRequest, obj: Model | None) -> bool:  # type: ignore[override]
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


class ForSiteAdministrators(ScopedAdmin):
    """A read-only list for superusers alone: rows that stand in no container, such as people."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every row for a site administrator, none for anybody else."""
        rows = self.model._default_manager.all()
        return rows if _is_site_administrator(request) else rows.none()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Site administrators only."""
        return _is_site_administrator(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Site administrators only."""
        return _is_site_administrator(request)

    def _may(self, request: HttpRequest, permission: str, obj: Model) -> bool:
        return _is_site_administrator(request)


def _is_site_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def _ids(entries: list[Any]) -> list[int]:
    return [int(entry.actor.removeprefix("user:")) for entry in entries if entry.actor.startswith("user:")]
