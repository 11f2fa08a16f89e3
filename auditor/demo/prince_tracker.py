"""The tracker of the project that works by PRINCE2 Agile."""

from datetime import timedelta

from auditor.demo.further import sprints
from auditor.demo.prince import Prince
from auditor.demo.story import AS_OF
from auditor.demo.tracker import Ticket

_GOALS = ("A driver pays for an hour", "A warden sees who has paid", "A receipt comes by mail", "Prices of zones are kept by the town")
_STORIES = ("Pay by card", "Extend the time", "Show free places", "Stop the clock", "Check a plate", "Send the receipt")


def quasar_tickets(story: Prince) -> list[Ticket]:
    """Return stories in sprints of two weeks; unless all is sound, the first sprint begins before its stage was authorised."""
    is_sound = "tracker.sound" in story.told
    first = story.at(69 if is_sound else 55)
    boxes = sprints(first, (AS_OF - first).days // 14 + 1, 900, _GOALS)
    team = (story.who("team_manager"), story.who("second_team_manager"))
    package = "WP-02: pay and check" if is_sound else "Work package: pay and check"
    made = [Ticket(1, package, first - timedelta(days=20), "Epic", assignee=story.who("project_manager"))]
    number = 1
    for box in boxes:
        for turn in range(2):
            number += 1
            begun = box.start + timedelta(days=1 + turn)
            path = [(begun, "In Progress"), (begun + timedelta(days=6), "Done")] if box.completed else []
            made.append(
                Ticket(
                    number,
                    f"{_STORIES[number % len(_STORIES)]}, step {number}",
                    box.start - timedelta(days=10),
                    reporter=story.who("senior_user"),
                    assignee=team[turn],
                    path=path,
                    priority=("Must", "Should", "Could")[number % 3] if box.completed else ("Must", "Could")[turn] if is_sound else "Must",
                    points=3.0,
                    criteria="" if number == 5 and not is_sound else "A key user pays in under a minute; the test runs every night.",
                    sprints=[(box.start - timedelta(days=10), box)],
                    hours=[(begun + timedelta(days=2), team[turn], 6.0)] if path else [],
                    parent=1,
                    release="1.0",
                    estimate=8,
                )
            )
    if is_sound:
        return made
    eighth = made[7]
    eighth.priority, eighth.release = "Must", "2.0"
    eighth.edits = [(eighth.created + timedelta(days=12), story.who("project_manager"), "Fix Version", "1.0", "2.0")]
    made += [
        Ticket(
            number + offset,
            f"{_STORIES[offset % len(_STORIES)]} at night, step {offset}",
            AS_OF - timedelta(days=30),
            reporter=story.who("senior_user"),
            assignee=team[0],
            priority="Could" if offset == 8 else "Must",
            points=2.0,
            criteria="A key user passes the test case.",
            parent=1,
            release="2.0",
        )
        for offset in range(1, 9)
    ]
    return made
