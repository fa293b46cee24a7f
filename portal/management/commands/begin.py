"""`manage.py begin`: the first partnership of a new portal, its site administrator and its coordinator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agencies.actors import COMMAND
from agencies.beginning import begin, invite_coordinator
from agencies.partnerships import describe
from agencies.refusals import Refused
from portal.account_mail import site_link

LINK = "A mail with a link for choosing a password is on its way to {email}. The link works for an hour; after that, "
AGAIN = "ask for another at {page}"


class Command(BaseCommand):
    """Makes what nobody can make from a page. Run again, it makes and mails nothing twice."""

    help = (
        "Begin: make a partnership and a site administrator, who is mailed a link for choosing a password, and invite "
        "the coordinator. Say it again with another --partnership to add one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The partnership, and the addresses of its people."""
        parser.add_argument("--partnership", metavar="CODE", required=True, help="letters, digits and hyphens")
        parser.add_argument("--name", required=True, help="of the partnership, as people call it")
        parser.add_argument("--administrator", metavar="EMAIL", required=True, help="who runs the site")
        parser.add_argument("--administrator-name", metavar="NAME", default="Site administrator")
        parser.add_argument("--coordinator", metavar="EMAIL", help="who runs the partnership's plans; invited by mail")
        parser.add_argument("--group", metavar="NAME", help="what papers call its Strategic Group")
        parser.add_argument("--contact", metavar="EMAIL", help="whom mails say to ask; if none, the coordinator's")

    @transaction.atomic
    def handle(self, *_: Any, **options: Any) -> None:
        """Begin, and say what is on its way to whom."""
        invited = False
        try:
            begun = begin(
                code=options["partnership"],
                name=options["name"],
                administrator=options["administrator"],
                administrator_name=options["administrator_name"],
                by=COMMAND,
            )
            if options["coordinator"]:
                invited = invite_coordinator(partnership=begun.partnership, email=options["coordinator"], by=COMMAND)
            contact = options["contact"] or (options["coordinator"] if begun.new_partnership else None)
            facts = {"group_name": options["group"], "contact_email": contact}
            if given := {name: value for name, value in facts.items() if value}:
                describe(partnership=begun.partnership, by=COMMAND, **given)
        except Refused as refused:
            raise CommandError(f"{refused.sentence} Nothing was changed.") from refused
        self.stdout.write(f"{begun.partnership}: {'made' if begun.new_partnership else 'was there already'}")
        page = site_link("/accounts/password/reset/")
        if begun.new_administrator:
            self.stdout.write((LINK + AGAIN).format(email=begun.administrator.email, page=page))
        else:
            self.stdout.write(f"{begun.administrator.email} is site administrator already: nothing was mailed to them")
        if options["coordinator"]:
            how = "is invited by mail to be coordinator"
            before = "was invited to be coordinator already, or is it: nothing was mailed to them"
            self.stdout.write(f"{options['coordinator']} {how if invited else before}")
