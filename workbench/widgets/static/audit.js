// Every event of a log: filters above, time as the scroll bar, only the rows on the screen drawn; a row opens its life.

const LINES = 18;
const BLOCK = 100;

function render({ model, el: place }) {
  const view = frame(model, place, "Audit trail");
  view.root.classList.add("wb-audit");
  const said = el("p", { class: "wb-where", role: "status", "aria-live": "polite" });
  const bars = svg("svg", { preserveAspectRatio: "none", "aria-hidden": "true" });
  const ends = el("div", { class: "wb-ends", "aria-hidden": "true" });
  const density = el("div", { class: "wb-density", role: "scrollbar", tabindex: 0, "aria-label": "time", "aria-orientation": "horizontal", "aria-controls": uniqueId("rows"), "aria-valuemin": 0 }, bars, ends);
  const rows = el("div", { id: density.getAttribute("aria-controls"), role: "rowgroup" });
  const grid = el("div", { class: "wb-rows", role: "grid", tabindex: 0, "aria-label": "events" },
    el("div", { class: "wb-grid wb-head", role: "row" }, ["at (UTC)", "aggregate", "event", "move", "by"].map((name) => el("div", { role: "columnheader" }, name))), rows);
  const life = el("div", {});
  let blocks = new Map();
  let top = 0;

  const total = () => model.get("total");
  const clamp = (position) => Math.min(Math.max(position, 0), Math.max(0, total() - LINES));
  /** The position in time of the n-th line from the top of all. */
  const inTime = (line) => (model.get("newest") ? total() - 1 - line : line);
  const isOpen = (row) => String(row.slice(0, 3)) === String(model.get("opened"));

  const fields = {
    type: select("any type", "type"), state: select("any state", "state"), event_type: select("any event", "event_type"), actor: text("by", "actor"),
    since: text("since", "since", "wb-time"), before: text("before", "before", "wb-time"), text: text("any text", "text"), correlation: text("correlation", "correlation"),
  };
  const order = el("button", { type: "button", class: "wb-button", "aria-pressed": "false", on: { click: turn } }, "Newest first");
  const bar = el("div", { class: "wb-bar", role: "search", "aria-label": "conditions" }, Object.values(fields).flatMap((one) => (Array.isArray(one) ? one : [one])),
    button("Show all events again", "close", all), order, button("Save what is shown as CSV", "save", save));

  function put(name, value) {
    model.set(name, value);
    model.save_changes();
  }
  const keepLine = settled(() => put("line", top), 250);

  function select(label, name) {
    return el("select", { class: "wb-field", "aria-label": label, "data-name": name, on: { change: filter } }, el("option", { value: "" }, label), model.get("names")[name].map((one) => el("option", { value: one }, shortened(one, 60))));
  }

  function text(label, name, kind = "") {
    const names = model.get("names")[name];
    const list = names && el("datalist", { id: uniqueId(name) }, names.map((one) => el("option", { value: one })));
    const field = el("input", { class: `wb-field ${kind}`, "aria-label": label, placeholder: label, "data-name": name, list: list?.id, on: { change: filter } });
    return list ? [field, list] : field;
  }

  const inputs = () => [...bar.querySelectorAll("[data-name]")];
  function filter({ target }) {
    ask(Object.fromEntries(inputs().filter((one) => one.value.trim()).map((one) => [one.dataset.name, one.value.trim()])), target);
  }

  async function ask(conditions, field) {
    view.tell("");
    try {
      await view.ask({ what: "filter", conditions });
      if (field) inputs().forEach((one) => one.removeAttribute("aria-invalid"));
      else restore();
    } catch (error) {
      view.tell(error);
      field?.setAttribute("aria-invalid", "true"); // what was typed stays to be corrected
    }
  }

  async function all() {
    const chosen = model.get("chosen");
    if (Object.keys(EVERYTHING).some((name) => chosen[name]?.length)) await view.ask({ choose: EVERYTHING }).catch(view.tell);
    ask({});
  }

  async function save() {
    try {
      const { path } = await view.ask({ what: "export", path: "audit_trail.csv" });
      view.tell(`${formatNumber(total())} events written to ${path}, and beside it where they come from.`);
    } catch (error) {
      view.tell(error);
    }
  }

  function turn() {
    top = 0;
    keepLine();
    put("newest", !model.get("newest"));
  }

  function restore() {
    for (const one of inputs()) {
      one.value = model.get("conditions")[one.dataset.name] ?? "";
      one.removeAttribute("aria-invalid");
    }
  }

  function anew() {
    blocks = new Map();
    const first = model.get("first");
    for (let start = 0; start < first.length; start += BLOCK) blocks.set(start, first.slice(start, start + BLOCK));
    restore();
    histogram();
    show();
  }

  function histogram() {
    const given = model.get("bars");
    const most = Math.max(1, ...given.map(([, , events]) => events));
    bars.setAttribute("viewBox", `0 0 ${Math.max(given.length, 1)} 40`);
    bars.replaceChildren(...given.map(([, , events], n) => {
      const high = Math.max(1.5, 38 * Math.sqrt(events / most));
      return svg("rect", { x: n + 0.08, width: 0.84, y: 40 - high, height: high });
    }));
    ends.replaceChildren(...(given.length ? [el("span", {}, formatInstant(given[0][0]).slice(0, 16)), el("span", {}, formatInstant(model.get("last")).slice(0, 16))] : []));
  }

  function known(line) {
    const position = inTime(line);
    const start = Math.floor(position / BLOCK) * BLOCK;
    return blocks.get(start)?.[position - start];
  }

  function wanted() {
    const lines = Array.from({ length: Math.min(LINES, total() - top) }, (_, n) => inTime(top + n));
    return [...new Set(lines.map((position) => Math.floor(position / BLOCK) * BLOCK))].filter((start) => !blocks.has(start));
  }

  const fetch = settled(async () => {
    const asked = blocks;
    for (const start of wanted()) {
      try {
        const found = await view.ask({ what: "rows", from: start });
        if (asked !== blocks) return; // other conditions hold by now
        blocks.set(start, found);
        if (blocks.size > 60) blocks.delete(blocks.keys().next().value);
      } catch (error) {
        view.tell(error);
        return;
      }
    }
    show();
  }, 40);

  function show() {
    const one = total() === 1;
    order.setAttribute("aria-pressed", String(model.get("newest")));
    setText(said, total() ? `${formatNumber(total())} event${one ? "" : "s"}${total() > LINES ? `, from ${formatNumber(top + 1)} to ${formatNumber(Math.min(top + LINES, total()))}` : ""}` : "No event meets these conditions.");
    grid.setAttribute("aria-rowcount", total());
    const focused = [...rows.children].indexOf(document.activeElement);
    const longest = Math.max(...Array.from({ length: Math.min(LINES, total() - top) }, (_, n) => (known(top + n) ? formatInstant(known(top + n)[3]).length : 0)), 19);
    view.root.style.setProperty("--time", `${(0.6 * longest + 1.5).toFixed(1)}em`);
    rows.replaceChildren(...Array.from({ length: Math.min(LINES, total() - top) }, (_, n) => line(top + n)));
    if (focused >= 0) rows.children[Math.min(focused, rows.children.length - 1)]?.focus();
    mark();
    if (wanted().length) fetch();
  }

  function line(n) {
    const row = known(n);
    if (!row) return el("div", { class: "wb-grid wb-row", role: "row", "aria-rowindex": n + 1 }, el("div", { role: "gridcell" }, "…"), el("div", {}), el("div", {}), el("div", {}), el("div", {}));
    const [type, id, place_, at, event, from, to, actor] = row;
    const dot = to && el("span", { class: "wb-dot", style: { background: model.get("colors")[to] ?? "transparent" } });
    const name = (state) => isolated(shortened(state, 120));
    const move = to === null ? [] : from === null ? [dot, name(to)] : from === to ? [dot, name(to), " again"] : [dot, name(from), " → ", name(to)];
    const words = to === null ? "" : from === null ? named(to) : `${named(from)} → ${named(to)}`;
    const cells = [[formatInstant(at), "wb-num"], [`${type} ${id}`], [event], [words, "", move], [actor]];
    return el("div", {
      class: "wb-grid wb-row", role: "row", tabindex: -1, "aria-rowindex": n + 1, "aria-selected": String(isOpen(row)), on: { click: () => open(row) },
    }, cells.map(([told, kind, shown]) => el("div", { role: "gridcell", class: kind, title: plainly(String(told ?? "")).slice(0, 400) }, shown ?? (told === null ? "" : shortened(told, 120)))));
  }

  function mark() {
    const given = model.get("bars");
    const position = total() ? inTime(Math.min(top, total() - 1)) : 0;
    let here = given.findIndex(([, before, events]) => position < before + events);
    if (here < 0) here = given.length - 1;
    [...bars.children].forEach((bar_, n) => bar_.classList.toggle("wb-here", n === here));
    density.setAttribute("aria-valuemax", Math.max(0, total() - 1));
    density.setAttribute("aria-valuenow", position);
    density.setAttribute("aria-valuetext", given.length ? `${formatInstant(given[here][0])} UTC` : "no events");
  }

  function go(line_) {
    const aim = clamp(Math.round(line_));
    if (aim === top) return;
    top = aim;
    keepLine();
    show();
  }

  function jump(event) {
    const box = density.getBoundingClientRect();
    const given = model.get("bars");
    if (!given.length) return;
    const exact = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 0.9999) * given.length;
    const [, before, events] = given[Math.floor(exact)];
    const position = before + Math.floor((exact % 1) * events);
    go(model.get("newest") ? total() - 1 - position : position);
  }

  const open = (row) => put("opened", row.slice(0, 3));
  async function showLife() {
    const row = model.get("opened");
    show();
    if (!row.length) return life.replaceChildren();
    const [type, id, place_] = row;
    life.replaceChildren(el("p", { class: "wb-quiet" }, `Reading ${type} ${id}…`));
    try {
      const found = await view.ask({ what: "life", type, id, place: place_ });
      if (isOpen(row)) tellLife(type, id, place_, found);
    } catch (error) {
      if (isOpen(row)) life.replaceChildren(el("p", { class: "wb-quiet" }, error.message));
    }
  }

  function tellLife(type, id, place_, { events, many, told }) {
    const name = `${type} ${id}`;
    const choose = el("button", { type: "button", class: "wb-button", on: { click: () => view.ask({ choose: { type, aggregates: [id], instant: told.occurred_at } }).then(() => view.tell(`${name} is chosen: views with this selection show it.`), view.tell) } }, "Choose this life everywhere");
    const list = table(`${name}: ${formatNumber(many)} event${many === 1 ? "" : "s"}`, ["", "at (UTC)", "event", "state", "by"], events.map(([n, at, event, state, actor]) => ({
      cells: [n, formatInstant(at), event ?? "", named(state ?? null), actor ?? ""], class: "wb-press", tabindex: 0, "aria-current": n === place_ ? "step" : null, on: { click: () => open([type, id, n]), keydown: (key) => key.key === "Enter" && open([type, id, n]) },
    })));
    const raw = el("pre", { tabindex: 0, "aria-label": "the event as it was recorded" }, JSON.stringify({ data: told.data, metadata: told.metadata ?? undefined }, null, 2).slice(0, 20000));
    life.replaceChildren(el("div", { class: "wb-life" }, el("div", { class: "wb-bar" }, el("b", {}, name), choose, button("Close this life", "close", close)),
      el("div", { class: "wb-columns" }, el("div", {}, list), el("div", {}, el("h4", {}, `What event ${place_} changed`), changesTable(told.changed), el("h4", {}, "As it was recorded"), raw))));
  }

  const close = () => put("opened", []);

  grid.addEventListener("wheel", (event) => {
    const aim = clamp(Math.round(top + event.deltaY / 25));
    if (aim === top || event.ctrlKey) return;
    event.preventDefault();
    go(aim);
  }, { passive: false, signal: view.signal });
  density.addEventListener("pointerdown", (event) => { density.setPointerCapture(event.pointerId); jump(event); }, { signal: view.signal });
  density.addEventListener("pointermove", (event) => density.hasPointerCapture(event.pointerId) && jump(event), { signal: view.signal });
  const step = (by) => {
    const at = [...rows.children].indexOf(document.activeElement);
    if (at < 0) return rows.firstElementChild?.focus();
    const aim = at + by;
    if (aim >= 0 && aim < rows.children.length) rows.children[aim].focus();
    else go(top + by);
  };
  const press = () => {
    const at = [...rows.children].indexOf(document.activeElement);
    const row = at >= 0 && known(top + at);
    if (row) open(row);
  };
  keyboard(grid, { ArrowDown: () => step(1), ArrowUp: () => step(-1), PageDown: () => go(top + LINES), PageUp: () => go(top - LINES), Home: () => go(0), End: () => go(total()), Enter: press, " ": press }, view.signal);
  keyboard(density, { ArrowRight: () => go(top + LINES), ArrowLeft: () => go(top - LINES), PageDown: () => go(top + total() / 20), PageUp: () => go(top - total() / 20), Home: () => go(0), End: () => go(total()) }, view.signal);
  keyboard(view.root, { Escape: close }, view.signal);
  view.onChange("first total last", () => {
    top = 0;
    anew();
  });
  view.onChange("newest", show);
  view.onChange("line", () => go(model.get("line")));
  view.onChange("opened", showLife);
  view.root.append(said, bar, density, grid, view.said, life);
  top = clamp(model.get("line"));
  anew();
  if (model.get("opened").length) showLife();
  return view.close;
}

export default { render };
