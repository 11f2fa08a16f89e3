"""Whether two names mean two people: who asks for a waiver does not grant it."""

from auditor.snapshot.people import NAMES, Aliases, Named, may_be_one, named


def are_two_people(first: str, second: str, aliases: Aliases) -> bool | None:
    """Return whether two names, or identities of `people.yaml`, are surely two people (True), surely one (False), or nobody knows (None).

    Equal names are one. Two different names are two people only when neither can be a way to write the other, or any confirmed name of
    it, and when both are whole: 'Weber' and 'A. Weber' may be anybody of that name. A group, and a name that names nobody, is no person.
    """
    left, right = _who(first, aliases), _who(second, aliases)
    if left is None or right is None:
        return None
    identity, other = left[0], right[0]
    if identity is not None and other is not None:
        return identity != other
    pairs = [(one, another) for one in left[1] for another in right[1]]
    if any(one.id == another.id for one, another in pairs):
        return False
    is_clear = all(_is_whole(one) and _is_whole(another) and not may_be_one(one.tokens, another.tokens) for one, another in pairs)
    return True if pairs and is_clear else None


def names_one(text: str) -> bool:
    """Return whether *text* names one person: not nobody ('TBD'), and no group ('Steering Committee')."""
    found = named(text)
    return found is not None and found.kind == "person"


def _who(text: str, aliases: Aliases) -> tuple[str | None, list[Named]] | None:
    """Return the confirmed identity of a name, if there is one, and every name that it goes by; None: it names no one person."""
    identity = text.strip() if text.strip() in aliases.identities.values() else None
    found = named(text)
    if identity is None and (found is None or found.kind != "person"):
        return None
    if identity is None and found is not None:
        identity = aliases.identity(NAMES, found.id)
    confirmed = [
        Named(id_, id_, "person", frozenset(id_.removeprefix("name:").split("-")))
        for (realm, id_), owner in sorted(aliases.identities.items())
        if realm == NAMES and owner == identity
    ]
    return identity, confirmed if found is None or (identity is not None and text.strip() == identity) else [found, *confirmed]


def _is_whole(name: Named) -> bool:
    return len([token for token in name.tokens if len(token) > 1]) > 1
