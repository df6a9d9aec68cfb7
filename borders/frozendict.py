"""A dictionary that can be read, copied and pickled but not changed, for values held in caches."""

from __future__ import annotations

from typing import Any, TypeVar

__all__ = ["FrozenDict"]

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dictionary that refuses every change.

    Examples
    --------
    >>> names = FrozenDict({"en": "Kars"})
    >>> names | {"ka": "ყარსი"}
    {'en': 'Kars', 'ka': 'ყარსი'}
    >>> names["en"] = "X"
    Traceback (most recent call last):
    TypeError: what all share cannot be changed; change a copy: dict(…)
    """

    __slots__ = ()

    def _refuse(self, *_args: Any, **_named: Any) -> Any:
        message = "what all share cannot be changed; change a copy: dict(…)"
        raise TypeError(message)

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the whole dictionary: unpickling would otherwise set item by item."""
        return FrozenDict, (dict(self),)
