// "Hand in", above each exercise: Python looks at the notebook as `centralasia check-submission` does,
// and one file comes of it, named by the learner's id: beside the notebook, or in the browser edition
// among the downloads. What was found keeps nobody from handing in.

function isExercise({ model }) {
  return model.toJSON().cells.some(({ metadata }) => metadata?.nbgrader?.grade_id);
}

// The notebook as it stands in the page. JupyterLite gives each its own kernel, which no grader has.
function asItStands({ context }) {
  const notebook = context.model.toJSON();
  return DISK ? notebook : { ...notebook, metadata: { ...notebook.metadata, kernelspec: KERNELSPEC } };
}

function handInButton({ Widget, docRegistry }, act) {
  docRegistry.addWidgetExtension("Notebook", {
    createNew(panel, context) {
      const node = make("div", { className: "ca-hand-in" }, button(WORDS.handIn, () => act(panel)));
      const widget = new Widget({ node });
      context.ready.then(() => {
        if (isExercise(context)) panel.toolbar.insertItem(0, "centralasia-hand-in", widget);
      });
      return widget;
    },
  });
}

function handingIn(app, { Widget, Dialog }, line) {
  const dialog = (title, nodes, buttons) => {
    const body = new Widget({ node: make("div", { className: "ca ca-handing-in", tabIndex: 0,
      role: "region", ariaLabel: title }, ...nodes) });
    return new Dialog({ title, body, buttons: buttons.map(([label, accept]) => (
      accept ? Dialog.okButton({ label }) : Dialog.cancelButton({ label }))) });
  };

  // What Python says of the notebook; null if the learner did not wait for it.
  async function looked(panel, mend) {
    const wait = dialog(WORDS.handIn, [paragraph(WORDS.handInLooks)], [[WORDS.handInBack, false]]);
    const left = wait.launch().then(() => null);
    const to = line(panel);
    const told = to.listens().then(() => to.handIn(JSON.stringify(asItStands(panel)), mend));
    const said = await Promise.race([told.catch(() => ({ deaf: true })), left]);
    wait.dispose();
    return said;
  }

  function list(findings) {
    return make("ol", {}, ...findings.map(({ problem, remedy }) => (
      make("li", {}, make("strong", { textContent: problem }), ` ${remedy}`))));
  }

  async function put(panel, name) {
    const content = asItStands(panel);
    if (!DISK) {
      save(`${JSON.stringify(content, null, 1)}\n`, name);
      return fill(WORDS.handInDownloaded, { name });
    }
    const folder = panel.context.path.replace(/[^/]*$/, "");
    await app.serviceManager.contents.save(`${folder}${name}`, { type: "notebook", format: "json", content });
    return fill(WORDS.handInBeside, { name });
  }

  // Puts the mended notebook in the place of this one, which is kept beside it.
  async function replaceBy(panel, notebook) {
    const { context } = panel;
    const kept = context.path.replace(/\.ipynb$/, `.before-repair-${Date.now().toString(36)}.txt`);
    await app.serviceManager.contents.save(kept, { type: "file", format: "text",
      content: JSON.stringify(asItStands(panel), null, 1) });
    context.model.fromJSON(notebook);
    await context.save();
  }

  return async function handIn(panel, mend = false) {
    await panel.context.save();
    const said = await looked(panel, mend);
    if (!said) return;
    if (said.deaf) {
      await dialog(WORDS.handIn, [paragraph(WORDS.handInDeaf)], [[WORDS.handInBack, false]]).launch();
      return;
    }
    if (said.notebook) await replaceBy(panel, said.notebook);
    const { findings, mendable, name } = said;
    const buttons = [[WORDS.handInBack, false]];
    if (mendable) buttons.push([WORDS.handInMend, true]);
    if (name) buttons.push([findings.length ? WORDS.handInAsItIs : WORDS.handInSave, true]);
    const nodes = findings.length ? [paragraph(WORDS.handInFound), list(findings)] : [paragraph(WORDS.handInReady)];
    const { button: { label } } = await dialog(WORDS.handIn, nodes, buttons).launch();
    if (label === WORDS.handInMend) {
      await handIn(panel, true);
    } else if (name && label !== WORDS.handInBack) {
      await dialog(WORDS.handIn, [paragraph(await put(panel, name))], [[WORDS.handInClose, true]]).launch();
    }
  };
}
