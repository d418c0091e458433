// What every page does by itself: lets the keyboard reach what scrolls, filters the list of claims,
// and offers Python. Charts are drawn by charts.js.

(() => {
  const here = document.currentScript.src;

  // What is wider than the page scrolls; the keyboard has to reach it for that.
  const reachable = window.centralasiaReachable = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });

  // Without this the list of claims is whole, and has no form that does nothing. A verdict that does
  // not show is none to look for.
  function filterClaims(form) {
    const rows = [...document.querySelectorAll("tr[data-verdict]")];
    const openAll = document.getElementById("ca-open-all");
    const show = () => {
      const { words, verdict, ...chosen } = Object.fromEntries(new FormData(form));
      const shown = rows.filter((row) => {
        const open = openAll.checked || "known" in row.dataset;
        const text = [...row.cells].slice(0, open ? 3 : 2).map(({ textContent }) => textContent).join(" ");
        row.hidden = !Object.entries(chosen).every(([key, value]) => !value || row.dataset[key] === value)
          || (verdict && !(open && row.dataset.verdict === verdict))
          || !text.toLowerCase().includes(words.trim().toLowerCase());
        return !row.hidden;
      });
      form.querySelector("[role=status]").textContent = form.dataset.status
        .replace("{shown}", shown.length);
    };
    form.addEventListener("input", show);
    openAll.addEventListener("input", show);
    document.addEventListener("centralasia-known", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(show));
    form.hidden = false;
    show();
  }

  // What a learner changed on live pages: by lesson and cell the code, for live.js as well.
  const code = window.centralasiaCode = {
    all() {
      try {
        return JSON.parse(localStorage.getItem("centralasia-code")) ?? {};
      } catch {
        return {};
      }
    },
    of: (lesson) => code.all()[lesson] ?? {},
    keep(lesson, changed) {
      try {
        localStorage.setItem("centralasia-code", JSON.stringify({ ...code.all(), [lesson]: changed }));
      } catch { /* it lasts for this visit */ }
    },
  };
  const lessonOf = (place) => place.dataset.notebook.replace(/.*\//, "").replace(".ipynb", "");

  // Nothing of Python is fetched before it is asked for.
  function offerPython(place) {
    place.hidden = false;
    const button = place.querySelector("button");
    const status = place.querySelector("[role=status]");
    button.addEventListener("click", async () => {
      try {
        const { makeLive } = await import(new URL("live.js", here));
        await makeLive(place, lessonOf(place));
      } catch (error) {
        console.warn(error);
        status.textContent = centralasiaSay("live_away");
      }
    });
    if (Object.keys(code.of(lessonOf(place))).length) status.textContent = centralasiaSay("changed");
    if (location.protocol !== "file:") return;
    button.disabled = true;
    status.textContent = centralasiaSay("live_folder");
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".ca-filter").forEach(filterClaims);
    document.querySelectorAll("pre, .table-wrapper").forEach((wide) => reachable.observe(wide));
    if (location.protocol === "file:") {
      // A browser runs Python only from a server; the edition's first page says how to start one.
      for (const link of document.querySelectorAll('a[href*="lite/notebooks/"]')) {
        link.href = link.getAttribute("href").replace(/notebooks\/.*/, "index.html");
      }
    }
    document.querySelectorAll(".ca-live").forEach(offerPython);
  });
})();
