"""The plots of a report as files."""

from pathlib import Path

from recognition.measuring.report.section import Plot

SIZE = (7.2, 5.2)  # inches: a page's width between its margins
DPI = 160


def write_plots(plots: tuple[Plot, ...], folder: Path, *, kind: str, label: str) -> list[Path]:
    """Each plot as `name.kind` (svg or png) in the folder, which is made; `label`, under it, says what was measured."""
    # Imported here: it takes half a second, and most evaluations are made without plots.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for plot in plots:
        figure = Figure(figsize=SIZE, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        axes.grid(which="major", color="0.88", linewidth=0.8)
        axes.set_axisbelow(True)
        plot.draw(axes)
        figure.suptitle(plot.title, x=0.02, ha="left", fontsize="large", fontweight="bold")
        figure.supxlabel(label, x=0.02, ha="left", fontsize="x-small", color="0.3")
        path = folder / f"{plot.name}.{kind}"
        figure.savefig(path, dpi=DPI, metadata={"Date": None} if kind == "svg" else None)
        written.append(path)
    return written
