// What the survey reads from a page that is open. One object, called by name; it changes nothing it does not put back.
(() => {
  const shown = (el) => {
    const box = el.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && el.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const name = (el) => {
    const said = (el.getAttribute("aria-label") ?? el.innerText ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${el.tagName.toLowerCase()}${el.className && typeof el.className === "string" ? `.${el.className.split(" ").join(".")}` : ""} "${said}"`;
  };

  // --- colours
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => {
    const part = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  /** The colour behind an element, or null when a picture is behind it. */
  const ground = (el) => {
    const layers = [];
    for (let at = el; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none" || at.matches(".finder, video, img, canvas")) return null;
      const colour = rgba(style.backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), rgba("Canvas"));
  };

  /** What a finger can hit: the box, a label that belongs to it, or a layer the link spreads over its whole row. */
  const reach = (el) => {
    const boxes = [el, ...(el.labels ?? [])].map((one) => one.getBoundingClientRect());
    const layer = getComputedStyle(el, "::after");
    if (layer.content !== "none" && layer.position === "absolute" && layer.inset === "0px") {
      for (let at = el.parentElement; at; at = at.parentElement) {
        if (getComputedStyle(at).position === "static") continue;
        boxes.push(at.getBoundingClientRect());
        break;
      }
    }
    return { width: Math.max(...boxes.map((b) => b.width)), height: Math.max(...boxes.map((b) => b.height)) };
  };

  window.look = {
    contrast() {
      const found = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const el = node.parentElement;
        if (!node.data.trim() || !el || !shown(el) || el.closest(".sr, svg, :disabled, noscript, script")) continue;
        const under = ground(el);
        if (!under) continue;
        const text = over(rgba(getComputedStyle(el).color), under);
        found.push([Math.floor(ratio(text, under) * 100) / 100, name(el)]);
      }
      found.sort((a, b) => a[0] - b[0]);
      return { texts: found.length, lowest: found.slice(0, 3), under7: found.filter(([r]) => r < 7) };
    },

    /** Frames of things to press or write in: 3:1 against what they stand on. */
    frames() {
      const found = [];
      for (const el of document.querySelectorAll("input, select, textarea, button, a.side, a.btn")) {
        const style = getComputedStyle(el);
        if (!shown(el) || el.matches(":disabled") || parseFloat(style.borderTopWidth) === 0) continue;
        const under = el.parentElement && ground(el.parentElement);
        if (!under) continue;
        const line = rgba(style.borderTopColor);
        const fill = rgba(style.backgroundColor);
        if (line[3] === 0) continue;
        const best = Math.max(ratio(over(line, under), under), fill[3] === 1 ? ratio(fill, under) : 0);
        if (best < 3) found.push([Math.floor(best * 100) / 100, name(el)]);
      }
      return found;
    },

    /** A link inside a sentence is excepted: an inline box with other words beside it in the same parent. */
    targets() {
      const pressable = "a[href], button, input, select, textarea, summary, [role=button], [role=radio], label:has(input)";
      const found = [];
      for (const el of document.querySelectorAll(pressable)) {
        if (!shown(el) || el.closest(".skip, noscript")) continue;
        if (el.matches("input") && el.closest("label")) continue;
        const words = [...(el.parentElement?.childNodes ?? [])].some((n) => n.nodeType === 3 && n.data.trim().length > 1);
        const inSentence = el.matches("a") && getComputedStyle(el).display === "inline" && words;
        const box = reach(el);
        found.push({
          name: name(el),
          width: Math.round(box.width * 10) / 10,
          height: Math.round(box.height * 10) / 10,
          main: el.matches(".main, .shutter, .btn.go.tall"),
          inSentence,
        });
      }
      return found;
    },

    /** Words cut off by their own box, and whatever makes the page scroll sideways. */
    overflow(width) {
      const cut = [];
      const wide = [];
      for (const el of document.body.querySelectorAll("*")) {
        if (!shown(el) || el.closest(".sr, svg, video")) continue;
        const style = getComputedStyle(el);
        const own = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        const hides = (v) => v === "hidden" || v === "clip";
        if (own && hides(style.overflowX) && el.scrollWidth > el.clientWidth + 1) cut.push(name(el));
        if (own && hides(style.overflowY) && el.scrollHeight > el.clientHeight + 1) cut.push(name(el));
        if (el.matches("button, a") && el.scrollWidth > el.clientWidth + 1 && style.display !== "inline") cut.push(name(el));
        const box = el.getBoundingClientRect();
        if (own && box.right > width + 1 && !el.closest("[data-scroll-x], .scroll-x, .map, svg")) wide.push(name(el));
      }
      const page = document.scrollingElement.scrollWidth;
      return { page, cut: [...new Set(cut)].slice(0, 6), wide: page > width + 1 ? [...new Set(wide)].slice(0, 6) : [] };
    },

    /**
     * What can be read, line by line as it stands on the screen, and the words on what can be pressed. Not the choices
     * folded into a select: they are the municipality's own names.
     */
    words() {
      const selects = [...document.querySelectorAll("select")];
      for (const el of selects) el.style.visibility = "hidden";
      const keys = [...document.querySelectorAll("button, a.main, a.side, a.btn, label.side, label.main")].filter(shown);
      const said = { text: document.body.innerText, keys: keys.map((el) => el.innerText.trim()) };
      for (const el of selects) el.style.visibility = "";
      return said;
    },
  };
})();
