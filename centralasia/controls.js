// What the pages of all widgets share: native controls that keep their keys in JupyterLab.

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// A text with values in the place of names in braces.
function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

// A control that keeps its keys. Else JupyterLab takes them: an arrow leaves for the next cell,
// and two d's delete the cell. The attribute works on the focused element only.
function control(tag, properties, ...children) {
  const node = make(tag, properties, ...children);
  node.dataset.lmSuppressShortcuts = "true";
  return node;
}

function button(textContent, act, className = "") {
  const node = control("button", { type: "button", textContent, className });
  node.addEventListener("click", act);
  return node;
}

// Shift + Enter and its kin run the cell from a control too, and do not press it. Returns what
// ends this.
function enterRunsTheCell(el) {
  const giveUp = (event) => {
    const held = event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
    if (event.key !== "Enter" || !held || !el.contains(event.target)) return;
    const { dataset } = event.target;
    delete dataset.lmSuppressShortcuts;
    setTimeout(() => { dataset.lmSuppressShortcuts = "true"; });
  };
  window.addEventListener("keydown", giveUp, true); // before JupyterLab, which listens to document
  return () => window.removeEventListener("keydown", giveUp, true);
}
