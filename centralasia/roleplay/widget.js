// The board as a widget: what anywidget calls for each view of it.

export default { render };
