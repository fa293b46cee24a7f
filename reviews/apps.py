"""The app of the domain: reviews, their plans, and what becomes of them."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews, recommendations, actions, updates, sign-offs and chasing."""

    name = "reviews"
    verbose_name = "Reviews and plans"

    def ready(self) -> None:
        """Say by which paths the models here are reached from the containers, take mail, and end readings."""
        from agencies import invitations, memberships
        from agencies import post as asking
        from reviews import panel, post, readers
        from reviews.chasing.reminding import register_kinds
        from reviews.permissions import register_paths

        register_paths()
        register_kinds()
        asking.register(post.take)
        memberships.when_one_ends(readers.end_with)
        invitations.when_a_panel_reader_accepts(panel.admit)
