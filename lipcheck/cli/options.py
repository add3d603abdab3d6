"""The commands and their options."""

from __future__ import annotations

import argparse
import math
from fractions import Fraction
from importlib import import_module
from pathlib import Path

from lipcheck._version import __version__
from lipcheck.words.verdict import Budget


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; `run` in its result is the command."""
    top = argparse.ArgumentParser(prog="lipcheck", description="Referees the theory of 1-Lipschitz networks.")
    top.add_argument("--version", action="version", version=f"lipcheck {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    check = _command(commands, "check", "judge claims and print the ledger", "lipcheck.cli.check")
    _patterns(check)
    _claims(check)
    _json(check)
    check.add_argument("--budget", choices=[str(b) for b in Budget], default="smoke", help="amount of work")
    check.add_argument("--seed", type=natural, default=0, help="seed of every search (default: 0)")
    check.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="where networks are searched")
    check.add_argument("--networks", type=positive, metavar="N", help="networks per search, whatever the budget")
    _evidence(check)
    check.add_argument("--update", action="store_true", help="derive everything anew and write evidence and ledger")
    check.add_argument("--resume", action="store_true", help="take finished records over from the file of --json")
    check.add_argument("--quiet", action="store_true", help="no progress")
    check.add_argument("--verbose", action="store_true", help="print every refutation in full")

    listing = _command(commands, "list", "list claims", "lipcheck.cli.listing")
    _patterns(listing)
    _claims(listing)
    _json(listing)

    show = _command(commands, "show", "everything about claims", "lipcheck.cli.show")
    _patterns(show, "+")
    _claims(show)
    _json(show)

    sharpen = _command(commands, "sharpen", "the best value of a printed constant", "lipcheck.cli.sharpen")
    _patterns(sharpen, "+")
    sharpen.add_argument("--constant", metavar="NAME", help="this constant only; `lipcheck show` names them")
    words = "how close proof and counterexample are to come (default: a thousandth of the constant, at least of one)"
    sharpen.add_argument("--gap", type=fraction, metavar="G", help=words)
    _claims(sharpen)
    _json(sharpen)
    sharpen.add_argument("--quiet", action="store_true", help="no progress")

    replay = _command(commands, "replay", "re-check files of evidence, without any solver", "lipcheck.cli.replaying")
    replay.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a .json file of evidence")
    _evidence(replay)
    _claims(replay)
    _json(replay)

    lattice = _command(commands, "lattice", "build a 1-Lipschitz MaxMin network through data", "lipcheck.cli.lattice")
    lattice.add_argument("data", type=Path, metavar="DATA.csv", help="header, then rows 0, 1, ...; last column: value")
    lattice.add_argument("--norm", type=exponent, required=True, metavar="P", help="of the inputs: 1, 2, inf or p >= 1")
    lattice.add_argument("--eps", type=fraction, metavar="E", help="a smaller network, within E of every value")
    words = "how far values may miss the condition and are moved (default: 8 ulp of the largest; 0: refuse)"
    lattice.add_argument("--slack", type=fraction, metavar="S", help=words)
    lattice.add_argument("--extension", choices=("largest", "smallest"), help="the extreme 1-Lipschitz function")
    words = "for --extension and --norm other than 1 and inf: how near on the points' box (default: 1/100 of the range)"
    lattice.add_argument("--gap", type=fraction, metavar="G", help=words)
    lattice.add_argument("--out", type=Path, metavar="NET", help="write .safetensors, .onnx or, exactly, .json")
    lattice.add_argument("--dtype", choices=("float64", "float32"), default="float64", help="of --out (float64)")
    lattice.add_argument("--plot", type=Path, metavar="PNG", help="draw function, error, wiring: .png, .svg, .pdf")
    _json(lattice)
    lattice.add_argument("--quiet", action="store_true", help="no progress")

    _audit(commands)
    _sweep(commands)

    report = _command(commands, "report", "write both ledgers as one HTML page", "lipcheck.cli.report")
    _patterns(report)
    report.add_argument("--out", type=Path, metavar="FILE.html", help="the page (default: lipcheck-report.html)")
    report.add_argument("--markdown", type=Path, metavar="FILE.md", help="write the ledger as Markdown, too")
    report.add_argument("--records", type=Path, metavar="FILE.json", help="verdicts and times of `check --json`")
    words = "judge the claims first (default: show what is stored)"
    report.add_argument("--budget", choices=[str(b) for b in Budget], help=words)
    _evidence(report)
    _claims(report)
    report.add_argument("--quiet", action="store_true", help="no progress")

    supports = _command(commands, "supports", "what this installation supports", "lipcheck.cli.supports")
    _json(supports)

    schema = _command(commands, "schema", "print the JSON Schema of a kind of document", "lipcheck.cli.schemas")
    kinds = ("record", "evidence", "lattice", "sharpen", "audit", "sweep")
    schema.add_argument("document", nargs="?", choices=kinds, default="record", help="default: record")
    return top


def _audit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from lipcheck.cli import audit as command

    audit = _command(
        commands, "audit", "bound the Lipschitz constant of a network and judge what it claims", "lipcheck.cli.audit"
    )
    words = "file.py:name or package.module:name (these run your code), .onnx, .safetensors, .pt2 or .json"
    audit.add_argument("target", metavar="TARGET", help=words)
    audit.add_argument("--norm", choices=("1", "2", "inf"), default="2", help="of inputs and outputs (default: 2)")
    audit.add_argument("--claim", type=command.claimed, metavar="K", help="the constant that is claimed")
    audit.add_argument("--input-shape", type=command.shape, metavar="3,32,32", help="the shape of one example")
    audit.add_argument("--box", type=command.box, metavar="LO,HI", help="only inputs with entries between LO and HI")
    audit.add_argument("--data", type=Path, metavar="X.npy", help="examples, first axis first")
    audit.add_argument("--labels", type=Path, metavar="y.npy", help="their classes, whole numbers")
    audit.add_argument("--head", choices=("sign", "argmax"), help="how a classifier decides: check its certificates")
    words = "multiply the certified radius, to test a rule of your own (default: 1)"
    audit.add_argument("--radius-factor", type=fraction, default=Fraction(1), metavar="C", help=words)
    words = "fail unless gradient norm is preserved (gnp), certificates hold, or both: gnp,certificates"
    audit.add_argument("--require", type=command.requirements, default=(), metavar="WHAT", help=words)
    audit.add_argument("--rounding", action="store_true", help="allow what rounding the weights can add to the claim")
    audit.add_argument("--budget", type=command.seconds, default=60.0, metavar="SECONDS", help="of work (default: 60)")
    audit.add_argument("--seed", type=natural, default=0, help="seed of every search (default: 0)")
    audit.add_argument("--no-state", action="store_true", help="skip eval, casts, saving and one training step")
    audit.add_argument("--pair", type=Path, metavar="PAIR.npy", help="save the two inputs of the lower bound")
    _json(audit)
    audit.add_argument("--quiet", action="store_true", help="no progress")


def _sweep(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sweep = _command(commands, "sweep", "search laws on millions of networks, resumable", "lipcheck.cli.sweep")
    _patterns(sweep, "+")
    sweep.add_argument("--networks", type=count, required=True, metavar="N", help="networks per claim, as in 1e7")
    sweep.add_argument("--points", type=positive, default=64, metavar="N", help="pairs of points each (default: 64)")
    sweep.add_argument("--seed", type=natural, default=0, help="seed of the networks (default: 0)")
    words = "this machine's cores, a dask cluster (as in dask:tcp://host:8786) or ray (default: local)"
    sweep.add_argument("--engine", default="local", metavar="local|dask:ADDRESS|ray", help=words)
    sweep.add_argument("--workers", type=positive, metavar="N", help="processes (default: one for each core)")
    sweep.add_argument("--memory", type=positive, metavar="MIB", help="the most memory that a worker may take")
    sweep.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="where networks are evaluated")
    sweep.add_argument("--dtype", choices=("float64", "float32"), default="float64", help="of the search (float64)")
    words = "go on with the sweep in this folder, or begin one there (default: begin one in lipcheck-sweep/)"
    sweep.add_argument("--resume", type=Path, metavar="DIR", help=words)
    _claims(sweep)
    _json(sweep)
    sweep.add_argument("--quiet", action="store_true", help="no progress")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str, module: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    command.set_defaults(run=lambda options: import_module(module).run(options))
    return command


def _patterns(command: argparse.ArgumentParser, nargs: str = "*") -> None:
    command.add_argument("patterns", nargs=nargs, metavar="CLAIM", help="an id, or a paper or row for all below it")


def _claims(command: argparse.ArgumentParser) -> None:
    words = "a file with claims; may be repeated"
    command.add_argument("--claims", action="append", default=[], type=Path, metavar="FILE.py", help=words)


def _evidence(command: argparse.ArgumentParser) -> None:
    words = "the proofs directory to use instead of the project's"
    command.add_argument("--evidence", type=Path, metavar="DIR", help=words)


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", metavar="PATH", help="write JSON there; with - stdout is JSON only")


def fraction(text: str) -> Fraction:
    """An exact number: an integer, a decimal or a fraction."""
    from lipcheck.cli.table import read_number

    value = read_number(text)
    if value is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number: write 1/20, 0.05 or 5e-2")
    return value


def exponent(text: str) -> Fraction | float:
    """The exponent of a norm: inf, or a number of at least 1."""
    value = math.inf if text == "inf" else fraction(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1, where it is no norm: give 1, 2, inf or another p >= 1")
    if value not in (1, math.inf) and not 1 + Fraction(1, 1 << 1000) <= value <= 1 << 1000:
        raise argparse.ArgumentTypeError(f"{text} is too near to 1 or to inf for float64: give 1 or inf")
    return value


def natural(text: str) -> int:
    """A whole number of at least 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def count(text: str) -> int:
    """A whole number of at least 1, also written as 1e7."""
    value = fraction(text)
    if value < 1 or value.denominator != 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1: write 1000000 or 1e6")
    return int(value)
