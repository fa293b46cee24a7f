"""Where one person writes for one agency on one action: what the page, its check and its saving have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from agencies.keys import key_of
from agencies.refusals import Refused
from portal.access import action_or_404, person_of
from portal.forms.evidence import EvidenceQuestions
from portal.forms.progress import UpdateForm, posted
from reviews import drafts, progress, waiting_files
from reviews.models import Draft
from reviews.reading.carrying import Acting, Start, acting_for, given_before, others_to_claim, start_of
from reviews.reporting import Sending
from reviews.statuses import Status

if TYPE_CHECKING:
    from agencies.models import User
    from reviews.models import Action, Evidence, StagedFile


@dataclass(frozen=True)
class Desk:
    """``offered`` are the agencies for which the person may write here; ``acting`` is the chosen one, None to ask."""

    user: User
    action: Action
    offered: list[Acting]
    acting: Acting | None

    @property
    def agency(self) -> Any:
        """The agency that is written for."""
        return self.acting.agency if self.acting else None

    def heading(self, own: str, recorded: str) -> str:
        """What the page is called: ``own`` for one's own agency, ``recorded`` for another that told one."""
        if not self.offered or any(each.is_own for each in ([self.acting] if self.acting else self.offered)):
            return own
        return f"{recorded} for {self.agency or 'an agency'}"

    @property
    def is_claimed(self) -> bool:
        """Whether the agency has said that the action is complete, and waits for the group."""
        part = self.acting.part if self.acting else None
        return part is not None and part.is_leading and part.status == Status.AWAITING

    def others_to_claim(self) -> list[str]:
        """The other leads, by name, that have yet to say that the action is complete."""
        return others_to_claim(self.acting, self.user) if self.acting else []

    def given_before(self) -> list[Evidence]:
        """The evidence that the agency has given for the action: it counts for a claim."""
        return given_before(self.acting) if self.acting else []

    @cached_property
    def start(self) -> Start:
        """What the form starts from, as it was when this request came."""
        return start_of(self.action, self.agency, self.user)

    def form(self, data: QueryDict | None = None, files: Any = None, **options: Any) -> UpdateForm:
        """The form: as posted, or filled in."""
        facts: dict[str, Any] = {"acting": self.acting, "today": timezone.localdate(), "start": self.start}
        return UpdateForm(data, files, **facts | options)

    def form_of(self, draft: Draft) -> UpdateForm:
        """The form as if ``draft`` were posted now."""
        return self.form(posted(draft, timezone.localdate()))

    def address(self, name: str) -> str:
        """The page ``name`` of this action, for this agency."""
        return f"{reverse(name, args=[self.action.pk])}?agency={self.agency.pk}"

    def waits(self, given_by: str) -> bool:
        """Whether what is written here goes to a lead first, by what was read of the agency a moment ago."""
        agency = self.agency
        return agency.releases_updates and progress.waits_for_release(agency, self.user, given_by=given_by)

    def draft(self) -> Draft | None:
        """The author's own draft."""
        return next((draft for draft in self.start.drafts if draft.kind == Draft.Kind.OWN), None)

    def waiting(self, form: EvidenceQuestions) -> list[StagedFile]:
        """The files that wait with ``form``."""
        return waiting_files.of_form(action=self.action, by=self.user, token=form.form_token)

    def keep(self, form: UpdateForm, source: str) -> None:
        """Keep what stands in ``form``, begun from the draft with the key ``source``. Raises what saving raises."""
        drafts.save_draft(
            action=self.action,
            agency=self.agency,
            by=self.user,
            answers=form.answers(),
            token=form.form_token,
            source=key_of(source) or 0,
        )

    def take_files(self, request: HttpRequest, form: EvidenceQuestions) -> None:
        """Keep the files that were posted with ``form``; it says of each that cannot be kept why."""
        form.is_valid()
        if "file" in form.errors:
            return
        for file in request.FILES.getlist("file"):
            try:
                waiting_files.stage(action=self.action, by=self.user, token=form.form_token, file=file)
            except Refused as refused:
                form.add_error("file", refused.sentence)

    def sending(self, form: UpdateForm) -> Sending:
        """The report that a valid ``form`` makes."""
        return Sending(
            action=self.action,
            agency=self.agency,
            by=self.user,
            report=form.report(),
            on=form.cleaned_data["on"],
            completion=form.completion(),
            given_by=form.told_by(),
        )


def desk_of(request: HttpRequest, pk: int, *, leading: bool = False) -> Desk:
    """The desk that the address names; 404 to strangers. ``leading``: only for agencies that answer for the action."""
    user = person_of(request)
    action = action_or_404(user, pk)
    everybody = acting_for(action, user)
    offered = ([each for each in everybody if each.part.is_leading] or everybody) if leading else everybody
    return Desk(user, action, offered, chosen(request, offered))


def chosen(request: HttpRequest, offered: list[Acting]) -> Acting | None:
    """For whom one acts: the agency that the address names, or the only one there is; None when it is still to ask."""
    named = request.GET.get("agency", "")
    if not named and len(offered) == 1:
        return offered[0]
    return next((each for each in offered if str(each.agency.pk) == named), None)
