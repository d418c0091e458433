// A form as a widget: what anywidget calls for each view of it.

function render({ model, el }) {
  const words = model.get("words");
  const endForm = put(el, model.get("question"), kernelStore(model, words), words);
  const endEnter = enterRunsTheCell(el);
  return () => {
    endForm();
    endEnter();
  };
}

export default { render };
