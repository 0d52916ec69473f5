"use strict";
(() => {
  const { templates, figures } = JSON.parse(document.getElementById("figures").textContent);
  const places = figures.map((_, number) => document.getElementById(`figure-${number}`));
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const seen = new Set();
  const narrowest = 560; // below it a figure is scrolled: its words would leave no room for what is drawn
  const sheet = 900; // a browser lays out paper about so wide; one figure wider would shrink every page
  const over = (light, dark) => Object.assign({}, light, dark);
  const draw = (number, dark, widest = Infinity) => {
    const { data, layout, dark: other } = figures[number];
    const traces = dark ? other.data.map((trace, index) => over(data[index], trace)) : data;
    const shown = { ...(dark ? over(layout, other.layout) : layout) };
    shown.template = templates[shown.template];
    if (!shown.width && places[number].clientWidth < narrowest) shown.width = narrowest;
    places[number].style.zoom = shown.width > widest ? widest / shown.width : "";
    const config = { responsive: !shown.width, displaylogo: false, displayModeBar: false };
    Plotly.react(places[number], traces, shown, config);
  };
  const redraw = () => seen.forEach((number) => draw(number, night.matches));
  const watch = new IntersectionObserver((entries) => entries.filter((one) => one.isIntersecting).forEach((one) => {
    const number = places.indexOf(one.target);
    watch.unobserve(one.target);
    seen.add(number);
    draw(number, night.matches);
  }), { rootMargin: "1200px" });
  places.forEach((place) => watch.observe(place));
  night.addEventListener("change", redraw);
  window.addEventListener("beforeprint", () => figures.forEach((_, number) => { seen.add(number); draw(number, false, sheet); }));
  window.addEventListener("afterprint", redraw);
})();
