"""How a cause was found, drawn: whys one under the other down to the root cause, or causes on the bones of a fish."""

from collections.abc import Sequence

from markupsafe import Markup, escape

LINE = 18
PAD = 12
BOX, CHARACTERS = 420, 56
WIDE, SPINE, SLANT = 960, 764, 36
MOST_LINES = 5
MOST_ON_BONE = 4


def _lines(words: str, room: int, most: int = MOST_LINES) -> list[str]:
    """Words on lines of so many letters; what has no room is cut with an ellipsis, and stands in the text beside."""
    lines: list[str] = [""]
    for word in words.split():
        for piece in [word[at : at + room] for at in range(0, len(word), room)]:
            if lines[-1] and len(lines[-1]) + 1 + len(piece) > room:
                lines.append(piece)
            else:
                lines[-1] = f"{lines[-1]} {piece}".strip()
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: room - 1].rstrip() + "…"]
    return lines


def _text(look: str, x: float, y: float, lines: Sequence[str]) -> str:
    spans = "".join(
        f'<tspan x="{x:g}" dy="{0 if at == 0 else LINE}">{escape(each)}</tspan>' for at, each in enumerate(lines)
    )
    return f'<text class="{look}" x="{x:g}" y="{y:g}">{spans}</text>'


def draw_whys(whys: Sequence[str], root_cause: str) -> Markup:
    """The chain of whys; the list beside it says the same in words."""
    parts, y = [], 4.0
    for at, says in enumerate([*whys, root_cause], 1):
        is_root = at == len(whys) + 1
        lines = _lines(says, CHARACTERS)
        high = len(lines) * LINE + 2 * PAD + LINE
        if at > 1:
            parts.append(f'<path class="why-arrow" d="M{BOX / 2:g} {y:g}v20m-5 -6l5 6l5 -6"/>')
            y += 24
        look = "why-root" if is_root else "why-box"
        parts.append(f'<rect class="{look}" x="4" y="{y:g}" width="{BOX}" height="{high}" rx="6"/>')
        head = "Root cause" if is_root else f"Why {at}"
        parts.append(_text("why-head", 4 + PAD, y + PAD + 12, [head]))
        parts.append(_text("why-says", 4 + PAD, y + PAD + 12 + LINE, lines))
        y += high
    says = f"The chain of {len(whys)} whys down to the root cause; the list says the same."
    return _whole("whys", BOX + 8, y + 4, says, parts)


def draw_fishbone(bones: Sequence[tuple[str, Sequence[str]]], root_cause: str) -> Markup:
    """The cause-and-effect diagram: bones above and below the spine, each with its causes; the list says the same."""
    up = max((_height(each) for each in bones[0::2]), default=60)
    down = max((_height(each) for each in bones[1::2]), default=60)
    step = (SPINE - 32) / max((len(bones) + 1) // 2, 1)
    lines = _lines(root_cause, 24, 7)
    high = len(lines) * LINE + 2 * PAD + LINE
    middle = max(up + 24, high / 2 + 4)
    parts = [f'<path class="fish-spine" d="M12 {middle:g}H{SPINE}m-8 -6l8 6l-8 6"/>']
    for at, (name, causes) in enumerate(bones):
        x, upper = 16 + (at // 2) * step, at % 2 == 0
        end = middle - up if upper else middle + down
        parts.append(f'<path class="fish-bone" d="M{x:g} {end:g}L{x + SLANT:g} {middle:g}"/>')
        parts.append(_text("why-head", x - 4, end - 8 if upper else end + 18, [name]))
        # All to the right of where the bone meets the spine: no word lies on a line.
        y = end + 16 if upper else middle + 26
        for words in _on_bone(causes, int((step - SLANT - 24) / 6.6)):
            parts.append(_text("why-says", x + SLANT + 8, y, words))
            y += LINE * len(words) + 2
    top = middle - high / 2
    wide = WIDE - SPINE - 8
    parts.append(f'<rect class="why-root" x="{SPINE + 4}" y="{top:g}" width="{wide}" height="{high}" rx="6"/>')
    parts.append(_text("why-head", SPINE + 4 + PAD, top + PAD + 12, ["Root cause"]))
    parts.append(_text("why-says", SPINE + 4 + PAD, top + PAD + 12 + LINE, lines))
    foot = max(middle + (down + 28 if len(bones) > 1 else 12), top + high + 4)
    says = f"Causes on {len(bones)} bones, and the root cause at the head; the list says the same."
    return _whole("fishbone", WIDE, foot, says, parts)


def _on_bone(causes: Sequence[str], room: int) -> list[list[str]]:
    """The causes of a bone, each on two lines at most; of many, how many more there are."""
    found = []
    for each in causes[:MOST_ON_BONE]:
        first, *rest = _lines(each, room, 2)
        found.append([f"· {first}", *(f"\u2002{line}" for line in rest)])
    if len(causes) > MOST_ON_BONE:
        found.append([f"and {len(causes) - MOST_ON_BONE} more"])
    return found


def _height(bone: tuple[str, Sequence[str]]) -> float:
    shown = min(len(bone[1]), MOST_ON_BONE) + (len(bone[1]) > MOST_ON_BONE)
    return 28 + shown * (2 * LINE + 2)


def _whole(look: str, wide: float, high: float, says: str, parts: Sequence[str]) -> Markup:
    opened = f'<svg class="causes {look}" viewBox="0 0 {wide:g} {high:g}" role="img" aria-label="{escape(says)}">'
    return Markup(opened + "".join(parts) + "</svg>")  # noqa: S704 - every word of a person went through escape
