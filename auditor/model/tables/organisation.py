"""Facts of the organisation, which belong to no project."""

from typing import ClassVar

from auditor.model.row import Row
from auditor.model.types import Day, Flag, Hours, Money, PersonId, Quantity, Text, Whole


class CalendarDay(Row):
    """Whether a day is a working day in a calendar.

    Source: organisation files.
    """

    is_organisational: ClassVar[bool] = True

    calendar: Text = None
    on_date: Day = None
    is_working: Flag = None


class Authority(Row):
    """Up to which limit a role or person may decide.

    Source: delegation of authority.
    """

    is_organisational: ClassVar[bool] = True

    role: Text = None
    person_id: PersonId = None
    subject: Text = None
    limit: Money = None
    cumulative_limit: Money = None
    per: Text = None
    currency: Text = None
    from_on: Day = None
    to_on: Day = None


class Directory(Row):
    """A person in the directory of the organisation.

    Source: directory exports.
    """

    is_organisational: ClassVar[bool] = True

    person_id: PersonId = None
    is_active: Flag = None
    from_on: Day = None
    to_on: Day = None
    is_external: Flag = None
    unit: Text = None


class RequiredTraining(Row):
    """A training that a role requires.

    Source: organisation files.
    """

    is_organisational: ClassVar[bool] = True

    role: Text = None
    topic: Text = None
    valid_months: Whole = None


class ExchangeRate(Row):
    """Units of the currency per unit of the reference currency on a day.

    Source: organisation files.
    """

    is_organisational: ClassVar[bool] = True

    currency: Text = None
    on_date: Day = None
    rate: Quantity = None


class PersonLoad(Row):
    """Hours of a person over all projects; computed at snapshot time, the only place where projects are seen together.

    Source: computed.
    """

    is_organisational: ClassVar[bool] = True

    person_id: PersonId = None
    period_on: Day = None
    hours_everywhere: Hours = None
    capacity_hours: Hours = None
