// A machine to walk around in: pan, zoom, press a part for its facts, see the way there, what was used and what is wrong.

const BADGES = { error: "#b42318", warning: "#b45309", info: "#2d6a9f" };

function render({ model, el: place }) {
  const view = frame(model, place, `Machine ${model.get("name")}`);
  view.root.classList.add("wb-machine-view");
  const head = el("p", { class: "wb-where" });
  const about = el("p", { class: "wb-facts" });
  const stage = el("div", { class: "wb-stage" });
  const facts = el("div", { class: "wb-columns" });
  const wrong = el("div", {});
  const choose = el("select", { class: "wb-field", "aria-label": "a state or transition" });
  const layer = el("button", { type: "button", class: "wb-button", on: { click: () => put("overlay", model.get("overlay") === "log" ? "none" : "log") } });
  const key = el("span", { class: "wb-key" });
  let drawn = null;
  let camera = null;

  const zoom = (times) => camera?.zoom(times);
  const bar = el("div", { class: "wb-bar", role: "toolbar", "aria-label": "look around" },
    choose, button("Zoom in", "plus", () => zoom(0.8)), button("Zoom out", "minus", () => zoom(1.25)),
    button("Show the whole machine", "whole", () => camera?.whole()), layer, key);

  function put(name, value) {
    model.set(name, value);
    model.save_changes();
  }
  const pick = (picked) => put("picked", picked);
  const counted = () => model.get("states").some((one) => one.times !== undefined);

  function assemble() {
    setText(head, model.get("name"));
    setText(about, model.get("about"));
    const drawing = model.get("drawing");
    drawn = drawing && drawMachine(drawing, { label: `states of ${model.get("name")}`, picked: (_, name) => pick({ state: name }) });
    if (drawn) {
      for (const edge of drawn.edges) pressable(edge);
      stage.replaceChildren(drawn.node);
      camera?.close();
      camera = cameraOf(stage, drawn.node, drawing, view);
      badges(drawing);
    } else {
      stage.replaceChildren(el("p", { class: "wb-quiet" }, `${formatNumber(model.get("states").length)} states are too many to draw: choose one above.`));
    }
    layer.hidden = !counted();
    fillChoice();
    findings();
    show();
  }

  function pressable(edge) {
    const hit = (path) => svg("path", { class: "wb-hit", d: path, on: { click: () => pick({ transition: edge.transition }) } });
    edge.line.after(hit(edge.line.getAttribute("d")));
    edge.text.addEventListener("click", () => pick({ transition: edge.transition }));
  }

  function badges(drawing) {
    const found = model.get("findings");
    const badge = (numbers, x, y, where) => {
      if (!numbers.length) return;
      const worst = ["error", "warning", "info"].find((one) => numbers.some((n) => found[n].severity === one));
      where.append(svg("g", { class: "wb-badge" }, svg("title", {}, numbers.map((n) => `${found[n].code} ${found[n].message}`).join("\n")),
        svg("circle", { cx: x, cy: y, r: 8, fill: BADGES[worst] }), svg("text", { x, y }, numbers.length > 1 ? numbers.length : "!")));
    };
    for (const one of model.get("states")) {
      const box = drawn.states.get(one.name);
      if (box) badge(one.findings, box.x + box.width / 2, box.y - box.height / 2, box.group);
    }
    model.get("transitions").forEach((one, n) => {
      const label = drawing.labels.find((other) => other.transition === n);
      if (label) badge(one.findings, label.x, label.y - 14, drawn.node);
    });
  }

  function fillChoice() {
    const states = model.get("states").map((one) => el("option", { value: `s${one.name}` }, shortened(one.name, 60)));
    const ways = model.get("transitions").map((one, n) => el("option", { value: `t${n}` }, shortened(one.off ? `off: ${one.name}` : one.name, 60)));
    choose.replaceChildren(el("option", { value: "" }, "Choose a state or transition"), el("optgroup", { label: "states" }, states), el("optgroup", { label: "transitions" }, ways));
  }

  function show() {
    const picked = model.get("picked");
    const state = picked.state === undefined ? null : model.get("states").find((one) => one.name === picked.state);
    const way = picked.transition === undefined ? null : model.get("transitions")[picked.transition];
    choose.value = state ? `s${state.name}` : way ? `t${picked.transition}` : "";
    facts.replaceChildren(...(state ? stateFacts(state) : way ? wayFacts(way) : []).filter(Boolean));
    const on = model.get("overlay") === "log" && counted();
    layer.setAttribute("aria-pressed", String(on));
    setText(layer, on ? "Hide what the log did" : "Show what the log did");
    key.replaceChildren(...(on ? legend() : []));
    if (drawn) paint(state, picked.transition, on);
  }

  function paint(state, transition, on) {
    const transitions = model.get("transitions");
    const steps = new Set((state?.way ?? []).slice(1).map((to, n) => `${state.way[n]}\n${to}`));
    const most = Math.max(1, ...transitions.flatMap((one) => one.pairs.map((pair) => pair.times ?? 0)));
    const tails = new Map();
    for (const edge of drawn.edges) {
      const way = transitions[edge.transition];
      const times = way.pairs.find((pair) => pair.from === edge.from)?.times ?? 0;
      const marks = { "wb-route": steps.has(`${edge.from}\n${edge.to}`), "wb-picked": edge.transition === transition, "wb-unused": on && !times };
      draw(edge.line, marks, on && times ? 1.2 + 6 * Math.sqrt(times / most) : null);
      edge.text.classList.toggle("wb-picked", edge.transition === transition);
      if (!edge.tail) continue;
      const shared = tails.get(edge.tail) ?? { marks: {}, times: 0, unused: true };
      for (const name of ["wb-route", "wb-picked"]) shared.marks[name] ||= marks[name];
      shared.times += times;
      tails.set(edge.tail, shared);
    }
    for (const [tail, { marks, times }] of tails) draw(tail, { ...marks, "wb-unused": on && !times }, on && times ? 1.2 + 6 * Math.sqrt(times / most) : null);
    const must = new Set(state?.must ?? []);
    for (const one of model.get("states")) {
      const box = drawn.states.get(one.name);
      if (!box) continue;
      const chosen = one === state;
      box.group.classList.toggle("wb-picked", chosen);
      box.group.classList.toggle("wb-must", must.has(one.name));
      box.group.classList.toggle("wb-untouched", on && !one.times);
      box.fill.setAttribute("height", box.height);
      const text = on ? formatNumber(one.times) : "";
      setText(box.count, text);
      box.name.setAttribute("y", on ? box.y - 7 : box.y);
      const said = [named(one.name), on ? `${text} stays` : "", must.has(one.name) ? "must be passed" : "", one.findings.length ? `${one.findings.length} finding${one.findings.length === 1 ? "" : "s"}` : ""];
      box.group.setAttribute("aria-label", said.filter(Boolean).join(", "));
      box.group.setAttribute("aria-pressed", String(chosen));
    }
  }

  function draw(path, marks, width) {
    for (const [name, on] of Object.entries(marks)) path.classList.toggle(name, on);
    if (width === null) path.style.removeProperty("stroke-width");
    else path.style.setProperty("stroke-width", width.toFixed(1));
  }

  function legend() {
    const sample = (className, width, text) => el("span", {}, svg("svg", { viewBox: "0 0 26 10", "aria-hidden": "true" }, svg("path", { class: `wb-line ${className}`, d: "M1 5H25", style: { "stroke-width": width } })), text);
    const off = model.get("transitions").some((one) => one.off);
    return [el("span", { class: "wb-drawing wb-key" }, sample("", 4, "used"), sample("wb-unused", 1.3, "never used"), off && sample("wb-off", 1.3, "off the machine"))];
  }

  const list = (pairs) => el("dl", {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length))
    .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value instanceof Node || Array.isArray(value) ? value : String(value))]));
  const stateLink = (name) => el("button", { type: "button", class: "wb-link", on: { click: () => pick({ state: name }) } }, named(name));
  const chain = (names, by = []) => names.flatMap((name, n) => [...(n ? [by[n - 1] ? [" -", isolated(by[n - 1])] : " ", "→ "] : []), stateLink(name)].flat());
  const commas = (names) => names.flatMap((name, n) => [n ? ", " : "", stateLink(name)]);
  const seconds = (value) => (value === null || value === undefined ? null : formatSpan(value * 1e6));
  const metadata = (given) => Object.entries(given).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);

  function stateFacts(one) {
    const kinds = [one.initial && "initial", one.final && "final", !one.declared && "not declared"].filter(Boolean).join(", ");
    return [
      el("div", {}, el("h4", {}, `State ${named(one.name)}`), list([["", kinds], ["description", one.description], ...metadata(one.metadata),
        ["stays", one.times === undefined ? null : `${formatNumber(one.times)}, of which ${one.open === one.times && one.times > 1 ? "all" : formatNumber(one.open)} ${one.open === 1 ? "is" : "are"} still there`], ["median stay", seconds(one.median)]])),
      el("div", {}, el("h4", {}, "Ways"), one.way ? list([["shortest way", one.way.length > 1 ? chain(one.way, one.by) : "a life begins here"], ["must pass", commas(one.must)], ["can still come", commas(one.ahead)]])
        : el("p", { class: "wb-error" }, "No run of the machine gets here.")),
      said(one.findings),
    ];
  }

  function wayFacts(one) {
    const rows = one.pairs.map((pair) => [stateLink(pair.from), stateLink(one.to), pair.times === undefined ? "" : formatNumber(pair.times), seconds(pair.median) ?? ""]);
    return [
      el("div", {}, el("h4", {}, one.off ? "A move no transition allows" : `Transition ${one.name}`), list([["description", one.description], ["guard", one.guard], ["actions", one.actions.join(", ")], ["emits", one.emits.join(", ")], ...metadata(one.metadata)])),
      el("div", {}, table("", ["from", "to", { name: "times", numeric: true }, { name: "median time before", numeric: true }], rows)),
      said(one.findings),
    ];
  }

  function said(numbers) {
    const found = model.get("findings");
    return numbers.length ? el("div", {}, el("h4", {}, "Findings"), ...numbers.map((n) => sentence(found[n]))) : null;
  }

  const sentence = (one) => el("p", {}, el("span", { class: `wb-${one.severity}` }, `${one.code} ${one.severity}: `), one.message);

  function findings() {
    const found = model.get("findings");
    const rows = found.map((one, n) => ({
      cells: [el("span", { class: `wb-${one.severity}` }, one.severity), one.code, one.message, one.line ?? ""],
      class: "wb-press", tabindex: 0,
      on: { click: () => goTo(n), keydown: (event) => event.key === "Enter" && goTo(n) },
    }));
    wrong.replaceChildren(found.length ? view.unfolding("findings", true, `${found.length} finding${found.length > 1 ? "s" : ""}`, table("", ["", "code", "says", { name: "line", numeric: true }], rows)) : el("p", { class: "wb-quiet" }, "The machine is sound: no rule finds anything."));
  }

  function goTo(n) {
    const state = model.get("states").find((one) => one.findings.includes(n));
    const way = model.get("transitions").findIndex((one) => one.findings.includes(n));
    if (state) pick({ state: state.name });
    else if (way >= 0) pick({ transition: way });
  }

  choose.addEventListener("change", () => pick(choose.value ? (choose.value[0] === "s" ? { state: choose.value.slice(1) } : { transition: Number(choose.value.slice(1)) }) : {}), { signal: view.signal });
  keyboard(view.root, { "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), 0: () => camera?.whole(), Escape: () => pick({}),
    ArrowLeft: () => camera?.pan(-0.1, 0), ArrowRight: () => camera?.pan(0.1, 0), ArrowUp: () => camera?.pan(0, -0.1), ArrowDown: () => camera?.pan(0, 0.1) }, view.signal);
  view.onChange("drawing states transitions findings", settled(assemble, 0));
  view.onChange("picked overlay", show);
  view.onChange("picked", () => drawn && camera.reveal(drawn.states.get(model.get("picked").state)));
  stage.addEventListener("focusin", ({ target }) => {
    stage.scrollTo(0, 0); // the browser would move the drawing under its camera
    if (target.matches(":focus-visible")) camera.reveal([...drawn.states.values()].find((state) => state.group === target));
  }, { signal: view.signal });
  view.root.append(head, about, bar, stage, view.said, facts, wrong);
  assemble();
  return view.close;
}

/**
 * Pan by dragging or arrows, zoom around the pointer (with Ctrl and the wheel) or the middle; the drawing never leaves the
 * stage. What would be too small to read as a whole begins where a life begins, in a size that can be read.
 */
function cameraOf(stage, node, drawing, view) {
  const most = { width: drawing.width, height: drawing.height };
  const small = () => (stage.clientWidth || 1200) / most.width < 0.6;
  let [x, y, times] = view.kept("camera", null) ?? (small() ? beginning() : [0, 0, 1]);
  const high = () => Math.min(Math.max((most.height / most.width) * stage.clientWidth, small() ? 320 : 160), 560);
  /** What of the drawing a pixel is. */
  const scale = () => Math.max((most.width * times) / node.clientWidth, (most.height * times) / node.clientHeight);
  const remember = settled(() => view.keep("camera", [x, y, times]), 250);

  function beginning() {
    const near = Math.max((stage.clientWidth || 1200) / most.width / 0.85, 0.02);
    return [0, (drawing.entry?.y ?? most.height / 2) - (most.height * near) / 2, near];
  }

  const show = () => {
    const width = most.width * times;
    const height = most.height * times;
    x = Math.min(Math.max(x, -width / 2), most.width - width / 2);
    y = Math.min(Math.max(y, -height / 2), most.height - height / 2);
    node.setAttribute("viewBox", `${x.toFixed(1)} ${y.toFixed(1)} ${width.toFixed(1)} ${height.toFixed(1)}`);
  };
  const move = (to) => {
    [x, y, times] = to;
    show();
    remember();
  };
  const zoom = (by, px = 0.5, py = 0.5) => {
    const next = Math.min(Math.max(times * by, Math.min(0.15, 400 / most.width)), 2);
    const placed = (from, long, seen, share) => from + (long * (times - next)) / 2 + (share - 0.5) * seen * scale() * (1 - next / times);
    move([placed(x, most.width, node.clientWidth, px), placed(y, most.height, node.clientHeight, py), next]);
  };
  const pan = (across, down) => move([x + across * node.clientWidth * scale(), y + down * node.clientHeight * scale(), times]);
  /** Bring a state to the middle that lies outside of what is seen. */
  function reveal(state) {
    if (!state) return;
    const [box, seen] = [state.group.getBoundingClientRect(), stage.getBoundingClientRect()];
    if (box.left >= seen.left && box.right <= seen.right && box.top >= seen.top && box.bottom <= seen.bottom) return;
    move([state.x - (most.width * times) / 2, state.y - (most.height * times) / 2, times]);
  }
  const fit = () => node.style.setProperty("height", `${Math.round(Math.min(high(), small() ? 560 : most.height * 1.25))}px`);
  const watcher = new ResizeObserver(fit);
  const close = () => watcher.disconnect();
  watcher.observe(stage);
  view.signal.addEventListener("abort", close);
  let held = null;
  stage.onpointerdown = (event) => { held = [event.clientX, event.clientY, x, y, event.pointerId]; };
  stage.onpointermove = (event) => {
    if (!held) return;
    const [fromX, fromY, oldX, oldY, id] = held;
    if (!event.buttons) return stage.onpointerup();
    if (!stage.hasPointerCapture(id) && Math.hypot(event.clientX - fromX, event.clientY - fromY) < 4) return;
    stage.setPointerCapture(id);
    stage.classList.add("wb-held");
    move([oldX - (event.clientX - fromX) * scale(), oldY - (event.clientY - fromY) * scale(), times]);
  };
  stage.onpointerup = stage.onpointercancel = () => { held = null; stage.classList.remove("wb-held"); };
  stage.onwheel = (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = node.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.15 : 0.87, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  fit();
  show();
  return { zoom, pan, reveal, close, whole: () => move([0, 0, 1]) };
}

export default { render };
