"""All the tools together: started, told the time, told to misbehave, looked into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import TracebackType

from sandbox.tools import letters_keys, letters_server
from sandbox.tools.clock import Clock
from sandbox.tools.desk import Desk
from sandbox.tools.klaviyo import Klaviyo
from sandbox.tools.letters import Letters
from sandbox.tools.memory import Memory
from sandbox.tools.meta import Meta
from sandbox.tools.onsite import PATH as ONSITE_PATH
from sandbox.tools.onsite import Onsite
from sandbox.tools.pace import Pace
from sandbox.tools.ports import lasting_port
from sandbox.tools.server import Server
from sandbox.tools.shop import Shop
from sandbox.tools.till import Till
from sandbox.tools.tool import Tool
from sandbox.tools.vendor import Vendor

NAMES = ("shop", "desk", "klaviyo", "meta", "till", "onsite", "letters")
# A simulated day passes in seconds, so limits are wider than the vendors' by this factor unless told otherwise.
FACTOR = 50.0


class Toolbox:
    """The running tools. Use `Toolbox.start(folder)` in a with statement."""

    def __init__(self, folder: Path, ports: Mapping[str, int], factor: float) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.clock = Clock()
        self.inbox_url = ""  # where the retailer's own systems post their webhooks, once somebody listens
        known = Memory.load(self.folder)
        self._secrets = known.secrets
        if known.set_to:
            self.clock.set(known.set_to)
        self._build(factor)
        self.vendors: list[Vendor] = []
        asked = {**known.ports, **ports}
        self._keys = letters_keys.Keys.ready(self.folder / "letters" / "keys")
        self._servers: dict[str, Server] = {}
        self._sftp: letters_server.SftpServer | None = None
        try:
            for tool in self._tools():
                self._servers[tool.name] = _serve(tool, asked.get(tool.name, 0), ports)
            self._sftp = _serve_sftp(self._keys, self.letters.home, asked.get("letters", 0), ports)
        except BaseException:
            self.stop()
            raise
        self._remember()

    @classmethod
    def start(
        cls, state_folder: Path, ports: Mapping[str, int] | None = None, factor: float = FACTOR
    ) -> Toolbox:
        """Start every tool on loopback; state, secrets and (if free) ports of an earlier start are taken up again.

        `ports` fixes ports by tool name. `factor` widens the vendors' rate limits; 1 is what they publish.
        """
        return cls(state_folder, ports or {}, factor)

    def _build(self, factor: float) -> None:
        folder, clock, known = self.folder, self.clock, self._secrets
        self.shop = Shop(folder, clock, known["SHOP_TOKEN"], Pace(factor))
        self.desk = Desk(folder, clock, known["DESK_TOKEN"], Pace(factor))
        self.klaviyo = Klaviyo(folder, clock, known["KLAVIYO_API_KEY"], Pace(factor))
        account = known["META_AD_ACCOUNT"]
        self.meta = Meta(folder, clock, known["META_ACCESS_TOKEN"], Pace(factor), f"act_{account}")
        self.till = Till(folder, clock, known["TILL_TOKEN"], Pace(factor))
        self.onsite = Onsite(folder, clock, known["ONSITE_WEBHOOK_SECRET"], Pace(factor))
        self.letters = Letters(folder, clock)

    def _tools(self) -> tuple[Tool, ...]:
        return (self.shop, self.desk, self.klaviyo, self.meta, self.till, self.onsite, *self.vendors)

    def add(self, kind: type[Vendor], factor: float = FACTOR) -> Vendor:
        """Serve one more tool, of sandbox/tools/vendors: the demonstration does without them."""
        tool = kind.start(self.folder, self.clock, self._secrets, factor)
        self.vendors.append(tool)
        self._servers[tool.name] = Server(tool)
        return tool

    @property
    def environment(self) -> dict[str, str]:
        """Everything a client needs, by environment variable."""
        urls = {f"{name.upper()}_URL": self._servers[name].url for name in NAMES[:5]}
        urls |= {
            f"{each.name.upper()}_URL": self._servers[each.name].url + each.path for each in self.vendors
        }
        sftp = {
            "LETTERS_SFTP_HOST": "127.0.0.1",
            "LETTERS_SFTP_PORT": str(self._letters_port),
            "LETTERS_SFTP_USER": letters_server.user(),
            "LETTERS_SFTP_KEY_FILE": str(self._keys.client_file),
            "LETTERS_SFTP_HOST_KEY": self._keys.host_line,
        }
        onsite = self._servers["onsite"].url + ONSITE_PATH
        return {**urls, "ONSITE_WEBHOOK_URL": onsite, **sftp, **self._secrets}

    @property
    def sftp_kind(self) -> str:
        """Which SFTP server runs: openssh or python."""
        return self._sftp.kind if self._sftp else ""

    def set_time(self, moment: datetime) -> None:
        """Set the sandbox's clock; from now on everything received is stamped with this moment (naive = UTC)."""
        self.letters.look()
        self.clock.set(moment)
        self._remember()

    def misbehave(
        self,
        name: str,
        fault: str,
        times: int = 1,
        path_contains: str = "",
        method: str = "",
        seconds: float = 1.0,
    ) -> None:
        """Tell a tool to show a fault to its next `times` fitting requests.

        Faults: refuse, timeout_before, timeout_after, late, reset_after, 429, 429_date, throttled, 500_before,
        500_after, 503, partial, html_200, cut_json, empty_200, 401, 403, 404, 409, redirect. `seconds` is how long
        a timeout holds the line, and what Retry-After says. The letter shop's SFTP server cannot be told.
        """
        self.tool(name).faults.order(fault, times, path_contains, method, seconds)

    def behave(self, name: str = "") -> None:
        """Forget the faults that are still waiting, of one tool or of all."""
        for tool in self._tools():
            if name in ("", tool.name):
                tool.faults.clear()

    def requests(self, name: str = "", path_contains: str = "", method: str = "") -> int:
        """How many requests one tool has seen, or all of them together."""
        return sum(t.requests(path_contains, method) for t in self._tools() if name in ("", t.name))

    def tool(self, name: str) -> Tool:
        """A tool by name. Raises ValueError for one that is not there."""
        for tool in self._tools():
            if tool.name == name.removesuffix("_webhook"):
                return tool
        raise ValueError(f"no HTTP tool {name!r}; one of {', '.join(NAMES[:6])}")

    def stop(self) -> None:
        """Stop every server. State stays in the folder."""
        self.letters.look()
        with ThreadPoolExecutor(len(NAMES)) as pool:
            for stop in self._stops():
                pool.submit(stop)
        self.letters.store.close()

    def _stops(self) -> list[Callable[[], None]]:
        running = [server.stop for server in self._servers.values()]
        return [*running, self._sftp.stop] if self._sftp else running

    def _remember(self) -> None:
        ports = {name: server.port for name, server in self._servers.items()}
        Memory(self._secrets, {**ports, "letters": self._letters_port}, self.clock.set_to).save(self.folder)

    @property
    def _letters_port(self) -> int:
        return self._sftp.port if self._sftp else 0

    def __enter__(self) -> Toolbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _serve(tool: Tool, port: int, fixed: Mapping[str, int]) -> Server:
    """On the port asked for; a remembered one that someone else has taken gives way to a free one."""
    try:
        return Server(tool, port or lasting_port())
    except OSError:
        if tool.name in fixed:
            raise
        return Server(tool, lasting_port())


def _serve_sftp(
    keys: letters_keys.Keys, home: Path, port: int, fixed: Mapping[str, int]
) -> letters_server.SftpServer:
    try:
        return letters_server.start(keys, home, port)
    except (OSError, RuntimeError):
        if "letters" in fixed:
            raise
        return letters_server.start(keys, home)
