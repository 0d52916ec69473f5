// What every view shares. Each view's file is put after this one, so all names here are its own.
// Text from data only ever becomes a text node or an attribute; nothing is parsed as markup.

const SVG = "http://www.w3.org/2000/svg";

/** A text in which no character of direction or control, which may turn around what stands beside it, goes unseen. */
const plainly = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
  (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "on") for (const [event, heard] of Object.entries(value)) node.addEventListener(event, heard);
    else if (name === "style") for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  const shown = children.flat().filter((child) => child !== null && child !== undefined && child !== false);
  node.append(...shown.map((child) => (child instanceof Node ? child : plainly(String(child)))));
  return node;
}

/** An HTML element; strings among the children become text. `on` holds listeners, `style` properties. */
function el(tag, attributes, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/** An SVG element, likewise. */
function svg(tag, attributes, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

let lastId = 0;
/** An id that no other view in the page has, for labels, clip paths and markers. */
const uniqueId = (name) => `wb-${name}-${++lastId}-${Math.random().toString(36).slice(2, 7)}`;

const setText = (node, text) => {
  const shown = plainly(String(text));
  if (node.textContent !== shown) node.textContent = shown;
};

/** A name among others: whatever direction it is written in, what stands before it stays before it. */
const isolated = (text) => el("bdi", {}, text);

/** A name, also one that nobody could see; nothing where there is none. */
const named = (text) => (text === null || text === undefined ? "" : String(text).trim() ? String(text) : "(empty)");

/** A name on one line, its end left out where it is long. */
function shortened(name, most = 28) {
  const text = named(name);
  const line = text.slice(0, 4 * most).replace(/\s+/g, " ").trim();
  const letters = [...line];
  return letters.length <= most && line.length === text.trim().length ? line : `${letters.slice(0, most - 1).join("")}…`;
}

/** What chooses all lives again. */
const EVERYTHING = { type: null, aggregates: [], states: [], transitions: [], variant: [], since: null, before: null };

/** How many lives are chosen now, in every view of the selection. */
const saidChosen = (many) => `${formatNumber(many)} ${many === 1 ? "life is" : "lives are"} chosen: views with this selection show ${many === 1 ? "it" : "them"}.`;

const grouped = new Intl.NumberFormat("en-US");
const formatNumber = (value) => grouped.format(value);
const two = (value) => String(value).padStart(2, "0");

/** An instant in microseconds since 1970 (UTC) as text: no finer than it is, or than `grain` microseconds. */
function formatInstant(micros, grain = 1) {
  const seconds = Math.floor(micros / 1e6);
  const rest = micros - seconds * 1e6;
  const at = new Date(seconds * 1000);
  const day = `${String(at.getUTCFullYear()).padStart(4, "0")}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  if (grain >= 86400e6 && micros % 86400e6 === 0) return day;
  const minute = `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  if (grain >= 60e6 && micros % 60e6 === 0) return minute;
  const text = `${minute}:${two(at.getUTCSeconds())}`;
  return rest ? `${text}.${String(rest).padStart(6, "0").replace(/(000)+$/, "")}` : text;
}

const UNITS = [["d", 86400e6], ["h", 3600e6], ["min", 60e6], ["s", 1e6], ["ms", 1e3], ["µs", 1]];
/** A length of time in microseconds in its two largest units: "1 d 2 h". */
function formatSpan(micros) {
  if (micros < 0) return `-${formatSpan(-micros)}`;
  const parts = [];
  let left = Math.round(micros);
  for (const [name, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count && parts.length < 2) parts.push(`${formatNumber(count)} ${name}`);
    else if (parts.length) break;
  }
  return parts.join(" ") || "0 s";
}

const ICONS = {
  play: "M4 2.5v11l9.5-5.5z", pause: "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z",
  next: "M3 3v10l6.5-5zM10.5 3h2.5v10h-2.5z", previous: "M13 3v10L6.5 8zM3 3h2.5v10H3z",
  restart: "M12.9 9.2A5 5 0 1 1 8 3h1.2L7.6 1.4 8.7.4 12 3.7 8.7 7 7.6 6 9.2 4.5H8a3.5 3.5 0 1 0 3.4 4.7z",
  plus: "M7 2.5h2V7h4.5v2H9v4.500H7V9H2.500V7H7z", minus: "M2.500 7h11v2h-11z",
  whole: "M2 7l3-3v2h6V4l3 3v2l-3 3v-2H5v2L2 9z", close: "M3 4.400 4.400 3 8 6.600 11.600 3 13 4.400 9.400 8l3.600 3.600-1.400 1.400L8 9.400 4.400 13 3 11.600 6.600 8z",
  mark: "M4 2h8v12l-4-3-4 3z", link: "M6 4h5.500a4 4 0 0 1 0 8H10v-1.500h1.500a2.500 2.500 0 0 0 0-5H6V8L1.500 4.800 6 1.500z",
  search: "M7 2a5 5 0 1 0 3 9l3 3 1-1-3-3a5 5 0 0 0-4-8zm0 1.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7z",
  save: "M7 2h2v6h3L8 12.500 4 8h3zM2.500 12H4v1.500h8V12h1.500v3h-11z", filter: "M2 3h12L9.500 8.500V13l-3 1.500v-6z",
  up: "M8 3.500l5.500 7h-11z", down: "M8 12.500l5.500-7h-11z",
};

function icon(name) {
  return svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

/** A toolbar button with a drawn icon, named for ears and as a tooltip. */
function button(label, name, pressed, attributes = {}) {
  return el("button", { type: "button", class: "wb-button", "aria-label": label, title: label, ...attributes, on: { click: pressed } }, icon(name));
}

/** Change what a button is called and shows. */
function relabel(node, label, name) {
  if (node.getAttribute("aria-label") === label) return;
  node.setAttribute("aria-label", label);
  node.title = label;
  node.replaceChildren(icon(name));
}

/** Let keys act on a view: names of KeyboardEvent.key to functions; where text is typed they do not. */
function keyboard(node, keys, signal) {
  node.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=range]), textarea, select, [contenteditable]")) return;
    if (event.key === " " && event.target.closest("button, summary, a")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has keys of its own
    act(event);
  }, { signal });
}

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** Call after a silence of so many milliseconds; `.cancel()` forgets what is due. */
function settled(act, wait = 150) {
  let timer = 0;
  const call = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait, ...given);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}

/** Ask Python: `ask(request)` is the promise of its answer, matched by number; without a kernel it is refused. */
function asking(model, signal) {
  let last = 0;
  const open = new Map();
  const heard = (message) => {
    const waiting = open.get(message?.answer);
    if (!waiting) return;
    open.delete(message.answer);
    if (message.error !== undefined) waiting.refuse(new Error(message.error));
    else waiting.resolve(message.value);
  };
  model.on("msg:custom", heard);
  signal?.addEventListener("abort", () => model.off("msg:custom", heard));
  const own = Math.random().toString(36).slice(2);
  return (request) => new Promise((resolve, refuse) => {
    const number = `${own}-${++last}`;
    open.set(number, { resolve, refuse });
    model.send({ ask: number, request });
  });
}

const calledLike = (root, node) => {
  const name = (one) => one.dataset.key ?? one.getAttribute("aria-label") ?? one.textContent;
  return [...root.querySelectorAll(node.localName)].filter((one) => name(one) === name(node));
};

/** Where what the keyboard stands on is drawn anew, it stands on the new one of that name; if there is none, on the view. */
function keepPlace(root, signal) {
  let [held, nth] = [null, 0];
  root.addEventListener("focusin", ({ target }) => { [held, nth] = [target, calledLike(root, target).indexOf(target)]; }, { signal });
  const watcher = new MutationObserver(() => {
    if (!held || held.isConnected || document.activeElement !== document.body) return;
    const again = calledLike(root, held);
    (again[nth] ?? again[0] ?? root).focus({ preventScroll: true });
  });
  watcher.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => watcher.disconnect());
}

/** The frame of a view: its root, a line for messages, and what is undone when it goes. */
function frame(model, element, label) {
  const stop = new AbortController();
  const said = el("p", { class: "wb-said", role: "status" });
  const root = el("section", { class: "wb-view", "aria-label": label, tabindex: -1 }); // keys work after a press anywhere
  element.replaceChildren(root);
  keepPlace(root, stop.signal);
  root.addEventListener("keydown", (event) => { // a notebook has keys of its own: it would leave a list, or delete a cell
    if (!event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) event.stopPropagation();
  });
  for (const still of document.querySelectorAll("[data-wb-static]")) if (still.dataset.wbStatic === model.get("still")) still.hidden = true;
  const onChange = (names, act) => {
    for (const name of names.split(" ")) {
      model.on(`change:${name}`, act);
      stop.signal.addEventListener("abort", () => model.off(`change:${name}`, act));
    }
  };
  const kept = (name, usual) => (Object.hasOwn(model.get("kept"), name) ? model.get("kept")[name] : usual);
  const keep = (name, value) => {
    model.set("kept", { ...model.get("kept"), [name]: value });
    model.save_changes();
  };
  /** A part to unfold, which a page that is loaded again shows as it was left. */
  const unfolding = (name, open, summary, ...inside) => {
    const turned = () => node.open !== kept(name, open) && keep(name, node.open);
    const node = el("details", { open: kept(name, open), on: { toggle: turned } }, el("summary", {}, summary), inside);
    return node;
  };
  return {
    root, said, signal: stop.signal, kept, keep, unfolding, onChange, ask: asking(model, stop.signal), close: () => stop.abort(),
    tell: (text) => setText(said, text instanceof Error ? text.message : text),
  };
}

/** A table: columns are names or {name, numeric}, cells text or nodes; a row may be {cells, ...attributes}. */
function table(caption, columns, rows, attributes = {}) {
  const heads = columns.map((one) => (typeof one === "string" ? { name: one } : one));
  const cell = (value, n) => el("td", { class: heads[n]?.numeric ? "wb-number" : null }, value instanceof Node ? value : String(value ?? ""));
  const body = rows.map((row) => {
    const { cells, ...rest } = Array.isArray(row) ? { cells: row } : row;
    return el("tr", rest, cells.map(cell));
  });
  return el("table", { class: "wb-table", ...attributes },
    caption ? el("caption", {}, caption) : null,
    el("thead", {}, el("tr", {}, heads.map((one) => el("th", { scope: "col", class: one.numeric ? "wb-number" : null }, one.name)))),
    el("tbody", {}, body));
}

/** The pattern of a state whose colour alone would not tell it from another: {color, pattern, ink}. */
function patternOf(id, state) {
  const lines = { "/": "M-1 1L1 -1M0 6L6 0M5 7L7 5", "x": "M0 0L6 6M6 0L0 6", ".": "M2 3a1 1 0 1 0 2 0a1 1 0 1 0 -2 0" };
  return svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
    svg("rect", { width: 6, height: 6, fill: state.color }),
    svg("path", { d: lines[state.pattern], stroke: state.ink, "stroke-opacity": 0.55, fill: "none", "stroke-width": 1.1 }));
}

/** Scroll sideways to what lies outside of what is seen of a wide drawing. */
function scrollTo(wide, node) {
  const [seen, box] = [wide.getBoundingClientRect(), node.getBoundingClientRect()];
  if (box.left < seen.left || box.right > seen.right) wide.scrollLeft += (box.left + box.right - seen.left - seen.right) / 2;
}

const percent = (share) => (share === null || share === undefined ? "" : `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`);

const plainValue = (value) => (value === undefined ? "(none)" : typeof value === "string" ? value : JSON.stringify(value));

/** Where two JSON values differ: [{path, before, after}], undefined where there is none; objects by key, all else whole. */
function differences(before, after, path = []) {
  const maps = [before, after].every((one) => one !== null && typeof one === "object" && !Array.isArray(one));
  if (!maps) return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path: path.join("."), before, after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differences(Object.hasOwn(before, name) ? before[name] : undefined, Object.hasOwn(after, name) ? after[name] : undefined, [...path, name]));
}

/** A table of what an event changed: [attribute, before, after] as Python tells it, nested values taken apart. */
function changesTable(changed) {
  const found = changed.flatMap(([path, before, after]) => differences(before ?? undefined, after ?? undefined, [path]));
  if (!found.length) return el("p", { class: "wb-quiet" }, "Nothing.");
  const rows = found.map((one) => [one.path, el("span", { class: "wb-was" }, shortened(plainValue(one.before), 200)), el("span", { class: "wb-is" }, shortened(plainValue(one.after), 200))]);
  return table("", ["attribute", "before", "after"], rows, { class: "wb-table wb-diff" });
}

/**
 * A machine from the coordinates that Python laid out (`workbench.machines.coordinates`).
 * Returns {node, states, edges}: Map name -> parts of a state, and [{from, to, off, line, tail, name}] one a route.
 * Pass `picked(kind, value)` to make states and transitions pressable.
 */
function drawMachine(drawing, { label, picked = null, below = null } = {}) {
  const clip = uniqueId("clip");
  const lines = svg("g", { class: "wb-lines" });
  const names = svg("g", { class: "wb-names" });
  const boxes = svg("g", { class: "wb-boxes" });
  const clips = svg("defs", {});
  const states = new Map();
  const edges = [];
  const pressable = (what, kind, value, said) => {
    if (!picked) return what;
    build(what, { tabindex: 0, role: "button", "aria-label": said, class: `${what.getAttribute("class")} wb-press` }, []);
    what.addEventListener("click", (event) => picked(kind, value, event));
    what.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation();
        picked(kind, value, event);
      }
    });
    return what;
  };
  const off = (way) => (way.off ? " wb-off" : "");
  const tails = drawing.labels.map((one) => {
    const tail = svg("path", { class: `wb-line${off(one)}`, d: one.tail });
    const head = svg("path", { class: `wb-head${off(one)}`, d: one.head });
    const text = svg("text", { class: `wb-name${off(one)}`, x: one.x, y: one.y }, one.text);
    lines.append(tail, head);
    names.append(svg("g", {}, svg("title", {}, one.title), text));
    return { tail, head, text };
  });
  for (const way of drawing.routes) {
    const line = svg("path", { class: `wb-line${off(way)}`, d: way.path });
    lines.append(line);
    edges.push({ ...way, line, ...tails[way.label], group: way.label });
  }
  for (const way of drawing.loops) {
    const line = svg("path", { class: `wb-line${off(way)}`, d: way.path });
    const head = svg("path", { class: `wb-head${off(way)}`, d: way.head });
    const text = svg("text", { class: `wb-name${off(way)}`, x: way.x, y: way.y }, way.text);
    lines.append(line, head);
    names.append(svg("g", {}, svg("title", {}, way.title), text));
    edges.push({ ...way, line, tail: null, head, text, group: null });
  }
  drawing.states.forEach((state, n) => {
    const [left, top] = [state.x - state.width / 2, state.y - state.height / 2];
    const box = { x: left, y: top, width: state.width, height: state.height, rx: 8 };
    clips.append(svg("clipPath", { id: `${clip}-${n}` }, svg("rect", box)));
    const fill = svg("rect", { ...box, class: "wb-fill", fill: state.color, "clip-path": `url(#${clip}-${n})`, height: 0, rx: 0 });
    const edge = svg("rect", { ...box, class: `wb-edge${state.declared ? "" : " wb-off"}`, stroke: state.color });
    const name = svg("text", { class: "wb-state-name", x: state.x, y: state.y }, state.label);
    const count = svg("text", { class: "wb-count", x: state.x, y: state.y + 9 });
    const final = state.final ? svg("rect", { class: "wb-final", x: left + 3.5, y: top + 3.5, width: state.width - 7, height: state.height - 7, rx: 5, stroke: state.color }) : null;
    const group = svg("g", { class: "wb-node", "data-state": shortened(state.name, 80) }, svg("title", {}, state.title), svg("rect", { ...box, class: "wb-paper" }), fill, edge, final, name, count);
    boxes.append(pressable(group, "state", state.name, state.title));
    states.set(state.name, { ...state, left, top, group, fill, edge, name, count, text: name });
  });
  if (drawing.entry) lines.append(svg("path", { class: "wb-line", d: drawing.entry.path }), svg("path", { class: "wb-head", d: drawing.entry.head }), svg("circle", { class: "wb-head", cx: drawing.entry.x, cy: drawing.entry.y, r: 4.5 }));
  const node = svg("svg", { class: "wb-drawing", viewBox: `0 0 ${drawing.width} ${drawing.height}`, width: drawing.width, height: drawing.height, role: "group", "aria-label": label }, clips, lines, below, names, boxes);
  node.style.setProperty("--natural", `${Math.round(drawing.width)}px`);
  return { node, states, edges };
}
