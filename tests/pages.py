"""The page of a widget in a browser: its own script, spoken to by the real widget in Python."""

import json
from contextlib import contextmanager

_PAGE = """<!doctype html><html lang="en"><head><title>Widget</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{css}</style></head>
<body><main><h1>⟦Widget⟧</h1><div id="here"></div></main></body></html>"""
_MODEL = """async ([script, first]) => {
  let state = first;
  const heard = {};
  const tell = (name, ...given) => (heard[name] ?? []).forEach((act) => act(...given));
  const ask = async (content) => {
    const old = state;
    const [next, sent] = await window.python(content, state);
    state = next;
    for (const name of Object.keys(state)) {
      if (JSON.stringify(state[name]) !== JSON.stringify(old[name])) tell(`change:${name}`);
    }
    tell("change");
    sent.forEach((message) => tell("msg:custom", message));
  };
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state = { ...state, [name]: value }; },
    on: (name, act) => { (heard[name] ??= []).push(act); },
    off: (name, act) => { heard[name] = heard[name].filter((one) => one !== act); },
    save_changes: () => ask(null),
    send: ask,
  };
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const widget = (await import(url)).default;
  window.end = widget.render({ model, el: document.getElementById("here") });
}"""
_OURS = ("_esm", "_css", "_anywidget_id")


def _state(widget):
    """Return what is synchronised between a widget and its page."""
    base = {"layout", "tabbable", "tooltip", "comm", *_OURS}
    names = [n for n in widget.keys if n not in base and not n.startswith("_")]
    return json.loads(json.dumps({name: getattr(widget, name) for name in names}))


@contextmanager
def shown(browser, widget, width=1280, scheme="light"):
    """Show an anywidget on a page of its own; an error of its script fails the test."""
    page = browser.new_page(viewport={"width": width, "height": 1000}, color_scheme=scheme)
    faults, sent = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def python(content, state):
        if content is None:
            for name, value in state.items():
                if getattr(widget, name) != value:
                    setattr(widget, name, value)
        else:
            widget.receive(content)
        messages = sent[:]
        sent.clear()
        return _state(widget), messages

    widget.send = sent.append
    page.expose_function("python", python)
    page.set_content(_PAGE.replace("{css}", str(widget._css)))
    page.evaluate(_MODEL, [str(widget._esm), _state(widget)])
    try:
        yield page
    finally:
        page.close()
        widget.close()
    assert faults == []


def overflows(page):
    """Return whether the page is wider than its window, and the texts that stick out of it."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document
          .querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right >
          innerWidth + 1).map((node) => node.outerHTML.slice(0, 120))"""
    )
