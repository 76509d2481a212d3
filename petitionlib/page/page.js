"use strict";
{
  // On paper charts are smaller and flatter, so that three of them fill a page.
  const ON_PAPER = { width: 840, zoom: 0.8, bars: 0.9, line: 0.9, lines: 0.64, highest: 1080 };
  const LABELS = { wide: 40, half: 36, beside: 110 }; // pixels: of a year, half a number, the margins
  const DARK = matchMedia("(prefers-color-scheme: dark)");
  const PAPER = matchMedia("print");
  // Light colours of our charts and of plotly's own looks, and what they are on a dark page.
  const NIGHT = {
    "#ffffff": "#111827", "#fff": "#111827", white: "#111827", "#e5ecf6": "#1f2937",
    "#1f2937": "#e5e7eb", "#2a3f5f": "#e5e7eb", "#444": "#e5e7eb", black: "#e5e7eb", "#000000": "#e5e7eb",
    "#d1d5db": "#374151", "#6b7280": "#9ca3af", "#ebf0f8": "#374151", "#c8d4e3": "#4b5563",
    "#0072b2": "#5cb3e6", "#d55e00": "#f0894a", "#a9d0e8": "#33688a",
  };
  const OWN = { paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", font: { color: "#444" } };

  const dark = (value, coloured = false) => {
    if (typeof value === "string") return coloured ? NIGHT[value.toLowerCase()] ?? value : value;
    if (Array.isArray(value)) return value.map((item) => dark(item, coloured));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, dark(item, /colou?rs?$/.test(key))]));
  };
  const charts = [...document.querySelectorAll("figure > .plot")].map((place) => ({
    place, drawn: false, height: parseFloat(place.style.height),
  }));

  const figureOf = (chart) => (chart.figure ??= JSON.parse(chart.place.nextElementSibling.textContent));
  const hasBars = (chart) => figureOf(chart).data.some(({ orientation }) => orientation === "h");
  const onPaper = (chart) => {
    const lines = charts.filter((other) => !hasBars(other)).length;
    const share = hasBars(chart) ? ON_PAPER.bars : lines > 1 ? ON_PAPER.lines : ON_PAPER.line;
    return Math.min(chart.height * share, ON_PAPER.highest);
  };

  // In our own charts the ticks are years, in order. On a phone those that would overlap give way to
  // the later ones, and the numbers of the first and the last point have room.
  const withoutOverlap = (chart, layout) => {
    const { tickvals, ticktext } = layout.xaxis ?? {};
    const years = layout.meta?.own && ticktext && tickvals?.every(Number.isFinite);
    if (!years || hasBars(chart)) return layout;
    const [first, last] = [Math.min(...tickvals), Math.max(...tickvals)];
    const room = figureOf(chart).data.some(({ mode }) => mode?.includes("text")) ? LABELS.half : 0;
    const width = chart.place.clientWidth - LABELS.beside - 2 * room;
    const pitch = width / (last - first || 1);
    let kept = Infinity;
    const texts = [...ticktext];
    for (let i = tickvals.length - 1; i >= 0; i -= 1) {
      if ((kept - tickvals[i]) * pitch < LABELS.wide) texts[i] = "";
      else kept = tickvals[i];
    }
    const range = room ? { range: [first - room / pitch, last + room / pitch] } : {};
    return { ...layout, xaxis: { ...layout.xaxis, ...range, ticktext: texts } };
  };

  const draw = (chart, paper) => {
    try {
      const figure = figureOf(chart);
      const template = figure.layout.template ?? {};
      const look = { ...template, layout: { ...OWN, ...template.layout } };
      const plain = { ...figure.layout, template: look, dragmode: false, autosize: true };
      const layout = paper ? plain : withoutOverlap(chart, plain);
      const night = DARK.matches && !paper;
      const height = paper ? onPaper(chart) : chart.height;
      const size = paper ? { width: ON_PAPER.width, height, autosize: false } : {};
      Object.assign(chart.place.style, { height: `${height}px`, zoom: paper ? ON_PAPER.zoom : "" });
      Plotly.react(
        chart.place,
        night ? dark(figure.data) : structuredClone(figure.data),
        { ...(night ? dark(layout) : structuredClone(layout)), ...size },
        { responsive: true, displayModeBar: false, plotlyServerURL: "" },
      );
    } catch (error) {
      console.error(error); // one chart that fails must not take the others with it
    }
    chart.drawn = true;
  };
  const drawAll = (paper) => {
    for (const chart of charts) draw(chart, paper);
  };
  const next = () => {
    const chart = charts.find(({ drawn }) => !drawn);
    if (!chart) return;
    draw(chart, PAPER.matches);
    setTimeout(next); // the first chart is seen before the last is drawn
  };
  let paper = false;
  const turn = (on) => {
    if (on !== paper) drawAll((paper = on));
  };
  DARK.addEventListener("change", () => drawAll(paper));
  PAPER.addEventListener("change", ({ matches }) => turn(matches));
  let [shown, later] = [innerWidth, 0];
  const redraw = () => {
    if (paper || shown === innerWidth) return;
    shown = innerWidth; // a phone that is turned has room for more years, or fewer
    drawAll(paper);
  };
  addEventListener("resize", () => {
    clearTimeout(later);
    later = setTimeout(redraw, 150);
  });
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
  next();
}
