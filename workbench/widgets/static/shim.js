// A model as anywidget's, in a page without a notebook. `kernel(kind, content, still)` speaks to Python where there is one.
function shim(state, kernel) {
  for (const [name, text] of Object.entries(state.bytes)) {
    state.traits[name] = new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  }
  const traits = state.traits;
  const heard = new Map();
  let changed = {};
  const tell = (event, ...given) => [...(heard.get(event) ?? [])].forEach((act) => act(...given));
  const model = {
    alone: !kernel,
    get: (name) => traits[name],
    set(name, value) {
      if (traits[name] === value) return;
      traits[name] = value;
      changed[name] = value;
      tell(`change:${name}`);
      tell("change");
    },
    save_changes() {
      const saved = changed;
      changed = {};
      if (kernel && Object.keys(saved).length) kernel("update", saved, traits.still);
    },
    send(content) {
      if (kernel) kernel("custom", content, traits.still);
      else setTimeout(() => tell("msg:custom", { answer: content.ask, error: "This page has no kernel: open the notebook to ask more." }));
    },
    on: (event, act) => heard.set(event, [...(heard.get(event) ?? []), act]),
    off: (event, act) => heard.set(event, act ? (heard.get(event) ?? []).filter((one) => one !== act) : []),
    hear: (content) => tell("msg:custom", content, []),
    take(given) {
      Object.assign(traits, given);
      Object.keys(given).forEach((name) => tell(`change:${name}`));
    },
    decode: (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer),
  };
  return model;
}
