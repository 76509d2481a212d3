"use strict";
{
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/[.,](?=\d{3})/g, "");
  const box = document.querySelector("search");
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const attention = document.querySelector(".attention");
  const places = [...document.querySelectorAll(".place")].map((place) => ({
    place,
    years: [...place.querySelectorAll(".year")].map((year) => ({
      year,
      reports: [...year.querySelectorAll(".report")].map((report) => ({
        report,
        text: plain([place.dataset.words, year.querySelector("h3")?.textContent ?? "", report.textContent].join(" ")),
      })),
    })),
  }));
  const search = () => {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { place, years } of places) {
      let inPlace = 0;
      for (const { year, reports } of years) {
        let inYear = 0;
        for (const { report, text } of reports) {
          report.hidden = !words.every((word) => text.includes(word));
          inYear += !report.hidden;
        }
        year.hidden = !inYear;
        inPlace += inYear;
      }
      place.hidden = !inPlace;
      count += inPlace;
    }
    if (attention) attention.hidden = words.length > 0;
    found.textContent = !words.length ? "" : count ? found.dataset.found.replace("#", count) : found.dataset.none;
  };
  query.addEventListener("input", search);
  document.addEventListener("click", ({ target }) => { if (target.matches("a.badge")) attention.hidden = false; });
  box.hidden = false;
  search();
}
