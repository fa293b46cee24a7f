"""Reminders: each day's run and what became of it, the send log, and when a partnership's mail goes out."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agencies.admin import PartnershipAdmin
from agencies.keys import key_of
from agencies.models import Partnership
from agencies.roles import Permission
from agencies.scoped_admin import ScopedAdmin, ScopedInline
from agencies.scoped_lists import RelatedOnly
from agencies.verb_pages import VerbForm
from reviews.admin.next_mail import next_mail
from reviews.chasing import arrangements
from reviews.models import Action, Line, Notice, Run, stage_in_words, words_of

State = Notice.State
#: The counts of a run: name, and which of its messages are counted.
COUNTS: dict[str, Q] = {
    "sent": Q(notices__state=State.SENT),
    "waiting": Q(notices__state__in=(State.QUEUED, State.SENDING))
    | Q(notices__state=State.FAILED, notices__retry_at__isnull=False),
    "failed": Q(notices__state=State.FAILED, notices__retry_at__isnull=True),
    "dropped": Q(notices__state=State.DROPPED),
}


def _count(name: str, words: str) -> Any:
    @admin.display(description=words, ordering=f"n_{name}")
    def count(admin_page: Any, run: Any) -> int:
        return int(getattr(run, f"n_{name}"))

    return count


@admin.register(Run)
class RunAdmin(ScopedAdmin):
    """One partnership's reminders of one day: what was expected, and what came of it."""

    view_permission = Permission.RUN_CHASING
    change_list_template = "admin/reviews/run/list.html"
    list_display = ("on", "expected", "sent", "waiting", "failed", "dropped", "nobody", "partnership")
    list_filter = (("partnership", RelatedOnly),)
    list_select_related = ("partnership",)
    date_hierarchy = "on"

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("reviews/chasing.css",)}

    fields = (
        *("partnership", "on", "started_at", "expected", "sent", "waiting", "failed", "dropped"),
        *("messages", "left_out_in_words"),
    )

    sent = _count("sent", "sent")
    waiting = _count("waiting", "waiting")
    failed = _count("failed", "failed")
    dropped = _count("dropped", "not sent")

    def get_urls(self) -> list[URLPattern]:
        """With the page of who will be mailed next."""
        view = self.admin_site.admin_view(self.next_view)
        return [path("next/", view, name="reviews_run_next"), *super().get_urls()]

    def next_view(self, request: HttpRequest) -> Any:
        """Who will be mailed next."""
        return next_mail(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """With what became of each run's messages."""
        counts = {f"n_{name}": Count("notices", filter=those) for name, those in COUNTS.items()}
        rows: QuerySet[Run] = super().get_queryset(request).annotate(**counts)
        return rows

    @admin.display(description="nobody to write to")
    def nobody(self, run: Run) -> int:
        """For how many actions nobody was written to."""
        return sum(len(actions) for actions in run.left_out.values())

    @admin.display(description="its messages")
    def messages(self, run: Run) -> SafeString:
        """The way to the send log."""
        href = f"{reverse('admin:reviews_notice_changelist')}?{urlencode({'run': run.pk})}"
        return format_html('<a href="{}">In the send log</a>', href)

    @admin.display(description="written to nobody about")
    def left_out_in_words(self, run: Run) -> SafeString | str:
        """Each reason, with its actions."""
        own = Action.objects.filter(review__partnership=run.partnership_id).select_related("review", "recommendation")
        return left_out(run.left_out, own) or "–"


def left_out(by_reason: dict[str, list[int]], actions: QuerySet[Action]) -> SafeString:
    """The actions about which nobody is written to, under their reasons. ``actions`` are those that may be shown."""
    found = actions.in_bulk({pk for keys in by_reason.values() for pk in keys})
    return format_html_join(
        "",
        '<div class="reminders"><p>{}:</p><ul>{}</ul></div>',
        (
            (
                words_of(why),
                format_html_join("", '<li><a href="{}">{}</a></li>', (_named(found[pk]) for pk in keys if pk in found)),
            )
            for why, keys in sorted(by_reason.items())
        ),
    )


def _named(action: Action) -> tuple[str, str]:
    return reverse("admin:reviews_action_change", args=[action.pk]), f"{action.review.reference} {action}"


class OfRun(admin.SimpleListFilter):
    """The messages of one run: by the link on its page. A list of all runs would be endless, so none is offered."""

    title = "run"
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The run that was asked for, if the person may see it."""
        asked = request.GET.get(self.parameter_name, "")
        runs = model_admin.admin_site.get_model_admin(Run).get_queryset(request)
        key = key_of(asked)
        found = None if key is None else runs.filter(pk=key).first()
        return [(asked, str(found))] if found else []

    def has_output(self) -> bool:
        """Whenever a run was asked for; Django would pass over a filter that offers nothing, and show everything."""
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Its messages, out of those that the person may see."""
        asked = self.value()
        if not asked:
            return queryset
        key = key_of(asked)
        return queryset.none() if key is None else queryset.filter(run=key)


class LinesInline(ScopedInline):
    """The actions that a message is about."""

    model = Line
    view_permission = Permission.RUN_CHASING
    fields = ("action", "reminder", "state", "reason")

    @admin.display(description="reminder")
    def reminder(self, line: Line) -> str:
        """Which of the series."""
        return stage_in_words(line.stage, line.number)

    @admin.display(description="why not")
    def reason(self, line: Line) -> str:
        """Why it was not sent."""
        return words_of(line.why) or "–"


@admin.register(Notice)
class NoticeAdmin(ScopedAdmin):
    """The send log: waiting, sent, failed, not sent and why. Words are made when a message is sent, and not kept."""

    view_permission = Permission.RUN_CHASING
    list_display = ("queued_at", "person", "kind", "state", "sent_at", "attempts", "reason")
    list_filter = (("partnership", RelatedOnly), "state", "kind", OfRun)
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email")
    date_hierarchy = "queued_at"
    fields = (
        *("partnership", "run", "person", "kind", "state", "reason"),
        *("queued_at", "sent_at", "attempts", "retry_at", "message_id"),
    )
    inlines = (LinesInline,)

    @admin.display(description="why it failed or was not sent", ordering="why")
    def reason(self, notice: Notice) -> str:
        """Why it failed or was not sent."""
        return words_of(notice.why) or "–"


class PauseMail(VerbForm):
    """Let no reminders go out for a while."""

    slug = "pause-reminders"
    heading = "Pause reminders"
    button = "Pause reminders"
    lead = "Nothing goes out for any plan of this partnership until you resume. What waits to be sent is held back too."
    permission = Permission.RUN_CHASING
    done = "Reminders are paused."
    about: Partnership

    @classmethod
    def is_offered(cls, about: Partnership) -> bool:
        """While they go out."""
        return not about.chasing_paused

    def carry_out(self) -> None:
        """Pause."""
        arrangements.pause(partnership=self.about, by=self.by)


class ResumeMail(VerbForm):
    """Let reminders go out again."""

    slug = "resume-reminders"
    heading = "Resume reminders"
    button = "Resume reminders"
    lead = "From the next day's hour on, people get the newest reminder for each action, not those that were missed."
    permission = Permission.RUN_CHASING
    done = "Reminders go out again."
    about: Partnership

    @classmethod
    def is_offered(cls, about: Partnership) -> bool:
        """While they are paused."""
        return about.chasing_paused

    def carry_out(self) -> None:
        """Resume."""
        arrangements.resume(partnership=self.about, by=self.by)


class ArrangeMail(VerbForm):
    """Say when reminders go out, and how many at most."""

    slug = "arrange-reminders"
    heading = "When reminders go out"
    permission = Permission.RUN_CHASING
    done = "Saved."
    about: Partnership

    hour = forms.IntegerField(label="From what hour of the day", help_text="0 to 23.", min_value=0, max_value=23)
    time_zone = forms.CharField(label="By the clocks of", help_text="For example Europe/London.", max_length=60)
    daily_cap = forms.IntegerField(
        label="Most messages in one day",
        help_text="Who is over it is written to the next day.",
        min_value=1,
        max_value=arrangements.MOST_A_DAY,
    )

    def prepare(self) -> None:
        """As it stands."""
        self.initial.setdefault("hour", self.about.chasing_hour)
        self.initial.setdefault("time_zone", self.about.time_zone)
        self.initial.setdefault("daily_cap", self.about.daily_mail_cap)

    def carry_out(self) -> None:
        """Save."""
        arrangements.arrange(partnership=self.about, by=self.by, **self.cleaned_data)


# The layer below knows no reminders, so its page of a partnership is given these by us.
PartnershipAdmin.verbs = (*PartnershipAdmin.verbs, PauseMail, ResumeMail, ArrangeMail)
