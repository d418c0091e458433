// The course's extension of JupyterLite: it brings the learner's files to this release before the
// page opens them, says how far Python has come, and gives the learner's work back as a file.

(() => {
  const work = import(new URL("../../../work.js", document.currentScript.src));
  document.head.append(Object.assign(document.createElement("link"), {
    rel: "stylesheet", href: new URL("extension.css", document.currentScript.src).href,
  }));

  const say = globalThis.centralasiaSay;
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
      const done = failed || stage === "ready";
      words.textContent = say(stage, { why: message });
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
      alert(say("no_other"));
      return;
    }
    if (!confirm(say("bring_back"))) return;
    await app.commands.execute("docmanager:save");
    const name = await bringBack(here);
    if (name) alert(say("kept_as", { name }));
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
      make("a", { href: new URL("../", location.href.split("?")[0]).href, textContent: say("all_lessons") }),
      button(say("download"), save),
      button(say("as_it_was"), () => restore(app)),
      ...progress());
  }

  function notice() {
    if (!kept.length) return;
    const close = make("button", { type: "button", textContent: say("close") });
    const items = kept.map(({ title, beside }) => make("li", {}, `${title}: `,
      make("a", { href: `../notebooks/index.html?path=${encodeURIComponent(beside)}`,
        textContent: say("open_new") })));
    const box = make("div", { className: "ca-notice", role: "region", ariaLabel: say("new_versions") },
      make("p", { textContent: say("beside") }), make("ul", {}, ...items), close);
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

  // JupyterLab drops without a word what is run before a notebook has its kernel. Here it waits.
  function runWhenReady(app) {
    const { commands } = app;
    const execute = commands.execute.bind(commands);
    commands.execute = async (id, ...rest) => {
      if (/:(restart-)?run/.test(id)) await app.shell.currentWidget?.sessionContext?.ready;
      return execute(id, ...rest);
    };
  }

  function activate(app) {
    runWhenReady(app);
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
