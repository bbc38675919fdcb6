"""What `dagster dev -m orchestration.definitions` loads: the house, for the home named by DOWNBEAT_HOME."""

from orchestration.catalogue import build
from orchestration.paths import Home

defs = build(Home.from_environment())
