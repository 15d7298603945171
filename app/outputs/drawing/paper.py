"""The band on paper: the same drawing without its handles, and with its colours inside it.

A PDF does not lay the style sheets of its page over a drawing.
"""

from dataclasses import replace

from markupsafe import Markup

from app.outputs.drawing.across import draw_across
from app.outputs.drawing.band import Band, Lane

INK, GREY, LINE, TEAL, RED, AMBER, WHITE = "#1a2427", "#545f63", "#d8d4c8", "#0b5c5a", "#ae231c", "#825000", "#ffffff"

LOOKS = f"""
text {{ font-family: Inter, sans-serif; font-size: 11px; fill: {INK} }}
.b-fine, .b-base, .b-lane, .p-leader {{ fill: none; stroke: {LINE} }}
.b-strong {{ fill: none; stroke: {GREY}; stroke-width: 1.5 }}
.b-now {{ fill: none; stroke: {INK}; stroke-width: 1.25 }} .b-now-above {{ stroke: none }} .b-tab {{ fill: {INK} }}
.b-tab-day {{ fill: {WHITE}; font-size: 10px; font-weight: 600; text-anchor: middle }}
.b-years, .b-name {{ font-size: 13px; font-weight: 600 }} .b-month {{ font-size: 10px; fill: {GREY} }}
.b-title, .b-note {{ fill: {GREY} }} .b-late {{ fill: {RED} }} .b-past {{ fill: {INK}; fill-opacity: 0.035 }}
.b-closed {{ fill: {INK}; fill-opacity: 0.07 }}
.b-hatch {{ fill: none; stroke: {RED}; stroke-width: 1.6 }} .b-join {{ fill: none; stroke: {TEAL}; stroke-width: 2 }}
.b-join-held {{ stroke: {INK}; stroke-width: 1.5 }}
.s-met-0 {{ stop-color: #f3f4f2 }} .s-met-1 {{ stop-color: #e3e6e2 }}
.s-planned-0, .s-open-0 {{ stop-color: #f2f8f7 }} .s-planned-1, .s-open-1 {{ stop-color: #bfdfda }}
.s-breached-0 {{ stop-color: #fdf3f1 }} .s-breached-1 {{ stop-color: #f6cdc8 }}
.w-edge {{ fill: none; stroke: {TEAL}; stroke-width: 2 }} .w-met .w-edge {{ stroke: {GREY} }}
.s-missed-0 {{ stop-color: #fdf8ee }} .s-missed-1 {{ stop-color: #f3dcae }} .w-missed .w-edge {{ stroke: {AMBER} }}
.w-missed .w-flag {{ fill: {AMBER} }}
.w-breached .w-edge {{ stroke: {RED} }} .w-flag {{ fill: {TEAL} }} .w-met .w-flag {{ fill: #d3d8d4 }}
.w-planned .w-flag {{ fill: {WHITE}; stroke: {TEAL} }} .w-breached .w-flag {{ fill: {RED} }}
.w-day {{ font-size: 10px; font-weight: 600; text-anchor: middle; fill: {WHITE} }} .w-met .w-day {{ fill: {GREY} }}
.w-planned .w-day {{ fill: {TEAL} }} .w-met .w-label {{ fill: {GREY} }}
.k-line {{ fill: none; stroke: {GREY} }} .k-days {{ font-size: 10px; text-anchor: middle; fill: {GREY} }}
.k-after {{ text-anchor: start }} .k-short .k-line {{ stroke: {AMBER} }} .k-short .k-days {{ fill: {AMBER} }}
.p-hit {{ fill: none }} .p-days {{ fill: #c5dbd9; stroke: {TEAL} }} .p-planned .p-days {{ stroke-dasharray: 3 2 }}
.p-held .p-days {{ fill: {GREY}; stroke: none }} .p-head {{ fill: {WHITE}; stroke: {TEAL}; stroke-width: 2 }}
.p-held .p-head {{ fill: {INK}; stroke: {INK} }} .p-point {{ fill: {TEAL} }}
.p-name {{ font-weight: 600; text-anchor: middle; fill: {TEAL} }} .p-held .p-name {{ fill: {INK} }}
.l-valid {{ fill: {TEAL} }} .l-suspended {{ fill: #b87400 }}
.ring-rest {{ fill: none; stroke: #cfd9d6 }} .ring-gone {{ fill: none; stroke: {TEAL} }}
.ring-spent .ring-gone, .ring-spent .ring-rest {{ stroke: #737c7f }} .ring-paused .ring-gone {{ stroke: #b87400 }}
.ring-notch {{ stroke: #dc2626 }} .ring-held {{ fill: {INK} }} .ring-planned {{ fill: {WHITE}; stroke: {INK} }}
.ring-missing {{ fill: {WHITE}; stroke: #dc2626 }}
"""


def _still(lane: Lane) -> Lane:
    """The lane without anything to click."""
    return replace(
        lane,
        href="",
        windows=tuple(replace(window, href="") for window in lane.windows),
        pins=tuple(replace(pin, href="", movable=False) for pin in lane.pins),
    )


def draw_on_paper(band: Band, key: str = "paper") -> Markup:
    """The band for a PDF: an SVG element that carries its own colours and leads nowhere."""
    drawn = draw_across(replace(band, lanes=tuple(_still(lane) for lane in band.lanes)), key)
    head, rest = str(drawn).split("<defs>", 1)
    head = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Markup(f"{head}<style>{LOOKS}</style><defs>{rest}")  # noqa: S704 - both halves come from draw_across
