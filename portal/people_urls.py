"""The addresses about people: how they come, who belongs where, how they go."""

from django.urls import path

from portal.views import invitations

urlpatterns = [
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
]
