// What a person would see of the view on a page, as questions: each answers with what is wrong, or with what there is.
(() => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = [...document.querySelectorAll(".wb-view, .wb-view *")].filter(seen);
  const named = (node) => `${node.localName}.${node.getAttribute("class")}: ${node.textContent.slice(0, 40)}`;
  const style = (node) => getComputedStyle(node);
  const holders = (node) => (node ? [node, ...holders(node.parentElement)] : []);
  const scrolls = (node) => /auto|scroll/.test(style(node).overflowX);
  const clips = (node) => !(node instanceof SVGElement) && style(node).overflow !== "visible";

  /** Where the words of an element can be seen. */
  function words(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [range, ...holders(node.parentElement).filter(clips)].map((one) => one.getBoundingClientRect());
    return {
      left: Math.max(...boxes.map((box) => box.left)), right: Math.min(...boxes.map((box) => box.right)),
      top: Math.max(...boxes.map((box) => box.top)), bottom: Math.min(...boxes.map((box) => box.bottom)),
      text: node.textContent,
    };
  }

  return {
    /** What a mouse can press but keys neither reach nor move to. A line of a drawing is in the list of its view. */
    onlyForMice: () => all.filter((node) => style(node).cursor === "pointer" && !node.matches(".wb-hit, .wb-name")
      && !node.closest("button, select, input, summary, [tabindex]:not(.wb-view)")).map(named),

    /** Where Tab should stop. */
    stops() {
      window.stops = all.filter((node) => node.tabIndex >= 0 && !node.disabled);
      return window.stops.map(named);
    },
    stop: () => window.stops.indexOf(document.activeElement),

    /** What reaches beyond the page or its box, and does not scroll. */
    cut() {
      const beyond = (node) => {
        const box = node.getBoundingClientRect();
        return (box.right > innerWidth + 1 || box.left < -1) && !holders(node).some(scrolls);
      };
      const short = (node) => clips(node) && !scrolls(node) && style(node).textOverflow !== "ellipsis"
        && node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1;
      const page = document.documentElement;
      return all.filter((node) => beyond(node) || short(node)).map(named)
        .concat(page.scrollWidth > innerWidth ? ["the page"] : []);
    },

    /** Words that lie over other words. */
    overlaps() {
      const own = (node) => [...node.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE && one.textContent.trim());
      const texts = all.filter((node) => !node.closest("title, option")).flatMap(own).map(words);
      const over = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4;
      return texts.flatMap((one, n) => texts.slice(n + 1).filter((other) => over(one, other))
        .map((other) => `${one.text} / ${other.text}`));
    },
  };
})()
