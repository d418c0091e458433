"""The look of cards and widgets: one sheet for JupyterLab and for a static page.

Colours are JupyterLab's own where it has set them and the page's ink elsewhere, so that the sheet
follows a light or a dark theme. Without it (JupyterLab drops it from outputs that it does not
trust) the same HTML still reads in order.
"""

CSS = """
.ca{color:var(--jp-content-font-color1,inherit);font-family:var(--jp-content-font-family,inherit);
font-size:var(--jp-content-font-size1,1rem);line-height:1.5;max-width:72rem;--ca-line:
color-mix(in srgb,currentColor 24%,transparent);--ca-tint:color-mix(in srgb,currentColor 5%,
transparent);--ca-good:#2f8f5b;--ca-other:#c0612b}
.ca *{box-sizing:border-box}
.ca p{margin:.35em 0}
.ca a{color:var(--jp-content-link-color,LinkText);text-decoration:underline}
.ca ul,.ca ol{margin:.35em 0}
.ca details{border-top:1px solid var(--ca-line);padding:.1rem 0}
.ca summary{cursor:pointer;padding:.35rem 0;font-weight:600}
.ca-quiet{font-size:.875em}
.ca-kicker{font-size:.8125em;font-weight:600;letter-spacing:.02em;margin:0 0 .25rem}
.ca ul.ca-grid,.ca ul.ca-plain{list-style:none;padding:0;margin:.2rem 0 .5rem}
.ca ul.ca-grid{display:grid;gap:.5rem 1.2rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}
.ca ul.ca-grid>li{border-left:3px solid var(--ca-line);padding:.1rem 0 .1rem .7rem;margin:0}
.ca ul.ca-plain>li{border-top:1px solid var(--ca-line);padding:.5rem 0;margin:0}
.ca .ca-grid p{margin:0}
.ca-icon{display:inline-block;min-width:1.2em;margin-left:.3em;text-align:center}
.ca-panel{border:1px solid var(--ca-line);border-radius:4px;padding:.8rem 1rem;margin:.4rem 0}
.ca dl{margin:.3rem 0;display:grid;grid-template-columns:minmax(6.5rem,max-content) 1fr;
gap:.3rem 1rem}
.ca dt{font-weight:600;float:none;width:auto;padding:0}
.ca dd{margin:0;padding:0;width:auto;min-width:0;overflow-wrap:anywhere}
.ca dd ul{margin:0;padding-left:1.1rem}
.ca table{border-collapse:collapse;font-size:.9375em;margin:.4rem 0}
.ca th,.ca td{border-bottom:1px solid var(--ca-line);padding:.3rem .8rem .3rem 0;text-align:left;
vertical-align:top;max-width:none;white-space:normal;background:none}
.ca td.ca-number,.ca th.ca-number{text-align:right;font-variant-numeric:tabular-nums}
.ca-scroll{overflow-x:auto}
.widget-html-content:has(>.ca){min-width:0}
.ca caption{text-align:left;font-weight:600;padding:.3rem 0}
.ca-same{border-left:4px solid var(--ca-good);padding-left:.7rem}
.ca-other{border-left:4px solid var(--ca-other);padding-left:.7rem}
@media (max-width:34rem){.ca dl{grid-template-columns:1fr;gap:0}.ca dd{margin-bottom:.5rem}}
"""
"""Rules for everything with the class ``ca``."""

FORM_CSS = """
.ca fieldset{border:0;margin:0;padding:0;min-width:0}
.ca legend{padding:0;font-weight:600;font-size:1.0625em;max-width:44rem;margin-bottom:.35rem}
.ca-option{display:flex;gap:.6rem;align-items:flex-start;padding:.35rem .6rem;margin:.15rem 0;
border:1px solid var(--ca-line);border-radius:4px;cursor:pointer;max-width:44rem;min-height:2rem}
.ca-options.ca-short{display:grid;column-gap:.4rem;max-width:44rem;
grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr))}
.ca-option:hover{background:var(--ca-tint)}
.ca-option:has(input:checked){border-color:currentColor;box-shadow:inset 3px 0 0 currentColor}
.ca-option input{margin:.2rem 0 0;width:1rem;height:1rem;flex:none;accent-color:currentColor}
.ca-option b{margin-left:auto;padding-left:.8rem;white-space:nowrap;font-weight:600}
.ca fieldset:disabled .ca-option{cursor:default}
.ca-sure{margin:.9rem 0 .2rem;max-width:44rem}
.ca-sure[hidden],.ca-pager[hidden]{display:none}
.ca-sure label{font-weight:600}
.ca-sure input{display:block;width:100%;max-width:26rem;height:1.75rem;margin:.1rem 0;
accent-color:var(--jp-content-font-color1,currentColor)}
.ca-ends{display:flex;justify-content:space-between;max-width:26rem;font-size:.8125em}
.ca-pager{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin-bottom:.8rem;
padding-bottom:.6rem;border-bottom:1px solid var(--ca-line)}
.ca-pager select{font:inherit;max-width:100%;min-width:0;flex:0 1 24rem;height:2rem;
color:inherit;background:var(--jp-layout-color0,Canvas);border:1px solid currentColor;
border-radius:4px}
.ca button{font:inherit;min-height:2rem;padding:.25rem .9rem;border-radius:4px;cursor:pointer;
border:1px solid currentColor;background:transparent;color:inherit}
.ca button:hover{background:var(--ca-tint)}
.ca button[aria-disabled=true]{cursor:default;border-style:dotted;background:none}
.ca button.ca-main{margin-top:.6rem;background:var(--jp-content-font-color1,CanvasText);
color:var(--jp-layout-color0,Canvas);border-color:transparent}
.ca button.ca-main:hover{background:var(--jp-content-font-color1,CanvasText);
text-decoration:underline}
.ca :is(button,input,select,legend,summary,a):focus-visible{outline:3px solid
var(--jp-brand-color1,Highlight);outline-offset:2px}
.ca-option:has(input:focus-visible){outline:3px solid var(--jp-brand-color1,Highlight);
outline-offset:1px}
.ca-option input:focus-visible{outline:none}
.ca-pager label.ca-file{display:inline-flex;align-items:center;min-height:2rem;padding:.25rem .9rem;
border:1px solid currentColor;border-radius:4px;cursor:pointer}
.ca-file input{position:absolute;opacity:0;width:1px;height:1px}
.ca-file:focus-within{outline:3px solid var(--jp-brand-color1,Highlight);outline-offset:2px}
.ca-moving{border-top:1px solid var(--ca-line);margin-top:.6rem;padding-top:.4rem}
.ca-moving .ca-pager{border:0;margin:0}
.ca-evidence{margin:.8rem 0;padding:.6rem 0;border-top:1px solid var(--ca-line);
border-bottom:1px solid var(--ca-line)}
.ca-evidence[hidden],.ca-form[hidden],.ca .ca-options[hidden]{display:none}
@media (max-width:34rem){.ca .ca-stack,.ca .ca-stack :is(tbody,tr,th,td,caption){display:block;
white-space:normal;border:0;padding:0}.ca .ca-stack thead{position:absolute;clip-path:inset(50%)}
.ca .ca-stack tr{border-top:1px solid var(--ca-line);padding:.4rem 0}
.ca .ca-stack td:not(:empty)::before{content:attr(data-head) ": "}}
.ca-evidence .ca-scroll{max-height:24rem;overflow:auto}
.ca-verdict:not(:empty){margin-top:.8rem}
.ca-past{margin-top:.6rem}
.ca-curve{margin:.6rem 0}
.ca-curve svg{max-width:100%;height:auto}
.ca-curve figcaption{font-size:.875em;max-width:44rem}
.ca :is([tabindex="-1"],.ca-scroll):focus-visible{outline:3px solid
var(--jp-brand-color1,Highlight);outline-offset:2px}
.ca-cell{margin:.6rem 0;max-width:44rem}
.ca-cell label{display:block;font-weight:600}
.ca-cell :is(textarea,select,input){font:inherit;width:100%;box-sizing:border-box;min-height:2rem;
color:inherit;background:var(--jp-layout-color0,Canvas);border:1px solid currentColor;
border-radius:4px;padding:.2rem .4rem}
.ca-cell :is(textarea,select,input):focus-visible{outline:3px solid
var(--jp-brand-color1,Highlight);outline-offset:2px}
.ca-status{min-height:1.5em;margin-top:.5rem;max-width:44rem}
"""
"""Rules for the live form, on top of `CSS`."""


def sheet() -> str:
    """Return the sheet as a ``<style>`` element for a static output, on one line.

    A notebook stores an output line by line, and a lesson has a dozen with this sheet.
    """
    return f"<style>{' '.join(CSS.split())}</style>"
