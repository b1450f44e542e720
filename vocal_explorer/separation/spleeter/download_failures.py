"""What can go wrong between here and a server, in sentences."""

import errno
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from vocal_explorer.base.errors import DownloadError

_TRY_LATER = "try again later"
_REFUSALS = {401, 403, 451}
_GONE = {404, 410}
_BUSY = 429
_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}


def connection_failure(error: Exception, url: str) -> DownloadError:
    """Return the sentence for a request that got no answer."""
    host = urlsplit(url).hostname or url
    return DownloadError(_sentence(error, host))


def _sentence(error: Exception, host: str) -> str:
    match error:
        case requests.exceptions.ProxyError() | requests.exceptions.InvalidProxyURL():
            return f"The proxy on the way to {host} cannot be used; check the network settings."
        case requests.exceptions.SSLError():
            return f"{host} could not prove who it is; check this machine's clock and network."
        case requests.exceptions.Timeout():
            return f"{host} does not answer; check the network or {_TRY_LATER}."
        case requests.exceptions.TooManyRedirects():
            return f"{host} sends every request on to another place; {_TRY_LATER}."
        case requests.exceptions.InvalidSchema() if "SOCKS" in str(error):
            return f"The proxy on the way to {host} is a SOCKS one; only http proxies can be used."
        case ValueError():
            return f"{host} leads to an address that is not on the web; nothing was loaded."
    return _connection_sentence(error, host)


def _connection_sentence(error: Exception, host: str) -> str:
    for cause in _causes(error):
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            return f"{host} was not found; is this machine connected to the internet?"
        if isinstance(cause, OSError) and cause.errno in _NO_NETWORK:
            return f"There is no way to {host}; is this machine connected to the internet?"
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} accepts no connection; check the network or {_TRY_LATER}."
    return f"The connection to {host} failed; check the network or {_TRY_LATER}."


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and everything it was made from."""
    yield error
    inner = [getattr(error, "reason", None), error.__cause__, error.__context__, *error.args]
    for cause in inner:
        if isinstance(cause, BaseException):
            yield from _causes(cause)


def status_failure(response: requests.Response, name: str) -> DownloadError:
    """Return the sentence for an answer without the file `name`."""
    host = urlsplit(response.url).hostname
    status = response.status_code
    if status in _GONE:
        text = f"{host} has no {name} there ({status}); update the program or {_TRY_LATER}"
    elif status in _REFUSALS:
        text = f"{host} refuses to hand out {name} ({status})"
    elif status >= 500 or status == _BUSY:
        text = f"{host} has trouble of its own ({status}); {_TRY_LATER}"
    else:
        text = f"{host} gave an answer that is no file ({status}); {_TRY_LATER}"
    return DownloadError(f"{text}.")
