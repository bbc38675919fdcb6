"""A tool in the place of one that the sandbox has not: it takes any request and gives the connector's own example."""

from __future__ import annotations

from sandbox.tools.tool import Handler
from sandbox.tools.vendor import Vendor
from sandbox.tools.wire import Answer, Request
from syncs.connector import Connector


def stand_in_for(connector: Connector) -> type[Vendor]:
    """The kind of tool that answers `connector` as its example says, whoever asks with all of its secrets set."""
    example = connector.example

    class StandIn(Vendor):
        name = connector.name
        secret_variables = connector.secret_variables

        def routes(self) -> list[tuple[str, str, Handler]]:
            return [(method, ".*", self._take) for method in ("GET", "POST", "PUT", "DELETE", "PATCH")]

        def identify(self, request: Request) -> None:
            if not any(self.secret in value for value in request.headers.values()):
                raise self.refusal(401, "not_authenticated", "No header holds the key.")

        def _take(self, _: Request) -> Answer:
            assert example
            return Answer(example.status, None if example.status == 204 else example.answer)

    return StandIn
