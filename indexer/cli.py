"""The commands of the indexer, which `api.cli` mounts."""

from indexer.commands.classify import classify
from indexer.commands.families import families
from indexer.commands.index import index
from indexer.commands.inspect import inspect
from indexer.commands.kibana import kibana
from indexer.commands.node import node
from indexer.commands.remove import remove
from indexer.commands.settings import show_settings
from indexer.commands.setup import setup

COMMANDS = (index, remove, inspect, classify, families, node, setup, kibana, show_settings)
