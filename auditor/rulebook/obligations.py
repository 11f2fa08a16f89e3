"""Obligations: which products a methodology asks of which project. Tailoring fills `expected` from them."""

from types import MappingProxyType
from typing import Any, ClassVar, Literal

from pydantic import field_validator

from auditor.errors import did_you_mean
from auditor.model.row import Frozen
from auditor.model.schema import TABLES
from auditor.model.types import Kind

Duty = Literal["mandatory", "recommended", "optional", "not_used"]
"""How much a project owes a product."""

CHARACTERISTICS = MappingProxyType(
    {
        column.name: column.type
        for column in TABLES["project"].columns
        if column.name in ("methodology", "size", "kind", "criticality", "is_outsourced", "is_agile", "has_personal_data", "security_class")
    }
)
"""Columns of `project` that an obligation may depend on."""


class Obligation(Frozen):
    """One statement: projects of this kind owe this product. Of several that hold for a project the first one wins.

    Attributes:
        when: characteristic → value, or list of values one of which it has; all of them must hold. Empty: every project.
    """

    kind: str  # standard's id of the product
    obligation: Duty
    when: dict[str, bool | str | tuple[str, ...]] = {}
    why: str
    section: str | None = None

    known: ClassVar[MappingProxyType[str, Any]] = CHARACTERISTICS

    @field_validator("when", mode="before")
    @classmethod
    def _characteristics(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        for name, wanted in value.items():
            column = cls.known.get(name)
            if column is None:
                raise ValueError(
                    f"{name!r} is no characteristic of a project; " + (did_you_mean(str(name), cls.known) or ", ".join(cls.known))
                )
            values = wanted if isinstance(wanted, list) else [wanted]
            if column.kind is Kind.BOOLEAN:
                if not isinstance(wanted, bool):
                    raise ValueError(f"{name} is true or false")
            elif not values or not all(isinstance(item, str) for item in values):
                raise ValueError(f"{name} is a text or a list of texts")
            elif column.codes and (strange := [item for item in values if item not in column.codes]):
                raise ValueError(f"{strange[0]!r} is no value of {name}; one of: {', '.join(column.codes)}")
        return {name: tuple(wanted) if isinstance(wanted, list) else wanted for name, wanted in value.items()}


class ObligationsFile(Frozen):
    """`obligations.yaml`: what the methodology asks for, product by product."""

    obligations: list[Obligation]
