function render({ model, el: place }) {
  const view = frame(model, place, `${model.get("name")} over time`);
  const clock = el("output", { class: "wb-clock" });
  const slider = el("input", { type: "range", class: "wb-slider", min: 0, step: 1, "aria-label": "instant (UTC)" });
  const picture = el("div", { class: "wb-wide" });
  let drawn = null;
  let counts = null;

  function take() {
    const bytes = model.get("counts");
    const [edges, wide] = [model.get("edges"), model.get("states").length];
    counts = (edge, state) => bytes.getUint32(4 * (edge * wide + state), true);
    slider.max = edges - 1;
    const drawing = model.get("drawing");
    drawn = drawing && drawMachine(drawing, { label: `states of ${model.get("name")}` });
    picture.replaceChildren(...(drawn ? [drawn.node] : []));
    show();
  }

  function show() {
    const [start, stride] = [model.get("start"), model.get("stride")];
    const edge = Math.max(0, Math.min(model.get("edges") - 1, Math.floor((model.get("playhead") - start) / stride)));
    const text = `${formatInstant(start + edge * stride, stride)} UTC`;
    setText(clock, text);
    slider.value = edge;
    slider.setAttribute("aria-valuetext", text);
    const states = model.get("states");
    const now = states.map((_, n) => counts(edge, n));
    const most = Math.max(1, ...now);
    states.forEach((state, n) => {
      const node = drawn?.states.get(state.name);
      if (!node) return;
      setText(node.count, formatNumber(now[n]));
      node.name.setAttribute("y", node.y - 7);
      const tall = node.height * now[n] / most;
      node.fill.setAttribute("height", tall);
      node.fill.setAttribute("y", node.top + node.height - tall);
      node.group.setAttribute("aria-label", `${state.name} ${formatNumber(now[n])}`);
    });
  }

  slider.addEventListener("input", () => {
    model.set("playhead", model.get("start") + slider.value * model.get("stride"));
    model.save_changes();
  }, { signal: view.signal });
  view.onChange("counts drawing", take);
  view.onChange("playhead", show);
  view.root.append(picture, el("div", { class: "wb-bar" }, slider, clock), view.said);
  take();
  return view.close;
}

export default { render };
