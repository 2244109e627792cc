"""`frontispiece evaluate`: a group whose commands are imported when they are used."""

import click

from evaluation.commands import registry


class LazyGroup(click.Group):
    """A group that lists the commands of the registry and imports a command when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (the signature is click's)
        return list(registry.COMMAND_NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return registry.load_command(cmd_name) if cmd_name in registry.COMMAND_NAMES else None


@click.group(cls=LazyGroup)
def evaluate() -> None:
    """Measure how well pictures are found and classified."""


COMMANDS = (evaluate,)
