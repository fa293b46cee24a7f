"""Which address leads where."""

urlpatterns: list = []
