"""Mailman's own REST service on loopback, in Mailman's own environment: mailman_server.py <folder> <port>.

Run by that environment's Python. A list is made for each further argument; nothing else of Mailman is started.
"""

import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

CONFIG = """
[mailman]
site_owner: owner@example.com
layout: here
[paths.here]
var_dir: {folder}
[webservice]
hostname: 127.0.0.1
port: {port}
admin_user: restadmin
admin_pass: restpass
[mta]
incoming: mailman.mta.null.NullMTA
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Addresses are in the paths."""


def main(folder: str, port: str, *names: str) -> None:
    from mailman.app.lifecycle import create_list
    from mailman.core.initialize import initialize
    from mailman.database.transaction import transaction
    from mailman.interfaces.domain import IDomainManager
    from zope.component import getUtility

    config = Path(folder) / "mailman.cfg"
    config.write_text(CONFIG.format(folder=folder, port=port))
    initialize(str(config))
    from mailman.rest.wsgiapp import make_application  # it reads the configuration as it is imported

    with transaction():
        getUtility(IDomainManager).add("lists.example.com")
        for name in names:
            made = create_list(f"{name}@lists.example.com")
            made.send_welcome_message = False
            made.send_goodbye_message = False
    make_server("127.0.0.1", int(port), make_application(), handler_class=Quiet).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
