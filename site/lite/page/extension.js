// The course's extension of JupyterLite: it brings the learner's files to this release before the
// page opens them, says how far Python has come, and gives the learner's work back as a file.

(() => {
  const work = import(new URL("../../../work.js", document.currentScript.src));
  document.head.append(Object.assign(document.createElement("link"), {
    rel: "stylesheet", href: new URL("extension.css", document.currentScript.src).href,
  }));

  let kept = [];
  let Widget;
  let report = () => {};
  let last;

  // The kernel's worker tells its own page how far it has come; see boot.js. It may have started
  // before this script, see early.js.
  window.Worker = class extends window.Worker {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data }) => {
        if (data?.centralasia) report((last = data.centralasia));
      });
    }
  };

  const make = (tag, properties, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  function progress() {
    const bar = make("progress", { max: 1, hidden: true, ariaLabel: "Python" });
    const words = make("span", { role: "status" });
    report = ({ stage, share, message }) => {
      const failed = stage === "failed";
      const done = failed || stage === "Ready";
      words.textContent = failed
        ? `Python did not start: ${message} Reload the page to try again.`
        : done ? "Python is ready." : `${stage} …`;
      words.classList.toggle("ca-failed", failed);
      bar.hidden = done;
      bar.value = share ?? 0;
      if (done && !failed) setTimeout(() => { words.textContent = ""; }, 4000);
    };
    last ??= window.centralasiaSaid;
    if (last) report(last);
    return [bar, words];
  }

  function path() {
    return new URLSearchParams(location.search).get("path") ?? "";
  }

  async function restore(app) {
    const here = path();
    const { bringBack, release } = await work;
    if (!((await release()).files[here])) {
      alert("This file is your own; the course has no other version of it.");
      return;
    }
    if (!confirm("Show this lesson again as the course has it? What you changed is kept beside it.")) {
      return;
    }
    await app.commands.execute("docmanager:save");
    const name = await bringBack(here);
    if (name) alert(`Your version is kept as ${name}`);
    location.reload();
  }

  function bar(app) {
    const button = (text, action) => make("button", { type: "button", textContent: text,
      onclick: () => action().catch((error) => alert(error.message)) });
    const save = async () => {
      await app.commands.execute("docmanager:save-all");
      await (await work).download();
    };
    return make("div", { className: "ca-bar" },
      make("a", { href: new URL("../", location.href.split("?")[0]).href, textContent: "All lessons" }),
      button("Download my work", save),
      button("Lesson as it was", () => restore(app)),
      ...progress());
  }

  function notice() {
    if (!kept.length) return;
    const close = make("button", { type: "button", textContent: "Close" });
    const items = kept.map(({ title, beside }) => make("li", {}, `${title}: `,
      make("a", { href: `../notebooks/index.html?path=${encodeURIComponent(beside)}`,
        textContent: "open the new version" })));
    const box = make("div", { className: "ca-notice", role: "region", ariaLabel: "New versions" },
      make("p", { textContent: "These lessons are new. You changed yours, so it stays as it is; the "
        + "new version is beside it." }), make("ul", {}, ...items), close);
    close.onclick = () => box.remove();
    document.body.append(box);
  }

  // A link of the book names a cell: its lesson opens there.
  async function goToCell(app) {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id) return;
    for (let tries = 0; tries < 150; tries++) {
      const cells = app.shell.currentWidget?.content?.widgets ?? [];
      const at = cells.findIndex((cell) => cell.model?.id === id);
      if (at >= 0) {
        await app.shell.currentWidget.revealed;
        app.shell.currentWidget.content.activeCellIndex = at;
        // What stands above it still grows as charts are drawn.
        for (const wait of [0, 500, 1500]) {
          setTimeout(() => cells[at].node.scrollIntoView({ block: "start" }), wait);
        }
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  function activate(app) {
    const widget = new Widget({ node: bar(app) });
    widget.id = "centralasia-bar";
    app.shell.add(widget, "top", { rank: 1000 });
    notice();
    goToCell(app);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) app.commands.execute("docmanager:save-all").catch(() => {});
    });
  }

  const plugin = { id: "centralasia-lite:course", autoStart: true, activate };
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["centralasia-lite"] = {
    async init(scope) {
      const shared = Object.values(scope["@lumino/widgets"])[0];
      ({ Widget } = (await shared.get())());
      kept = await (await work).reconcile().catch((error) => (console.warn(error), []));
    },
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
