"""One question to a service, its credentials apart from everything that is kept."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import logging
import os
from collections.abc import Iterator, Mapping
from urllib.parse import quote_plus, urlencode

HIDDEN = "***"
TALKS = "urllib3.connectionpool"  # the logger that writes down addresses, at DEBUG


@dataclasses.dataclass(frozen=True)
class Request:
    """A question to a service.

    Parameters
    ----------
    service : str
        Its name, as shown in messages.
    url : str
        Address without the query.
    params : mapping, optional
        The query.
    form : mapping, optional
        Fields sent by POST.
    secret, secret_form : mapping, optional
        Parts of query and form that are sent and nowhere kept or shown.
    advice : str
        What to do when access is refused.

    Examples
    --------
    >>> Request("UN", "https://un.example/get", {"year": "2023"}, secret={"key": "k"})
    Request(UN https://un.example/get?year=2023)
    """

    service: str
    url: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
    form: Mapping[str, str] | None = None
    secret: Mapping[str, str] = dataclasses.field(default_factory=dict)
    secret_form: Mapping[str, str] = dataclasses.field(default_factory=dict)
    advice: str = "Check the query, or read a file you downloaded by hand."

    @property
    def query(self) -> str:
        """Query and form as text, without credentials, in alphabetical order."""
        return urlencode(sorted({**self.params, **(self.form or {})}.items()))

    @property
    def key(self) -> str:
        """Digest under which the answer is kept."""
        text = "\n".join([self.service, self.url, self.query, str(self.form is None)])
        return hashlib.sha256(text.encode()).hexdigest()

    def clean(self, text: str) -> str:
        """Return a text with every credential of the request blotted out."""
        for value in (*self.secret.values(), *self.secret_form.values()):
            if value:
                text = text.replace(value, HIDDEN)
                text = text.replace(quote_plus(value), HIDDEN)
        return text

    @contextlib.contextmanager
    def hushed(self) -> Iterator[None]:
        """Blot out the credentials in what the connecting library logs meanwhile."""

        def blot(record: logging.LogRecord) -> bool:
            record.msg, record.args = self.clean(record.getMessage()), None
            return True

        logger = logging.getLogger(TALKS)
        logger.addFilter(blot)
        try:
            yield
        finally:
            logger.removeFilter(blot)

    def __repr__(self) -> str:
        mark = "?" if self.query else ""
        return f"Request({self.service} {self.url}{mark}{self.query})"


def find_key(variable: str, service: str) -> str | None:
    """Return a credential from the environment, else from the system's keyring.

    Parameters
    ----------
    variable : str
        Name of the environment variable.
    service : str
        Name under which the keyring holds it (user ``toolkit``).

    Returns
    -------
    str or None
    """
    found = os.environ.get(variable)
    if found:
        return found.strip()
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(service, "toolkit")
    except KeyringError:
        return None
