// Of the style element that has loaded, `this`: once in each copy of the room that a page shows.
const room = this.closest(".petitionlib-explorer");
if (room.isFollowed) return;
room.isFollowed = true;
const FIGURE = "application/vnd.plotly.v1+json";

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
function draw(plotly, chart) {
  const figure = chart.querySelector("script");
  if (!figure || figure === chart.drawn) return;
  chart.drawn = figure;
  const canvas = chart.querySelector(".petitionlib-canvas") || newCanvas(plotly, chart);
  const { data, layout, config } = JSON.parse(figure.textContent);
  plotly.react(canvas, data, layout, config);
}

function newCanvas(plotly, chart) {
  const canvas = document.createElement("div");
  canvas.className = "petitionlib-canvas";
  chart.append(canvas);
  let width = canvas.offsetWidth;
  new ResizeObserver(() => {
    if (canvas.offsetWidth === width) return;
    width = canvas.offsetWidth;
    if (width) plotly.Plots.resize(canvas);  // none where it is hidden: drawn anew when it is not
  }).observe(canvas);
  return canvas;
}

function follow(plotly) {
  room.querySelectorAll(".petitionlib-figure").forEach(chart => draw(plotly, chart));
  const offer = room.querySelector(".petitionlib-draws input");
  if (offer && !offer.checked) offer.click();
}

findPlotly().then(plotly => {
  new MutationObserver(() => follow(plotly)).observe(room, { childList: true, subtree: true });
  follow(plotly);
}, () => {});  // no JupyterLab of this kind: its own renderer goes on drawing
