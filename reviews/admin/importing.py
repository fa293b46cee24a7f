"""The pages on which a coordinator brings a plan in: choose the file, look through it, mend it, confirm it once."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from agencies import audit, presses
from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin
from agencies.scoped_lists import RelatedOnly
from agencies.verb_pages import VerbForm
from reviews import bringing_in
from reviews.admin.compared import compared, compared_back, compared_page, left_to_say, spared
from reviews.admin.import_files import not_taken, original
from reviews.admin.import_forms import AboutForm, BringIn, DayForm, Discard
from reviews.admin.import_headings import HeadingsForm
from reviews.admin.import_kept import headings_of, offer_again
from reviews.admin.import_page import counted, left_to_do, looked_through, page_of, stood_in
from reviews.admin.import_row_page import after, row_page
from reviews.admin.import_states import Undo, in_numbers, state_page
from reviews.importing import rereading, returned, staging
from reviews.importing.matching import agencies_open_to
from reviews.importing.staged import Answers, StagedRow, answers_for, rows_of
from reviews.models import PlanImport

STALE = "The plan has changed since you opened this page. Nothing was saved. Look at its headings again."


@admin.register(PlanImport)
class PlanImportAdmin(ScopedAdmin):
    """The plans that were brought in, and those that wait to be confirmed."""

    view_permission = Permission.EDIT_PLAN
    list_display = (
        *("file_name", "hash_begins", "partnership", "state", "review", "brought_in"),
        *("uploaded_at", "uploaded_by", "confirmed_at", "confirmed_by"),
    )
    list_filter = (("partnership", RelatedOnly), "state")
    list_select_related = ("partnership", "review", "uploaded_by", "confirmed_by")
    search_fields = ("file_name", "reference", "title")
    adding = BringIn
    verbs = (Discard, Undo)
    tells_of_a_case = True

    def get_urls(self) -> list[URLPattern]:
        """With one address for each row of a plan, one for its headings, and one for the file."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/rows/<int:number>/", view(self.row_view), name="reviews_import_row"),
            path("<int:pk>/headings/", view(self.headings_view), name="reviews_import_headings"),
            path("<int:pk>/compared/", view(self.compared_view), name="reviews_import_compared"),
            path("<int:pk>/not-taken/", view(self.not_taken_view), name="reviews_import_not_taken"),
            path("<int:pk>/file/", view(self.file_view), name="reviews_import_file"),
            *super().get_urls(),
        ]

    def verb_page(self, request: HttpRequest, form_class: type[VerbForm], about: Model | None) -> HttpResponse:
        """The page of a verb; that of the file says where on the road it stands."""
        response = super().verb_page(request, form_class, about)
        if form_class is BringIn and isinstance(response, TemplateResponse):
            response.template_name = "admin/reviews/planimport/choose.html"
        return response

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without what was read, which may be megabytes: only the page of one plan wants it."""
        return super().get_queryset(request).defer("reading", "choices", "made")

    @admin.display(description="hash")
    def hash_begins(self, staged: PlanImport) -> str:
        """The beginning of the file's hash, by which one file is told from another of its name."""
        return staged.sha256[:8]

    @admin.display(description="brought in")
    def brought_in(self, staged: PlanImport) -> str:
        """How many recommendations and actions came in, and how many rows were left out."""
        return in_numbers(staged) or "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The plan as it was read, with what to look at and mend; posted, it is dated, settled or confirmed."""
        is_last = "confirm" in request.POST or "day" in request.GET
        to = request.path if is_last else request.get_full_path()
        return cast(HttpResponse, presses.once(request, lambda: self._plan(request, object_id), to=lambda: to))

    def _plan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        staged = cast(PlanImport, self.object_or_404(request, object_id))
        if staged.state != PlanImport.State.STAGED:
            return state_page(request, staged, self._context(request, staged))
        rows = rows_of(staged)
        answers = answers_for(staged, rows, cast(User, request.user))
        if not rows:
            return self._preview(request, staged, rows, answers)
        if not staged.choices.get("dated") or "day" in request.GET:
            form = DayForm(*self._sent(request), staged=staged)
            offer_again(request, form, staged, marked="day_day")
            if form.is_bound and form.is_valid() and (answer := self._date(request, staged, form)):
                return answer
            return self._preview(request, staged, rows, answers, form=form, asks_day=True)
        return self._asked_about(request, staged, rows, answers)

    def _asked_about(
        self, request: HttpRequest, staged: PlanImport, rows: list[StagedRow], answers: Answers
    ) -> HttpResponse:
        by = cast(User, request.user)
        agencies = agencies_open_to(by, staged.partnership).filter(closed_on__isnull=True)
        form = AboutForm(*self._sent(request), staged=staged, by=by, questions=answers.questions, agencies=agencies)
        offer_again(request, form, staged, marked="seen")
        if form.is_bound and form.is_valid() and (answer := self._settle(request, staged, form)):
            return answer
        if form.is_bound:  # what was said is kept, whatever stood in the way of the plan
            answers = answers_for(staged, rows, by)
        return self._preview(request, staged, rows, answers, form=form, known=[agency.name for agency in agencies])

    def _sent(self, request: HttpRequest) -> list[Any]:
        return [request.POST] if request.method == "POST" else []

    def _preview(
        self, request: HttpRequest, staged: PlanImport, rows: list[StagedRow], answers: Answers, **more: Any
    ) -> HttpResponse:
        beside = compared(request, staged, rows)
        rows = spared(rows, beside)
        counts = counted(rows, answers)
        context = {
            **self._context(request, staged),
            **counts,
            **looked_through(request, staged, rows, answers),
            "answers": answers,
            "some_not_taken": any(row.left_out or row.blocks for row in rows),
            "tasks": [*left_to_do(staged, answers, counts["blocked"]), *left_to_say(beside)],
            **beside,
            "again": _brought_in_before(staged),
            "stood_in": stood_in(rows),
            "headings": headings_of(request, staged),
            **more,
        }
        return TemplateResponse(request, "admin/reviews/planimport/preview.html", context)

    def _date(self, request: HttpRequest, staged: PlanImport, form: DayForm) -> HttpResponse | None:
        """Say what day the document speaks for. None when the verb refused: the form says why."""
        day, by = form.cleaned_data["day"], cast(User, request.user)
        try:
            staging.speak_for(plan_import=staged, day=day, by=by, on=timezone.localdate())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            return None
        return HttpResponseRedirect(request.path)

    def _settle(self, request: HttpRequest, staged: PlanImport, form: AboutForm) -> HttpResponse | None:
        """Save what was said; bring the plan in if that was pressed. None when a verb refused: the form says why."""
        by = cast(User, request.user)
        try:
            facts, brings_in = form.facts(), "confirm" in request.POST
            compares = facts["review"] is not None and facts["review"].pk != staged.review_id
            # What the press leads to in the end is what speaks for it; else a second would go on where this one stops.
            with nullcontext() if compares or not brings_in else presses.carrying_out(None):
                settled = staging.settle(plan_import=staged, by=by, agencies=form.agencies(), seen=form.seen, **facts)
            form.seen = audit.last(settled)
            if compares:
                self.message_user(request, "Saved. Look at what the file changes in that plan, then bring it in.")
                return HttpResponseRedirect(f"{request.path}#compared")
            if not brings_in:
                self.message_user(request, "Saved. The plan is not brought in yet.")
                return HttpResponseRedirect(request.get_full_path())
            brought = bringing_in.confirm(plan_import=staged, by=by, on=timezone.localdate())
        except staging.Overtaken as overtaken:
            self.message_user(request, overtaken.sentence, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        except Refused as refused:
            staged.refresh_from_db()
            # Somebody else pressed a moment ago; or it was begun, and the page says what stood in the way.
            if staged.state != PlanImport.State.STAGED or staged.problem == refused.sentence:
                return HttpResponseRedirect(request.path)
            if form.later:  # the names that stand in the way may be those not shown yet
                self.message_user(request, refused.sentence, messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            return None
        if brought.state == PlanImport.State.CONFIRMED and brought.review:
            self.message_user(request, f"The plan is brought in as {brought.review.reference}. Nothing was mailed.")
        return HttpResponseRedirect(request.path)

    def headings_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Read the file again with its headings as they were put right."""
        return presses.once(request, lambda: self._read_again(request, pk), to=lambda: page_of(request, pk))

    def _read_again(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        staged = cast(PlanImport, self.object_or_404(request, str(pk)))
        back = HttpResponseRedirect(page_of(request, pk))
        if request.method != "POST":  # as after signing in: the form is on the page of the plan
            return back
        form = HeadingsForm(request.POST, staged=staged)
        if not form.is_valid():
            self.message_user(request, STALE, messages.ERROR)
            return back
        if not (headings := form.corrected()):
            self.message_user(request, "Nothing was changed: every heading means what it was taken for.")
            return back
        try:
            lost = rereading.read_again(plan_import=staged, by=cast(User, request.user), headings=headings)
        except Refused as refused:
            self.message_user(request, refused.sentence, messages.ERROR)
            return back
        self.message_user(request, "The plan was read again so, and the partnership’s next plans will be.")
        if lost:
            self.message_user(request, _lost(lost), messages.WARNING)
        return back

    def row_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """One row to mend; pressed, back to its place in the plan once that is done."""

        def mended() -> HttpResponseBase:
            staged = cast(PlanImport, self.object_or_404(request, str(pk)))
            return row_page(request, staged, number, self._context(request, staged))

        return presses.once(request, mended, to=lambda: after(request, pk, number))

    def compared_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file beside the plan that it is added to, with what somebody says of its rows."""

        def said() -> HttpResponseBase:
            staged = cast(PlanImport, self.object_or_404(request, str(pk)))
            return compared_page(request, staged, self._context(request, staged))

        return presses.once(request, said, to=lambda: compared_back(request, pk))

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file as it came, to keep and never to show in the portal's own pages."""
        staged = cast(PlanImport, self.object_or_404(request, str(pk)))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(("GET", "HEAD"))
        if not staged.file or not staged.file.storage.exists(str(staged.file.name)):
            raise Http404
        return original(staged)

    def not_taken_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The rows that were not taken, as a file to mend and bring in again."""
        staged = cast(PlanImport, self.object_or_404(request, str(pk)))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(("GET", "HEAD"))
        rows = returned.not_taken(staged)
        if not rows:
            raise Http404
        return not_taken(staged, rows)

    def _context(self, request: HttpRequest, staged: PlanImport) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": "Bring in a plan",
            "subtitle": staged.file_name,
            "opts": self.opts,
            "original": staged,
            "media": self.media,
            "verbs": [way for ways in self.verbs_open_to(request, staged).values() for way in ways],
            "brought_in": in_numbers(staged),
            "some_not_taken": lambda: bool(returned.not_taken(staged)),
            "has_file": bool(staged.file) and staged.state != PlanImport.State.DISCARDED,
        }


def _brought_in_before(staged: PlanImport) -> PlanImport | None:
    """The import by which this very file came in already, in this partnership."""
    return (
        PlanImport.objects.filter(
            partnership=staged.partnership_id, sha256=staged.sha256, state=PlanImport.State.CONFIRMED
        )
        .select_related("review")
        .first()
    )


def _lost(places: list[str]) -> str:
    named = ", ".join(places[:10]) + (f" and {len(places) - 10} more" if len(places) > 10 else "")
    return f"What you had decided about {named} no longer fits what is read there, and was not kept. Look at it again."
