"""The shared cache, for limits that all web processes must count together."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

OPERATIONS = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear")


class PatientCache(RedisCache):
    """Redis or Valkey, and while it is away this process's own memory.

    A limit is then counted per process, which is looser but still a limit: better than a sign-in page
    that answers with an error because a cache is being restarted.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Keep a spare in memory beside the real one."""
        super().__init__(server, params)
        self.spare = LocMemCache("spare", {})


def _with_spare(name: str) -> Callable[..., Any]:
    """The cache operation of that name, done in the spare when the server cannot be reached."""
    shared = getattr(RedisCache, name)

    def operation(self: PatientCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return shared(self, *args, **kwargs)
        except RedisError:
            return getattr(self.spare, name)(*args, **kwargs)

    return operation


for _name in OPERATIONS:
    setattr(PatientCache, _name, _with_spare(_name))
