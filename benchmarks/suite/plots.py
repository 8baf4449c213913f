"""The README's plots, each for light and for dark pages."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Sequence
from typing import Any

from suite.measurement import Result

__all__ = ["draw"]

_INK = {"": "#24292f", "-dark": "#d1d7e0"}
_OURS = {"": ["#0969da", "#1a7f37"], "-dark": ["#4493f8", "#3fb950"]}
_OTHERS = {"": ["#bc4c00", "#8250df", "#6e7781"], "-dark": ["#f0883e", "#a371f7", "#9198a1"]}
_NAME, _SHARED = "SocketGym", ", shared memory"
_WIDTH_INCHES = 8.0


def draw(results: Sequence[Result], folder: pathlib.Path) -> list[pathlib.Path]:
    """Draws what the results have: steps against the number of environments, and frames.

    Args:
        results: Of any rows; others than those of the plots are left out.
        folder: Where the SVG files go; made where it is not there.

    Returns:
        The files.
    """
    import matplotlib

    matplotlib.use("svg")
    folder.mkdir(parents=True, exist_ok=True)
    measured = [result for result in results if result.figures]
    vectors = [result for result in measured if result.row.num_envs]
    images = [result for result in measured if result.row.is_frames]
    files = []
    for variant, ink in _INK.items():
        with matplotlib.rc_context(_style(ink)):
            if vectors:
                files.append(_save(_steps(vectors, variant), folder / f"steps{variant}.svg"))
            if images:
                files.append(_save(_frames(images, variant), folder / f"frames{variant}.svg"))
    return files


def _style(ink: str) -> dict[str, Any]:
    colored = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
    return {
        **{name: ink for name in colored},
        "font.size": 10,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "socketgym",  # The same figures give the same file.
    }


def _save(figure: Any, path: pathlib.Path) -> pathlib.Path:
    from matplotlib import pyplot

    figure.savefig(path, transparent=True, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    return path


def _steps(results: Sequence[Result], variant: str) -> Any:
    from matplotlib import pyplot

    series: dict[str, list[tuple[int, float]]] = {}
    for result in results:
        for figures in result.figures:
            point = result.row.num_envs or 1, figures.median("figure") or 0.0
            series.setdefault(figures.side.name, []).append(point)
    colors = _colors(dict.fromkeys(name.removesuffix(_SHARED) for name in series), variant)
    figure, axes = pyplot.subplots(figsize=(_WIDTH_INCHES, 4.2))
    for name, points in series.items():
        ours = name.startswith(_NAME)
        style = {"linewidth": 2.4 if ours else 1.4, "linestyle": "-" if ours else "--"}
        style["marker"] = "D" if name.endswith(_SHARED) else "o"
        color = colors[name.removesuffix(_SHARED)]
        axes.plot(*zip(*sorted(points)), color=color, label=name, **style)
    counts = sorted({result.row.num_envs or 1 for result in results})
    axes.set(xscale="log", yscale="log", xlabel="environments", title="CartPole-v1, steps/s")
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.minorticks_off()
    axes.grid(alpha=0.25)
    axes.legend(frameon=False, loc="center right", bbox_to_anchor=(1.0, 0.35), fontsize=8)
    return figure


def _frames(results: Sequence[Result], variant: str) -> Any:
    from matplotlib import pyplot

    bars = [len(result.figures) for result in results]
    figure, panels = pyplot.subplots(
        len(results),
        figsize=(_WIDTH_INCHES, 0.32 * sum(bars) + 0.6 * len(bars)),
        gridspec_kw={"height_ratios": bars},
        squeeze=False,
        layout="constrained",
    )
    for axes, result in zip(panels[:, 0], results):
        names = [figures.side.name for figures in result.figures]
        values = [figures.median("figure") or 0.0 for figures in result.figures]
        colors = [(_OURS if name.startswith(_NAME) else _OTHERS)[variant][0] for name in names]
        drawn = axes.barh(names, values, color=colors, height=0.7)
        axes.bar_label(drawn, [f"{value:,.0f}" for value in values], padding=4)
        axes.set_title(f"{result.row.name}, {result.row.unit}")
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.tick_params(length=0)
        axes.xaxis.set_visible(False)
        axes.spines[["left", "bottom"]].set_visible(False)
    return figure


def _colors(names: Iterable[str], variant: str) -> dict[str, str]:
    ours, others = iter(_OURS[variant]), iter(_OTHERS[variant])
    return {name: next(ours if name.startswith(_NAME) else others, _INK[variant]) for name in names}
