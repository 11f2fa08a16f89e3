"""Which sites there are, how their places are called, and to which place a thing of a site belongs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from auditor_connectors.fileshare.names import printable
from auditor_connectors.sharepoint.options import Part

_MANAGED = ("sites", "teams")
"""What the addresses of sites begin with; it tells nothing."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is read.

    Attributes:
        place: how it is called.
        parts: place → library and folder that it is.
        wanted: of these places, those that are asked for.
    """

    id: str
    place: str
    url: str
    data: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()

    @property
    def places(self) -> tuple[str, ...]:
        """The site's own place and its parts."""
        return (self.place, *self.parts)

    @property
    def is_whole(self) -> bool:
        """Whether every place of the site is asked for."""
        return self.wanted >= set(self.places)

    def place_of(self, path: str) -> str:
        """Return the place of a thing by its path, which begins with the library: the deepest part that holds it, else the site."""
        best = max((folder for folder in self.parts.values() if path == folder or path.startswith(f"{folder}/")), key=len, default=None)
        return self.place if best is None else next(place for place, folder in self.parts.items() if folder == best)


def short_name(url: str) -> str:
    """Return how the place of a site is called by its address: 'ABC' of /sites/ABC, 'ABC:sub' of a site below it."""
    parts = urlsplit(url)
    path = [unquote(part) for part in parts.path.split("/") if part]
    if path and path[0].lower() in _MANAGED and len(path) > 1:
        path = path[1:]
    return printable(":".join(path)) if path else parts.netloc.lower()


def long_name(url: str) -> str:
    """Return a name for a site whose short one belongs to several."""
    parts = urlsplit(url)
    return printable(":".join([parts.netloc.lower(), *(unquote(part) for part in parts.path.split("/") if part)]))


def places_of(urls: Iterable[str]) -> dict[str, str]:
    """Return address → place; sites that would be called alike get long names, all of them."""
    urls = list(dict.fromkeys(urls))
    counts = Counter(short_name(url).casefold() for url in urls)
    return {url: short_name(url) if counts[short_name(url).casefold()] == 1 else long_name(url) for url in urls}


def parts_of(place: str, parts: Mapping[str, Part]) -> dict[str, str]:
    """Return the parts of a site's place, with the library and folder of each."""
    return {name: part.folder for name, part in parts.items() if part.site == place}


def mark_of(*parts: str) -> str:
    """Return a short digest: names that change together with what they are made of."""
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def below_root(path: Any) -> str | None:
    """Return the folders of `parentReference.path` below the root of its drive ('' for the root itself); None: it does not say."""
    if not isinstance(path, str) or "root:" not in path:
        return None
    return unquote(path.partition("root:")[2]).strip("/")


def segment(text: str) -> str:
    """Return an id as a segment of a path."""
    return quote(text, safe="!,")
