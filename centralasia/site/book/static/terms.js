// Shows what a term means where it stands. A link to the glossary becomes a button that opens a
// panel with the glossary's own entry, which is fetched at the first press. Where the browser has
// no such panels or the entries do not come, the link leads to the glossary as it does on its own.

(() => {
  const here = document.currentScript.src;
  const say = (name) => centralasiaSay(name);
  let entries; // a promise of the glossary's entries by id
  let opener; // the term whose panel is open

  function fetchEntries() {
    entries ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("glossary.js", here).href;
      script.onload = () => resolve(globalThis.CENTRALASIA_TERMS);
      script.onerror = () => {
        entries = undefined; // the network may be there at the next press
        reject(new Error("The glossary was not loaded"));
      };
      document.head.append(script);
    });
    return entries;
  }

  function make(tag, properties, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  const kind = make("p", { className: "ca-kicker" });
  const name = make("p", { id: "ca-term-name", className: "ca-term-name" });
  const text = make("div", { id: "ca-term-text" });
  const more = make("a", { textContent: say("in_glossary") });
  const close = make("button", { type: "button", textContent: say("close_term") });
  const panel = make("div", { className: "ca ca-term-panel", popover: "auto", tabIndex: -1 },
    kind, name, text, make("p", { className: "ca-pager" }, more, close));
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-labelledby", name.id);
  panel.setAttribute("aria-describedby", text.id);
  close.addEventListener("click", () => panel.hidePopover());
  panel.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    opener.setAttribute("aria-expanded", "false");
    // Who pressed something else meanwhile is there; all others go on where they were.
    if (panel.contains(document.activeElement) || document.activeElement === document.body) opener.focus({ preventScroll: true });
  });
  // A script of Sphinx's takes Escape from the browser.
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && panel.hidePopover());
  // Safari before 18.3 closes no panel when one taps beside it.
  document.addEventListener("pointerdown", ({ target }) => {
    if (panel.matches(":popover-open") && !panel.contains(target) && target !== opener) panel.hidePopover();
  });

  // Under the term, or above it where there is more room; on a phone at the foot of the screen.
  function place() {
    if (getComputedStyle(panel).position === "fixed") {
      const hidden = opener.getBoundingClientRect().bottom + 12 - panel.getBoundingClientRect().top;
      if (hidden > 0) scrollBy(0, hidden);
      return;
    }
    const term = opener.getClientRects()[0];
    const { width, height } = panel.getBoundingClientRect();
    const left = Math.max(8, Math.min(term.left, document.documentElement.clientWidth - width - 8));
    const below = term.bottom + 6;
    const top = below + height > innerHeight && term.top > height + 12 ? term.top - height - 6 : below;
    panel.style.left = `${left + scrollX}px`;
    panel.style.top = `${top + scrollY}px`;
  }

  async function open(link) {
    let entry;
    try {
      entry = (await fetchEntries())[link.hash.slice(1)];
    } catch {
      location.href = link.href;
      return;
    }
    opener = link;
    kind.textContent = entry.kind;
    name.textContent = entry.term;
    text.innerHTML = entry.html;
    for (const one of text.querySelectorAll("a")) one.href = new URL(one.getAttribute("href"), new URL("../", here));
    more.href = link.href;
    link.after(panel); // so that Tab goes on from the term
    panel.showPopover();
    place();
    link.setAttribute("aria-expanded", "true");
    panel.focus({ preventScroll: true });
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!HTMLElement.prototype.showPopover) return;
    for (const link of document.querySelectorAll("a.ca-term")) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-haspopup", "dialog");
      link.setAttribute("aria-expanded", "false");
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab is wanted
        event.preventDefault();
        open(link);
      });
      link.addEventListener("keydown", (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        link.click();
      });
    }
  });
})();
