"""Which profile is for a project, as far as the profiles themselves say: by methodology, edition and size."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.rulebook.load import Rulebook

FAMILIES = {"pm2_agile": "pm2", "prince2_agile": "prince2"}
"""Methodologies that are audited by the profile of another one when they have none of their own."""

_WORD = re.compile(r"[0-9a-z.]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a profile says of the projects that it is for.

    Attributes:
        edition: None: of any edition.
        is_newest: whether `edition` is the standard's last one: that holds where a project does not say.
        sizes: (): of any size.
        stands_on: the profiles that it extends, through any number of others.
    """

    profile: str
    methodology: str
    edition: str | None
    is_newest: bool
    sizes: tuple[str, ...]
    stands_on: frozenset[str]

    def fits(self, methodology: str, edition: str | None, size: str | None) -> bool:
        """Return whether it is for such a project; None: not known."""
        if self.methodology != methodology or (self.sizes and size not in self.sizes):
            return False
        if self.edition is None:
            return True
        return self.is_newest if edition is None else self.edition.lower() in _WORD.findall(edition.lower())

    @property
    def narrowness(self) -> int:
        """How much it asks of a project beside its methodology."""
        return (self.edition is not None) + bool(self.sizes)


def offers(rulebook: Rulebook) -> tuple[Offer, ...]:
    """Return what the profiles offer that are chosen without being named, by their names."""
    found = []
    for name, file in rulebook.profiles.items():
        if file.methodology is not None and file.chosen != "by_name":
            below = _below(rulebook, name)
            last = {rulebook.packs[one].editions[-1] for one in _packs(rulebook, {name, *below}) if rulebook.packs[one].editions}
            found.append(Offer(name, file.methodology, file.edition, file.edition in last, tuple(file.sizes), below))
    return tuple(found)


def offered(among: Iterable[Offer], traits: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the profiles that are for a project: one, none, or several between which only a person can choose.

    A profile of the methodology itself comes before one of its family (`pm2_agile` before `pm2`); one that stands on another comes before
    that; one that asks for an edition or a size comes before one that does not.

    Args:
        among: what there is.
        traits: the project's row; None where the value is not known.
    """
    methodology = traits.get("methodology")
    if methodology is None:
        return ()
    for wanted in dict.fromkeys((methodology, FAMILIES.get(methodology, methodology))):
        fitting = [offer for offer in among if offer.fits(wanted, traits.get("methodology_edition"), traits.get("size"))]
        if fitting:
            return _first(fitting)
    return ()


def fallback(rulebook: Rulebook) -> str | None:
    """Return the profile of projects whose methodology is not known; None when no profile, or more than one, says to be it."""
    named = {name for name, file in rulebook.profiles.items() if file.chosen == "as_fallback"}
    named -= {below for name in named for below in _below(rulebook, name)}
    return next(iter(named)) if len(named) == 1 else None


def _first(fitting: list[Offer]) -> tuple[str, ...]:
    below = {name for offer in fitting for name in offer.stands_on}
    highest = [offer for offer in fitting if offer.profile not in below]
    narrowest = max(offer.narrowness for offer in highest)
    return tuple(sorted(offer.profile for offer in highest if offer.narrowness == narrowest))


def _below(rulebook: Rulebook, name: str) -> frozenset[str]:
    """Return the profiles that *name* stands on; a profile that a circle leads back to does not stand on itself."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for base in rulebook.profiles[waiting.pop()].extends:
            if base in rulebook.profiles and base not in found and base != name:
                found.add(base)
                waiting.append(base)
    return frozenset(found)


def _packs(rulebook: Rulebook, profiles: Iterable[str]) -> set[str]:
    return {base for name in profiles for base in rulebook.profiles[name].extends if base in rulebook.packs}
