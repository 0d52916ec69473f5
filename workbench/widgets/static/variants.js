// Every way that lives take, as a ribbon of states: how many took it, how long, whether the machine allows it.

function render({ model, el: place }) {
  const view = frame(model, place, `Variants of ${model.get("name")}`);
  view.root.classList.add("wb-variants");
  const said = el("p", { class: "wb-where", role: "status", "aria-live": "polite" });
  const search = el("input", { class: "wb-select wb-field", type: "search", "aria-label": "only ways through", placeholder: "only ways through a state", on: { input: () => sift("through", search.value) } });
  const fits = el("select", { class: "wb-select", "aria-label": "fitting", on: { change: () => sift("fitting", fits.value) } }, [["", "all ways"], ["fits", "that fit the machine"], ["off", "that do not fit"]].map(([value, text]) => el("option", { value }, text)));
  const loops = el("button", { type: "button", class: "wb-button", on: { click: collapse } });
  const all = button("Choose all lives again", "close", () => pick(0));
  const curve = svg("svg", { class: "wb-curve", viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" });
  const caption = el("p", { class: "wb-quiet wb-caption", "aria-hidden": "true" });
  const ends = el("div", { class: "wb-ends", "aria-hidden": "true" });
  const shares = el("div", { class: "wb-shares", "aria-hidden": "true" }, ["100 %", "80 %", "0"].map((text) => el("span", {}, text)));
  const covered = el("div", { class: "wb-covered" }, caption, shares, curve, ends);
  const list = el("div", { class: "wb-list", role: "listbox", "aria-label": "variants" });

  function put(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  function sift(name, value) {
    view.tell("");
    put(name, value);
  }

  async function collapse() {
    try {
      await view.ask({ what: "loops", loops: model.get("loops") === "keep" ? "collapse" : "keep" });
    } catch (error) {
      view.tell(error);
    }
  }

  async function pick(rank) {
    const row = model.get("rows").find((one) => one.variant === rank);
    view.tell("");
    try {
      if (rank && model.get("loops") === "collapse") throw new Error("While loops are collapsed no way can be chosen: show them all first.");
      if (row && row.length > row.states.length) throw new Error("A way this long cannot be chosen here: use log.where(variant=...).");
      await view.ask({ choose: rank ? { ...EVERYTHING, type: model.get("name"), variant: row.states } : EVERYTHING });
      put("picked", rank);
      if (rank) view.tell(saidChosen(row.aggregates));
    } catch (error) {
      view.tell(error);
    }
  }

  function kept() {
    const [wanted, fitting] = [model.get("through").trim().toLowerCase(), model.get("fitting")];
    return model.get("rows").filter((one) => (!wanted || one.states.some((state) => state.toLowerCase().includes(wanted))) && (!fitting || one.fits === (fitting === "fits")));
  }

  function show() {
    const rows = model.get("rows");
    const found = kept();
    const most = Math.max(1, ...found.map((one) => one.aggregates));
    const lives = found.reduce((sum, one) => sum + one.aggregates, 0);
    const half = rows.findIndex((one) => one.coverage >= 0.8) + 1;
    const total = model.get("total");
    setText(said, found.length === rows.length
      ? `${formatNumber(model.get("lives"))} lives took ${formatNumber(total)} way${total === 1 ? "" : "s"}${half ? `; ${half === 1 ? "the first covers" : `the first ${half} cover`} ${percent(rows[half - 1].coverage)}` : ""}`
      : `${formatNumber(found.length)} way${found.length === 1 ? "" : "s"} of ${formatNumber(lives)} ${lives === 1 ? "life" : "lives"}, ${percent(lives / Math.max(1, model.get("lives")))} of all`);
    fits.hidden = !model.get("judged");
    fits.value = model.get("fitting");
    if (search.value !== model.get("through")) search.value = model.get("through");
    setText(loops, model.get("loops") === "keep" ? "Collapse loops" : "Show loops");
    loops.setAttribute("aria-pressed", String(model.get("loops") === "collapse"));
    coverage(rows);
    list.replaceChildren(...found.map((one, n) => wayOf(one, most, n === 0)));
    if (total > rows.length) list.append(el("p", { class: "wb-quiet" }, `and ${formatNumber(total - rows.length)} more, each taken less often`));
  }

  function coverage(rows) {
    curve.setAttribute("aria-label", rows.length ? `coverage: the first ${rows.length} ways cover ${percent(rows.at(-1).coverage)}` : "no ways");
    covered.hidden = rows.length < 2;
    const step = 100 / Math.max(1, rows.length);
    const d = rows.map((one, n) => `H${(n * step).toFixed(2)}V${(100 - 100 * one.coverage).toFixed(2)}`).join("");
    const [total, enough] = [model.get("total"), rows.findIndex((one) => one.coverage >= 0.8) + 1];
    const at = enough * step;
    setText(caption, `Share of lives that took one of the ${rows.length < total ? `first ${formatNumber(rows.length)} of ${formatNumber(total)}` : formatNumber(total)} ways, the most frequent first`);
    const line = (x1, x2, y1, y2, attributes) => svg("line", { x1, x2, y1, y2, ...attributes });
    curve.replaceChildren(...[0, 20, 100].map((y) => line(0, 100, y, y, y === 20 ? { "stroke-dasharray": "2 3" } : {})),
      ...(enough ? [line(at, at, 20, 100, { "stroke-dasharray": "2 3" })] : []), svg("path", { d: `M0 100${d}H100` }));
    const labels = [[0, "1 way"], [100, `${formatNumber(rows.length)} ways`]];
    if (enough > 1 && at > 20 && at < 80) labels.splice(1, 0, [at, `${formatNumber(enough)} ways`]);
    ends.replaceChildren(...labels.map(([x, text]) => el("span", { style: { left: `${x}%` } }, text)));
  }

  function wayOf(one, most, first) {
    const blocks = one.states.map((state) => {
      const block = el("span", { class: "wb-block", title: state.slice(0, 400) }, shortened(state, 24));
      block.style.setProperty("--state", model.get("colors")[state] ?? "#8A94A6");
      return block;
    });
    if (one.length > one.states.length) blocks.push(el("span", { class: "wb-quiet wb-further" }, `and ${one.length - one.states.length} more`));
    const flags = [one.happy && "happy path", one.fits === false && "off the machine"].filter(Boolean).join(", ");
    const press = () => pick(model.get("picked") === one.variant ? 0 : one.variant);
    return el("div", { class: "wb-way", role: "option", tabindex: first ? 0 : -1, "aria-selected": String(model.get("picked") === one.variant), "data-variant": one.variant, on: { click: press, keydown: (event) => {
      const other = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (other) event.currentTarget[other]?.focus?.();
      else if (event.key === "Enter" || event.key === " ") press();
      else return;
      event.preventDefault();
      event.stopPropagation();
    } } }, el("span", { class: "wb-quiet" }, one.variant), el("div", { class: "wb-ribbon" }, blocks.length ? blocks : el("span", { class: "wb-quiet" }, "never had a state")),
      el("div", { class: "wb-share" }, el("i", { style: { width: `${(100 * one.aggregates) / most}%` } }), el("span", {}, `${formatNumber(one.aggregates)} · ${percent(one.share)}`)),
      el("span", { class: "wb-num" }, one.median_seconds === null ? "" : `median ${formatSpan(one.median_seconds * 1e6)}`), el("span", { class: one.fits === false ? "wb-off" : "wb-quiet" }, flags));
  }

  view.onChange("rows loops picked total through fitting", show);
  view.root.append(said, el("div", { class: "wb-bar", role: "toolbar", "aria-label": "which ways" }, search, fits, loops, all), covered, list, view.said);
  show();
  return view.close;
}

export default { render };
