// One switch for all code of a lesson. Each result has a fold over its code; cells that only serve
// have none, until the switch shows them. The browser keeps how it stands.

(() => {
  const KEPT = "centralasia-show-code";
  const root = document.documentElement;

  function show(all) {
    root.toggleAttribute("data-all-code", all);
    for (const fold of document.querySelectorAll("details.above-input")) fold.open = all;
  }

  function kept() {
    try {
      return localStorage.getItem(KEPT) === "yes";
    } catch {
      return false;
    }
  }

  function keep(all) {
    try {
      if (all) localStorage.setItem(KEPT, "yes");
      else localStorage.removeItem(KEPT);
    } catch { /* it lasts for this page */ }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector(".ca-doors");
    if (!place || !document.querySelector("details.above-input")) return;
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = kept();
    const label = document.createElement("label");
    label.className = "ca-all-code";
    label.append(box, ` ${centralasiaSay("all_code")}`);
    place.append(label);
    box.addEventListener("change", () => {
      show(box.checked);
      keep(box.checked);
    });
    if (box.checked) show(true);
  });
})();
