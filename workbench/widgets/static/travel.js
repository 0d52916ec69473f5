// Time travel: counts at evenly spaced instants come from Python once; the hand moves through them here.

const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((n) => [n, n * 1e3]).sort((a, b) => a - b)
  .concat([1, 2, 5, 10, 15, 30].flatMap((n) => [n * 1e6]), [1, 2, 5, 10, 15, 30].map((n) => n * 60e6),
    [1, 2, 3, 6, 12].map((n) => n * 3600e6), [1, 2, 7, 14, 28, 56, 112, 224, 448, 896, 1792, 3584].map((n) => n * 86400e6));
const nice = (least) => NICE.find((one) => one >= least) ?? NICE.at(-1) * Math.ceil(least / NICE.at(-1));
const TALL = 104;
const AXIS = 24;
const DOTS = 160;
const SPEEDS = [0.1, 0.3, 1, 3, 10]; // as many times the usual one
const WEEK_ONE = 345600e6; // the first Monday after 1 January 1970

/** Populations and passages by edge, read from little-endian bytes once. */
function readCounts(model) {
  const [bytes, edges, wide, ways] = [model.get("counts"), model.get("edges"), model.get("states").length, model.get("ways").length];
  const all = new Uint32Array(edges * (wide + ways));
  for (let n = 0; n < all.length; n++) all[n] = bytes.getUint32(4 * n, true);
  const passed = all.subarray(edges * wide);
  return {
    edges, wide, ways, start: model.get("start"), stride: model.get("stride"), trail: model.get("trail"),
    population: (edge, state) => all[edge * wide + state],
    traffic(edge, way) {
      const before = edge - this.trail;
      return passed[edge * ways + way] - (before > 0 ? passed[before * ways + way] : 0);
    },
    /** The last edge at or before an instant: whole numbers, so no edge is missed by rounding. */
    edge(at) {
      let edge = Math.floor((at - this.start) / this.stride);
      if (this.start + edge * this.stride > at) edge--;
      return Math.max(0, Math.min(this.edges - 1, edge));
    },
    instant(edge) { return this.start + edge * this.stride; },
  };
}

/** Moves around an instant, exact: what is known between `lo` and `hi`. */
function readNear(near) {
  if (!near?.at && near?.at !== 0) return null;
  const times = near.times;
  const upTo = (at) => { // how many moves lie at or before an instant
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    ...near,
    covers: (at) => (near.lo === null || at >= near.lo) && (near.hi === null || at <= near.hi),
    population(at) {
      const found = [...near.population];
      const [here, there] = [upTo(near.at), upTo(at)];
      for (let n = here; n < there; n++) {
        found[near.to[n]]++;
        if (near.from[n] >= 0) found[near.from[n]]--;
      }
      for (let n = there; n < here; n++) {
        found[near.to[n]]--;
        if (near.from[n] >= 0) found[near.from[n]]++;
      }
      return found;
    },
    next(at) { return times[upTo(at)]; },
    previous(at) { // the move before the one that is shown
      const here = upTo(at) - 1;
      if (here < 0) return undefined;
      let n = here;
      while (n >= 0 && times[n] >= at) n--;
      return times[n];
    },
    last(at, most) {
      const there = upTo(at);
      return Array.from({ length: Math.min(most, there) }, (_, n) => there - 1 - n);
    },
  };
}

/** The stacked area of all populations over the visible range, stepwise as the counts are; names where they fit. */
function drawArea(counts, states, range, wide) {
  const [first, last] = [counts.edge(range[0]), counts.edge(range[1])];
  const x = (edge) => Math.max(0, Math.min(wide, ((counts.instant(edge) - range[0]) / (range[1] - range[0])) * wide));
  let most = 1;
  for (let edge = first; edge <= last; edge++) {
    let sum = 0;
    for (let n = 0; n < counts.wide; n++) sum += counts.population(edge, n);
    most = Math.max(most, sum);
  }
  const y = (value) => TALL - (value / most) * TALL;
  const below = new Float64Array(last - first + 1);
  const area = svg("svg", { class: "wb-area", width: wide, height: TALL, viewBox: `0 0 ${wide} ${TALL}`, "aria-hidden": "true" });
  const names = [];
  states.forEach((state, n) => {
    const [top, low] = [[], []];
    let [was, wasLow] = [null, null];
    const spots = [];
    for (let edge = first; edge <= last; edge++) {
      const [from, to] = [below[edge - first], below[edge - first] + counts.population(edge, n)];
      below[edge - first] = to;
      const [a, b, at] = [y(to).toFixed(1), y(from).toFixed(1), x(edge).toFixed(1)];
      if (a !== was) top.push(was === null ? `M${at} ${a}` : `H${at}V${a}`);
      if (b !== wasLow) low.push([at, b]);
      [was, wasLow] = [a, b];
      spots.push([x(edge), y(to), y(from)]);
    }
    if (!spots.some(([, a, b]) => b - a > 0.05)) return;
    const back = [`H${wide}V${wasLow}`];
    for (let k = low.length - 1; k >= 0; k--) back.push(`H${low[k][0]}V${k ? low[k - 1][1] : low[k][1]}`);
    const id = state.pattern ? uniqueId("pattern") : null;
    if (id) area.append(svg("defs", {}, patternOf(id, state)));
    area.append(svg("path", { class: "wb-band", "data-n": n, d: `${top.join("")}${back.join("")}Z`, fill: id ? `url(#${id})` : state.color }));
    const text = shortened(state.name, 24);
    const need = 7.2 * text.length + 12;
    const step = Math.max(1, Math.floor(spots.length / 120));
    let best = null;
    for (let k = 0; k < spots.length; k += step) {
      const [left, right] = [spots[k][0] - need / 2, spots[k][0] + need / 2];
      if (left < 0 || right > wide) continue;
      let [highest, lowest] = [-Infinity, Infinity];
      for (let m = k; m >= 0 && spots[m][0] >= left - 12; m--) [highest, lowest] = [Math.max(highest, spots[m][1]), Math.min(lowest, spots[m][2])];
      for (let m = k; m < spots.length && spots[m][0] <= right + 12; m++) [highest, lowest] = [Math.max(highest, spots[m][1]), Math.min(lowest, spots[m][2])];
      if (!best || lowest - highest > best[0]) best = [lowest - highest, spots[k][0], (highest + lowest) / 2];
    }
    if (best && best[0] >= 15) names.push(svg("text", { class: "wb-band-name", x: best[1], y: best[2], fill: state.ink }, text));
  });
  area.append(...names);
  return { area, most };
}

/** Ticks at round instants: [x, where the middle of its text is, text, strong]; no text where the one before is in its way. */
function ticks(range, wide) {
  const step = nice(((range[1] - range[0]) * 92) / Math.max(wide, 1));
  const zero = step >= 7 * 86400e6 ? WEEK_ONE : 0;
  const found = [];
  let day = null;
  let free = 0;
  for (let at = zero + Math.ceil((range[0] - zero) / step) * step; at <= range[1] && found.length < 60; at += step) {
    const text = formatInstant(at, step);
    const [date, time] = [text.slice(0, 10), text.slice(11)];
    const said = step >= 86400e6 || date !== day ? (time && time !== "00:00" && day !== null ? `${date.slice(5)} ${time}` : time && time !== "00:00" ? `${date} ${time}` : found.length && date.slice(0, 4) === day?.slice(0, 4) ? date.slice(5) : date) : time;
    const x = ((at - range[0]) / (range[1] - range[0])) * wide;
    const half = 3.2 * said.length;
    const middle = Math.max(half, Math.min(wide - half, x));
    const fits = middle - half >= free;
    found.push([x, middle, fits ? said : "", date !== day]);
    if (fits) [day, free] = [date, middle + half + 6];
  }
  return found;
}

/** Points along a way, every few pixels, so that a dot finds its place by an index. */
function sampled(edge) {
  const points = [];
  for (const path of [edge.line, edge.tail]) {
    const long = path?.getTotalLength() ?? 0;
    for (let at = 0; at < long; at += 3) {
      const point = path.getPointAtLength(at);
      points.push(point.x, point.y);
    }
  }
  return Float32Array.from(points);
}

function render({ model, el: place }) {
  const view = frame(model, place, `${model.get("name")} over time`);
  if (model.get("sentence")) {
    view.root.append(el("p", { class: "wb-quiet" }, model.get("sentence")));
    view.onChange("sentence", () => { view.close(); render({ model, el: place }); });
    return view.close;
  }
  const states = () => model.get("states");
  let counts;
  let drawn = null;
  let rows = null;
  let at = model.get("playhead");
  let range = [0, 1];
  let near = readNear(model.get("near"));
  let widest = 1;
  let fullest = 1;
  let picked = view.kept("state", null);
  let playing = false;
  let holding = false;
  let sent = at;
  let wide = 800;
  let pace = 1;
  let lastMoved = 0;
  let now = [];
  let traffic = [];

  // --- the parts of the page
  const clock = el("output", { class: "wb-clock" });
  const trailing = el("span", { class: "wb-quiet wb-trailing" });
  const chips = el("span", { class: "wb-chips" });
  const track = el("select", { class: "wb-select", "aria-label": "type and state field", on: { change: () => turnTo(track.selectedIndex) } });
  const title = el("strong", { class: "wb-title" });
  const picture = el("div", { class: "wb-wide" });
  const dots = svg("g", { class: "wb-dots", "aria-hidden": "true" });
  const pool = Array.from({ length: DOTS }, () => svg("circle", { r: 2.7, visibility: "hidden" }));
  dots.append(...pool);
  const overview = el("div", { class: "wb-overview", hidden: true }, el("i"));
  const areaPlace = el("div", { class: "wb-area-place" });
  const playheadLine = el("div", { class: "wb-playhead" }, el("i"));
  const brush = el("div", { class: "wb-brush", hidden: true });
  const axis = svg("svg", { class: "wb-axis", height: AXIS, "aria-hidden": "true" });
  const axisPlace = el("div", { class: "wb-axis-place", title: "Drag here to zoom into a range" }, axis);
  const slider = el("div", { class: "wb-scrub", role: "slider", tabindex: 0, "aria-label": "instant", "aria-orientation": "horizontal" }, areaPlace, playheadLine);
  const scrubber = el("div", { class: "wb-scrubber" }, overview, slider, axisPlace, brush);
  const playButton = button("Play (space)", "play", () => play(!playing));
  const speed = el("select", { class: "wb-select", "aria-label": "speed", title: "Time that passes in a second", on: { change: () => { view.keep("speed", Number(speed.value)); speeds(); } } });
  const zoomOut = button("Zoom out (-)", "minus", () => zoomBy(2));
  const zoomIn = button("Zoom in (+)", "plus", () => zoomBy(0.5));
  const zoomWhole = button("Show everything (0)", "whole", () => zoomTo(whole()));
  const bar = el("div", { class: "wb-bar", role: "toolbar", "aria-label": "playback" },
    button("Back to the beginning (Home)", "restart", () => go(range[0])),
    button("Previous move (Shift+←)", "previous", () => step(-1)), playButton,
    button("Next move (Shift+→)", "next", () => step(1)), speed,
    el("span", { class: "wb-gap" }), zoomOut, zoomIn, zoomWhole);
  const facts = el("div", { class: "wb-facts" });
  const list = el("ol", { class: "wb-moves" });
  const moves = view.unfolding("moves", true, "Last moves", list);
  moves.classList.add("wb-last");
  const listTitle = moves.firstChild;
  view.root.append(el("div", { class: "wb-bar wb-top" }, title, track, chips, el("span", { class: "wb-gap" }), trailing, clock), picture, scrubber, bar, view.said, facts, moves);

  const whole = () => [model.get("first"), model.get("last")];
  async function request(asked) {
    try {
      view.tell("");
      return await view.ask(asked);
    } catch (error) {
      view.tell(error);
      return null;
    }
  }

  /** Another type or field; what is chosen of the lives of another type is let go. */
  async function turnTo(n) {
    const [chosen, name] = [model.get("chosen"), model.get("tracks")[n]];
    const type = name.slice(0, name.lastIndexOf(" · "));
    if (chosen.type && chosen.type !== type) await request({ choose: { ...EVERYTHING, type } });
    await request({ track: n });
    track.selectedIndex = model.get("track");
  }

  // --- taking what Python sends
  function take() {
    counts = readCounts(model);
    widest = 1;
    fullest = 1;
    for (let edge = 0; edge < counts.edges; edge++) {
      for (let n = 0; n < counts.ways; n++) widest = Math.max(widest, counts.traffic(edge, n));
      for (let n = 0; n < counts.wide; n++) fullest = Math.max(fullest, counts.population(edge, n));
    }
    const window_ = model.get("window");
    if (!holding) range = window_.length ? [...window_] : whole();
    if (range[1] <= range[0]) range = [range[0] - 1e6, range[0] + 1e6];
    speeds();
    paint();
  }

  function takeMachine() {
    const drawing = model.get("drawing");
    setText(title, model.get("name"));
    const tracks = model.get("tracks");
    track.hidden = tracks.length < 2 || model.alone;
    title.hidden = !track.hidden;
    track.replaceChildren(...tracks.map((name, n) => el("option", { selected: n === model.get("track") }, name)));
    drawn = drawing?.states ? drawMachine(drawing, { label: `states of ${model.get("name")}`, picked: pick, below: dots }) : null;
    rows = null;
    if (drawn) {
      const byPair = new Map(model.get("ways").map(([from, to], n) => [JSON.stringify([from, to]), n]));
      drawn.edges = drawn.edges.filter((edge) => byPair.has(JSON.stringify([edge.from, edge.to])));
      drawn.edges.forEach((edge) => { edge.way = byPair.get(JSON.stringify([edge.from, edge.to])); edge.phase = Math.random(); edge.points = null; edge.label = edge.text.textContent; });
      for (const node of drawn.states.values()) node.name.setAttribute("y", node.y - 7.5);
      picture.replaceChildren(drawn.node);
      if (!drawn.states.has(picked)) picked = null;
      if (picked !== null) light();
    } else {
      picked = null;
      const cells = states().map((state) => [el("span", {}, swatch(state), shortened(state.name, 80)), el("span"), el("span")]);
      rows = cells.map(([, count, came]) => [count, came]);
      picture.replaceChildren(table(null, ["state", { name: "aggregates", numeric: true }, { name: "came in", numeric: true }], cells));
    }
  }

  const swatch = (state) => el("i", { class: "wb-swatch", style: { background: state.color } });

  // --- what is shown at an instant: exact where the moves around it are known, else at the edge before it
  function settle() {
    const edge = counts.edge(at);
    const exact = near && at === near.at && near.start === counts.start && near.stride === counts.stride;
    if (at === counts.instant(edge)) {
      now = states().map((_, n) => counts.population(edge, n));
      traffic = model.get("ways").map((_, n) => counts.traffic(edge, n));
      return at;
    }
    if (near?.covers(at) && !playing && !holding) {
      now = near.population(at);
      traffic = exact ? near.traffic : model.get("ways").map((_, n) => counts.traffic(edge, n));
      return at;
    }
    now = states().map((_, n) => counts.population(edge, n));
    traffic = model.get("ways").map((_, n) => counts.traffic(edge, n));
    return counts.instant(edge);
  }

  let heard = 0;
  function show() {
    const instant = settle();
    const text = `${formatInstant(instant, counts.stride)} UTC`;
    setText(clock, text);
    const x = Math.max(0, Math.min(1, (instant - range[0]) / (range[1] - range[0]))) * wide;
    playheadLine.style.transform = `translateX(${x.toFixed(1)}px)`;
    if (drawn) {
      states().forEach((state, n) => {
        const node = drawn.states.get(state.name);
        if (!node || node.was === now[n]) return;
        node.was = now[n];
        setText(node.count, formatNumber(now[n]));
        const tall = now[n] ? Math.max(2, (node.height * now[n]) / fullest) : 0;
        node.fill.setAttribute("height", tall.toFixed(1));
        node.fill.setAttribute("y", (node.top + node.height - tall).toFixed(1));
      });
      widths();
    } else {
      rows.forEach(([count, came], n) => {
        setText(count, formatNumber(now[n]));
        setText(came, formatNumber(model.get("ways").reduce((sum, [, to], k) => sum + (to === states()[n].name ? traffic[k] : 0), 0)));
      });
    }
    const time = performance.now();
    if (time - heard > 240 || !(playing || holding)) {
      heard = time;
      tellEars(text);
    }
  }

  function tellEars(text) {
    const full = states().map((state, n) => [shortened(state.name, 60), now[n]]).filter(([, count]) => count);
    slider.setAttribute("aria-valuetext", `${text}: ${full.slice(0, 12).map(([name, count]) => `${name} ${formatNumber(count)}`).join(", ") || "nobody"}`);
    slider.setAttribute("aria-valuemin", 0);
    slider.setAttribute("aria-valuemax", counts.edges - 1);
    slider.setAttribute("aria-valuenow", counts.edge(at));
    if (drawn) states().forEach((state, n) => drawn.states.get(state.name)?.group.setAttribute("aria-label", `${shortened(state.name, 60)} ${formatNumber(now[n])}`));
    explain();
  }

  function widths() {
    const groups = new Map();
    for (const edge of drawn.edges) {
      const count = traffic[edge.way];
      if (edge.group !== null) groups.set(edge.group, (groups.get(edge.group) ?? 0) + count);
      thick(edge.line, count);
    }
    for (const edge of drawn.edges) if (edge.tail) thick(edge.tail, groups.get(edge.group));
  }

  function thick(path, count) {
    const width = (count ? 1.6 + 6.4 * Math.sqrt(Math.min(1, count / widest)) : 1).toFixed(1);
    if (path.was === width) return;
    path.was = width;
    path.style.strokeWidth = width;
    path.classList.toggle("wb-idle", !count);
  }

  // --- a state that is looked at
  function pick(_, name) {
    picked = picked === name ? null : name;
    view.keep("state", picked);
    light();
  }
  function light() {
    drawn.node.classList.toggle("wb-dimmed", picked !== null);
    for (const [state, node] of drawn.states) node.group.classList.toggle("wb-lit", state === picked);
    for (const edge of drawn.edges) {
      setText(edge.text, edge.label);
      const lit = picked === edge.from || picked === edge.to;
      for (const part of [edge.line, edge.head, edge.text, edge.tail]) part?.classList.toggle("wb-lit", false);
      edge.lit = lit;
    }
    for (const edge of drawn.edges) if (edge.lit) for (const part of [edge.line, edge.head, edge.text, edge.tail]) part?.classList.toggle("wb-lit", true);
    dim();
    explain();
  }
  function dim() {
    for (const band of areaPlace.querySelectorAll(".wb-band")) band.classList.toggle("wb-dim", picked !== null && states()[band.dataset.n].name !== picked);
  }

  const only = el("button", { type: "button", class: "wb-button" }, icon("filter"), el("span"));
  only.addEventListener("click", () => request({ choose: { type: model.get("type"), states: [...new Set([...(model.get("chosen").states ?? []), picked])] } }));
  const about = el("span");
  facts.append(about, only);
  function explain() {
    facts.classList.toggle("wb-none", picked === null);
    if (picked === null || !counts) return;
    const n = states().findIndex((state) => state.name === picked);
    const total = now.reduce((sum, count) => sum + count, 0);
    let [came, left] = [0, 0];
    model.get("ways").forEach(([from, to], k) => {
      if (from === to) return;
      if (to === picked) came += traffic[k];
      if (from === picked) left += traffic[k];
    });
    const share = total ? `, ${((100 * now[n]) / total).toFixed(1)} % of ${formatNumber(total)}` : "";
    setText(about, `${shortened(picked, 60)}: ${formatNumber(now[n])}${share}. In the ${formatSpan(counts.trail * counts.stride)} before, ${formatNumber(came)} came from another state and ${formatNumber(left)} left.`);
    if (drawn) for (const edge of drawn.edges) if (edge.lit) setText(edge.text, `${edge.label} ${formatNumber(edge.group === null ? traffic[edge.way] : drawn.edges.filter((one) => one.group === edge.group).reduce((sum, one) => sum + traffic[one.way], 0))}`.trim());
    setText(only.lastChild, `Only lives that were in ${shortened(picked, 24)}`);
    only.hidden = model.alone === true;
  }

  // --- what is chosen, for all views
  function showChosen() {
    const chosen = model.get("chosen");
    const said = {
      aggregates: (ids) => `${model.get("type")} ${ids.map((id) => shortened(id, 20)).join(", ")}`,
      states: (names) => `was in ${names.map((name) => shortened(name, 20)).join(" and in ")}`,
      transitions: (pairs) => pairs.map(([from, to]) => `${shortened(from, 20)} → ${shortened(to, 20)}`).join(" and "),
      variant: (names) => shortened(names.join(" → "), 60),
      since: (text) => `an event since ${text}`, before: (text) => `an event before ${text}`,
    };
    chips.replaceChildren(...Object.entries(said).filter(([name]) => chosen[name]?.length).map(([name, say]) => {
      const text = say(chosen[name]);
      const none = typeof chosen[name] === "string" ? null : [];
      return el("span", { class: "wb-chip" }, text, model.alone ? null : button(`Show all lives again: not only ${text}`, "close", () => request({ choose: { [name]: none } })));
    }));
  }

  // --- time
  function paint() {
    wide = Math.max(120, Math.floor(slider.clientWidth || 800));
    const { area } = drawArea(counts, states(), range, wide);
    areaPlace.replaceChildren(area);
    dim();
    axis.setAttribute("width", wide);
    axis.setAttribute("viewBox", `0 0 ${wide} ${AXIS}`);
    axis.replaceChildren(...ticks(range, wide).flatMap(([x, middle, text, strong]) => [
      svg("path", { d: `M${x.toFixed(1)} 0v5`, class: "wb-tick" }),
      svg("text", { x: middle.toFixed(1), y: 15, "text-anchor": "middle", class: strong ? "wb-strong" : null }, text),
    ]));
    const [first, last] = whole();
    const zoomed = range[0] > first || range[1] < last;
    overview.hidden = !zoomed;
    const share = (t) => (100 * (t - first)) / Math.max(1, last - first);
    Object.assign(overview.firstChild.style, { left: `${Math.max(0, share(range[0]))}%`, width: `${Math.max(0.4, share(range[1]) - share(range[0]))}%` });
    zoomOut.disabled = zoomWhole.disabled = !zoomed;
    setText(trailing, `line width: moves of the last ${formatSpan(counts.trail * counts.stride)}`);
    show();
  }

  function speeds() {
    const base = (range[1] - range[0]) / 30;
    const chosen = view.kept("speed", 1);
    const paceOf = (times) => nice((base * times) / 1.6);
    pace = paceOf(chosen);
    const offered = SPEEDS.filter((times, n) => times === chosen || (paceOf(times) !== pace && paceOf(times) !== paceOf(SPEEDS[n - 1])));
    speed.replaceChildren(...offered.map((times) => el("option", { value: times, selected: times === chosen }, `${formatSpan(paceOf(times))} / s`)));
  }

  function go(to, { rest = true } = {}) {
    at = Math.round(Math.max(range[0], Math.min(range[1], to)));
    lastMoved = performance.now();
    if (!rest) at = counts.instant(counts.edge(at));
    draw();
    if (rest) rested();
    else passing();
  }

  function sync() {
    if (sent === at) return;
    sent = at;
    model.set("playhead", at);
    model.save_changes();
  }
  let lastSync = 0;
  function passing() { // at most four times a second while time runs
    const time = performance.now();
    if (time - lastSync < 250) return;
    lastSync = time;
    sync();
    showMoves();
    if (!model.alone && !asking_ && time - lastList > 900) {
      lastList = time;
      lookCloser();
    }
  }
  const closer = settled(() => lookCloser(), 150);
  function rested() {
    sync();
    showMoves();
    if (!near?.covers(at) || near.at !== at) closer();
  }
  let lastList = 0;
  let asking_ = false;
  async function lookCloser() {
    if (model.alone) return;
    const wanted = at;
    asking_ = true;
    try {
      await view.ask({ near: wanted });
    } catch (error) {
      view.tell(error);
    } finally {
      asking_ = false;
    }
    if (at !== wanted && !playing && !holding) closer();
  }
  function takeNear() {
    near = readNear(model.get("near"));
    draw();
    showMoves();
  }

  function showMoves() {
    if (!near || !near.covers(at)) {
      list.classList.add("wb-stale");
      return;
    }
    list.classList.remove("wb-stale");
    const day = formatInstant(at, 1).slice(0, 10);
    const found = near.last(at, 20);
    setText(listTitle, found.length ? `The last ${found.length === 1 ? "move" : `${found.length} moves`} up to ${formatInstant(at, 1)} UTC` : "Nobody had moved yet");
    list.classList.toggle("wb-days", found.some((n) => !formatInstant(near.times[n], 1).startsWith(day)));
    list.replaceChildren(...found.map((n) => {
      const text = formatInstant(near.times[n], 1);
      const [from, to] = [states()[near.from[n]], states()[near.to[n]]];
      const id = near.ids[n];
      const onlyThis = `Only ${model.get("type")} ${shortened(id, 80)}`;
      const chosen = () => request({ choose: { type: model.get("type"), aggregates: [id] } });
      const who = model.alone ? el("span", { class: "wb-who" }, shortened(id, 24)) : el("button", { type: "button", class: "wb-who", title: onlyThis, "aria-label": onlyThis, on: { click: chosen } }, shortened(id, 24));
      return el("li", {}, el("time", {}, text.startsWith(day) ? text.slice(11) || "00:00:00" : text), who,
        el("span", {}, from ? [swatch(from), isolated(shortened(from.name, 24)), " → "] : ["begins in "], to ? [swatch(to), isolated(shortened(to.name, 24))] : "?"));
    }));
  }

  async function step(way) {
    play(false);
    const find = () => (way > 0 ? near?.next(at) : near?.previous(at));
    let found = near?.covers(at) ? find() : undefined;
    if (found === undefined || !near.covers(found)) {
      if (model.alone) found = edgeThatDiffers(way);
      else {
        await lookCloser();
        found = find();
      }
    }
    if (found === undefined || found === null) view.tell(way > 0 ? "No move comes after this one." : "No move comes before this one.");
    else {
      view.tell("");
      if (found < range[0] || found > range[1]) zoomTo([range[0] + found - at, range[1] + found - at]);
      go(found);
    }
  }

  function edgeThatDiffers(way) {
    const here = counts.edge(at);
    for (let edge = here + way; edge >= 0 && edge < counts.edges; edge += way) {
      for (let n = 0; n < counts.wide; n++) if (counts.population(edge, n) !== counts.population(here, n)) return counts.instant(edge);
    }
    return undefined;
  }

  // --- zoom
  const finer = settled(async () => {
    const [first, last] = whole();
    const all = range[0] <= first && range[1] >= last;
    await request({ zoom: all ? [] : range.map(Math.round) });
  }, 120);
  function zoomTo(wanted) {
    const [first, last] = whole();
    const least = model.alone ? Math.min(last - first, 12 * counts.stride) : Math.min(last - first, 200);
    const span = Math.max(least, Math.min(last - first, wanted[1] - wanted[0]));
    const middle = (wanted[0] + wanted[1]) / 2;
    const left = Math.max(first, Math.min(last - span, wanted[1] - wanted[0] === span ? wanted[0] : middle - span / 2));
    const grain = nice(span / 500); // round ends, where the range is not all there is
    const round = (t) => Math.max(first, Math.min(last, Math.round(t / grain) * grain));
    range = span < last - first ? [round(left), Math.max(round(left) + 1, round(left + span))] : [first, last];
    at = Math.max(range[0], Math.min(range[1], at));
    speeds();
    paint();
    if (!model.alone) finer();
  }
  function zoomBy(times) {
    const span = (range[1] - range[0]) * times;
    const share = Math.max(0, Math.min(1, (at - range[0]) / (range[1] - range[0])));
    zoomTo([at - span * share, at + span * (1 - share)]);
  }

  // --- the hand
  const timeAt = (event) => {
    const box = slider.getBoundingClientRect();
    return range[0] + ((event.clientX - box.left) / box.width) * (range[1] - range[0]);
  };
  function dragging(start, moved, done) {
    return (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const target = event.currentTarget;
      const begun = start(event);
      const follow = (next) => moved(next, begun);
      const end = (next) => {
        target.removeEventListener("pointermove", follow);
        done(next, begun);
      };
      target.addEventListener("pointermove", follow);
      target.addEventListener("pointerup", end, { once: true });
      target.addEventListener("pointercancel", end, { once: true });
    };
  }
  const brushing = dragging((event) => timeAt(event), (event, from) => {
    const [a, b] = [from, timeAt(event)].sort((one, other) => one - other).map((t) => Math.max(0, Math.min(1, (t - range[0]) / (range[1] - range[0]))) * wide);
    brush.hidden = b - a < 6;
    Object.assign(brush.style, { left: `${a}px`, width: `${b - a}px` });
  }, (event, from) => {
    const [a, b] = [from, timeAt(event)].sort((one, other) => one - other);
    const drawnWide = ((b - a) / (range[1] - range[0])) * wide;
    brush.hidden = true;
    if (drawnWide >= 6) zoomTo([Math.max(range[0], a), Math.min(range[1], b)]);
    else go(a);
  });
  const scrubbing = dragging((event) => {
    play(false);
    holding = true;
    go(timeAt(event), { rest: false });
  }, (event) => go(timeAt(event), { rest: false }), () => {
    holding = false;
    rested();
  });
  slider.addEventListener("pointerdown", (event) => (event.shiftKey ? brushing : scrubbing)(event), { signal: view.signal });
  axisPlace.addEventListener("pointerdown", brushing, { signal: view.signal });

  const byEdge = (way, many = 1) => () => {
    play(false);
    const edge = counts.edge(at);
    const snapped = counts.instant(edge);
    const to = way < 0 && snapped < at ? edge : edge + way * many;
    go(counts.instant(Math.max(0, Math.min(counts.edges - 1, to))));
  };
  const far = () => Math.max(1, Math.round((range[1] - range[0]) / counts.stride / 20));
  const arrow = (way) => (event) => (event.shiftKey ? step(way) : byEdge(way)());
  keyboard(view.root, {
    " ": () => play(!playing), ArrowRight: arrow(1), ArrowLeft: arrow(-1), ArrowUp: arrow(1), ArrowDown: arrow(-1),
    PageUp: () => byEdge(1, far())(), PageDown: () => byEdge(-1, far())(), Home: () => go(range[0]), End: () => go(range[1]),
    "+": () => zoomBy(0.5), "=": () => zoomBy(0.5), "-": () => zoomBy(2), "0": () => zoomTo(whole()),
    Escape: () => picked !== null && pick("state", picked),
  }, view.signal);

  // --- motion
  let wanted = 0;
  let frameTime = 0;
  let exactAt = 0;
  function play(on) {
    if (on === playing) return;
    playing = on;
    relabel(playButton, on ? "Pause (space)" : "Play (space)", on ? "pause" : "play");
    if (on) {
      exactAt = at >= range[1] ? range[0] : at;
      frameTime = 0;
      tick();
    } else rested();
  }
  function draw() {
    if (!wanted) wanted = requestAnimationFrame(animate);
  }
  function tick() {
    draw();
  }
  function animate(time) {
    wanted = 0;
    if (view.signal.aborted) return;
    const passed = frameTime ? Math.min(0.1, (time - frameTime) / 1000) : 0;
    frameTime = time;
    if (playing) {
      exactAt = Math.min(range[1], exactAt + pace * passed);
      at = counts.instant(counts.edge(exactAt));
      lastMoved = time;
      passing();
    }
    show();
    const flowing = playing || holding || time - lastMoved < 700;
    if (drawn) flow(passed, flowing);
    if (playing && exactAt >= range[1]) {
      at = Math.round(range[1]);
      play(false);
    }
    if (playing || (flowing && !reducedMotion.matches)) draw();
    else frameTime = 0;
  }
  function flow(passed, flowing) {
    let used = 0;
    if (!reducedMotion.matches) {
      for (const edge of drawn.edges) {
        const count = traffic[edge.way];
        if (!count || used >= DOTS) continue;
        edge.points ??= sampled(edge);
        const long = edge.points.length / 2;
        if (!long) continue;
        if (flowing) edge.phase = (edge.phase + (passed * 22) / long) % 1;
        const many = Math.max(1, Math.round(Math.min(1, long / 40) * (1 + 9 * Math.sqrt(Math.min(1, count / widest)))));
        for (let k = 0; k < many && used < DOTS; k++, used++) {
          const place_ = 2 * Math.floor(((edge.phase + k / many) % 1) * long);
          const dot = pool[used];
          dot.setAttribute("cx", edge.points[place_].toFixed(1));
          dot.setAttribute("cy", edge.points[place_ + 1].toFixed(1));
          const color = drawn.states.get(edge.to)?.color;
          if (dot.was !== color) dot.setAttribute("fill", (dot.was = color));
          if (dot.hid !== false) dot.setAttribute("visibility", (dot.hid = false, "visible"));
        }
      }
    }
    for (let k = used; k < DOTS && pool[k].hid === false; k++) pool[k].setAttribute("visibility", (pool[k].hid = true, "hidden"));
  }

  // --- listening
  view.onChange("drawing states ways", settled(() => { takeMachine(); take(); }, 0));
  view.onChange("counts window", settled(take, 0));
  view.onChange("near", takeNear);
  view.onChange("chosen", showChosen);
  view.onChange("sentence", () => { view.close(); render({ model, el: place }); });
  view.onChange("playhead", () => {
    const told = model.get("playhead");
    if (told === sent || holding || playing) return;
    at = sent = told;
    if (at < range[0] || at > range[1]) zoomTo(at < model.get("first") || at > model.get("last") ? whole() : [at - (range[1] - range[0]) / 2, at + (range[1] - range[0]) / 2]);
    lastMoved = performance.now();
    draw();
    rested();
  });
  const sized = new ResizeObserver(() => { if (Math.floor(slider.clientWidth) !== wide && slider.clientWidth) paint(); });
  sized.observe(slider);
  view.signal.addEventListener("abort", () => sized.disconnect());
  if (model.alone) zoomOut.title = zoomIn.title;
  takeMachine();
  take();
  showChosen();
  if (near?.covers(at)) showMoves();
  else closer();
  draw();
  return view.close;
}

export default { render };
