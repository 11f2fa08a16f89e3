"""Talking to sources over HTTP: politely, within limits, and never with a secret to somebody else.

`Client` is what connectors use. Everything else here is one of its parts: where it may go (`hosts`), how it waits (`pace`), what it may
show (`redaction`), as whom it speaks (`credentials`), what people may set (`options`).
"""

from auditor.connect.http.client import Answer, Client, NotAccepted
from auditor.connect.http.credentials import Anonymous, Basic, Bearer, Credentials
from auditor.connect.http.options import HttpOptions

__all__ = ["Anonymous", "Answer", "Basic", "Bearer", "Client", "Credentials", "HttpOptions", "NotAccepted"]
