"""The addresses about people: how they come, who belongs where, how they go."""

from django.urls import path

from agencies.models import Agency, Partnership
from portal.views import account, agencies, contacts, invitations, panel, people, readers

AGENCY, PARTNERSHIP = {"kind": Agency}, {"kind": Partnership}

urlpatterns = [
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("people/", people.people_list, name="people-list"),
    path("people/agencies/<int:pk>/", people.place, AGENCY, name="people-agency"),
    path("people/agencies/<int:pk>/invite/", people.invite, AGENCY, name="people-agency-invite"),
    path("people/agencies/<int:pk>/contacts/add/", contacts.contact_add, name="contact-add"),
    path("people/contacts/<int:pk>/", contacts.contact_change, name="contact-change"),
    path("people/agencies/<int:pk>/rename/", agencies.rename, name="agency-rename"),
    path("people/agencies/<int:pk>/succeed/", agencies.succeed, name="agency-succeed"),
    path("people/agencies/<int:pk>/close/", agencies.close, name="agency-close"),
    path("people/agencies/<int:pk>/confirm/", people.confirm, name="people-confirm"),
    path("people/agencies/<int:pk>/readers/", readers.namings, name="people-readers"),
    path("people/agencies/<int:pk>/readers/<int:review_pk>/", readers.name_readers, name="people-readers-name"),
    path("people/partnerships/<int:pk>/", people.place, PARTNERSHIP, name="people-partnership"),
    path("people/partnerships/<int:pk>/invite/", people.invite, PARTNERSHIP, name="people-partnership-invite"),
    path("people/partnerships/<int:pk>/agencies/add/", agencies.add, name="agency-add"),
    path("people/partnerships/<int:pk>/statement/", readers.statement, name="people-statement"),
    path("people/partnerships/<int:pk>/panel/", panel.panel_list, name="people-panel"),
    path("people/partnerships/<int:pk>/panel/invite/", panel.invite, name="people-panel-invite"),
    path("people/panel/<int:pk>/", panel.reader, name="people-panel-reader"),
    path("confidentiality/<int:pk>/", readers.confidentiality, name="confidentiality"),
    path("people/members/<int:pk>/role/", people.change_role, name="people-role"),
    path("people/members/<int:pk>/leave/", people.leave, name="people-leave"),
    path("people/members/<int:pk>/second-step/", people.reset_second_step, name="people-second-step"),
    path("account/sign-in-again/", account.sign_in_again, name="sign-in-again"),
    path("account/name/", account.change_name, name="account-name"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="session-end"),
    path("people/invitations/<int:pk>/", people.invitation, name="people-invitation"),
]
