"""S3 and what speaks as it does, over botocore. Keys are no folders: what stands before a slash counts as one."""

import errno
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NoReturn

from auditor.connect.http.hosts import Hosts
from auditor.connect.secret import Secret
from auditor.errors import AccessDenied, SourceUnavailable, UsageError
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.fileshare.options import FileshareOptions, asked
from auditor_connectors.fileshare.place import link_of
from auditor_connectors.fileshare.remote import About, Dropped, Sink, State
from auditor_connectors.fileshare.tree import FILE, FOLDER, NO_STATE, Listing, Row
from auditor_connectors.fileshare.walk import Met

_PART = 1 << 20
_PAGE = 1_000
_ATTEMPTS = 5
_COLD = frozenset({"GLACIER", "DEEP_ARCHIVE"})
_OFFLINE = 0x1000
_WHO = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired"})


class S3Server:
    """How a bucket is reached.

    Args:
        options: the source's table.
        base: folder that relative paths of the options count from.

    Raises:
        UsageError: a secret or the package is missing, or it would travel unencrypted.
    """

    says_when_written = False  # `LastModified` is when it was brought there
    has_exact_tags = True
    retries = 1  # the package tries again itself

    def __init__(self, options: FileshareOptions, base: Path) -> None:
        try:
            import botocore.config  # noqa: PLC0415  (an extra)
            import botocore.session  # noqa: PLC0415  (an extra)
        except ImportError:
            raise UsageError("the package `botocore` is not installed", hint="pip install 'auditor[s3]'") from None
        logging.getLogger("botocore").setLevel(logging.CRITICAL)  # it logs headers, the token of a session among them
        where = options.where
        self.bucket = where.host
        self.start = f"{where.path}/" if where.path else ""
        self.url = link_of(f"s3://{where.host}", where.path)
        self.name = self.url
        endpoint = options.endpoint_url or None
        if endpoint:
            Hosts(endpoint)  # refuses what would send secrets in clear
        http = options.http
        proxy = http.proxy.read(base) if isinstance(http.proxy, Secret) else http.proxy
        if http.ca_file and not (base / http.ca_file).is_file():
            raise UsageError(f"{base / http.ca_file}: there is no such file", hint="`http.ca_file` names it")
        config: dict[str, Any] = {
            "connect_timeout": http.connect_seconds,
            "read_timeout": http.answer_seconds,
            "retries": {"mode": "standard", "total_max_attempts": _ATTEMPTS},
            "max_pool_connections": options.connections,
            "s3": {"addressing_style": "path" if endpoint else "auto"},
            "ignore_configured_endpoint_urls": True,
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
        if proxy:
            config["proxies"] = {"http": proxy, "https": proxy}
        if options.anonymous:
            from botocore import UNSIGNED  # noqa: PLC0415  (an extra)

            config["signature_version"] = UNSIGNED
        self.user = options.user or ("nobody in particular" if options.anonymous else "")
        session = botocore.session.get_session()
        self.client = session.create_client(
            "s3",
            endpoint_url=endpoint,
            region_name=options.region or ("us-east-1" if endpoint else None),
            aws_access_key_id=options.user or None,
            aws_secret_access_key=options.read(options.password, base) or None,
            aws_session_token=options.read(options.session_token, base) or None,
            verify=str(base / http.ca_file) if http.ca_file else True,
            config=botocore.config.Config(**config),
        )
        self.about = About(self.user, f"S3 {asked(endpoint or 'of Amazon')}")

    def connect(self) -> "S3Line":
        """Return what asks the bucket; connections are the package's."""
        return S3Line(self)

    def close(self) -> None:
        """End the connections."""
        self.client.close()


class S3Line:
    """Asks a bucket."""

    def __init__(self, server: S3Server) -> None:
        self._server = server

    def listing(self, folder: str) -> Listing:
        """Return what lies in a folder, errors as `Line`."""
        start = f"{self._server.start}{folder}/" if folder else self._server.start
        rows: list[Row] = []
        token: str | None = None
        while True:
            more = {"ContinuationToken": token} if token else {}
            answer = self._ask("list_objects_v2", Bucket=self._server.bucket, Prefix=start, Delimiter="/", MaxKeys=_PAGE, **more)
            for found in answer.get("CommonPrefixes", ()):
                name = found["Prefix"][len(start) : -1]
                is_nowhere = not name and not folder
                rows.append(Row("(empty)", NO_STATE, tag="keys that begin with a slash are not read") if is_nowhere else Row(name, FOLDER))
            for found in answer.get("Contents", ()):
                name = found["Key"][len(start) :]
                if name:  # else it stands for the folder itself
                    cold = _OFFLINE if found.get("StorageClass") in _COLD else 0
                    rows.append(
                        Row(name, FILE, int(found["Size"]), _seconds(found["LastModified"]), cold, found.get("ETag", "").strip('"'))
                    )
            if "IsTruncated" not in answer:
                raise Dropped("the answer was cut off")  # the package takes what is left of it for all
            following = answer.get("NextContinuationToken")
            if not answer.get("IsTruncated"):
                break
            if not following or following == token:
                raise OSError(errno.EIO, "the server does not list all of it")
            token = following
        if not rows and folder and not answer.get("Contents"):
            raise FileNotFoundError(errno.ENOENT, "it is not there")
        return Listing(rows)

    def link(self, path: str) -> str:
        """Return nothing: there are no links."""
        del path
        return ""

    def fetch(self, met: Met, sink: Sink) -> State:
        """Hand over the content of a file, errors as `Line`."""
        answer = self._ask("get_object", Bucket=self._server.bucket, Key=self._server.start + met.raw)
        body = answer["Body"]
        try:
            while part := self._part(body):
                sink.write(part)
        finally:
            body.close()
        return State(int(answer["ContentLength"]), _seconds(answer["LastModified"]), answer.get("ETag", "").strip('"'))

    def _part(self, body: Any) -> bytes:
        from botocore.exceptions import BotoCoreError, HTTPClientError  # noqa: PLC0415  (an extra)

        try:
            return bytes(body.read(_PART))
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise Dropped(f"the connection broke ({type(error).__name__})") from None

    def _ask(self, operation: str, **arguments: Any) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, SSLError  # noqa: PLC0415  (an extra)

        server = self._server
        try:
            answer: dict[str, Any] = getattr(server.client, operation)(**arguments)
        except ClientError as error:
            self._refused(error.response)
        except NoCredentialsError:
            raise AccessDenied(
                f"{server.name}: nobody says as whom to ask", hint='write `user` and password = {env = "NAME"}, or anonymous = true'
            ) from None
        except SSLError:
            raise SourceUnavailable(
                f"{server.name}: the certificate of the source cannot be verified", hint="a private authority is named by `http.ca_file`"
            ) from None
        except BotoCoreError as error:
            raise Dropped(f"no answer ({type(error).__name__})") from None
        said = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        if "date" in said:
            try:
                skew = (parsedate_to_datetime(said["date"]) - datetime.now(UTC)).total_seconds()
            except (ValueError, TypeError):
                skew = None
            server.about = About(server.user or "as AWS's own settings say", server.about.dialect, skew)
        return answer

    def _refused(self, answer: dict[str, Any]) -> NoReturn:
        server = self._server
        code = str(answer.get("Error", {}).get("Code", ""))
        status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if code in _WHO:
            raise AccessDenied(f"{server.name}: the server does not accept the access key ({code})", hint="is it right, and still valid?")
        if code == "NoSuchBucket":
            raise SourceUnavailable(f"{server.name}: there is no such bucket", hint="is `root` spelt right?")
        if code == "InvalidObjectState":
            raise Unreadable("offline", "in cold storage")
        if status in {401, 403}:
            raise PermissionError(errno.EACCES, "it may not be opened")
        if status == 404:
            raise FileNotFoundError(errno.ENOENT, "it is not there")
        if 300 <= status < 400:
            raise SourceUnavailable(f"{server.name}: the server sends us elsewhere, where we do not go", hint="is `region` right?")
        if status >= 500 or status == 429:
            raise Dropped(f"the server answered {status} again and again")
        raise OSError(errno.EIO, f"the server refuses it ({asked(code)})")

    def about(self) -> About:
        """Return what the bucket said of itself so far."""
        return self._server.about

    def close(self) -> None:
        """Do nothing: connections are the package's."""


def _seconds(at: datetime) -> int:
    """Return nanoseconds since 1970: listings and answers differ in what is less than a second."""
    return int(at.timestamp()) * 1_000_000_000
