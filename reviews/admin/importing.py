"""The pages on which a coordinator brings a plan in: choose the file, look through it, mend it, confirm it once."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from agencies.models import User
from agencies.refusals import Refused
from agencies.roles import Permission
from agencies.scoped_admin import RelatedOnly, ScopedAdmin
from agencies.verb_pages import VerbForm
from reviews.admin.compared import compared, compared_page
from reviews.admin.import_forms import AboutForm, BringIn, Discard, RowForm
from reviews.importing import mending, staging
from reviews.importing.matching import agencies_open_to
from reviews.importing.staged import Answers, StagedRow, answers_for, row_of, rows_of
from reviews.models import PlanImport
from reviews.uploads import ALLOWED

PER_PAGE = 50


@admin.register(PlanImport)
class PlanImportAdmin(ScopedAdmin):
    """The plans that were brought in, and those that wait to be confirmed."""

    view_permission = Permission.EDIT_PLAN
    list_display = ("file_name", "partnership", "state", "review", "uploaded_at", "uploaded_by")
    list_filter = (("partnership", RelatedOnly), "state")
    list_select_related = ("partnership", "review", "uploaded_by")
    search_fields = ("file_name", "reference", "title")
    adding = BringIn
    verbs = (Discard,)

    def get_urls(self) -> list[URLPattern]:
        """With one address for each row of a plan, and one for the file."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/rows/<int:number>/", view(self.row_view), name="reviews_import_row"),
            path("<int:pk>/compared/", view(self.compared_view), name="reviews_import_compared"),
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
        return super().get_queryset(request).defer("reading", "choices")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The plan as it was read, with what to look at and mend; posted, it is settled or confirmed."""
        staged = cast(PlanImport, self.object_or_404(request, object_id))
        if staged.state != PlanImport.State.STAGED:
            return TemplateResponse(request, "admin/reviews/planimport/done.html", self._context(request, staged))
        rows = rows_of(staged)
        by = cast(User, request.user)
        answers = answers_for(staged, rows, by)
        form = self._about_form(request, staged, answers)
        if form.is_bound and form.is_valid() and (answer := self._settle(request, staged, form)):
            return answer
        context = self._context(request, staged) | _looked_through(request, rows) | {"form": form, "answers": answers}
        context |= compared(request, staged, rows)
        context["again"] = _brought_in_before(staged)
        return TemplateResponse(request, "admin/reviews/planimport/preview.html", context)

    def _about_form(self, request: HttpRequest, staged: PlanImport, answers: Answers) -> AboutForm:
        by = cast(User, request.user)
        return AboutForm(
            *([request.POST] if request.method == "POST" else []),
            staged=staged,
            by=by,
            questions=answers.questions,
            agencies=agencies_open_to(by, staged.partnership),
        )

    def _settle(self, request: HttpRequest, staged: PlanImport, form: AboutForm) -> HttpResponse | None:
        """Save what was said; bring the plan in if that was pressed. None when a verb refused: the form says why."""
        by = cast(User, request.user)
        try:
            before = staged.review_id
            settled = staging.settle(plan_import=staged, by=by, agencies=form.agencies(), **form.facts())
            if settled.review_id not in (None, before):
                self.message_user(request, "Saved. Look at what the file changes in that plan, then bring it in.")
                return HttpResponseRedirect(f"{request.path}#compared")
            if "confirm" not in request.POST:
                self.message_user(request, "Saved. The plan is not brought in yet.")
                return HttpResponseRedirect(request.get_full_path())
            review = staging.confirm(plan_import=staged, by=by, on=timezone.localdate())
        except Refused as refused:
            staged.refresh_from_db()
            if staged.state == PlanImport.State.CONFIRMED:  # somebody else pressed a moment ago
                return HttpResponseRedirect(request.path)
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            return None
        self.message_user(request, f"The plan is brought in as {review.reference}. Nothing was mailed.")
        return HttpResponseRedirect(request.path)

    def row_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """One row to mend; back to its place in the plan once that is done."""
        staged = cast(PlanImport, self.object_or_404(request, str(pk)))
        row = row_of(staged, number)
        if row is None:
            raise Http404
        form = RowForm(request.POST, row=row) if request.method == "POST" else RowForm(row=row)
        if form.is_bound and form.is_valid():
            try:
                mending.mend(
                    plan_import=staged,
                    number=number,
                    by=cast(User, request.user),
                    fields=form.mended(),
                    left_out=form.cleaned_data["left_out"],
                )
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            else:
                return HttpResponseRedirect(f"{_page_of(request, pk)}#row-{number}")
        context = self._context(request, staged) | {"row": row, "form": form, "back": _page_of(request, pk)}
        return TemplateResponse(request, "admin/reviews/planimport/row.html", context)

    def compared_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file beside the plan that it is added to, with what somebody says of its rows."""
        staged = cast(PlanImport, self.object_or_404(request, str(pk)))
        return compared_page(request, staged, self._context(request, staged))

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file as it came, to keep and never to show in the portal's own pages."""
        staged = cast(PlanImport, self.object_or_404(request, str(pk)))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(("GET", "HEAD"))
        if not staged.file or not staged.file.storage.exists(str(staged.file.name)):
            raise Http404
        ending = staged.file_name.rsplit(".", 1)[-1].lower()
        content_type = ALLOWED[ending][0] if ending in ALLOWED else "application/octet-stream"
        answer = FileResponse(
            staged.file.open("rb"), as_attachment=True, filename=staged.file_name, content_type=content_type
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "sandbox"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def _context(self, request: HttpRequest, staged: PlanImport) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": "Bring in a plan",
            "subtitle": staged.file_name,
            "opts": self.opts,
            "original": staged,
            "media": self.media,
            "verbs": self.verbs_open_to(request, staged),
            "has_file": bool(staged.file) and staged.state != PlanImport.State.DISCARDED,
        }


def _looked_through(request: HttpRequest, rows: list[StagedRow]) -> dict[str, Any]:
    """The rows to show: those that need a look first of all, or every one; each with the form that mends it."""
    looks = [row for row in rows if row.needs_a_look]
    show_all = request.GET.get("show") == "all" or not looks
    page = Paginator(rows if show_all else looks, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "count": len(rows),
        "looks": len(looks),
        "blocked": sum(row.blocks for row in rows),
        "show_all": show_all,
        "page": page,
        "query": urlencode({"show": "all" if show_all else "look", "page": page.number}),
        "shown": [(row, RowForm(row=row)) for row in page.object_list],
    }


def _page_of(request: HttpRequest, pk: int) -> str:
    """The page of the plan from which somebody came to a row."""
    kept = {name: request.GET[name] for name in ("show", "page") if name in request.GET}
    address = reverse("admin:reviews_planimport_change", args=[pk])
    return f"{address}?{urlencode(kept)}" if kept else address


def _brought_in_before(staged: PlanImport) -> PlanImport | None:
    """The import by which this very file came in already, in this partnership."""
    return (
        PlanImport.objects.filter(
            partnership=staged.partnership_id, sha256=staged.sha256, state=PlanImport.State.CONFIRMED
        )
        .select_related("review")
        .first()
    )
