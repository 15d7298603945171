"""`script/bench [name ...]`: measure what the speed targets promise, and exit 1 where one is missed."""

import sys
from collections.abc import Callable

from bench import assets, audit_report, checklist, cycle, feed, imports, licences, pages, training
from bench.target import Target

BENCHES: dict[str, Callable[[], list[Target]]] = {
    "assets": assets.measure,
    "audit-report": audit_report.measure,
    "checklist": checklist.measure,
    "cycle": cycle.measure,
    "feed": feed.measure,
    "imports": imports.measure,
    "licences": licences.measure,
    "pages": pages.measure,
    "training": training.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"script/bench: there is no benchmark {unknown[0]}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    missed = 0
    for name in names or BENCHES:
        for target in BENCHES[name]():
            print(target)
            missed += not target.is_met
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
