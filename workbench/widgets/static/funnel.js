// A funnel from states picked on the machine: order, window and groups change it; each number names who is behind it.

function render({ model, el: place }) {
  const view = frame(model, place, `Funnel of ${model.get("name")}`);
  view.root.classList.add("wb-funnel");
  const said = el("p", { class: "wb-where", role: "status", "aria-live": "polite" });
  const stage = el("div", { class: "wb-wide" });
  const chips = el("ol", { class: "wb-chips", "aria-label": "steps" });
  const steps = el("div", { class: "wb-steps" });
  const numbers = el("div", { class: "wb-wide" });
  const behind = el("div", {});
  const color = (state) => model.get("states").find((one) => one.name === state)?.color ?? "transparent";
  const drawing = model.get("drawing");
  const drawn = drawing && drawMachine(drawing, { label: `states of ${model.get("name")}`, picked: (_, name) => toggle(name) });
  if (drawn) stage.append(drawn.node);

  const add = el("select", { class: "wb-select", "aria-label": "add a state", on: { change: () => add.value && build({ steps: [...model.get("steps"), add.value] }) } },
    el("option", { value: "" }, "add a state"), model.get("states").map((one) => el("option", { value: one.name }, shortened(one.name, 60))));
  const within = el("input", { class: "wb-field", "aria-label": "within", placeholder: "within, e.g. 7 days", on: { change: () => build({ within: within.value.trim() }, within) } });
  const order = el("select", { class: "wb-select", "aria-label": "order", on: { change: () => build({ order: order.value }) } }, el("option", { value: "loose" }, "other states may lie between"), el("option", { value: "strict" }, "each step right after the one before"));
  const by = el("select", { class: "wb-select", "aria-label": "compare by", on: { change: () => build({ by: by.value }) } }, el("option", { value: "" }, "all together"), model.get("cohorts").map((key) => el("option", { value: key }, shortened(key, 50))));
  const bar = el("div", { class: "wb-bar", role: "toolbar", "aria-label": "the funnel" }, add, within, order, by, button("Begin again", "restart", () => build({ steps: [] })));

  async function build(change, field) {
    view.tell("");
    behind.replaceChildren();
    if (view.kept("behind", null)) view.keep("behind", null);
    try {
      await view.ask({ what: "build", ...change });
      within.removeAttribute("aria-invalid");
    } catch (error) {
      view.tell(error);
      if (field) field.setAttribute("aria-invalid", "true"); // what was typed stays to be corrected
      else show();
    }
  }

  function toggle(name) {
    const now = model.get("steps");
    build({ steps: now.includes(name) ? now.filter((one) => one !== name) : [...now, name] });
  }

  function shift(n, by_) {
    const now = [...model.get("steps")];
    const [moved] = now.splice(n, 1);
    now.splice(n + by_, 0, moved);
    build({ steps: now }).then(() => chips.children[n + by_]?.querySelector("button")?.focus());
  }

  function show() {
    const now = model.get("steps");
    const rows = model.get("rows");
    add.value = "";
    within.value = model.get("within");
    within.removeAttribute("aria-invalid");
    order.value = model.get("order");
    if (model.get("by") && ![...by.options].some((one) => one.value === model.get("by"))) by.append(el("option", { value: model.get("by") }, model.get("by")));
    by.value = model.get("by");
    setText(said, finding(now, rows));
    chips.replaceChildren(...now.map((name, n) => el("li", { draggable: true, "data-step": n + 1 },
      el("span", { class: "wb-dot", style: { background: color(name) } }), el("span", { class: "wb-name-of" }, `${n + 1}. ${shortened(name, 30)}`),
      button(`Move ${name} earlier`, "up", () => shift(n, -1), { disabled: n === 0 }), button(`Move ${name} later`, "down", () => shift(n, 1), { disabled: n === now.length - 1 }),
      button(`Leave ${name} out`, "close", () => build({ steps: now.filter((_, at) => at !== n) })))));
    if (drawn) for (const [name, node] of drawn.states) {
      const at = now.indexOf(name);
      node.fill.setAttribute("height", node.height);
      node.group.classList.toggle("wb-in", at >= 0);
      node.group.setAttribute("aria-pressed", String(at >= 0));
      setText(node.count, at >= 0 ? `step ${at + 1}` : "");
      node.name.setAttribute("y", at >= 0 ? node.y - 7 : node.y);
    }
    steps.replaceChildren(...groups(rows).flatMap(([group, own]) => [group && el("b", {}, group), ...own.map((row) => stepOf(row, own, !group))]).filter(Boolean));
    numbers.replaceChildren(...(rows.length ? [tableOf(rows)] : []));
  }

  function finding(now, rows) {
    if (!now.length) return "Press the states that the funnel leads through, first to last.";
    if (!rows.length) return "Of the lives chosen none was ever in one of these states.";
    const [first, last] = [rows[0], rows.at(-1)];
    if (now.length === 1 || model.get("by")) return now.map((name) => shortened(name, 24)).join(" → ");
    return `${percent(last.of_first)} of ${formatNumber(first.aggregates)} got from ${shortened(first.state, 30)} to ${shortened(last.state, 30)}`;
  }

  const waited = (row) => (row.median_seconds === null || row.median_seconds === undefined ? "" : `median ${formatSpan(row.median_seconds * 1e6)} from the step before`);

  function keyNames(row) {
    return Object.keys(row).filter((name) => !["type", "field", "step", "state", "aggregates", "of_first", "of_previous", "median_seconds"].includes(name));
  }

  function groups(rows) {
    const found = new Map();
    for (const row of rows) {
      const group = keyNames(row).map((name) => plainValue(row[name] ?? "(none)")).join(", ");
      found.set(group, [...(found.get(group) ?? []), row]);
    }
    return [...found];
  }

  function stepOf(row, own, alone) {
    const share = own[0].aggregates ? row.aggregates / own[0].aggregates : 0;
    const gone = row.step < own.length ? row.aggregates - own[row.step].aggregates : 0;
    const press = (text, lost) => (alone ? el("button", { type: "button", class: "wb-link", on: { click: () => { view.keep("behind", { step: row.step, lost }); name(row.step, lost); } } }, text) : text);
    return el("div", { class: "wb-step" }, el("span", { class: "wb-name-of", title: row.state.slice(0, 400) }, `${row.step}. ${shortened(row.state, 40)}`),
      el("div", { class: "wb-track" }, el("div", { class: "wb-bar-fill", style: { width: share ? `max(2px, ${100 * share}%)` : "0", background: color(row.state) } }), el("div", { class: "wb-bar-text" }, `${formatNumber(row.aggregates)} · ${percent(row.of_first)}`)),
      el("div", { class: "wb-below" }, row.step > 1 && row.of_previous !== null && row.of_previous !== undefined ? el("span", {}, `${percent(row.of_previous)} of the step before`) : null, waited(row) ? el("span", {}, waited(row)) : null,
        alone ? press("who got here", false) : null, gone ? press(`${formatNumber(gone)} went no further`, true) : null));
  }

  function tableOf(rows) {
    const keys = keyNames(rows[0]);
    return table("", [...keys, "step", "state", ...["aggregates", "of first", "of previous", "median from before"].map((name_) => ({ name: name_, numeric: true }))],
      rows.map((row) => [...keys.map((key) => plainValue(row[key] ?? "(none)")), row.step, shortened(row.state, 60), formatNumber(row.aggregates), percent(row.of_first), percent(row.of_previous), row.median_seconds === null || row.median_seconds === undefined ? "" : formatSpan(row.median_seconds * 1e6)]));
  }

  async function name(step, lost) {
    const went = lost ? model.get("lost").filter((one) => one.step === step) : [];
    const where = went.length ? table("Where they went, and are now", ["next", "now", { name: "aggregates", numeric: true }, { name: "share", numeric: true }],
      went.map((one) => [named(one.next_state) || "(still there)", named(one.current_state), formatNumber(one.aggregates), percent(one.share)])) : null;
    const list = el("p", { class: "wb-quiet" }, "Naming them…");
    behind.replaceChildren(el("div", { class: "wb-behind" }, el("b", {}, lost ? `Who went no further than step ${step}` : `Who got to step ${step}`), where, list));
    try {
      const { ids, many } = await view.ask({ what: "lives", step, lost });
      const choose = el("button", { type: "button", class: "wb-button", on: { click: () => view.ask({ choose: { type: model.get("name"), aggregates: ids } }).then(() => view.tell(saidChosen(ids.length)), view.tell) } }, many > ids.length ? `Choose the first ${ids.length}` : many === 1 ? "Choose it everywhere" : "Choose them everywhere");
      list.replaceChildren(`${formatNumber(many)}: `, ...ids.flatMap((id, n) => [n ? ", " : "", isolated(shortened(id, 40))]), many > ids.length ? ", … " : " ", choose);
    } catch (error) {
      setText(list, error.message);
    }
  }

  let dragged = null;
  chips.addEventListener("dragstart", (event) => { dragged = Number(event.target.closest("li")?.dataset.step) - 1; }, { signal: view.signal });
  chips.addEventListener("dragover", (event) => event.preventDefault(), { signal: view.signal });
  chips.addEventListener("drop", (event) => {
    event.preventDefault();
    const onto = Number(event.target.closest("li")?.dataset.step) - 1;
    if (dragged !== null && onto >= 0 && onto !== dragged) shift(dragged, onto - dragged);
    dragged = null;
  }, { signal: view.signal });
  view.onChange("rows steps within order by", show);
  view.root.append(said, bar, stage, chips, view.said, steps, numbers, behind);
  show();
  const unfolded = view.kept("behind", null);
  if (unfolded && !model.alone) name(unfolded.step, unfolded.lost);
  return view.close;
}

export default { render };
