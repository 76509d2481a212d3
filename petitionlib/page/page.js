"use strict";
{
  const PAPER_WIDTH = 660;
  const plots = [];
  for (const place of document.querySelectorAll("figure > .plot")) {
    const figure = JSON.parse(place.nextElementSibling.textContent);
    const layout = { ...figure.layout, dragmode: false, autosize: true };
    plots.push(place);
    Plotly.newPlot(place, figure.data, layout, { responsive: true, displayModeBar: false, plotlyServerURL: "" });
  }
  window.addEventListener("beforeprint", () => {
    for (const plot of plots) Plotly.relayout(plot, { width: PAPER_WIDTH });
  });
  window.addEventListener("afterprint", () => {
    for (const plot of plots) Plotly.relayout(plot, { width: null, autosize: true });
  });
}
