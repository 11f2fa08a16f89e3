"""What people said, from `answers.yaml` beside `auditor.toml`: a list `answers`, each with the fields of `Answer`."""

from collections.abc import Collection
from pathlib import Path

from auditor.checks.inputs import Answer
from auditor.errors import AuditorError, RuleError, did_you_mean, raise_all
from auditor.model.row import Frozen
from auditor.rulebook.yaml_source import load_yaml, read_model


class AnswersFile(Frozen):
    """The file as a whole."""

    answers: list[Answer]


def load_answers(path: Path, *, rules: Collection[str], projects: Collection[str]) -> tuple[Answer, ...]:
    """Return the answers of *path*, sorted by rule, project and subject; none when there is no such file.

    Raises:
        ExceptionGroup: of RuleError, every mistake with its place: an unknown rule or project, two answers to one question, an unknown key.
    """
    if not path.is_file():
        return ()
    errors: list[AuditorError] = []
    source = load_yaml(path, path.name)
    read = read_model(AnswersFile, source, errors)
    seen: set[tuple[str, str, str | None]] = set()
    for number, answer in enumerate(read.answers if read else ()):
        place = source.positions.at("answers", number)
        for what, value, known in (("rule", answer.rule, rules), ("project", answer.project, projects)):
            if value not in known:
                at = source.positions.at("answers", number, what)
                errors.append(RuleError(f"there is no {what} {value[:60]!r}", at=at, hint=did_you_mean(value, known)))
        if answer.says == "not_applicable" and not answer.note.strip():
            errors.append(RuleError("'not_applicable' needs a note that says why", at=place))
        key = (answer.rule, answer.project, answer.subject)
        if key in seen:
            errors.append(RuleError(f"a second answer to {answer.rule} for {answer.project}", at=place, hint="keep the one that holds"))
        seen.add(key)
    raise_all(f"{path.name} has mistakes", errors)
    assert read is not None
    return tuple(sorted(read.answers, key=lambda item: (item.rule, item.project, item.subject or "")))
