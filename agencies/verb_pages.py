"""Pages in Django admin that do one thing: a form, the verb it calls, and back to the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model, QuerySet
from django.forms.utils import pretty_name
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from agencies import audit, kept, presses
from agencies.asking import word_problems
from agencies.finding import offers, shorten_lists
from agencies.keys import key_of
from agencies.permissions import objects_for
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.scoped_lists import came_from
from agencies.typed_days import PARTS, Day
from agencies.typed_words import clean_words

if TYPE_CHECKING:
    from agencies.models import AuditEntry, User

#: What Django calls the query of the list from which a row was opened.
PRESERVED = "_changelist_filters"
#: What PostgreSQL calls it when two wait for one another: it ends one of them, and undoes it whole.
DEADLOCK = "40P01"
AT_ONCE = "Somebody changed something near this at the very same moment. Nothing of this form is saved. Press again."


class Choice(forms.ModelChoiceField):
    """A row of ``model`` on which the person holds ``permission``. The form opens it; until then it offers nothing."""

    def __init__(self, model: type[Model], permission: Permission, **options: Any) -> None:
        """Remember of what, and what it takes to choose it."""
        super().__init__(queryset=model._default_manager.none(), **options)
        self.model, self.permission = model, permission

    def open_to(self, by: User) -> None:
        """Offer what ``by`` may choose."""
        self.queryset = objects_for(by, self.permission, self.model)


class VerbForm(forms.Form):
    """A form whose saving calls one verb. Fields say shape only; the verb decides, and refuses with a sentence."""

    #: The last part of its address, and of the address's name.
    slug: ClassVar[str] = "add"
    #: What the page is called, and what its button says.
    heading: ClassVar[str]
    button: ClassVar[str] = "Save"
    #: Among which buttons of the row's page it stands.
    group: ClassVar[str] = "Edit"
    #: What the page says before the fields.
    lead: ClassVar[str] = ""
    #: The template of what stands above the fields, and is looked at before one presses.
    above: ClassVar[str] = ""
    #: What one needs to hold on the row to open the page.
    permission: ClassVar[Permission]
    #: What the next page says when it is done.
    done: ClassVar[str] = "Saved."
    #: Whether one goes on in the list that one came from, as where many rows are gone through.
    to_list: ClassVar[bool] = False
    #: Whether it is carried out only if nothing was done to the row since the form was shown, so that two people hear
    #: of one another, and one person of what she did in another window.
    once: ClassVar[bool] = False

    def __init__(self, *args: Any, by: User, about: Any, on: dt.date, **options: Any) -> None:
        """Open the form for ``by``, about a row (None where it adds one), on the day ``on``."""
        super().__init__(*args, **options)
        self.by, self.about, self.today = by, about, on
        for name, field in self.fields.items():
            field.label = field.label or pretty_name(name)
            clean_words(field)
            word_problems(field)
            if isinstance(field, Choice):
                field.open_to(by)
        self.prepare()
        shorten_lists(self.fields)

    def prepare(self) -> None:
        """Narrow choices and set first values, for this row and day."""

    def shown_above(self) -> dict[str, Any]:
        """What the template ``above`` shows."""
        return {}

    def choices(self, name: str) -> QuerySet[Any]:
        """The rows that the field ``name`` offers."""
        return cast("QuerySet[Any]", cast("Choice", self.fields[name]).queryset)

    def narrow(self, name: str, **conditions: Any) -> None:
        """Let the field ``name`` offer only those of its rows that fit ``conditions``."""
        cast("Choice", self.fields[name]).queryset = self.choices(name).filter(**conditions).distinct()

    def watched(self) -> Model:
        """The row whose audit tells whether something was done since the form was shown, where it acts ``once``."""
        return cast("Model", self.about)

    @property
    def seen(self) -> int | str | None:
        """What goes with the form: the last thing that was done to the row when it was first shown."""
        return (self.initial.get("seen") or audit.last(self.watched())) if self.once else None

    @property
    def mark(self) -> str:
        """What tells this form from every other that is shown; the same as long as it was not carried out."""
        return self.data.get(presses.FIELD) or presses.fresh()

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, in the order of the page: the id of what to mend, nothing for the form as a whole; words."""
        found = [("", str(error)) for error in self.non_field_errors()]
        for field in self:
            first = PARTS[0] if isinstance(field.field, Day) else 0
            target = field.id_for_label or f"{field.auto_id}_{first}"  # of several boxes or buttons, the first
            asked = str(field.label)
            found += [(target, str(error) if asked in str(error) else f"{asked}: {error}") for error in field.errors]
        return found

    @classmethod
    def is_offered(cls, about: Any) -> bool:
        """Whether the row's page shows the way here. What is not offered is still refused by the verb alone."""
        return True

    def carry_out(self) -> Model | None:
        """Call the verb with what was entered; return the row to show next, None for the one it is about."""
        raise NotImplementedError

    def attempt(self) -> tuple[bool, Model | None]:
        """Call the verb; what it refuses becomes an error on the form."""
        try:
            return True, self.carry_out()
        except Refused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)
        except PermissionDenied:
            self.add_error(None, "You may not do this here. Ask the coordinator of the partnership.")
        return False, None


class VerbPages:
    """The part of ScopedAdmin that routes and shows the forms in ``adding`` and ``verbs``."""

    def verb_urls(self: Any) -> list[URLPattern]:
        """One address a verb: the row's number, then the verb."""

        def wrapped(form: type[VerbForm]) -> Callable[..., HttpResponseBase]:
            view = partial(self._verb_view, form=form)
            return self.admin_site.admin_view(update_wrapper(view, self._verb_view))

        return [path(f"<int:object_id>/{form.slug}/", wrapped(form), name=self.verb_name(form)) for form in self.verbs]

    def verb_name(self: Any, form: type[VerbForm]) -> str:
        """The name of a verb's address: app, model, verb."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{form.slug.replace('-', '_')}"

    def verbs_open_to(self: Any, request: HttpRequest, about: Model) -> dict[str, list[tuple[str, str]]]:
        """Address and words of each verb that the person may use on this row now, by the group of its button."""
        groups: dict[str, list[tuple[str, str]]] = {}
        came = self.get_preserved_filters(request)
        listed = f"?{came}" if came else ""
        for form in self.verbs:
            if form.is_offered(about) and self._may(request, form.permission, about):
                address = reverse(f"admin:{self.verb_name(form)}", args=[about.pk])
                groups.setdefault(form.group, []).append((f"{address}{listed}", form.heading))
        return groups

    def _verb_view(self: Any, request: HttpRequest, object_id: int, form: type[VerbForm]) -> HttpResponse:
        try:
            about = self.object_or_404(request, object_id, form.permission)
        except (Http404, PermissionDenied):
            if _led_to(request):  # the first press took the row, or the right to it, away
                return self._done(request, form, None)
            raise
        return self.verb_page(request, form, about)

    def verb_page(self: Any, request: HttpRequest, form_class: type[VerbForm], about: Model | None) -> HttpResponse:
        """Show the form; once it is carried out, the row it was about or has made. Pressed again, write nothing."""
        if entry := _led_to(request):
            return self._done(request, form_class, about or self._made(request, entry))
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        kept_before = {} if sent or "finds" in request.GET else kept.offered(request)
        facts: dict[str, Any] = {"by": request.user, "about": about, "on": timezone.localdate(), "initial": kept_before}
        form = form_class(*sent, **facts)
        if kept_before:
            kept.fill(form, kept_before)
            self.message_user(request, kept.SAID)
        if "finds" in request.GET and not sent:
            fit = offers(form.fields.get(request.GET["finds"]), request.GET.get("words", "")[:200])
            return JsonResponse({"fit": fit})
        if sent and form.is_valid():
            done, made = _carry_out(form, request)
            if done:
                return self._done(request, form_class, made or about)
        return TemplateResponse(request, "admin/scoped/verb.html", self._verb_context(request, form, about))

    def _done(self: Any, request: HttpRequest, form_class: type[VerbForm], row: Model | None) -> HttpResponseRedirect:
        self.message_user(request, self.words_done(request, form_class))
        listed = came_from(request) if form_class.to_list else ""
        back = f"{self._page_of(None)}?{listed}" if listed else _back(request)
        return HttpResponseRedirect(back or self._page_of(row))

    def words_done(self: Any, request: HttpRequest, form_class: type[VerbForm]) -> str:
        """What the next page says."""
        return form_class.done

    def _made(self: Any, request: HttpRequest, entry: AuditEntry) -> Model | None:
        """The row of this list that the first press made, if it made one."""
        if entry.about_kind != self.opts.label_lower:
            return None
        return cast("Model | None", self.get_object(request, str(entry.about_id)))

    def _page_of(self: Any, row: Model | None) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if row is None or row.pk is None or not isinstance(row, self.model):
            return reverse(f"{name}_changelist")
        return reverse(f"{name}_change", args=[row.pk])

    def _verb_context(self: Any, request: HttpRequest, form: VerbForm, about: Model | None) -> dict[str, Any]:
        fields = [(None, {"fields": list(form.fields)})]
        listed = self.get_preserved_filters(request) if about else ""
        return {
            **self.admin_site.each_context(request),
            **form.shown_above(),
            "title": form.heading,
            "subtitle": str(about) if about else None,
            "form": form,
            "stamp": kept.stamp(request),
            "adminform": helpers.AdminForm(cast(Any, form), fields, {}, model_admin=self),
            "media": self.media + form.media,
            "opts": self.opts,
            "original": about,
            "leave_href": _back(request) or self._page_of(about) + (listed and f"?{listed}"),
        }


def _back(request: HttpRequest) -> str:
    """The page of this site from which a button was pressed; nothing where that is not said."""
    back = request.GET.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(reverse("admin:index"))
    return back if ours else ""


def _led_to(request: HttpRequest) -> AuditEntry | None:
    """What this very press has led to already."""
    return presses.carried_out(presses.press_of(request), by=cast("User", request.user))


def _carry_out(form: VerbForm, request: HttpRequest) -> tuple[bool, Model | None]:
    """Attempt ``form``; what the same press did at this moment counts as done."""
    try:
        with presses.carrying_out(presses.press_of(request)):
            done, made = _attempt_once(form, request.POST.get("seen", "")) if form.once else form.attempt()
    except IntegrityError:  # the database takes a press once
        if not _led_to(request):
            raise
        return True, None
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
            raise
        form.add_error(None, AT_ONCE)
        return False, None
    return done or bool(_led_to(request)), made


def _attempt_once(form: VerbForm, seen: str) -> tuple[bool, Model | None]:
    """Attempt ``form`` unless something was done to its row after ``seen``."""
    row = form.watched()
    with transaction.atomic():
        type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)  # the second press waits here
        last = key_of(seen)
        if last is None:
            return form.attempt()
        since = list(audit.changes(row).filter(pk__gt=last))
        if not since:
            return form.attempt()
    others = [entry for entry in since if entry.actor != f"user:{form.by.pk}"]
    who, what = ("Somebody", others[0]) if others else ("You", since[0])
    form.add_error(
        None,
        f"{who} did something else here since this page was opened: {what.words.lower()}. Nothing of this form is "
        "saved yet. Look at it, and press again if it still holds.",
    )
    return False, None
