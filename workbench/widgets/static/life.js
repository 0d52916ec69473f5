// One aggregate, event by event: where it stands, what the event changed, who set each fact, what caused it and what
// it caused, and what could come next. All of it is drawn from traits; only what a large life leaves out is asked for.

const SPEEDS = [["2000", "slow"], ["1000", "1 event a second"], ["350", "fast"]];

function render({ model, el: place }) {
  const whose = model.get("whose");
  const name = `${whose.type} ${whose.aggregate_id}`;
  const view = frame(model, place, `Life of ${name}`);
  view.root.classList.add("wb-life");
  const events = model.get("events");
  const colors = model.get("colors");
  const kin = model.get("kin");
  const last = events.length;
  const asked = new Map();
  let playing = 0;

  const where = el("p", { class: "wb-where", role: "status", "aria-live": "polite" });
  const facts = el("p", { class: "wb-facts" });
  const picture = el("div", { class: "wb-wide" });
  const drawing = model.get("drawing");
  const drawn = drawing && drawMachine(drawing, { label: `the way of ${name}` });
  if (drawn) picture.append(drawn.node);
  const track = laneOf(events, colors, name, (at) => go(at), view.signal);
  const changed = el("div", {});
  const attributes = el("div", {});
  const raw = el("pre", { tabindex: 0, "aria-label": "the event as it was recorded" });
  const links = el("div", {});
  const next = el("div", {});
  const without = el("div", {});
  const list = el("div", { class: "wb-list", tabindex: 0, "aria-label": "all events" });

  const play = button("Play", "play", () => (playing ? pause() : start()));
  const speed = el("select", { class: "wb-select", "aria-label": "speed" }, SPEEDS.map(([value, text]) => el("option", { value, selected: value === view.kept("speed", "1000") }, text)));
  const versions = events.some((one) => one.version !== undefined);
  const jump = el("input", { type: "number", class: "wb-field wb-jump", "aria-label": versions ? "go to version" : "go to place", placeholder: versions ? "version" : "place" });
  const mark = button("Bookmark this moment", "mark", () => toggleMark());
  const bar = el("div", { class: "wb-bar", role: "toolbar", "aria-label": "move along the life" },
    button("To the first event", "restart", () => go(1)), button("Back one event", "previous", () => go(at() - 1)), play,
    button("On one event", "next", () => go(at() + 1)), speed, jump, mark, el("span", { class: "wb-gap" }));

  const at = () => model.get("place");

  function go(to, still = false) {
    const aim = Math.min(Math.max(to, 1), last);
    if (!still) pause();
    if (aim === at()) return;
    model.set("place", aim);
    model.save_changes();
  }

  function start() {
    if (at() >= last) go(1);
    clearInterval(playing);
    relabel(play, "Pause", "pause");
    playing = setInterval(() => {
      go(at() + 1, true);
      if (at() >= last) pause();
    }, Number(speed.value));
  }

  function pause() {
    clearInterval(playing);
    playing = 0;
    relabel(play, "Play", "play");
  }

  function toggleMark() {
    const marks = model.get("bookmarks");
    const now = at();
    model.set("bookmarks", marks.includes(now) ? marks.filter((one) => one !== now) : [...marks, now].sort((a, b) => a - b));
    model.save_changes();
  }

  function toVersion() {
    const wanted = Number(jump.value);
    const found = events.find((one) => (versions ? one.version : one.place) === wanted);
    view.tell(found ? "" : `There is no ${versions ? "version" : "place"} ${jump.value}.`);
    if (found) go(found.place);
  }

  function show() {
    const now = at();
    const event = events[now - 1];
    const before = now > 1 ? events[now - 2].state : undefined;
    where.replaceChildren(el("span", {}, name), ...standing(before, event.state));
    const said = [`event ${now} of ${formatNumber(last)}`, `${formatInstant(event.at)} UTC`, event.event_type];
    if (event.transition) said.push(`transition ${event.transition}`);
    if (event.version !== undefined) said.push(`version ${event.version}`);
    if (event.actor !== undefined) said.push(`by ${event.actor}`);
    setText(facts, said.join(" · "));
    track.show(now, model.get("bookmarks"));
    mark.setAttribute("aria-pressed", String(model.get("bookmarks").includes(now)));
    showMachine(now, event.state);
    showLinks(event);
    showNext(event.state);
    const left = view.kept("without", 0);
    if (left && left !== now) view.keep("without", 0);
    if (left === now) leaveOut(now);
    else without.replaceChildren(el("button", { type: "button", class: "wb-button wb-text", on: { click: () => { view.keep("without", now); leaveOut(now); } } }, "Without this event?"));
    for (const row of list.querySelectorAll("tr[data-place]")) {
      if (Number(row.dataset.place) === now) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    }
    const row = list.querySelector("tr[aria-current]");
    if (row) list.scrollTop = Math.max(0, row.offsetTop - list.clientHeight / 2);
    showDetails(now);
  }

  function standing(before, state) {
    const chip = (text, past) => el("span", { class: past ? "wb-chip wb-was" : "wb-chip" }, el("span", { class: "wb-dot", style: { background: colors[text] ?? "transparent" } }), named(text));
    if (state === undefined) return [el("span", { class: "wb-was" }, "no state")];
    return before !== undefined && before !== state ? [chip(before, true), el("span", { class: "wb-was" }, "→"), chip(state)] : [chip(state)];
  }

  function showMachine(now, state) {
    if (!drawn) return;
    const came = new Set(events.slice(1, now).map((one, n) => `${events[n].state}\n${one.state}`));
    const just = now > 1 ? `${events[now - 2].state}\n${events[now - 1].state}` : "";
    const lit = new Map(); // ways of several states share the part that leads on from their name
    for (const edge of drawn.edges) {
      const key = `${edge.from}\n${edge.to}`;
      const steps = [came.has(key), key === just && edge.from !== edge.to];
      for (const part of [edge.line, edge.tail].filter(Boolean)) lit.set(part, (lit.get(part) ?? [false, false]).map((one, n) => one || steps[n]));
    }
    for (const [part, [before, last]] of lit) {
      part.classList.toggle("wb-came", before);
      part.classList.toggle("wb-just", last);
    }
    for (const [other, node] of drawn.states) {
      node.group.toggleAttribute("data-now", other === state);
      node.fill.setAttribute("height", node.height);
      node.group.setAttribute("aria-label", other === state ? `${named(other)}, it stands here` : named(other));
    }
    if (drawn.states.has(state)) requestAnimationFrame(() => scrollTo(picture, drawn.states.get(state).group));
  }

  async function showDetails(now) {
    let told = model.get("told")[String(now)] ?? asked.get(now);
    if (!told) {
      view.tell("Reading this moment…");
      try {
        told = await view.ask({ what: "details", place: now });
        asked.set(now, told);
        view.tell("");
      } catch (error) {
        view.tell(error);
      }
    }
    if (at() !== now) return;
    changed.replaceChildren(el("h4", {}, "What this event changed"), told ? changesTable(told.changed) : el("p", { class: "wb-quiet" }, "Not in this page."));
    const fresh = new Set((told?.changed ?? []).map(([path]) => path));
    attributes.replaceChildren(el("h4", {}, "All attributes after it"), table("", ["attribute", "value", "set by"], (told?.attributes ?? []).map(([key, value, by]) => ({
      cells: [fresh.has(key) ? el("b", {}, key) : key, shortened(plainValue(value), 200), by === null || by === undefined ? "" : link(`event ${by}`, by, events[by - 1]?.event_type)],
    }))));
    setText(raw, told ? JSON.stringify({ event_id: events[now - 1].event_id, data: told.data, metadata: told.metadata ?? undefined }, null, 2).slice(0, 20000) : "");
  }

  const link = (text, to, title) => el("button", { type: "button", class: "wb-link", title, on: { click: () => go(to) } }, text);

  function showLinks(event) {
    const own = (one) => one.type === whose.type && one.aggregate_id === whose.aggregate_id;
    const mine = event.event_id === undefined ? undefined : kin.find((one) => one.event_id === event.event_id && own(one));
    const causes = mine?.cause === undefined ? [] : kin.filter((one) => one.event_id === mine.cause);
    const effects = mine ? kin.filter((one) => one.cause === mine.event_id && !one.broken) : [];
    const row = (kind) => (one) => [kind, own(one) ? link(`${one.event_type} (event ${one.place})`, one.place) : `${one.type} ${one.aggregate_id}: ${one.event_type}`, one.to_state ?? "", el("span", { class: "wb-whole" }, one.occurred_at ?? "")];
    const rows = [...causes.map(row("caused by")), ...effects.map(row("caused"))];
    if (mine?.cause !== undefined && !causes.length) rows.push(["caused by", `event ${mine.cause}, which this log does not have`, "", ""]);
    links.replaceChildren(el("h4", {}, "Cause and effect"), rows.length ? table("", ["", "event", "to", "at (UTC)"], rows) : el("p", { class: "wb-quiet" }, "The log names neither a cause nor an effect of this event."));
  }

  function showNext(state) {
    const steps = model.get("steps")[state] ?? [];
    const rows = steps.map((one) => [
      one.transition ?? (one.off ? el("span", { class: "wb-wrong" }, "off the machine") : ""), named(one.to),
      [one.guard && `if ${one.guard}`, one.actions?.length && `does ${one.actions.join(", ")}`].filter(Boolean).join("; "),
      one.times ? `${formatNumber(one.times)} · ${percent(one.share)}` : "never",
    ]);
    const columns = ["transition", "to", "guard and actions", { name: "of all here", numeric: true }];
    const told = columns.map((_, n) => n === 1 || rows.some((row) => row[n] !== "")); // without a machine there are no names
    const kept = (line) => line.filter((_, n) => told[n]);
    next.replaceChildren(el("h4", {}, `What could happen next from ${named(state) || "here"}`), rows.length ? table("", kept(columns), rows.map(kept)) : el("p", { class: "wb-quiet" }, "Nothing leads out of here."));
  }

  async function leaveOut(now) {
    without.replaceChildren(el("p", { class: "wb-quiet" }, "Running this life again…"));
    try {
      const answer = await view.ask({ what: "without", place: now });
      without.replaceChildren(el("h4", {}, `Without event ${now}`), ...answer.sentences.map((text) => el("p", {}, text)));
    } catch (error) {
      without.replaceChildren(el("p", { class: "wb-quiet" }, error.message));
    }
  }

  list.append(table("", ["", "at (UTC)", "event", "state", "by"], events.map((one) => ({
    cells: [one.place, formatInstant(one.at), one.event_type ?? "", named(one.state), one.actor ?? ""],
    "data-place": one.place, class: "wb-press", on: { click: () => go(one.place) },
  }))));
  jump.addEventListener("change", toVersion, { signal: view.signal });
  speed.addEventListener("change", () => {
    view.keep("speed", speed.value);
    if (playing) start();
  }, { signal: view.signal });
  keyboard(view.root, {
    ArrowLeft: () => go(at() - 1), ArrowRight: () => go(at() + 1), Home: () => go(1), End: () => go(last),
    " ": () => (playing ? pause() : start()), b: toggleMark,
  }, view.signal);
  view.signal.addEventListener("abort", pause);
  view.onChange("place bookmarks", show);
  view.root.append(where, facts, bar, track.node, picture, view.said,
    el("div", { class: "wb-columns" }, el("div", {}, changed, links, next, without), el("div", {}, attributes)),
    view.unfolding("list", false, last === 1 ? "The only event" : `All ${formatNumber(last)} events`, list),
    view.unfolding("raw", false, "The event as it was recorded", raw));
  show();
  return view.close;
}

/** The lane: one block of colour a state, one dot an event, the playhead; itself a slider. */
function laneOf(events, colors, name, go, signal) {
  const last = events.length;
  const node = el("div", { class: "wb-track", role: "slider", tabindex: 0, "aria-label": `events of ${name}`, "aria-valuemin": 1, "aria-valuemax": last });
  const picture = svg("svg", { preserveAspectRatio: "none", "aria-hidden": "true" });
  const head = svg("line", { class: "wb-head-line", y1: 0, y2: 40 });
  const knob = svg("circle", { class: "wb-now", r: 6, cy: 33 });
  const middle = (place) => `${(100 * (place - 0.5)) / last}%`;
  const dots = events.map((one, n) => svg("circle", { class: n && events[n - 1].state === one.state ? "wb-tick wb-still" : "wb-tick", cx: middle(n + 1), cy: 33, r: last > 120 ? 1.5 : 3.5 }));
  const names = [];
  for (const [from, to] of runs(events)) {
    const state = events[from].state;
    if (state === undefined) continue;
    picture.append(svg("rect", { x: `${(100 * from) / last}%`, width: `${(100 * (to - from)) / last}%`, y: 2, height: 20, rx: 3, fill: colors[state] ?? "#8A94A6", "fill-opacity": 0.45 }, svg("title", {}, shortened(state, 200))));
    const place = { left: `${(100 * from) / last}%`, width: `${(100 * (to - from)) / last}%` };
    if ((to - from) / last > 0.05) names.push(el("span", { class: "wb-stay", "aria-hidden": "true", style: place }, shortened(state, 120)));
  }
  picture.append(...dots, head, knob);
  node.append(...names, picture);
  const reach = (event) => {
    const box = node.getBoundingClientRect();
    go(Math.floor(((event.clientX - box.left) / box.width) * last) + 1);
  };
  node.addEventListener("pointerdown", (event) => {
    node.setPointerCapture(event.pointerId);
    reach(event);
  }, { signal });
  node.addEventListener("pointermove", (event) => node.hasPointerCapture(event.pointerId) && reach(event), { signal });
  return {
    node,
    show(place, marks) {
      head.setAttribute("x1", middle(place));
      head.setAttribute("x2", middle(place));
      knob.setAttribute("cx", middle(place));
      dots.forEach((dot, n) => dot.classList.toggle("wb-marked", marks.includes(n + 1)));
      const event = events[place - 1];
      node.setAttribute("aria-valuenow", place);
      node.setAttribute("aria-valuetext", `event ${place} of ${last}, ${event.event_type}, ${named(event.state) || "no state"}`);
    },
  };
}

/** Stretches of one state: [first, after last] indexes. */
function runs(events) {
  const found = [];
  events.forEach((one, n) => {
    const open = found.at(-1);
    if (open && events[open[0]].state === one.state) open[1] = n + 1;
    else found.push([n, n + 1]);
  });
  return found;
}

export default { render };
