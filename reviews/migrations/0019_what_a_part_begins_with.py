"""A part in an action that goes to another agency begins with the day of completion that was claimed before."""

from django.db import migrations, models

AWAITING = "awaiting"


def carry_claims_on(apps, schema_editor):
    """Let parts that went to another agency with a claim have its day, and their actions with them."""
    assignments = apps.get_model("reviews", "Assignment").objects
    for part in assignments.filter(initial_status=AWAITING).order_by("recorded_at", "pk"):
        # The part before it ended at the very moment at which this one began.
        for before in assignments.filter(action=part.action_id, ended_at=part.recorded_at, part=part.part):
            day = _claimed(apps, before)
            if day:
                part.initial_claimed_on = day
        if part.initial_claimed_on:
            _write(apps, part)


def _claimed(apps, before):
    claims = apps.get_model("reviews", "Claim").objects.filter(
        update__action=before.action_id, update__agency=before.agency_id, update__voided_at__isnull=True,
        update__recorded_at__lte=before.ended_at,
    )  # fmt: skip
    last = claims.order_by("update__on", "update__recorded_at", "update__pk").last()
    return last.completed_on if last else before.initial_claimed_on


def _write(apps, part):
    if part.until is None and part.status == AWAITING and part.claimed_on is None:
        part.claimed_on = part.initial_claimed_on
    part.save(update_fields=["initial_claimed_on", "claimed_on"])
    leads = apps.get_model("reviews", "Assignment").objects.filter(
        action=part.action_id, until__isnull=True, part__in=("lead", "joint"), claimed_on__isnull=False
    )
    action = apps.get_model("reviews", "Action").objects.filter(pk=part.action_id, status=AWAITING)
    action.update(claimed_on=leads.aggregate(last=models.Max("claimed_on"))["last"])


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0018_a_passkey_is_called_so"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="initial_claimed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunPython(carry_claims_on, migrations.RunPython.noop),
    ]
