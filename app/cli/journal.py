"""`flask journal`: prove that the journal is what was written, and print what to keep elsewhere."""

import re
import sys

import click
from flask.cli import with_appcontext

from app.queries.journal_proof import Proof, heads, prove, prove_all
from app.work import work


@click.group()
def journal() -> None:
    """The journal: append-only, one hash-chained chain an organisation and one for the installation."""


@journal.command()
@click.option("--chain", metavar="NAME", help="This chain alone: installation, or organisation-7.")
@click.option("--head", metavar="HASH", help="A hash printed by `journal head` earlier: it must still be in the chain.")
def verify(chain: str | None, head: str | None) -> None:
    """Find the first altered, missing or re-ordered entry of each chain.

    Exits 0 where every chain is whole, 1 with the chain, the number of the entry and what is wrong with it otherwise.
    """
    _verify(chain, head)


@with_appcontext
def _verify(chain: str | None, head: str | None) -> None:
    if head is not None and not re.fullmatch(r"[0-9a-f]{64}", head):
        raise click.BadParameter("expected 64 characters from 0 to 9 and a to f", param_hint="--head")
    with work(None, writes=False) as opened:
        proofs: list[Proof] = []
        for proof in [prove(opened.session, chain, head)] if chain else prove_all(opened.session, head):
            click.echo(str(proof), err=not proof.is_whole)
            proofs.append(proof)
    whole = all(proof.is_whole for proof in proofs)
    if head is not None and not any(proof.has_kept_head for proof in proofs):
        whole = False
        where = chain or "any chain"
        click.echo(f"{where}: the hash kept elsewhere is not of any entry: the chain was rewritten or cut", err=True)
    sys.exit(0 if whole else 1)


@journal.command("head")
@with_appcontext
def print_heads() -> None:
    """Print each chain with its length and the hash of its latest entry. Keep them where the database is not."""
    with work(None, writes=False) as opened:
        for name, length, head in heads(opened.session):
            click.echo(f"{name} {length} {head}")
