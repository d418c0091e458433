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
  let waits = false;
  let settle;
  const python = new Promise((resolve) => { settle = resolve; }); // whether Python has started

  const hear = (said) => {
    last = said;
    report(said);
    if (["ready", "failed", "away"].includes(said.stage)) settle(said.stage === "ready");
  };

  // The kernel's worker tells its own page how far it has come; see boot.js. It may have started
  // before this script, see early.js.
  window.Worker = class extends window.Worker {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data }) => {
        if (data?.centralasia) hear(data.centralasia);
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
    const below = make("p", { className: "ca-below", ariaHidden: "true" }); // on a phone, for the eye
    document.body.append(below);
    report = ({ stage, share, message }) => {
      const failed = stage === "failed" || stage === "away";
      const done = failed || stage === "ready";
      const part = stage === "fetching" && share >= 0.1;
      const said = say(part ? "fetching_part" : stage, { why: message, n: 10 * Math.floor(10 * share) });
      const text = waits && !done ? `${said} ${say("waits")}` : said;
      if (words.textContent !== text) words.textContent = below.textContent = text;
      words.classList.toggle("ca-failed", failed);
      bar.hidden = done;
      bar.value = share ?? 0;
      if (done && !failed) setTimeout(() => { words.textContent = below.textContent = ""; }, 4000);
    };
    last ??= window.centralasiaSaid;
    if (last) hear(last);
    else if (document.body.dataset.notebook === "notebooks") report({ stage: "fetching" });
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

  function box(name, ...children) {
    const close = make("button", { type: "button", textContent: say("close") });
    const node = make("div", { className: "ca-notice", role: "region", ariaLabel: say(name) }, ...children, close);
    close.onclick = () => node.remove();
    document.body.append(node);
  }

  function notice() {
    if (!isSecureContext) box("not_kept", make("p", { textContent: say("plain_http") }));
    if (!kept.length) return;
    const items = kept.map(({ title, beside }) => make("li", {}, `${title}: `,
      make("a", { href: `../notebooks/index.html?path=${encodeURIComponent(beside)}`,
        textContent: say("open_new") })));
    box("new_versions", make("p", { textContent: say("beside") }), make("ul", {}, ...items));
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

  // JupyterLab drops without a word what is run before a notebook has its kernel, and clears a result
  // as soon as its cell is sent off. Here cells wait until Python has started.
  function runWhenReady(app) {
    const { commands } = app;
    const execute = commands.execute.bind(commands);
    commands.execute = async (id, ...rest) => {
      if (/:(restart-)?run/.test(id)) {
        waits = true;
        if (last) report(last);
        await app.shell.currentWidget?.sessionContext?.ready;
        if (!(await python)) return undefined;
      }
      return execute(id, ...rest);
    };
  }

  function activate(app) {
    runWhenReady(app);
    const widget = new Widget({ node: bar(app) });
    widget.id = "centralasia-bar";
    app.shell.add(widget, "top", { rank: 1000 });
    app.started.then(() => document.getElementById("ca-first")?.remove());
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
