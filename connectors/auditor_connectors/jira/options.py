"""The table of a Jira source in `auditor.toml`."""

import re
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from auditor.connect.http import HttpOptions
from auditor.connect.secret import Secret
from auditor.connect.zone import ZoneName

_ADDRESS = r"^(https?://[^\s\"'<>\\@]+)?$"


class Part(BaseModel):
    """Some issues of a Jira project that are a project of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project: Annotated[str, Field(min_length=1)]
    """Key of the Jira project."""
    component: str = ""
    label: str = ""
    jql: str = ""
    """Any condition on issues, without ORDER BY."""

    @model_validator(mode="after")
    def _has_one_condition(self) -> Self:
        if sum(map(bool, (self.component, self.label, self.jql))) != 1:
            raise ValueError("a part needs either `component`, `label` or `jql`")
        if re.search(r"(?i)\border\s+by\b", self.jql):
            raise ValueError("`jql` is a condition, without ORDER BY")
        return self


class JiraOptions(BaseModel):
    """A Jira that is asked (`url`, with `token`), or recorded answers of one (`pages`)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    pages: Path | None = None
    """Folder of recorded answers, in any arrangement; gzip or not. Left out: the Jira at `url` is asked."""
    url: Annotated[str, Field(pattern=_ADDRESS)] = ""
    """Address of the Jira, its context path included; also for links that people click."""
    user: str = ""
    """Who the token belongs to: an e-mail address (Cloud), a name with a password (Data Center). Left out: the token stands alone."""
    token: Secret | None = None
    """API token (Cloud), personal access token or password (Data Center). Left out: nobody signs in, and only what is public is seen."""
    scoped: bool = False
    """Cloud: the token is a scoped one (of a service account, too): it works only through Atlassian's gateway."""
    cloud_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    """Cloud with a scoped token: the id of the site. Left out: the site is asked for it."""
    gateway: Annotated[str, Field(pattern=_ADDRESS)] = "https://api.atlassian.com"
    """Address of the gateway for scoped tokens."""
    parts: dict[str, Part] = Field(default_factory=dict)
    """Place → which issues of a Jira project it is; an issue that several claim belongs to the first. A project that is divided so is not
    a place itself, unless `places` says it."""
    census_hours: float = Field(default=0, ge=0)
    """How old the last complete list of issues may be: until then a pull asks for changes only, and does not see what vanished. 0: every
    pull compares the complete list."""
    overlap_minutes: float = Field(default=10, ge=1)
    """How far a pull of changes reaches back behind the last one: changes come into the search late."""
    roles: dict[str, str] = Field(default_factory=dict)
    """Role of Jira → role of the model (`project_manager` …). A role that does not stand here stays a role of the tracker."""
    complete: bool | None = None
    """Recorded answers: whether the folder holds every issue of its projects. Left out: what the paging of the recorded searches says."""
    http: HttpOptions = HttpOptions()
    """How the Jira is asked: proxy, authority, limits."""
    time_zone: ZoneName = "UTC"
    """Zone in which instants become days."""

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if self.pages is None and not self.url:
            raise ValueError("a Jira needs `url`, or `pages` with recorded answers")
        if self.pages is not None and (self.token or self.user or self.scoped):
            raise ValueError("`pages` are read without signing in: leave `user`, `token` and `scoped` out, or `pages`")
        if self.user and self.token is None:
            raise ValueError("`user` needs a `token`")
        if self.scoped and self.token is None:
            raise ValueError("`scoped` says something about a `token`")
        return self
