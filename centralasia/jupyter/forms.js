// The course's forms in JupyterLab and its kin. An output stores which question it is; here it is
// asked, by the same scripts as everywhere. No cell has to be run: a form lives as soon as a kernel
// listens, and again after that kernel was restarted. In JupyterLab Python keeps the answers in its
// file. In the browser edition the browser does, in the store that it shares with the book, and
// Python is given them as soon as they change.

const MIME = "application/vnd.centralasia.question+json";
const VIEW = "application/vnd.jupyter.widget-view+json";
const CHART = "application/vnd.vegalite.v5+json";
const BEFORE_WIDGETS = -20; // ipywidgets draws its views with the rank -10
const KEPT = DISK ? null : browserStore(WORDS);

// One notebook's line to its kernel, for all of its forms; to them it is what a widget's model is.
class Line {
  constructor(context, path) {
    this.context = context;
    this.path = path;
    this.lines = [];
    this.heard = new Map();
    this.waiting = new Map();
    this.asked = 0;
    if (KEPT) context.disposed.connect(KEPT.watch(() => this.comm && this.handOver()));
    context.statusChanged.connect((_context, status) => {
      if (/restarting|dead|terminating/.test(status)) this.end();
      else if (status === "idle" && !this.comm) this.begin();
    });
    context.kernelChanged.connect(() => this.end());
    context.disposed.connect(() => this.end());
    context.ready.then(() => this.begin());
  }

  get(name) {
    return this[name];
  }

  on(name, act) {
    this.heard.set(name, [...(this.heard.get(name) ?? []), act]);
  }

  off(name, act) {
    this.heard.set(name, (this.heard.get(name) ?? []).filter((one) => one !== act));
  }

  tell(name, message) {
    (this.heard.get(name) ?? []).forEach((act) => act(message));
  }

  begin() {
    const kernel = this.context.session?.kernel;
    if (this.comm || !kernel) return;
    const comm = kernel.createComm("centralasia.answers");
    comm.onMsg = ({ content }) => this.receive(content.data);
    comm.onClose = () => {
      if (this.comm !== comm) return;
      this.comm = null;
      this.deaf = true; // this kernel does not know the course's forms
      this.giveUp();
      this.tell("deaf");
    };
    this.comm = comm;
    this.deaf = false;
    comm.open({ notebook: this.path() });
    if (KEPT) this.handOver();
    this.tell("begun");
  }

  end() {
    this.comm = null;
    this.deaf = false;
    this.giveUp();
    this.tell("ended");
  }

  // Whoever waits for a reply is told that none comes.
  giveUp() {
    this.waiting.forEach(({ reject }) => reject(new Error("This kernel does not reply.")));
    this.waiting.clear();
  }

  // Waits for a kernel, which may still start.
  async listens() {
    if (this.comm || this.deaf) return;
    await new Promise((resolve) => {
      const begun = () => (this.off("begun", begun), resolve());
      this.on("begun", begun);
    });
  }

  send(content) {
    if (!this.comm) throw new Error("No kernel listens.");
    this.comm.send(content);
  }

  // What Python replies to a message; it fails if this kernel ends before it does.
  ask(content, of) {
    const number = `q${++this.asked}`;
    return new Promise((resolve, reject) => {
      this.send({ ...content, number });
      this.waiting.set(number, { of, resolve, reject });
    });
  }

  handOver() {
    this.send({ answers: KEPT.text() });
  }

  question(reference) {
    // The evidence need not travel: it lies in the output.
    return this.ask({ question: "shown" in reference ? { ...reference, shown: [] } : reference }, "question");
  }

  handIn(notebook, mend) {
    return this.ask({ hand_in: notebook, path: this.path(), mend }, "handed");
  }

  receive(message) {
    this.lines = message.lines;
    KEPT?.take(message.lines); // a cell may have shown an answer, which Python notes
    const asked = this.waiting.get(message.number);
    asked?.resolve(message[asked.of]);
    this.waiting.delete(message.number);
    this.tell("msg:custom", message);
    this.tell("change:lines");
  }
}

function formsOf(Widget, tracker, rendermime) {
  const lineOf = new WeakMap();

  function line(panel) {
    if (!lineOf.has(panel)) lineOf.set(panel, new Line(panel.sessionContext, () => panel.context.path));
    return lineOf.get(panel);
  }

  function render(kind, data, metadata = {}) {
    const shown = rendermime.createRenderer(kind);
    const model = rendermime.createModel({ data: { [kind]: data }, metadata, trusted: true });
    return { shown, done: shown.renderModel(model) };
  }

  function chart({ chart: spec, options }) {
    const node = make("div");
    const { shown } = render(CHART, spec, { [CHART]: { embed_options: options } });
    node.append(shown.node);
    return node;
  }

  class Form extends Widget {
    async renderModel(model) {
      this.model = model;
      await this.still(WORDS.waking);
      if (this.isAttached) this.live();
    }

    onAfterAttach() {
      if (this.model) this.live();
    }

    dispose() {
      this.end();
      super.dispose();
    }

    // The page that the output stores, and what to do for a form.
    async still(word) {
      this.drop();
      const { shown, done } = render("text/html", this.model.data["text/html"] ?? "");
      await done;
      this.node.replaceChildren(shown.node, paragraph(word, "ca-quiet ca-waking"));
    }

    // A kernel that does not know the course's forms may know the widget.
    old(panel) {
      const view = this.model.data[VIEW];
      if (!view) return this.still(WORDS.runIt);
      const shown = panel.content.rendermime.createRenderer(VIEW);
      shown.renderModel(this.model);
      this.node.replaceChildren(shown.node);
      return undefined;
    }

    live() {
      const panel = tracker.find((one) => one.node.contains(this.node));
      if (!panel) return this.still(WORDS.runIt);
      if (this.line) return undefined;
      this.line = line(panel);
      this.acts = { begun: () => this.ask(), ended: () => this.still(WORDS.waking),
        deaf: () => this.old(panel) };
      Object.entries(this.acts).forEach(([name, act]) => this.line.on(name, act));
      if (this.line.comm) this.ask();
      else if (this.line.deaf) this.old(panel);
      return undefined;
    }

    async ask() {
      const reference = this.model.data[MIME];
      const asked = await this.line.question(reference).catch(() => undefined);
      if (!this.line?.comm || this.endForm) return undefined;
      if (!asked) return this.still(WORDS.unknown);
      const el = make("div");
      const store = { ...(KEPT ?? kernelStore(this.line, WORDS)), look: undefined, chart };
      const endForm = put(el, "shown" in asked ? { ...asked, shown: reference.shown } : asked, store, WORDS);
      const endEnter = enterRunsTheCell(this.node);
      const ends = [endForm, endEnter];
      this.endForm = () => ends.forEach((end) => end());
      this.node.replaceChildren(el);
      const back = await this.comesBack(reference);
      if (!back || !this.node.contains(el)) return undefined;
      const above = make("div");
      el.before(above);
      ends.push(put(above, back, store, WORDS));
      return undefined;
    }

    // Above the first prediction of a lesson comes what was wrong two lessons before, if anything was.
    async comesBack({ asks, item }) {
      const [, lesson] = (asks === "prediction" && /^(.+)-p1$/.exec(item)) || [];
      const asked = lesson && await this.line.question({ asks: "review", lesson }).catch(() => undefined);
      return asked?.items.length ? asked : null;
    }

    drop() {
      this.endForm?.();
      this.endForm = null;
    }

    end() {
      this.drop();
      Object.entries(this.acts ?? {}).forEach(([name, act]) => this.line.off(name, act));
      this.line = null;
    }
  }
  return { Form, line };
}

// A lesson that was changed on the disk, as `centralasia reset` does, is shown as it is there. What
// its tab had and the disk has not is put beside it.
function followTheDisk(app, tracker, say) {
  const { contents } = app.serviceManager;
  const time = ({ last_modified: at }) => Date.parse(at);

  const saving = new WeakMap(); // whether a notebook is on its way to the disk
  const newer = new WeakMap();

  async function follow({ context }) {
    if (!context.isReady || !context.contentsModel) return;
    if (!saving.has(context)) {
      saving.set(context, false);
      context.saveState.connect((_context, state) => saving.set(context, state === "started"));
    }
    const there = time(await contents.get(context.path, { content: false }));
    const changed = !saving.get(context) && there - time(context.contentsModel) > 1000;
    const before = newer.get(context); // what has just been saved looks changed for a moment
    newer.set(context, changed ? there : null);
    if (!changed || before !== there) return;
    let beside = "";
    if (context.model.dirty) {
      beside = context.path.replace(/\.ipynb$/, `.unsaved-${Date.now().toString(36)}.ipynb`);
      await contents.save(beside, { type: "notebook", format: "json", content: context.model.toJSON() });
    }
    await context.revert();
    say(beside ? fill(WORDS.shownAnewBeside, { name: beside.split("/").pop() }) : WORDS.shownAnew);
  }

  let busy = false;
  setInterval(async () => {
    if (busy || document.hidden) return;
    busy = true;
    for (const panel of tracker.filter(() => true)) await follow(panel).catch(() => {});
    busy = false;
  }, 2000);
}

const found = {};
const plugin = {
  id: "centralasia:forms",
  autoStart: true,
  requires: [],
  activate(app, tracker, rendermime) {
    const { Form, line } = formsOf(found.Widget, tracker, rendermime);
    if (KEPT) tracker.widgetAdded.connect((_tracker, panel) => line(panel)); // for cells that read them
    rendermime.addFactory({ safe: true, mimeTypes: [MIME], createRenderer: () => new Form() }, BEFORE_WIDGETS);
    document.head.append(make("style", { textContent: CSS }));
    handInButton({ ...found, docRegistry: app.docRegistry }, handingIn(app, found, line));
    if (DISK) followTheDisk(app, tracker, (word) => found.Notification.info(word, { autoClose: 20000 }));
  },
};

window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB.centralasia = {
  async init(scope) {
    const module = async (name) => (await Object.values(scope[name])[0].get())();
    const { Dialog, Notification } = await module("@jupyterlab/apputils");
    Object.assign(found, { Dialog, Notification });
    found.Widget = (await module("@lumino/widgets")).Widget;
    plugin.requires = [(await module("@jupyterlab/notebook")).INotebookTracker,
      (await module("@jupyterlab/rendermime")).IRenderMimeRegistry];
  },
  get: async () => () => ({ __esModule: true, default: plugin }),
};
