"""The portal's own addresses. An address is a noun in the singular or the plural, then what is done."""

from django.urls import include, path

from portal.views import action, drafts, evidence, health, mail, owner, papers, plans, progress, release, seeing, start

urlpatterns = [
    path("", start.home, name="home"),
    path("actions/", action.action_list, name="action-list"),
    path("actions/<int:pk>/", action.action_detail, name="action-detail"),
    path("actions/<int:pk>/update/", progress.action_update, name="action-update"),
    path("actions/<int:pk>/update/check/", progress.action_check, name="action-check"),
    path("actions/<int:pk>/draft/", drafts.action_draft, name="action-draft"),
    path("drafts/", drafts.draft_list, name="draft-list"),
    path("drafts/<int:pk>/discard/", drafts.draft_discard, name="draft-discard"),
    path("actions/<int:pk>/files/", drafts.action_files, name="action-files"),
    path("actions/<int:pk>/claim/", progress.action_claim, name="action-claim"),
    path("actions/<int:pk>/owner/<int:agency>/", owner.action_owner, name="action-owner"),
    path("actions/<int:pk>/evidence/add/", evidence.evidence_add, name="evidence-add"),
    path("updates/<int:pk>/take-back/", progress.update_take_back, name="update-take-back"),
    path("agencies/<int:pk>/release/", release.agency_release, name="agency-release"),
    path("submissions/<int:pk>/", release.submission_detail, name="submission-detail"),
    path("submissions/<int:pk>/files/<int:file>/", release.submission_file, name="submission-file"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence-file"),
    path("evidence/<int:pk>/withdraw/", evidence.evidence_withdraw, name="evidence-withdraw"),
    path("reviews/", plans.review_list, name="review-list"),
    path("reviews/<int:pk>/", plans.review_detail, name="review-detail"),
    path("counts/", plans.count_list, name="count-list"),
    path("mail/", mail.mail_list, name="mail-list"),
    path("mail/<slug:name>/", mail.mail_detail, name="mail-detail"),
    path("reviews/<int:pk>/report/", papers.review_report, name="review-report"),
    path("reviews/<int:pk>/report.<slug:extension>", papers.review_export, name="review-export"),
    path("", include("portal.people_urls")),
    path("see-as/<int:pk>/", seeing.see_as, name="see-as"),
    path("see-as/end/", seeing.see_as_end, name="see-as-end"),
    path("account/", start.your_account, name="your-account"),
    path("accessibility/", start.accessibility, name="accessibility"),
    path("privacy/", start.privacy, name="privacy"),
    path("health/", health.health, name="health"),
    path("health/ready/", health.health_ready, name="health-ready"),
    path("health/ready/<slug:part>/", health.health_ready, name="health-part"),
    path("metrics/", health.metrics, name="metrics"),
]
