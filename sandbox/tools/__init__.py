"""The channel tools of the sandbox's retailer: real servers on loopback that hold state and can misbehave."""

from sandbox.tools.toolbox import Toolbox

__all__ = ["Toolbox"]
