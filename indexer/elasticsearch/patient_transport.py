"""Requests that outlast the restart of a node, so that it does not end a run of weeks."""

import time
from contextlib import suppress
from typing import Any

from elastic_transport import ConnectionError as NodeUnreachable
from elastic_transport import Transport, TransportApiResponse

RECOVERY_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 15.0)
"""Seconds before each further attempt. Together they are less than the lease of a run lasts."""
UNAVAILABLE_STATUSES = frozenset((502, 503, 504))
"""What a node answers that has started and does not know its indices yet, or a proxy in front of one that is down."""


class PatientTransport(Transport):
    """Repeats a request while a node restarts that has answered before; with `max_retries=0` it does not wait.

    The pauses that the client itself can make need elasticsearch 9.5, and are not made after a status of 503.
    """

    _has_answered = False
    """Whether the last request was answered: an address without a node is reported at once."""

    def perform_request(self, method: str, target: str, **options: Any) -> TransportApiResponse:
        is_patient = self._has_answered and options.get("max_retries") != 0
        for pause in RECOVERY_PAUSES if is_patient else ():
            with suppress(NodeUnreachable):
                response = super().perform_request(method, target, **options)
                if response.meta.status not in UNAVAILABLE_STATUSES:
                    return response
            time.sleep(pause)
        self._has_answered = False
        response = super().perform_request(method, target, **options)
        self._has_answered = response.meta.status not in UNAVAILABLE_STATUSES
        return response
