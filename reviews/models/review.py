"""A review, its recommendations as the report words them, and who may read it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from agencies.models import Agency, Partnership
from agencies.roles import Container, RoleCode, codes_on, permissions_on
from reviews.kinds import KINDS, Kind, KindWords, PlanStage, Scope
from reviews.models.dated import Dated
from reviews.models.standing import InPlan, Standing


class Review(models.Model):
    """One review and its action plan. Restricted until it is published: then only named people read it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DARDR)
    reference = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    pseudonym = models.CharField("name used for the person who died", max_length=100, blank=True)
    chair = models.CharField("independent chair", max_length=200, blank=True)
    stage = models.CharField(max_length=20, choices=PlanStage, default=PlanStage.WRITING)
    introduction = models.TextField(blank=True)
    is_restricted = models.BooleanField("restricted to named readers", default=True)
    report_on = models.DateField("overview report completed", null=True, blank=True)
    agreed_on = models.DateField("agreed by the group", null=True, blank=True)
    quality_on = models.DateField("agreed by the quality assurance body", null=True, blank=True)
    published_on = models.DateField("published", null=True, blank=True)
    chasing_from = models.DateField("chased from", null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("partnership", "reference")
        default_permissions = ()
        permissions = permissions_on(Container.REVIEW)
        constraints = (
            models.UniqueConstraint(fields=("partnership", "reference"), name="review_reference_once_a_partnership"),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def words(self) -> KindWords:
        """The words and steps of its kind."""
        return KINDS[Kind(self.kind)]


class ReviewUserPermission(UserObjectPermissionBase):
    """guardian's row: this person holds this permission on this review. The shadow of a reader."""

    content_object = models.ForeignKey(Review, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        default_permissions = ()


class Reader(models.Model):
    """Somebody who may read one review: of the panel, or named by an agency's lead while it is restricted.

    Whoever is named reads nothing until ``accepted_at``: before, they accept the statement of confidentiality.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings", verbose_name="person"
    )
    role = models.CharField(max_length=30, choices=RoleCode)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="readers")
    on = models.DateField()
    ends_on = models.DateField("may read until", null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField("accepted confidentiality", null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(role__in=codes_on(Container.REVIEW)), name="a_reader_has_a_review_role"),
            models.CheckConstraint(
                condition=Q(role=RoleCode.NAMED_READER, agency__isnull=False)
                | Q(role=RoleCode.PANEL_READER, agency__isnull=True),
                name="a_named_reader_is_named_by_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("on")), name="a_reading_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=("review", "user", "agency"),
                condition=Q(until__isnull=True, agency__isnull=False),
                name="named_once_by_an_agency",
            ),
            models.UniqueConstraint(
                fields=("review", "user"),
                condition=Q(until__isnull=True, agency__isnull=True),
                name="once_on_the_panel",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.review}"


class Promise(models.Model):
    """Somebody accepted a partnership's statement of confidentiality, in these words. Never changed or deleted."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="promises")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises", verbose_name="person"
    )
    statement = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}, {self.partnership}"


class PublishedName(models.Model):
    """How one review's papers call an agency ("School", "University A"). It means nothing in any other review."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="published_names")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="published_names")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("review", "agency"), name="one_published_name_an_agency_and_review"),
        )

    def __str__(self) -> str:
        return self.name


class ThemesInUse(models.Manager["Theme"]):
    """Gives no theme that is known only from plans which came in by half, or were undone."""

    def get_queryset(self) -> models.QuerySet[Theme]:
        """The themes of what stands, and those that nothing has yet."""
        given = Recommendation.themes.through.objects.filter(theme=OuterRef("pk"))
        return super().get_queryset().filter(~Exists(given) | Exists(given.filter(recommendation__stands=True)))


class Theme(models.Model):
    """A theme under which a partnership gathers recommendations of several reviews."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="themes")
    name = models.CharField(max_length=200)

    objects = ThemesInUse()
    everything = models.Manager["Theme"]()

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("partnership", "name"), name="theme_once_a_partnership"),)

    def __str__(self) -> str:
        return self.name


class Recommendation(InPlan):
    """What the report says should happen. ``text`` is today's wording, the last of its ``wordings``."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="recommendations")
    order = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    addressee = models.CharField("addressed to, as worded", max_length=500, blank=True)
    scope = models.CharField(max_length=10, choices=Scope, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="recommendations")

    objects = Standing()
    everything = models.Manager["Recommendation"]()

    class Meta:
        ordering = ("review", "order", "pk")
        default_permissions = ()
        indexes = (
            models.Index(fields=("review", "order"), name="recommendations_in_order"),
            models.Index(
                fields=("came_with",), condition=Q(came_with__isnull=False), name="recommendations_of_an_import"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.text}".strip()[:120]


class RecommendationWording(Dated):
    """What a recommendation said from a day on, and why it was changed."""

    stands_by: ClassVar[str] = "recommendation__stands"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="wordings")
    text = models.TextField()
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.text[:80]
