"use strict";
{
  const PAPER_WIDTH = 660;
  const plots = [];
  for (const place of document.querySelectorAll("figure > .plot")) {
    try {
      const figure = JSON.parse(place.nextElementSibling.textContent);
      const layout = { ...figure.layout, dragmode: false, autosize: true };
      Plotly.newPlot(place, figure.data, layout, { responsive: true, displayModeBar: false, plotlyServerURL: "" });
      plots.push(place);
    } catch (error) {
      console.error(error); // one chart that fails must not take the others with it
    }
  }
  window.addEventListener("beforeprint", () => {
    for (const plot of plots) Plotly.relayout(plot, { width: PAPER_WIDTH });
  });
  window.addEventListener("afterprint", () => {
    for (const plot of plots) Plotly.relayout(plot, { width: null, autosize: true });
  });
}
