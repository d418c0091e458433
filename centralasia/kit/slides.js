const [WIDTH, HEIGHT] = [1100, 696];
const LABEL = 24; // by which the name at the end of a line may stand out
const ZOOMS = [1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.9, 0.8, 0.7];

// A chart lays itself out anew when this signal says how wide its place is.
async function widen(view) {
  const wide = view.container().clientWidth;
  const { box } = view.getState({ signals: (name) => name === "box" }).signals;
  await (box === undefined ? view.resize() : view.signal("box", wide)).runAsync();
}

// The largest type with which a chart fits what its slide has left, its controls under it or beside
// it. Less type means more room, in which panels stand side by side. Below what can be read from
// the back the chart can be scrolled.
async function fit(place, view) {
  const form = place.querySelector("form.vega-bindings");
  place.style.zoom = 1;
  const left = HEIGHT - place.offsetTop;
  for (const zoom of ZOOMS) {
    place.style.zoom = zoom;
    for (const beside of form?.childElementCount ? [false, true] : [false]) {
      place.classList.toggle("beside", beside);
      place.style.width = `${WIDTH / zoom - (beside ? form.offsetWidth : 0)}px`;
      await widen(view);
      if (place.scrollHeight * zoom <= left && place.scrollWidth <= WIDTH / zoom + LABEL) return;
    }
  }
  place.classList.remove("beside");
  place.style.maxHeight = `${Math.floor(left / ZOOMS.at(-1))}px`;
  place.style.overflow = "auto";
  place.tabIndex = 0;
}

// A chart is drawn when its slide comes up, since it takes its width from the slide.
function draw(slide) {
  slide.querySelectorAll(".chart:empty").forEach(async (place) => {
    const spec = JSON.parse(place.nextElementSibling.textContent);
    place.style.visibility = "hidden";
    const { view } = await vegaEmbed(place, spec, { actions: false, renderer: "svg" });
    await fit(place, view).finally(() => { place.style.visibility = ""; });
  });
}

Reveal.initialize({
  width: 1180, height: 720, margin: 0.02, center: false, hash: true, slideNumber: "c/t",
  transition: "none", keyboardCondition: (event) => !event.target.closest(".chart"),
  plugins: [RevealNotes],
}).then(() => draw(Reveal.getCurrentSlide()));
Reveal.on("slidechanged", (event) => draw(event.currentSlide));
