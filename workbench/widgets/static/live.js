// How a log stands now, renewed by Python whenever something came: counters, states, alarms, the last moves, the last hour.

function render({ model, el: place }) {
  const view = frame(model, place, "Live dashboard");
  view.root.classList.add("wb-live");
  const told = () => model.get("told") ?? {};
  const feed = () => model.get("feed") ?? {};
  const empty = () => told().at === undefined;
  const aboutSpan = () => model.get("span").replace(/^1 /, "");

  const source = el("p", { class: "wb-feed" });
  const where = el("p", { class: "wb-where" });
  const pause = button("Pause", "pause", turn);
  const types = el("select", { class: "wb-select", "aria-label": "type", on: { change: () => choose({ type: types.value || null, aggregates: [] }) } });
  const aggregate = el("input", { class: "wb-select wb-field", type: "search", "aria-label": "one aggregate", placeholder: "one aggregate", on: { change: chooseOne } });
  const spans = el("select", { class: "wb-select", "aria-label": "changes since", on: { change: () => { model.set("span", spans.value); model.save_changes(); } } },
    model.get("spans").map((one) => el("option", { value: one }, `last ${one.replace(/^1 /, "")}`)));
  const all = button("Follow everything again", "close", () => choose({ type: null, aggregates: [] }));
  const bar = el("div", { class: "wb-bar", role: "toolbar", "aria-label": "what is followed" }, pause, types, aggregate, all, el("span", { class: "wb-gap" }), spans);
  const totals = el("ul", { class: "wb-totals", "aria-label": "totals" });
  const bars = svg("svg", { class: "wb-bars", viewBox: "0 0 600 120", preserveAspectRatio: "none", role: "img" });
  const most = el("span", {});
  const first = el("span", {});
  const last = el("span", {});
  const key = el("ul", { class: "wb-key" });
  const chart = el("figure", {}, el("figcaption", {}, el("span", {}, ""), most), bars, el("div", { class: "wb-ends", "aria-hidden": "true" }, first, last), key);
  const cards = el("ul", { class: "wb-cards", "aria-label": "states" });
  const alarms = el("div", { class: "wb-alarms" });
  const moves = el("div", { class: "wb-moves" });
  const spoken = el("p", { class: "wb-spoken", role: "status", "aria-live": "polite" });
  let known = null; // the moves shown before, while the same lives and span are looked at
  let asked = null;
  let followed = null;
  let before = new Map();

  async function choose(chosen) {
    view.tell("");
    try {
      await view.ask({ choose: chosen });
    } catch (error) {
      view.tell(error);
      restore(true);
    }
  }

  function chooseOne() {
    const id = aggregate.value.trim();
    if (id && !types.value) {
      view.tell("Choose a type first: an aggregate is one of its type.");
      return;
    }
    choose({ type: types.value || null, aggregates: id ? [id] : [] });
  }

  async function turn() {
    view.tell("");
    try {
      await view.ask({ what: feed().state === "paused" ? "resume" : "pause" });
    } catch (error) {
      view.tell(error);
    }
  }

  /** Show what is chosen; what is being typed stays, unless it is to begin anew. */
  function restore(anew = false) {
    const chosen = model.get("chosen");
    const one = chosen.aggregates?.length === 1 ? chosen.aggregates[0] : "";
    const names = ["", ...model.get("types")];
    if (types.options.length !== names.length) types.replaceChildren(...names.map((one) => el("option", { value: one }, one ? shortened(one, 40) : "every type")));
    types.value = chosen.type ?? "";
    if (anew || one !== followed) aggregate.value = followed = one;
    spans.value = model.get("span");
    all.disabled = !chosen.type;
  }

  function showFeed() {
    const one = feed();
    const paused = one.state === "paused";
    pause.hidden = !one.state;
    pause.disabled = one.state === "stopped";
    relabel(pause, paused ? "Resume" : "Pause", paused ? "play" : "pause");
    const counts = [`${formatNumber(one.read ?? 0)} rows read`, one.duplicate && `${formatNumber(one.duplicate)} duplicate`, one.rejected && `${formatNumber(one.rejected)} rejected`].filter(Boolean).join(", ");
    source.className = `wb-feed wb-${one.state ?? "none"}`;
    setText(source, one.state ? `${one.state} · ${shortened(one.source, 60)}: ${one.trouble ?? counts}${one.notes.length && !one.trouble ? ` · ${one.notes[0]}` : ""}` : "");
    source.hidden = !one.state;
  }

  const arrow = (change) => (change > 0 ? "▲" : change < 0 ? "▼" : "→");
  const trend = (change) => (change > 0 ? "up" : change < 0 ? "down" : "even");
  const signed = (change) => (change > 0 ? `+${formatNumber(change)}` : change < 0 ? `−${formatNumber(-change)}` : "±0");

  function total(name, value, change, note, wrong = false) {
    return el("li", { class: wrong ? "wb-total wb-alarm" : "wb-total" }, el("span", { class: "wb-quiet" }, name),
      el("div", {}, el("b", {}, formatNumber(value)), change === null ? null : el("span", { class: "wb-change", title: `${trend(change)}: ${signed(change)}` }, `${arrow(change)} ${signed(change)}`), el("small", {}, note)));
  }

  function show() {
    restore();
    showFeed();
    const one = told();
    for (const part of [totals, chart, cards, alarms, moves]) part.hidden = empty();
    if (empty()) {
      setText(where, "No event has come yet.");
      return;
    }
    const asking = `${one.chosen} ${one.span}`;
    if (asking !== asked) {
      [asked, known, before] = [asking, null, new Map()];
      setText(spoken, "");
    }
    const chosen = model.get("chosen");
    const what = chosen.aggregates?.length ? `${chosen.type} ${chosen.aggregates.join(", ")}` : chosen.type ?? (model.get("types").length === 1 ? model.get("types")[0] : "Everything");
    setText(where, `${shortened(what, 60)} at ${formatInstant(one.at, 1e6)} UTC`);
    const { aggregates, change, moves: moved, moves_before: earlier, critical, alarms: alarmed } = one.totals;
    totals.replaceChildren(
      total("aggregates", aggregates, change, `in the last ${aboutSpan()}`),
      total(`moves in the last ${aboutSpan()}`, moved, moved - earlier, `against ${formatNumber(earlier)} before`),
      total("in a critical state", critical, null, `${formatNumber(alarmed)} entered one in the last ${aboutSpan()}`, critical > 0),
    );
    showBars(one);
    showCards(one);
    alarms.replaceChildren(movesOf(`Into critical states in the last ${aboutSpan()}`, one.alerts, "None."));
    moves.replaceChildren(movesOf(`The last ${one.moves.length} moves`, one.moves, ""));
    speak(one);
  }

  function showCards(one) {
    const values = new Map();
    const many = new Set(one.cards.map((card) => card.type)).size > 1;
    cards.replaceChildren(...one.cards.map((card) => {
      const name = JSON.stringify([card.type, card.field, card.state]);
      values.set(name, card.aggregates);
      const moved = before.has(name) && before.get(name) !== card.aggregates;
      return el("li", { class: `wb-card-of${card.critical ? " wb-alarm" : ""}${moved ? " wb-moved" : ""}`, style: { "--state": card.color }, title: `${formatNumber(card.entered)} came, ${formatNumber(card.exited)} went in the last ${aboutSpan()}` },
        el("span", { class: "wb-name" }, many || card.field ? el("small", {}, `${[many && card.type, card.field].filter(Boolean).map((name) => shortened(name, 24)).join(" · ")} `) : null, shortened(card.state, 28), card.critical ? el("em", {}, "critical") : null),
        el("b", {}, formatNumber(card.aggregates)), el("span", { class: "wb-change" }, `${arrow(card.change)} ${signed(card.change)}`),
        el("small", {}, `${(100 * card.share).toFixed(card.share < 0.1 ? 1 : 0)} %`), el("i", { style: { width: `${100 * card.share}%` } }));
    }), ...(one.more ? [el("li", { class: "wb-quiet" }, `and ${formatNumber(one.more)} more states`)] : []));
    before = values;
  }

  function showBars(one) {
    const steps = one.layers[0]?.counts.length ?? 0;
    const sums = Array.from({ length: steps }, (_, n) => one.layers.reduce((sum, layer) => sum + layer.counts[n], 0));
    const top = Math.max(1, ...sums);
    const wide = 600 / Math.max(1, steps);
    const [grain, unit] = [one.stride, formatSpan(one.stride).replace(/^1 /, "")];
    const fills = one.layers.map((layer) => (layer.pattern ? [uniqueId("pattern"), layer] : null));
    const filled = (n) => (fills[n] ? `url(#${fills[n][0]})` : one.layers[n].color);
    bars.replaceChildren(svg("defs", {}, fills.filter(Boolean).map(([id, layer]) => patternOf(id, layer))), ...sums.flatMap((sum, n) => {
      let left = 120;
      const end = one.start + n * one.stride;
      const group = svg("g", {}, svg("title", {}, `${formatNumber(sum)} move${sum === 1 ? "" : "s"} up to ${formatInstant(end, grain)}`), svg("rect", { class: "wb-hover", x: n * wide, y: 0, width: wide, height: 120 }));
      one.layers.forEach((layer, k) => {
        const high = (112 * layer.counts[n]) / top;
        left -= high;
        if (high) group.append(svg("rect", { x: n * wide + 1, y: left, width: wide - 1.5, height: high, fill: filled(k) }));
      });
      return [group];
    }));
    const busiest = sums.indexOf(Math.max(...sums));
    bars.setAttribute("aria-label", steps ? `${formatNumber(sums.reduce((a, b) => a + b, 0))} moves, the most in one step ${formatNumber(top)}, up to ${formatInstant(one.start + busiest * one.stride, grain)}` : "no moves");
    setText(chart.querySelector("figcaption span"), `Moves ${/^\d/.test(unit) ? `every ${unit}` : `a ${{ min: "minute", h: "hour", d: "day", s: "second" }[unit] ?? unit}`} by ${new Set(one.cards.map((card) => card.type)).size > 1 ? "type" : "the state entered"}`);
    setText(most, steps ? `most ${formatNumber(top)}` : "none");
    setText(first, formatInstant(one.start - one.stride, grain));
    setText(last, formatInstant(one.start + (Math.max(steps, 1) - 1) * one.stride, grain));
    key.replaceChildren(...one.layers.map((layer, n) => el("li", {}, svg("svg", { width: 12, height: 12, "aria-hidden": "true" }, svg("rect", { width: 12, height: 12, rx: 2, fill: filled(n) })), shortened(layer.name, 32))));
  }

  const idOf = (move) => JSON.stringify([move.at, move.type, move.id, move.to]);

  /** An instant as short as can be: without the day while it is that of the last event. */
  function clock(at) {
    const text = formatInstant(at);
    return text.slice(0, 10) === formatInstant(told().at).slice(0, 10) ? text.slice(11) || text : text;
  }

  function movesOf(caption, rows, none) {
    if (!rows.length) return el("p", { class: "wb-quiet" }, `${caption}: ${none.toLowerCase()}`);
    const many = new Set(rows.map((move) => move.type)).size > 1;
    const actors = rows.some((move) => move.actor !== null);
    const follow = (move) => el("button", { type: "button", class: "wb-link", "data-key": caption.slice(0, 4) + idOf(move), "aria-label": `follow ${move.type} ${move.id}`.slice(0, 300), title: `follow ${move.type} ${move.id}`.slice(0, 300), on: { click: () => choose({ type: move.type, aggregates: [move.id] }) } }, many ? `${shortened(move.type, 24)} ${shortened(move.id, 24)}` : shortened(move.id, 24));
    return el("div", { class: "wb-wide" }, table(caption, ["at (UTC)", many ? "aggregate" : shortened(rows[0].type, 24), "move", ...(actors ? ["by"] : [])], rows.map((move) => ({
      class: `${known && !known.has(idOf(move)) ? "wb-new" : ""}${move.critical ? " wb-alarm" : ""}`,
      cells: [el("span", { title: formatInstant(move.at) }, clock(move.at)), follow(move), el("span", { title: (move.transition ?? "").slice(0, 300) }, move.from === null ? "new" : isolated(shortened(move.from, 24)), " → ", el("b", {}, isolated(shortened(move.to, 24)))), ...(actors ? [shortened(move.actor ?? "", 24)] : [])],
    }))));
  }

  /** Say aloud what alarms, and nothing else: numbers that change every second would drown all. */
  function speak(one) {
    const ids = new Set([...one.moves, ...one.alerts].map(idOf));
    const fresh = known ? one.alerts.filter((move) => !known.has(idOf(move))) : [];
    known = ids;
    if (fresh.length) setText(spoken, `${fresh.length === 1 ? "" : `${formatNumber(fresh.length)} alarms, the last: `}${shortened(fresh[0].type, 40)} ${shortened(fresh[0].id, 40)} is ${shortened(fresh[0].to, 40)}`);
  }

  view.onChange("told types chosen span", show);
  view.onChange("feed", showFeed);
  keyboard(view.root, { " ": turn, p: turn, Escape: () => choose({ type: null, aggregates: [] }) }, view.signal);
  view.root.append(el("header", {}, where, source), bar, totals, el("div", { class: "wb-columns" }, el("div", {}, cards, chart), el("div", {}, alarms, moves)), spoken, view.said);
  view.root.tabIndex = 0;
  show();
  return view.close;
}

export default { render };
