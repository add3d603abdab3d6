"""The process that hosts one SMT solver: JSON lines in, JSON lines out. It may be killed at any time."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]


def answer_with_z3(script: str) -> Answer:
    """{"status": sat | unsat | unknown, "model": {variable: number}}; irrational values come as close rationals."""
    import z3

    solver = z3.Solver()
    solver.from_string(script)
    status = str(solver.check())
    model: dict[str, str] = {}
    if status == "sat":
        found = solver.model()
        for declaration in found.decls():
            if declaration.arity():
                continue  # z3's own division by zero, which is no variable of the query
            value: Any = found[declaration]
            if z3.is_algebraic_value(value):
                value = value.approx(30)
            model[declaration.name()] = str(value.as_fraction())
    return {"status": status, "model": model, "reason": solver.reason_unknown() if status == "unknown" else ""}


def answer_with_cvc5(script: str) -> Answer:
    """The status alone: cvc5 gives the second opinion."""
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "query")
    symbols, printed = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        printed += str(command.invoke(solver, symbols))
    words = printed.split()
    return {"status": words[-1] if words and words[-1] in ("sat", "unsat") else "unknown", "model": {}}


def main(solver: str, memory_bytes: int) -> None:
    """Serve until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    answer: Callable[[str], Answer] = {"z3": answer_with_z3, "cvc5": answer_with_cvc5}[solver]
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except MemoryError:
            reply = {"status": "unknown", "model": {}, "reason": f"memory limit of {memory_bytes >> 20} MiB"}
        except Exception as error:
            reply = {"status": "unknown", "model": {}, "reason": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
