"""No form takes more than what it fills can hold: PostgreSQL refuses what SQLite would keep."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from django.db.backends.base.operations import BaseDatabaseOperations

import agencies
import portal.forms
import reviews.admin
from agencies.verb_pages import VerbForm
from portal.forms.base import PortalForm

#: By the name of a form, the model whose columns of the same names it fills; of a field, the column it fills.
FILLS = {
    "AddAction": "reviews.Action",
    "AddAction.text": "reviews.ActionWording.text",
    "AddAgency": "agencies.Agency",
    "AddAgencyForm": "agencies.Agency",
    "AddEmailForm": "agencies.User",
    "AddMilestone": "reviews.Milestone",
    "AddRecommendation": "reviews.Recommendation",
    "AddReview": "reviews.Review",
    "ArrangeMail.daily_cap": "agencies.Partnership.daily_mail_cap",
    "ArrangeMail.hour": "agencies.Partnership.chasing_hour",
    "ArrangeMail.time_zone": "agencies.Partnership.time_zone",
    "AboutForm": "reviews.PlanImport",
    "ChangeTargetDate": "reviews.TargetDate",
    "ContactForm": "agencies.Contact",
    "DecisionForm": "reviews.SignOff",
    "Describe": "reviews.Review",
    "DescribeAction": "reviews.Action",
    "DescribePartnership": "agencies.Partnership",
    "DescribeRecommendation": "reviews.Recommendation",
    "EvidenceQuestions": "reviews.Evidence",
    "InviteForm": "agencies.Invitation",
    "JoinForm": "agencies.User",
    "NameForm": "agencies.User",
    "NotPursueForm": "reviews.SignOff",
    "PanelForm": "agencies.Invitation",
    "ReasonedForm": "reviews.SignOff",
    "RenameForm": "agencies.Agency",
    "ReopenForm": "reviews.SignOff",
    "ReturnForm.reason": "reviews.Draft.note",
    "Reword": "reviews.RecommendationWording",
    "RewordAction": "reviews.ActionWording",
    "RowForm.reference": "reviews.Action.reference",
    "SendBackForm": "reviews.SignOff",
    "SignOffForm": "reviews.SignOff",
    "StatementForm.text": "agencies.Partnership.confidentiality_statement",
    "TakeBackForm.reason": "reviews.ProgressUpdate.void_reason",
    "UpdateForm": "reviews.ProgressUpdate",
    "UpdateForm.given_how": "reviews.ProgressUpdate.given_by",
    "UpdateForm.given_post": "reviews.ProgressUpdate.given_by",
    "UpdateForm.link": "reviews.Evidence.link",
    "UpdateForm.title": "reviews.Evidence.title",
    "UpdateForm.no_evidence_reason": "reviews.Claim.no_evidence_reason",
    "UpdateForm.what_changed": "reviews.Claim.what_changed",
    "UpdateForm.where_held": "reviews.Evidence.where_held",
    "Void.reason": "reviews.Milestone.void_reason",
    "VoidDecision.reason": "reviews.SignOff.void_reason",
    "VoidUpdate.reason": "reviews.ProgressUpdate.void_reason",
    "WithdrawForm.reason": "reviews.Evidence.void_reason",
}
#: What fills no column as it was typed, and why.
FILLS_NONE = {
    "AuthenticateForm.code": "compared",
    "SecondStepAgainForm.code": "compared",
    "ActivateTOTPForm.code": "compared",
    "ResetPasswordForm.email": "compared",
    "AddWebAuthnForm.credential": "kept as JSON, which has no end",
    "AddWebAuthnForm.name": "kept as JSON, which has no end",
    "EditWebAuthnForm.name": "kept as JSON, which has no end",
    "_Questions.text": "looked for",
    "AddAgency.other_names": "each line is a name, which the verb measures",
    "AddAgencyForm.other_names": "each line is a name, which the verb measures",
    "DescribeAgency.other_names": "each line is a name, which the verb measures",
    "BringIn.text": "kept as a file",
    "EvidenceQuestions.token": "compared",
    "UpdateForm.token": "compared",
    "UpdateForm.seen": "compared",
    "UpdateForm.source": "compared",
}
#: What is never kept as it was typed, whatever form it stands in.
SECRETS = ("password", "password1", "password2", "oldpassword")


def forms_of_ours() -> list[type[forms.BaseForm]]:
    """Every form of the portal and of oversight that asks something."""
    for package in (agencies, portal.forms, reviews.admin):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found = {one for one in _below(forms.BaseForm) if one.__module__.split(".")[0] in ("agencies", "portal", "reviews")}
    assert len([one for one in found if issubclass(one, VerbForm)]) > 30
    assert len([one for one in found if issubclass(one, PortalForm)]) > 20
    return sorted(found, key=lambda one: one.__name__)


def _below(one: type) -> Iterator[type]:
    for child in one.__subclasses__():
        yield child
        yield from _below(child)


def typed_into() -> list[tuple[str, forms.Field]]:
    """Each field into which words or numbers are typed, as ``Form.field``."""
    return [
        (f"{form.__name__}.{name}", field)
        for form in forms_of_ours()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField | forms.IntegerField) and name not in SECRETS
    ]


def column_of(asked: str) -> str:
    """The column that a field fills, as ``app.Model.column``; "" where it fills none as it was typed."""
    form, name = asked.split(".")
    if asked in FILLS_NONE or (form == "RowForm" and asked not in FILLS):
        return ""  # what a row of a plan says is kept as JSON until the plan is brought in
    if asked in FILLS:
        return FILLS[asked]
    if form not in FILLS:
        pytest.fail(f"{asked}: say in {__name__} which column it fills, or why none")
    return f"{FILLS[form]}.{name}"


def test_no_field_takes_more_than_its_column_holds() -> None:
    wrong = []
    for asked, field in typed_into():
        if not (place := column_of(asked)):
            continue
        model, _, name = place.rpartition(".")
        column = apps.get_model(model)._meta.get_field(name)
        if isinstance(field, forms.IntegerField):
            least, most = BaseDatabaseOperations.integer_field_ranges[column.get_internal_type()]
            fits = field.min_value is not None and field.max_value is not None
            fits = fits and least <= field.min_value and field.max_value <= most
        else:
            fits = column.max_length is None or (field.max_length is not None and field.max_length <= column.max_length)
        if not fits:
            wrong.append(f"{asked} takes more than {place}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_said_here_of_a_field_that_is_gone() -> None:
    asked = {name for name, _ in typed_into()}
    named = asked | {name.split(".")[0] for name in asked}
    assert {*FILLS, *FILLS_NONE} <= named
