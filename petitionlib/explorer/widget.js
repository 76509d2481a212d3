// Of the style element that has loaded, `this`: once in each copy of the room that a page shows.
const room = this.closest(".petitionlib-explorer");
if (room.isFollowed) return;
room.isFollowed = true;
const FIGURE = "application/vnd.plotly.v1+json";
const pen = document.createElement("canvas").getContext("2d");

// Else JupyterLab takes arrows and letters for commands to the notebook, while a list has the focus.
room.addEventListener("focusin", event => event.target.setAttribute("data-lm-suppress-shortcuts", ""));

// The plotly that JupyterLab draws with; drawing nothing makes it load, where it has not.
async function findPlotly() {
  const extension = await window._JUPYTERLAB["jupyterlab-plotly"].get("./mimeExtension");
  const { rendererFactory, RenderedPlotly } = extension();
  const renderer = rendererFactory.createRenderer({ mimeType: FIGURE });
  await renderer.renderModel({ data: { [FIGURE]: { data: [], layout: {} } } });
  renderer.dispose();
  return RenderedPlotly.Plotly;
}

// JupyterLab's renderer would draw a chart four times, on a canvas that is new each time.
function draw(plotly, view) {
  const figure = view.querySelector("script");
  if (!figure || figure === view.drawn) return;
  view.drawn = figure;
  const canvas = view.querySelector(".petitionlib-canvas") || newCanvas(plotly, view);
  const { data, layout, config } = JSON.parse(figure.textContent);
  canvas.style.height = `${layout.height}px`;
  const labels = widest(data, layout);
  const known = labels ? view.bars : view.lines;
  const margins = labels ? ofBars : ofLines;
  plotly.react(canvas, data, known ? margins(layout, known, labels) : layout, config).then(() => {
    const { l, b } = canvas._fullLayout._size;
    if (labels) view.bars ||= { beside: l - labels, below: b };
    else view.lines = { beside: Math.max(l, view.lines?.beside || 0) };
  });
}

// How wide the longest line of the labels of bars is; nothing for other charts.
function widest(data, layout) {
  const { family, size } = layout.template.layout.font;
  const lines = data.filter(trace => trace.orientation === "h").flatMap(trace => trace.y.join("<br>").split("<br>"));
  return Math.max(0, ...lines.map(line => {
    pen.font = `${line.startsWith("<b>") ? "bold " : ""}${size}px ${family}`;
    const text = line.replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
    return pen.measureText(text).width;
  }));
}

// plotly finds the margins of bars by drawing their labels twice, which is half of a chart's time.
// What it has found once is true of other labels, too.
function ofBars(layout, { beside, below }, labels) {
  const xaxis = { ...layout.xaxis, automargin: false };
  const yaxis = { ...layout.yaxis, automargin: false };
  return { ...layout, xaxis, yaxis, margin: { ...layout.margin, l: labels + beside, b: below } };
}

// It draws lines twice where the numbers beside them take another room than those before: the widest
// that they have taken is kept, and the axis stands still.
function ofLines(layout, { beside }) {
  return { ...layout, margin: { ...layout.margin, l: beside } };
}

function newCanvas(plotly, view) {
  const frame = document.createElement("div"), canvas = document.createElement("div");
  frame.className = "petitionlib-figure";
  canvas.className = "petitionlib-canvas";
  frame.append(canvas);
  view.append(frame);
  let width = canvas.offsetWidth;
  new ResizeObserver(() => {
    if (canvas.offsetWidth === width) return;
    width = canvas.offsetWidth;
    if (width) plotly.Plots.resize(canvas);  // none where it is hidden: drawn anew when it is not
  }).observe(canvas);
  return canvas;
}

function follow(plotly) {
  room.querySelectorAll(".petitionlib-view").forEach(view => draw(plotly, view));
  const offer = room.querySelector(".petitionlib-draws input");
  if (offer && !offer.checked) offer.click();
}

findPlotly().then(plotly => {
  new MutationObserver(() => follow(plotly)).observe(room, { childList: true, subtree: true });
  follow(plotly);
}, () => {});  // no JupyterLab of this kind: its own renderer goes on drawing
