"use strict";
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const draw = (dark) => figures.forEach((figure, number) => {
    const { data, layout } = dark ? figure.dark : figure.light;
    Plotly.react(`figure-${number}`, data, layout, { responsive: true, displaylogo: false });
  });
  night.addEventListener("change", () => draw(night.matches));
  window.addEventListener("beforeprint", () => draw(false));
  window.addEventListener("afterprint", () => draw(night.matches));
  draw(night.matches);
})();
