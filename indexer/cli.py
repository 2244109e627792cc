"""The commands of the indexer, which `api.cli` mounts.

The image of the service lacks the packages of some of them; see docker/not-in-api.txt.
"""

from core.missing_commands import load_command
from indexer.commands.backup import backup, restore_command
from indexer.commands.classify import classify
from indexer.commands.kibana import kibana
from indexer.commands.node import node
from indexer.commands.remove import remove
from indexer.commands.settings import show_settings
from indexer.commands.setup import setup
from indexer.commands.size import size
from indexer.commands.status import status
from indexer.commands.switch import switch

index, inspect, families = (load_command(f"indexer.commands.{name}", name) for name in ("index", "inspect", "families"))

COMMANDS = (
    *(index, status, switch, remove, inspect, classify, families),
    *(backup, restore_command, node, setup, kibana, size, show_settings),
)
