"""A page that draws a chart with the very Vega that JupyterLab ships, and no network.

JupyterLab packs Vega, Vega-Lite and vega-embed into chunks of its own bundle. The page loads those
chunks and plays the part of the bundler: twenty lines of script that hand modules to each other.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path

import altair as alt

from centralasia.charts.theme import EMBED_OPTIONS, use_theme

# A page whose chart is as narrow as in JupyterLab on a telephone of 390 pixels.
TELEPHONE = 290
_STATIC = Path(sys.prefix) / "share" / "jupyter" / "lab" / "static"
_RUNTIME = """
const modules = {}, loaded = {};
self.rspackChunk_jupyterlab_application_top = {push: chunk => Object.assign(modules, chunk[1])};
function req(id) {
  id = SHARED[id] ?? id;
  if (loaded[id]) return loaded[id].exports;
  const module = loaded[id] = {id, exports: {}};
  // The one module that the chunks take from the main file is Node's `process`.
  if (!modules[id]) return {env: {}};
  modules[id].call(module.exports, module, module.exports, req);
  return module.exports;
}
req.o = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
req.d = (exports, getters) => {
  for (const key in getters)
    if (req.o(getters, key) && !req.o(exports, key))
      Object.defineProperty(exports, key, {enumerable: true, get: getters[key]});
};
req.r = exports => Object.defineProperty(exports, '__esModule', {value: true});
req.n = module => {
  const get = module && module.__esModule ? () => module.default : () => module;
  req.d(get, {a: get});
  return get;
};
req.g = self;
"""


@cache
def _script() -> str:
    """Return the bundler's part and the chunks that hold Vega, as one script."""
    mains = list(_STATIC.glob("main.*.js"))
    if len(mains) != 1:
        raise FileNotFoundError(f"JupyterLab's bundle is not in {_STATIC}")
    main = mains[0].read_text(encoding="utf-8")
    entry, chunks = {}, set()
    for name in ("vega", "vega-lite", "vega-embed"):
        found = re.search(
            rf'{{name:"{name}",version:"[^"]+",factory:\(\)=>Promise\.all\(\[([^\]]*)\]\)'
            r"\.then\(\(\)=>\(\)=>__webpack_require__\((\d+)\)\)",
            main,
        )
        chunks |= set(re.findall(r"\.e\((\d+)\)", found[1]))
        entry[name] = found[2]
    shared = {
        number: entry[name]
        for number, name in re.findall(
            r'(\d+):{shareScope:"default",shareKey:"(vega(?:-lite|-embed)?)"', main
        )
    }
    files = sorted(path for number in chunks for path in _STATIC.glob(f"{number}.*.js"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return (
        f"const SHARED = {json.dumps(shared)};{_RUNTIME}{code}\n"
        f"self.embed = req({entry['vega-embed']}).default;"
    )


def page(spec: dict, background: str = "#fff") -> str:
    """Return a page that draws a chart; its title becomes "drawn", or says what went wrong."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<body style="margin:8px;background:{background}"><div id="chart"></div>'
        f"<script>{_script()}</script><script>embed('#chart', {json.dumps(spec)},"
        f"{{...{json.dumps(EMBED_OPTIONS)}, mode: 'vega-lite'}}).then("
        "result => {self.view = result.view; document.title = 'drawn'},"
        "error => {document.title = 'failed: ' + error});</script></body></html>"
    )


def show(page, html):
    """Put a page of `page` before the browser and wait until its chart is drawn."""
    page.set_content(html)
    page.wait_for_function("document.title != ''")
    assert page.title() == "drawn"
    return page


def stored(chart):
    """Return the specification that a notebook stores of a chart."""
    use_theme()
    bundle, _ = alt.renderers.get()(chart.to_dict())
    return bundle["application/vnd.vegalite.v5+json"]


def cut(page):
    """Return the texts that the edge of the chart cuts off."""
    return page.evaluate(
        """() => {
          const box = document.querySelector('svg.marks').getBoundingClientRect();
          return [...document.querySelectorAll('svg.marks text')].filter(text => {
            const t = text.getBoundingClientRect();
            return t.width && (t.right > box.right + 1 || t.left < box.left - 1
              || t.bottom > box.bottom + 1 || t.top < box.top - 1);
          }).map(text => text.textContent);
        }"""
    )


def raw(page):
    """Return what a screen reader would read of marks as names of columns with numbers."""
    labels = page.eval_on_selector_all(
        "svg.marks [role=graphics-symbol]",
        "all => all.filter(e => !e.ariaRoleDescription?.match(/axis|legend|title/))"
        ".map(e => e.ariaLabel)",
    )
    return [x for x in labels if not x or re.match(r"[A-Za-z_ ]+: [-\u2212]?[\d.]+(;|$)", x)]
