"""`auditor completion`: the script that a shell needs to complete commands and options."""

import rich_click as click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
      auditor completion bash > ~/.local/share/bash-completion/completions/auditor
      auditor completion zsh  > ~/.zfunc/_auditor
      auditor completion fish > ~/.config/fish/completions/auditor.fish
    """  # noqa: D301  (click wants the character itself)
    from click.shell_completion import get_completion_class  # noqa: PLC0415  (only here)

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "auditor", "_AUDITOR_COMPLETE").source())
