"""The portal's own addresses. An address is a noun in the singular or the plural, then what is done."""

from django.urls import path

from portal.views import action, plans, start

urlpatterns = [
    path("", start.home, name="home"),
    path("actions/", action.action_list, name="action-list"),
    path("actions/<int:pk>/", action.action_detail, name="action-detail"),
    path("reviews/", plans.review_list, name="review-list"),
    path("reviews/<int:pk>/", plans.review_detail, name="review-detail"),
    path("account/", start.your_account, name="your-account"),
    path("accessibility/", start.accessibility, name="accessibility"),
    path("privacy/", start.privacy, name="privacy"),
]
